/** The control server: the routes of the catalogue, events, metrics and the pages, on one loopback port. */
import Fastify, { type FastifyInstance } from 'fastify'
import { answerBrokenRequest, refuseExpectations } from '../kernel/broken-requests.ts'
import { EsteiraError } from '../kernel/errors.ts'
import type { EventBus } from '../kernel/events.ts'
import type { Logger } from '../kernel/logger.ts'
import { guardRequest, loopbackAddress, loopbackHosts } from '../kernel/loopback-guard.ts'
import { noCompilers } from '../kernel/no-compilers.ts'
import { esteiraVersion } from '../kernel/version.ts'
import { type ArtifactFiles, registerArtifactDownload } from './artifact-download.ts'
import { EventStream, type EventStreamOptions } from './event-stream.ts'
import { registerOpenApi } from './openapi.ts'
import { bodyLimitBytes, sendProblem } from './problems.ts'
import type { Handlers } from './requests.ts'
import { compileWithZod, registerEvents, registerRoutes } from './routes.ts'
import { checkToken, securityHeaders } from './security.ts'
import { registerUi } from './ui.ts'
import { answerUnmatched, isApiPath, pathOf } from './unmatched.ts'
import { type ReceiveUpload, registerUpload } from './upload.ts'

export interface ControlServerOptions {
  readonly handlers: Handlers
  readonly events: EventBus
  /** Asked at every request: it can change. */
  readonly token: () => string
  /** 0: any free one. */
  readonly port: number
  /** The folder of the built user interface. */
  readonly uiPath?: string | undefined
  /** The body of GET /metrics, in the text format of Prometheus. */
  readonly metrics?: (() => string) | undefined
  readonly logger: Logger
  readonly eventStream?: EventStreamOptions | undefined
  /** Left out: no files are taken. */
  readonly receiveUpload?: ReceiveUpload | undefined
  /** Left out: no files are given out. */
  readonly artifacts?: ArtifactFiles | undefined
}

export interface ControlServer {
  /** Without a slash at the end. */
  readonly url: string
  /** Ends the event streams: whoever listens must come back, with a valid token. */
  dropListeners(): void
  /** Ends the event streams and waits for the requests under way. */
  close(): Promise<void>
}

/** For a whole request, uploads of gigabytes included; its headers have a minute. */
const requestTimeoutMs = 600_000
/** A name of 100 characters, each up to 12 when percent-encoded. */
const maxParamLength = 1_200

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Answers without a token. Every other route needs it. */
    open?: boolean
  }
}

/** @throws EsteiraError `port-in-use` */
export async function startControlServer(options: ControlServerOptions): Promise<ControlServer> {
  const { port, uiPath, logger } = options
  const app = Fastify({
    bodyLimit: bodyLimitBytes,
    requestTimeout: requestTimeoutMs,
    exposeHeadRoutes: false,
    schemaController: { compilersFactory: noCompilers },
    routerOptions: { maxParamLength },
    clientErrorHandler: answerBrokenRequest,
    // The guard refuses a request without one, with a code.
    http: { requireHostHeader: false },
    frameworkErrors: (error, _request, reply) => sendProblem(error, reply.headers(securityHeaders), logger),
  })
  refuseExpectations(app.server)
  const stream = new EventStream(options.events, options.eventStream)
  app.addHook('preClose', () => stream.close())
  app.setErrorHandler((error, _request, reply) => sendProblem(error, reply, logger))
  app.removeContentTypeParser('text/plain')
  compileWithZod(app)
  guard(app, options)
  await registerOpenApi(app, esteiraVersion)
  if (uiPath !== undefined) await registerUi(app, uiPath)
  registerRoutes(app, options.handlers)
  registerEvents(app, stream)
  if (options.artifacts !== undefined) registerArtifactDownload(app, options.artifacts)
  if (options.receiveUpload !== undefined) await registerUpload(app, options.receiveUpload)
  app.get('/metrics', { config: { open: true }, schema: { hide: true } }, (_request, reply) =>
    reply.type('text/plain; version=0.0.4; charset=utf-8').send(options.metrics?.() ?? ''),
  )
  app.setNotFoundHandler((request, reply) => answerUnmatched(request, reply, uiPath))
  await listen(app, port)
  return {
    url: `http://${loopbackAddress}:${listeningPort(app)}`,
    dropListeners: () => stream.dropClients(),
    close: () => app.close(),
  }
}

function listeningPort(app: FastifyInstance): number | undefined {
  const address = app.server.address()
  return address !== null && typeof address === 'object' ? address.port : undefined
}

async function listen(app: FastifyInstance, port: number): Promise<void> {
  try {
    await app.listen({ host: loopbackAddress, port })
  } catch (error) {
    await app.close()
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code !== 'EADDRINUSE' && code !== 'EACCES') throw error
    const reason = code === 'EACCES' ? 'may not be used by this user' : 'is already in use'
    throw new EsteiraError('port-in-use', `The port ${port} for the control API ${reason}.`, {
      where: `${loopbackAddress}:${port}`,
      next: 'Stop the program that uses it, or choose another port with --port (0: any free one).',
      cause: error,
    })
  }
}

/**
 * Every request is checked before anything else happens. A route is closed unless it says otherwise; an address that no
 * route matches is closed under the API, so that nobody without the token learns what there is.
 */
function guard(app: FastifyInstance, { token }: ControlServerOptions): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(securityHeaders)
    guardRequest(request.headers, loopbackHosts(request.socket.localPort ?? 0))
    const open = request.is404 ? !isApiPath(pathOf(request)) : request.routeOptions.config.open === true
    if (!open) checkToken(request.headers.authorization, token())
  })
}
