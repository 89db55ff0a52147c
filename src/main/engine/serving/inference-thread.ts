/** Entry of the worker thread that answers predictions. */
import { parentPort, workerData } from 'node:worker_threads'
import type { FastifyInstance } from 'fastify'
import type { RequestLogState } from '#shared/requests.ts'
import { EsteiraError, toProblem } from '../kernel/errors.ts'
import { AccessGuard } from './access-guard.ts'
import { computingSlot } from './computing-note.ts'
import { createInferenceApp, listen } from './inference-app.ts'
import type { ModelRuntime } from './live-model.ts'
import { type OutsideListener, openOutside } from './outside.ts'
import { PendingRequests } from './pending-requests.ts'
import { FeedbackLog } from './request-log/feedback-log.ts'
import { RequestLog } from './request-log/request-log.ts'
import { type ShadowAnswer, ShadowMirror } from './rollout/shadow-mirror.ts'
import { ServedEndpoints } from './served-endpoints.ts'
import { ThreadFeatures } from './thread-features.ts'
import type {
  ThreadCall,
  ThreadEnding,
  ThreadFault,
  ThreadLogState,
  ThreadReply,
  ThreadRequest,
  ThreadRequestLog,
  ThreadShadows,
  ThreadTraffic,
} from './thread-messages.ts'
import { TrafficCounter } from './traffic-counter.ts'

/** Answers are sent in that time before the thread ends. */
const endingMs = 100

const { computing }: { computing: SharedArrayBuffer } = workerData
const served = new ServedEndpoints(importRuntime, ({ endpoint, slot }) => ({
  ...computingSlot(computing, slot),
  onFault: (message) => {
    const fault: ThreadFault = { fault: { endpoint, message } }
    parentPort?.postMessage(fault)
  },
}))
const pending = new PendingRequests()
/** All are there once the engine has said where to listen. */
let features: ThreadFeatures | undefined
let app: FastifyInstance | undefined
let guard: AccessGuard | undefined
let outside: OutsideListener | undefined
let log: RequestLog | undefined
let feedback: FeedbackLog | undefined
const traffic = new TrafficCounter((seconds) => {
  const message: ThreadTraffic = { traffic: seconds }
  parentPort?.postMessage(message)
})

const shadows = new ShadowMirror((news) => {
  const message: ThreadShadows = { shadows: news }
  parentPort?.postMessage(message)
}, keepShadowAnswer)

parentPort?.on('message', async ({ id, request }: ThreadCall) => {
  parentPort?.postMessage(await answer(id, request))
})

/** A defect of ours: nobody is left without an answer, and the engine starts another thread. */
process.once('uncaughtException', (error) => {
  pending.refuseAll()
  app?.server.close()
  const message: ThreadEnding = { ending: true }
  parentPort?.postMessage(message)
  setTimeout(() => {
    throw error
  }, endingMs)
})

/** Imported with the first model, so that the server listens sooner. */
async function importRuntime(): Promise<ModelRuntime> {
  const [{ loadModel }, { checkRows }] = await Promise.all([
    import('../training/runtime.ts'),
    import('../training/rows.ts'),
  ])
  return { loadModel, checkRows, openFiller: async (source, signature) => features?.openFiller(source, signature) }
}

function openLog({ path, settings }: ThreadRequestLog): RequestLog {
  const tell = (state: RequestLogState) => {
    const message: ThreadLogState = { requestLog: state }
    parentPort?.postMessage(message)
  }
  const opened = new RequestLog({ path, onState: tell })
  for (const [endpoint, each] of settings) opened.set(endpoint, each)
  return opened
}

function keepShadowAnswer({ mirrored, ...said }: ShadowAnswer): void {
  const { id, endpoint, shadow } = mirrored
  log?.answered(shadow, { ...said, id, endpoint, at: Date.now() - said.latencyMs, role: 'shadow' })
}

async function answer(id: number, request: ThreadRequest): Promise<ThreadReply> {
  try {
    const port = await perform(request)
    return port === undefined ? { id } : { id, port }
  } catch (error) {
    return { id, problem: toProblem(error) }
  }
}

async function perform(request: ThreadRequest): Promise<number | undefined> {
  switch (request.kind) {
    case 'prepare':
      served.expect(request.endpoints, request.failed)
      features = request.features && new ThreadFeatures(request.features)
      guard = new AccessGuard(request.engineSecret)
      for (const [endpoint, access] of request.access) guard.set(endpoint, access)
      log = request.requestLog && openLog(request.requestLog)
      feedback = request.requestLog && new FeedbackLog(request.requestLog.path)
      app = createInferenceApp(served, traffic, features?.log, guard, { requestLog: log, feedback, shadows, pending })
      await app.ready()
      return undefined
    case 'listen':
      if (app === undefined) throw new EsteiraError('internal', 'The inference thread was not prepared.')
      return listen(app, request.host, request.port)
    case 'listen-outside':
      if (app === undefined) throw new EsteiraError('internal', 'The inference thread was not prepared.')
      outside = await openOutside(app, request.address)
      return outside.port
    case 'ping':
      return undefined
    case 'access':
      guard?.set(request.endpoint, request.access)
      return undefined
    case 'log':
      log?.set(request.endpoint, request.settings)
      return undefined
    case 'load':
      await served.load(request.endpoint, request.source, request.slot)
      return undefined
    case 'activate':
      served.activate(request.endpoint, request.revision)
      return undefined
    case 'start-split':
      served.startSplit(request.endpoint, request.revision, request.split)
      return undefined
    case 'change-split':
      served.changeSplit(request.endpoint, request.split)
      return undefined
    case 'end-split':
      served.endSplit(request.endpoint, request.outcome)
      return undefined
    case 'remove':
      await served.remove(request.endpoint)
      return undefined
    case 'close':
      await Promise.all([app?.close(), outside?.close()])
      await served.close()
      await Promise.all([features?.close(), log?.close(), feedback?.close()])
      return undefined
  }
}
