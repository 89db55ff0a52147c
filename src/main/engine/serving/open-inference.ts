/** The routes of the Open Inference Protocol v2 (REST). A model of the protocol is an endpoint of Esteira. */
import type { FastifyInstance } from 'fastify'
import { EsteiraError } from '../kernel/errors.ts'
import { inTurns, type Steps } from '../kernel/turns.ts'
import { esteiraVersion } from '../kernel/version.ts'
import { binaryExtension } from './binary-tensors.ts'
import { protocolFeatures } from './feature-answers.ts'
import { type EncodedAnswer, encodeAnswer } from './infer-answer.ts'
import { addInferParser, type InferBody } from './infer-parser.ts'
import { type InferRequest, readInferRequest } from './infer-request.ts'
import type { LiveModel, RowsAnswer } from './live-model.ts'
import { checkDeadline } from './micro-batcher.ts'
import type { RequestBodies } from './request-bodies.ts'
import { idOf, tellId } from './request-log/http-ids.ts'
import type { RequestRouter } from './rollout/router.ts'
import type { Route, ServedEndpoints } from './served-endpoints.ts'
import { inputMetadata, outputMetadata, outputTensors, tensorsToRows } from './tensors.ts'

/** A prediction that was answered. */
export interface Answered extends RowsAnswer {
  readonly endpoint: string
  /** By which the caller, the log and the ground truth speak of it. */
  readonly id: string
  /** Who answered, and why that version. */
  readonly route: Route
  /** As they came. */
  readonly rows: readonly unknown[]
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
  bodies: RequestBodies,
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
  app.register(async (scope) => {
    addInferParser(scope, bodies)
    addInferRoutes(scope, served, router, onAnswered)
  })
}

function addInferRoutes(
  scope: FastifyInstance,
  served: ServedEndpoints,
  router: RequestRouter,
  onAnswered: OnAnswered,
): void {
  for (const model of modelPaths) {
    scope.post<ModelRoute & { Body: InferBody | undefined }>(`${model}/infer`, async (request, reply) => {
      const startedAt = performance.now()
      const { name, version } = request.params
      const stable = getLive(served, request.params)
      const pace = <T>(steps: Steps<T>) => inTurns(steps, () => checkDeadline(request.deadline))
      const asked = await pace(readInferRequest(request.body, outputNames(stable)))
      request.deadline = Math.min(request.deadline, startedAt + asked.timeoutMs)
      const rowsOf = ({ signature }: LiveModel) => pace(rowsToInfer(signature, asked))
      const keyed = served.isKeyedByRows(name) ? await rowsOf(stable) : []
      // A caller who names a version gets it, whatever the split.
      const route =
        version === undefined
          ? router.route(request, name, () => keyed)
          : router.take(request, { live: stable, arm: 'stable', counts: false })
      const answered = await route.live.use(async () => {
        const rows = await rowsOf(route.live)
        return { rows, ...(await route.live.answer(rows, request.deadline)) }
      })
      const answer = await pace(encode(name, route, answered, asked))
      const id = idOf(request)
      onAnswered({ ...answered, id, endpoint: name, route, startedAt })
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
function* rowsToInfer(
  signature: LiveModel['signature'],
  { tensors, isTable }: InferRequest,
): Steps<readonly unknown[]> {
  const rows = yield* tensorsToRows(signature, tensors, isTable ? 'table' : 'any')
  if (rows.length === 0) throw new EsteiraError('invalid-request', 'The tensors hold no rows.', { where: 'inputs' })
  return rows
}

function* encode(
  name: string,
  { live, rollout }: Route,
  { filled, outputs }: RowsAnswer,
  { id, isTable, showFeatures, outputs: wanted }: InferRequest,
): Steps<EncodedAnswer> {
  const parameters = {
    ...(isTable && { content_type: 'pd' }),
    ...(filled && (yield* protocolFeatures(filled, showFeatures))),
    // While two versions are behind the endpoint, callers want to know which one answered.
    ...(rollout !== undefined && { revision: live.revision }),
  }
  return yield* encodeAnswer({
    model: name,
    version: live.version,
    id,
    parameters: Object.keys(parameters).length === 0 ? undefined : parameters,
    outputs: outputTensors(live.signature, outputs, wanted, isTable ? 'table' : 'any'),
  })
}
