/** The HTTP face of the inference thread. */
import fastify, { type FastifyInstance, type FastifyRequest } from 'fastify'
import { answerBrokenRequest, refuseExpectations } from '../kernel/broken-requests.ts'
import { asEsteiraError, EsteiraError, toProblem } from '../kernel/errors.ts'
import { guardRequest, loopbackHosts } from '../kernel/loopback-guard.ts'
import { noCompilers } from '../kernel/no-compilers.ts'
import { inTurns, type Steps } from '../kernel/turns.ts'
import { AccessGuard, addPreflightRoutes, allowOrigin } from './access-guard.ts'
import { addExplainRoute } from './explanations.ts'
import { addPlainFeatures } from './feature-answers.ts'
import { FeatureMetrics } from './feature-metrics.ts'
import { classify, maxBodyBytes, notFound, sendProblem } from './inference-problems.ts'
import type { LiveModel, RowsAnswer } from './live-model.ts'
import { LongText } from './long-text.ts'
import { checkDeadline } from './micro-batcher.ts'
import { type Answered, addOpenInferenceRoutes, type OnAnswered } from './open-inference.ts'
import { isForOutside, outsideRules } from './outside.ts'
import type { PendingRequests } from './pending-requests.ts'
import { plainRequest } from './plain-form.ts'
import { InferenceMetrics } from './prometheus.ts'
import { RequestBodies } from './request-bodies.ts'
import type { FeedbackLog } from './request-log/feedback-log.ts'
import { addFeedbackRoute, feedbackPath } from './request-log/feedback-route.ts'
import { addRequestIds, idOf, nextRequestId } from './request-log/http-ids.ts'
import { logMetrics } from './request-log/log-metrics.ts'
import type { RequestLog } from './request-log/request-log.ts'
import { predictionBin } from './rollout/bins.ts'
import { RolloutMetrics } from './rollout/rollout-metrics.ts'
import { RequestRouter } from './rollout/router.ts'
import type { ShadowMirror } from './rollout/shadow-mirror.ts'
import type { ServedEndpoints } from './served-endpoints.ts'
import type { ServedFeaturesLog } from './served-features-log.ts'
import type { TrafficCounter } from './traffic-counter.ts'

/** A request must have arrived by then, a refused body that is still being sent included. */
const requestTimeoutMs = 60_000
/** A name of 100 characters, each percent-encoded as up to four bytes. */
const maxNameLength = 1_200

/** Told of what is answered, after it is. */
export interface InferenceObservers {
  readonly feedback?: Pick<FeedbackLog, 'add'> | undefined
  readonly requestLog?: Pick<RequestLog, 'answered' | 'failed' | 'state' | 'written'> | undefined
  readonly shadows?: Pick<ShadowMirror, 'mirror'>
  /** Told of each request as it comes. */
  readonly pending?: PendingRequests
}

/** The app, not yet listening. */
export function createInferenceApp(
  served: ServedEndpoints,
  traffic: Pick<TrafficCounter, 'answered' | 'failed'>,
  log?: Pick<ServedFeaturesLog, 'add' | 'dropped'>,
  access = new AccessGuard(),
  { requestLog, feedback, shadows, pending }: InferenceObservers = {},
): FastifyInstance {
  const app = fastify({
    bodyLimit: maxBodyBytes,
    schemaController: { compilersFactory: noCompilers },
    requestTimeout: requestTimeoutMs,
    routerOptions: { maxParamLength: maxNameLength },
    genReqId: nextRequestId(),
    clientErrorHandler: answerBrokenRequest,
    // The guard refuses a request without one, with a code.
    http: { requireHostHeader: false },
    frameworkErrors: (error, request, reply) => void sendProblem(toProblem(classify(error)), request, reply),
  })
  const metrics = new InferenceMetrics()
  const features = new FeatureMetrics()
  const router = new RequestRouter(served)
  refuseExpectations(app.server)
  const rollouts = new RolloutMetrics()
  const bodies = new RequestBodies(({ params }) => {
    const name = nameIn(params)
    return name === undefined ? Number.POSITIVE_INFINITY : access.deadlineOf(name, performance.now())
  })
  bodies.addParser(app)
  addRequestIds(app)
  pending?.add(app)
  addGuard(app, access, bodies)
  const onAnswered: OnAnswered = (answered: Answered) => {
    const { id, endpoint, route, batch, outputs, filled, startedAt } = answered
    const { live, arm, key, rollout, counts } = route
    const { projectId, revision, model, version } = live
    const latencyMs = performance.now() - startedAt
    metrics.answered(endpoint, batch.length, latencyMs)
    rollouts.answered(endpoint, route, latencyMs)
    traffic.answered(endpoint, revision, latencyMs, binOf(answered))
    requestLog?.answered(live, {
      ...{ id, endpoint, batch, outputs },
      at: Date.now() - latencyMs,
      latencyMs,
      role: 'answered',
      reads: filled?.reads,
      ...(rollout !== undefined && counts && { arm, key }),
    })
    mirror(served, answered, shadows)
    if (filled === undefined) return
    features.record(endpoint, filled)
    log?.add({ projectId, endpoint, revision, model, version }, filled.reads)
  }
  addPlainRoute(app, router, onAnswered)
  addOpenInferenceRoutes(app, served, router, bodies, onAnswered)
  addExplainRoute(app, router)
  if (feedback !== undefined) addFeedbackRoute(app, served, feedback)
  app.get('/metrics', (_, reply) =>
    reply
      .type('text/plain; version=0.0.4; charset=utf-8')
      .send(
        metrics.render(gauges(served)) +
          features.render(log?.dropped) +
          logMetrics(requestLog) +
          rollouts.render(served),
      ),
  )
  app.setNotFoundHandler((request) => {
    throw notFound(request)
  })
  app.setErrorHandler((error, request, reply) => {
    const problem = toProblem(classify(error))
    const endpoint = askedEndpoint(served, request.params)
    // A label that is refused is no failed prediction.
    if (endpoint !== undefined && request.routeOptions.url !== feedbackPath) {
      metrics.failed(endpoint, problem.code)
      rollouts.failed(endpoint, router.of(request))
      const revision = (router.of(request)?.live ?? served.find(endpoint))?.revision ?? 0
      traffic.failed(endpoint, revision)
      const latencyMs = performance.now() - request.arrivedAt
      requestLog?.failed({
        id: idOf(request),
        endpoint,
        revision,
        code: problem.code,
        latencyMs,
        at: Date.now() - latencyMs,
      })
    }
    return sendProblem(problem, request, reply)
  })
  return app
}

function addGuard(app: FastifyInstance, access: AccessGuard, bodies: RequestBodies): void {
  let allowedHosts: ReadonlySet<string> | undefined
  // The server listens on one loopback port, which is known once it listens.
  const ownHosts = ({ socket }: FastifyRequest) => {
    allowedHosts ??= loopbackHosts(socket.localPort ?? 0)
    return allowedHosts
  }
  app.addHook('onRequest', (request, reply, done) => {
    const name = nameIn(request.params)
    const isAllowed = (origin: string) => access.allowsOrigin(name, origin)
    const outside = outsideRules(request.raw)
    guardRequest(request.headers, outside?.hosts ?? ownHosts(request), isAllowed, outside?.scheme)
    if (outside !== undefined && !isForOutside(request.url)) throw notFound(request)
    const { origin } = request.headers
    if (origin !== undefined && isAllowed(origin)) allowOrigin(reply, origin)
    // A browser asks what it may send before it sends the key.
    if (name !== undefined && request.method !== 'OPTIONS')
      access.checkKey(name, request.headers, outside !== undefined)
    done()
  })
  app.addHook('onRequest', ({ headers }, _, done) => {
    const encoding = headers['content-encoding']?.toLowerCase() ?? 'identity'
    if (encoding === 'identity') return done()
    throw new EsteiraError('unsupported-media-type', 'A body that is compressed is not taken.', {
      where: 'Content-Encoding',
      found: encoding.slice(0, 100),
      allowed: 'identity, or no such header',
    })
  })
  // Not async: the stream must be read from before it has anything to say.
  app.addHook('preParsing', (request, reply, payload, done) => {
    const name = nameIn(request.params)
    bodies.watch(request, reply)
    done(null, name === undefined ? payload : access.limitBody(name, request, payload))
  })
  // The body has arrived: from here on it is the server that takes its time.
  app.decorateRequest('deadline', Number.POSITIVE_INFINITY)
  app.addHook('preHandler', (request, _, done) => {
    bodies.startClock(request)
    done()
  })
  addPreflightRoutes(app)
}

/** Of the first row, so that the rows of one caller do not count as so many opinions. */
function binOf({ route: { rollout, counts, live }, outputs }: Answered): number | undefined {
  return rollout === undefined || !counts ? undefined : predictionBin(live.signature, outputs, 0)
}

function mirror(served: ServedEndpoints, answered: Answered, shadows?: Pick<ShadowMirror, 'mirror'>): void {
  const { id, endpoint, rows, outputs, route } = answered
  const { live, shadow, rollout } = route
  if (shadow === undefined || rollout === undefined) return
  const isCurrent = () => served.behind(endpoint).includes(shadow)
  shadows?.mirror({ id, endpoint, rolloutId: rollout.id, live, shadow, rows, outputs, isCurrent })
}

function addPlainRoute(app: FastifyInstance, router: RequestRouter, onAnswered: OnAnswered): void {
  app.post<{ Params: { name: string } }>('/models/:name/predict', async (request, reply) => {
    const startedAt = performance.now()
    const { name } = request.params
    const asked = () => plainRequest(request.body)
    const route = router.route(request, name, () => asked().rows)
    const { live } = route
    const { rows, showFeatures } = asked()
    const answered = await live.answer(rows, request.deadline)
    onAnswered({ ...answered, id: request.id, endpoint: name, route, rows, startedAt })
    const body = await inTurns(encodePlain(live, answered, showFeatures), () => checkDeadline(request.deadline))
    return reply.type('application/json; charset=utf-8').send(body)
  })
}

function* encodePlain(live: LiveModel, { filled, outputs }: RowsAnswer, showFeatures: boolean): Steps<string | Buffer> {
  const body = new LongText()
  yield* live.encodePlain(outputs, body)
  if (filled !== undefined) yield* addPlainFeatures(body, filled, showFeatures)
  body.add('}')
  return body.end()
}

function gauges(served: ServedEndpoints) {
  return served.names().flatMap((endpoint) => {
    const live = served.find(endpoint)
    return live ? [{ endpoint, waitingRequests: live.waitingRequests, revision: live.revision }] : []
  })
}

/** The endpoint of a request, if it is one that there is. */
function askedEndpoint(served: ServedEndpoints, params: unknown): string | undefined {
  const name = nameIn(params)
  return name !== undefined && served.has(name) ? name : undefined
}

function nameIn(params: unknown): string | undefined {
  return typeof params === 'object' && params !== null && 'name' in params ? String(params.name) : undefined
}

/** Listens, on a free port if `port` is 0. Returns the port. @throws EsteiraError `port-in-use` */
export async function listen(app: FastifyInstance, host: string, port: number): Promise<number> {
  try {
    await app.listen({ host, port })
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') {
      throw new EsteiraError('port-in-use', `Port ${port} is already in use, so the inference server cannot start.`, {
        where: `${host}:${port}`,
        next: 'Stop the program that uses it, or choose another port with --inference-port (0 takes a free one).',
        cause: error,
      })
    }
    throw asEsteiraError(error)
  }
  const address = app.server.address()
  return typeof address === 'object' && address !== null ? address.port : port
}
