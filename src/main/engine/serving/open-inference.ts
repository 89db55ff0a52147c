/** The routes of the Open Inference Protocol v2 (REST). A model of the protocol is an endpoint of Esteira. */
import type { FastifyInstance } from 'fastify'
import { EsteiraError, nearestName } from '../kernel/errors.ts'
import { esteiraVersion } from '../kernel/version.ts'
import type { ColumnBatch } from '../tables/columns.ts'
import { protocolFeatures } from './feature-answers.ts'
import type { FilledRows } from './feature-filler.ts'
import type { LiveModel } from './live-model.ts'
import { idOf, tellId } from './request-log/http-ids.ts'
import type { ServedEndpoints } from './served-endpoints.ts'
import { inputMetadata, outputMetadata, outputTensors, parseTensors, tensorsToRows } from './tensors.ts'

/** A prediction that was answered. */
export interface Answered {
  readonly endpoint: string
  /** By which the caller, the log and the ground truth speak of it. */
  readonly id: string
  readonly live: LiveModel
  /** The rows as the model took them, and what it said of them. */
  readonly batch: ColumnBatch
  readonly outputs: Float64Array
  /** Undefined where the model has no features to fill. */
  readonly filled: FilledRows | undefined
  /** `performance.now()` */
  readonly startedAt: number
}
export type OnAnswered = (answered: Answered) => void

interface ModelRoute {
  Params: { name: string; version?: string }
}

interface InferRequest {
  readonly id: string | undefined
  readonly tensors: ReturnType<typeof parseTensors>
  readonly outputs: ReadonlySet<string> | undefined
  /** Whether the answer tells what was filled in from the feature store, row by row. */
  readonly showFeatures: boolean
}

export function addOpenInferenceRoutes(app: FastifyInstance, served: ServedEndpoints, onAnswered: OnAnswered): void {
  app.get('/v2', () => ({ name: 'esteira', version: esteiraVersion, extensions: [] }))
  app.get('/v2/health/live', () => ({ live: true }))
  app.get('/v2/health/ready', (_, reply) => {
    const ready = served.allReady()
    return reply.code(statusOf(ready)).send({ live: true, ready })
  })
  for (const model of ['/v2/models/:name', '/v2/models/:name/versions/:version']) {
    app.get<ModelRoute>(model, ({ params }) => describeModel(params.name, getLive(served, params)))
    app.get<ModelRoute>(`${model}/ready`, ({ params }, reply) => {
      const ready = isReady(served, params)
      return reply.code(statusOf(ready)).send({ name: params.name, ready })
    })
    app.post<ModelRoute>(`${model}/infer`, async (request, reply) => {
      const startedAt = performance.now()
      const { name } = request.params
      const live = getLive(served, request.params)
      refuseBinary(request.headers)
      const { answer, ...answered } = await infer(name, live, parseInferRequest(request.body, live))
      const id = idOf(request)
      onAnswered({ ...answered, id, endpoint: name, live, startedAt })
      tellId(reply, id)
      return reply.send(answer)
    })
  }
}

/** The protocol says "no" to a question of readiness with a 4xx status. */
function statusOf(ready: boolean): 200 | 400 {
  return ready ? 200 : 400
}

/** @throws EsteiraError `endpoint-not-found`, `endpoint-not-ready`, `model-version-not-found` */
function getLive(served: ServedEndpoints, { name, version }: ModelRoute['Params']): LiveModel {
  const live = served.get(name)
  if (version === undefined || version === String(live.version)) return live
  throw new EsteiraError('model-version-not-found', `Version ${version} does not answer at endpoint "${name}".`, {
    found: version,
    allowed: `${live.version}, or no version in the address`,
  })
}

function isReady(served: ServedEndpoints, params: ModelRoute['Params']): boolean {
  if (served.has(params.name) && served.find(params.name) === undefined) return false
  return getLive(served, params) !== undefined
}

function describeModel(name: string, live: LiveModel) {
  return {
    name,
    versions: [String(live.version)],
    platform: live.platform,
    inputs: inputMetadata(live.signature.inputs),
    outputs: outputMetadata(live.signature),
  }
}

function refuseBinary(headers: Record<string, unknown>): void {
  if (headers['inference-header-content-length'] === undefined) return
  throw new EsteiraError('invalid-request', 'The binary data extension is not supported.', {
    where: 'Inference-Header-Content-Length',
    next: 'Send the tensors as JSON: with the Triton client, set binary_data=False.',
  })
}

/** @throws EsteiraError `invalid-request` */
function parseInferRequest(body: unknown, live: LiveModel): InferRequest {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new EsteiraError('invalid-request', 'The body is not a JSON object.')
  }
  const { id, inputs, outputs, parameters }: Partial<Record<string, unknown>> = { ...body }
  if (id !== undefined && typeof id !== 'string') {
    throw new EsteiraError('invalid-request', 'The id of the request is not a string.', { where: 'id' })
  }
  const showFeatures = isObject(parameters) && parameters.show_features === true
  return { id, tensors: parseTensors(inputs), outputs: parseOutputs(outputs, live), showFeatures }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

/** The names of the outputs asked for; undefined where the request does not say. */
function parseOutputs(outputs: unknown, live: LiveModel): ReadonlySet<string> | undefined {
  if (outputs === undefined || (Array.isArray(outputs) && outputs.length === 0)) return undefined
  if (!Array.isArray(outputs))
    throw new EsteiraError('invalid-request', '"outputs" is not a list.', { where: 'outputs' })
  const known = outputMetadata(live.signature).map((output) => output.name)
  const wanted = outputs.map((output: unknown) => {
    const name = typeof output === 'object' && output !== null && 'name' in output ? String(output.name) : ''
    if (known.includes(name)) return name
    throw new EsteiraError('invalid-request', `The model has no output named "${name.slice(0, 100)}".`, {
      where: 'outputs',
      allowed: known.join(', '),
      nearest: nearestName(name.slice(0, 100), known),
    })
  })
  return new Set(wanted)
}

async function infer(name: string, live: LiveModel, request: InferRequest) {
  const rows = tensorsToRows(live.signature, request.tensors)
  if (rows.length === 0) throw new EsteiraError('invalid-request', 'The tensors hold no rows.', { where: 'inputs' })
  const filled = await live.fill(rows, Date.now())
  const batch = live.toBatch(filled?.rows ?? rows)
  const outputs = await live.predictBatch(batch)
  const parameters = filled && protocolFeatures(filled, request.showFeatures)
  const answer = {
    model_name: name,
    model_version: String(live.version),
    ...(request.id !== undefined && { id: request.id }),
    ...(parameters !== undefined && { parameters }),
    outputs: outputTensors(live.signature, outputs, request.outputs),
  }
  return { batch, outputs, filled, answer }
}
