/** An inference server that logs its requests, with the thread that compacts the log meanwhile, as in an engine. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { AskedThread } from '../src/main/engine/kernel/asked-thread.ts'
import type { RequestTasks } from '../src/main/engine/monitoring/requests/request-tasks.ts'
import { InferenceServer } from '../src/main/engine/serving/inference-server.ts'
import { defaultRequestLogSettings, type RequestLogState } from '../src/shared/requests.ts'

export const endpoint = 'flight-delay'
/** More often than an engine looks, so that the cost of compaction falls into the rounds that are measured. */
const tidyEveryMs = 5_000

export interface LoggedServer {
  readonly server: InferenceServer
  close(): Promise<void>
}

/** @throws when a record was dropped: the figures would be those of another log; not where that is expected */
export async function startLoggedServer(folder: string, { mayDrop = false } = {}): Promise<LoggedServer> {
  const [requestsPath, scratchPath] = [join(folder, 'requests'), join(folder, 'scratch')]
  await mkdir(scratchPath, { recursive: true })
  let state: RequestLogState | undefined
  const onLogState = (told: RequestLogState) => {
    state = told
  }
  const server = new InferenceServer({ requestsPath, onLogState })
  const thread = new AskedThread<RequestTasks>({
    name: 'requests',
    threadUrl: new URL('../src/main/engine/monitoring/requests/request-thread.ts', import.meta.url),
    workerData: { logPath: requestsPath, scratchPath, memoryLimitMb: 1_024 },
  })
  let tidying: Promise<unknown> = Promise.resolve()
  const timer = setInterval(() => {
    tidying = tidying.then(() =>
      thread.ask('tidy', { endpoint, settings: defaultRequestLogSettings, now: Date.now() }).catch(() => undefined),
    )
  }, tidyEveryMs)
  const close = async () => {
    clearInterval(timer)
    await thread.close()
    await server.close()
    if (!mayDrop && state !== undefined && state.dropped > 0) throw new Error(`${state.dropped} records were dropped.`)
  }
  return { server, close }
}
