/** The routes of the Open Inference Protocol v2 (REST). A model of the protocol is an endpoint of Esteira. */
import type { FastifyInstance } from 'fastify'
import { EsteiraError, nearestName } from '../kernel/errors.ts'
import { esteiraVersion } from '../kernel/version.ts'
import type { ColumnBatch } from '../tables/columns.ts'
import { protocolFeatures } from './feature-answers.ts'
import type { FilledRows } from './feature-filler.ts'
import type { LiveModel } from './live-model.ts'
import { idOf, tellId } from './request-log/http-ids.ts'
import type { RequestRouter } from './rollout/router.ts'
import type { Route, ServedEndpoints } from './served-endpoints.ts'
import { inputMetadata, outputMetadata, outputTensors, parseTensors, tensorsToRows } from './tensors.ts'

/** A prediction that was answered. */
export interface Answered {
  readonly endpoint: string
  /** By which the caller, the log and the ground truth speak of it. */
  readonly id: string
  /** Who answered, and why that version. */
  readonly route: Route
  /** As they came. */
  readonly rows: readonly unknown[]
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

export function addOpenInferenceRoutes(
  app: FastifyInstance,
  served: ServedEndpoints,
  router: RequestRouter,
  onAnswered: OnAnswered,
): void {
  app.get('/v2', () => ({ name: 'esteira', version: esteiraVersion, extensions: [] }))
  app.get('/v2/health/live', () => ({ live: true }))
  app.get('/v2/health/ready', (_, reply) => {
    const ready = served.allReady()
    return reply.code(statusOf(ready)).send({ live: true, ready })
  })
  for (const model of ['/v2/models/:name', '/v2/models/:name/versions/:version']) {
    app.get<ModelRoute>(model, ({ params }) =>
      describeModel(params.name, getLive(served, params), served.behind(params.name)),
    )
    app.get<ModelRoute>(`${model}/ready`, ({ params }, reply) => {
      const ready = isReady(served, params)
      return reply.code(statusOf(ready)).send({ name: params.name, ready })
    })
    app.post<ModelRoute>(`${model}/infer`, async (request, reply) => {
      const startedAt = performance.now()
      const { name, version } = request.params
      const stable = getLive(served, request.params)
      refuseBinary(request.headers)
      const asked = parseInferRequest(request.body, stable)
      const rowsOf = ({ signature }: LiveModel) => rowsToInfer(signature, asked)
      // A caller who names a version gets it, whatever the split.
      const route =
        version === undefined
          ? router.route(request, name, () => rowsOf(stable))
          : router.take(request, { live: stable, arm: 'stable', counts: false })
      const rows = rowsOf(route.live)
      const { answer, ...answered } = await infer(name, route, rows, asked)
      const id = idOf(request)
      onAnswered({ ...answered, id, endpoint: name, route, rows, startedAt })
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
  if (version === undefined) return live
  const behind = served.behind(name)
  const named = behind.find((each) => version === String(each.version))
  if (named !== undefined) return named
  throw new EsteiraError('model-version-not-found', `Version ${version} does not answer at endpoint "${name}".`, {
    found: version,
    allowed: `${behind.map((each) => each.version).join(' or ')}, or no version in the address`,
  })
}

function isReady(served: ServedEndpoints, params: ModelRoute['Params']): boolean {
  if (served.has(params.name) && served.find(params.name) === undefined) return false
  return getLive(served, params) !== undefined
}

function describeModel(name: string, live: LiveModel, behind: readonly LiveModel[]) {
  return {
    name,
    versions: behind.map(({ version }) => String(version)),
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

/** @throws EsteiraError `invalid-request`, `input-invalid` */
function rowsToInfer(signature: LiveModel['signature'], { tensors }: InferRequest): readonly unknown[] {
  const rows = tensorsToRows(signature, tensors)
  if (rows.length === 0) throw new EsteiraError('invalid-request', 'The tensors hold no rows.', { where: 'inputs' })
  return rows
}

async function infer(name: string, { live, rollout }: Route, rows: readonly unknown[], request: InferRequest) {
  const filled = await live.fill(rows, Date.now())
  const batch = live.toBatch(filled?.rows ?? rows)
  const outputs = await live.predictBatch(batch)
  const features = filled && protocolFeatures(filled, request.showFeatures)
  // While two versions are behind the endpoint, callers want to know which one answered.
  const parameters = rollout === undefined ? features : { ...features, revision: live.revision }
  const answer = {
    model_name: name,
    model_version: String(live.version),
    ...(request.id !== undefined && { id: request.id }),
    ...(parameters !== undefined && { parameters }),
    outputs: outputTensors(live.signature, outputs, request.outputs),
  }
  return { batch, outputs, filled, answer }
}
