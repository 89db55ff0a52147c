/** The routes of the Open Inference Protocol v2 (REST). A model of the protocol is an endpoint of Esteira. */
import type { FastifyInstance } from 'fastify'
import { EsteiraError } from '../kernel/errors.ts'
import { esteiraVersion } from '../kernel/version.ts'
import type { ColumnBatch } from '../tables/columns.ts'
import { binaryExtension } from './binary-tensors.ts'
import { protocolFeatures } from './feature-answers.ts'
import type { FilledRows } from './feature-filler.ts'
import { type EncodedAnswer, encodeAnswer } from './infer-answer.ts'
import { addInferParser, type InferBody } from './infer-parser.ts'
import { type InferRequest, readInferRequest } from './infer-request.ts'
import type { LiveModel } from './live-model.ts'
import { idOf, tellId } from './request-log/http-ids.ts'
import type { RequestRouter } from './rollout/router.ts'
import type { Route, ServedEndpoints } from './served-endpoints.ts'
import { inputMetadata, outputMetadata, outputTensors, tensorsToRows } from './tensors.ts'

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

const modelPaths = ['/v2/models/:name', '/v2/models/:name/versions/:version']

interface ModelRoute {
  Params: { name: string; version?: string }
}

export function addOpenInferenceRoutes(
  app: FastifyInstance,
  served: ServedEndpoints,
  router: RequestRouter,
  onAnswered: OnAnswered,
): void {
  app.get('/v2', () => ({ name: 'esteira', version: esteiraVersion, extensions: [binaryExtension] }))
  app.get('/v2/health/live', () => ({ live: true, ready: served.allReady() }))
  app.get('/v2/health/ready', (_, reply) => {
    const ready = served.allReady()
    return reply.code(statusOf(ready)).send({ live: true, ready })
  })
  for (const model of modelPaths) {
    app.get<ModelRoute>(model, ({ params }) =>
      describeModel(params.name, getLive(served, params), served.behind(params.name)),
    )
    app.get<ModelRoute>(`${model}/ready`, ({ params }, reply) => {
      const ready = isReady(served, params)
      return reply.code(statusOf(ready)).send({ name: params.name, ready })
    })
  }
  // A scope of its own, whose bodies are read as bytes.
  app.register(async (scope) => addInferRoutes(scope, served, router, onAnswered))
}

function addInferRoutes(
  scope: FastifyInstance,
  served: ServedEndpoints,
  router: RequestRouter,
  onAnswered: OnAnswered,
): void {
  addInferParser(scope)
  for (const model of modelPaths) {
    scope.post<ModelRoute & { Body: InferBody | undefined }>(`${model}/infer`, async (request, reply) => {
      const startedAt = performance.now()
      const { name, version } = request.params
      const stable = getLive(served, request.params)
      const asked = readInferRequest(request.body, outputNames(stable))
      const rowsOf = ({ signature }: LiveModel) => rowsToInfer(signature, asked)
      // A caller who names a version gets it, whatever the split.
      const route =
        version === undefined
          ? router.route(request, name, () => rowsOf(stable))
          : router.take(request, { live: stable, arm: 'stable', counts: false })
      const rows = rowsOf(route.live)
      const deadline = Math.min(request.deadline, startedAt + asked.timeoutMs)
      const { answer, ...answered } = await infer(name, route, rows, { ...asked, deadline })
      const id = idOf(request)
      onAnswered({ ...answered, id, endpoint: name, route, rows, startedAt })
      tellId(reply, id)
      return reply.headers(answer.headers).send(answer.body)
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

function outputNames({ signature }: LiveModel): string[] {
  return outputMetadata(signature).map(({ name }) => name)
}

/** @throws EsteiraError `invalid-request`, `input-invalid` */
function rowsToInfer(signature: LiveModel['signature'], { tensors, isTable }: InferRequest): readonly unknown[] {
  const rows = tensorsToRows(signature, tensors, isTable ? 'table' : 'any')
  if (rows.length === 0) throw new EsteiraError('invalid-request', 'The tensors hold no rows.', { where: 'inputs' })
  return rows
}

interface Inferred extends Pick<Answered, 'batch' | 'outputs' | 'filled'> {
  readonly answer: EncodedAnswer
}

async function infer(
  name: string,
  { live, rollout }: Route,
  rows: readonly unknown[],
  { id, isTable, showFeatures, outputs: wanted, deadline }: InferRequest & { deadline: number },
): Promise<Inferred> {
  const filled = await live.fill(rows, Date.now())
  const batch = live.toBatch(filled?.rows ?? rows)
  const outputs = await live.predictBatch(batch, deadline)
  const parameters = {
    ...(isTable && { content_type: 'pd' }),
    ...(filled && protocolFeatures(filled, showFeatures)),
    // While two versions are behind the endpoint, callers want to know which one answered.
    ...(rollout !== undefined && { revision: live.revision }),
  }
  const answer = encodeAnswer({
    model: name,
    version: live.version,
    id,
    parameters: Object.keys(parameters).length === 0 ? undefined : parameters,
    outputs: outputTensors(live.signature, outputs, wanted, isTable ? 'table' : 'any'),
  })
  return { batch, outputs, filled, answer }
}
