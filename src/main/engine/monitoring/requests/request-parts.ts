/** What looks into the request log, put together for an engine. */
import { mkdirSync } from 'node:fs'
import { totalmem } from 'node:os'
import { join } from 'node:path'
import { AskedThread } from '../../kernel/asked-thread.ts'
import type { RequestTasks } from './request-tasks.ts'
import { Requests, type RequestsParts } from './requests.ts'

const mebibyte = 1024 ** 2
/** For one question; beyond it, DuckDB spills to disk. */
const maxMemoryMb = 2_048

/** @param home the folder of the log, and that of work under way, which is emptied at every start */
export function createRequests(
  home: { readonly requestsPath: string; readonly workPath: string },
  parts: Omit<RequestsParts, 'thread' | 'logPath'>,
): Requests {
  const scratchPath = join(home.workPath, 'requests')
  mkdirSync(scratchPath, { recursive: true })
  const thread = new AskedThread<RequestTasks>({
    name: 'requests',
    threadUrl: new URL('./request-thread.ts', import.meta.url),
    workerData: {
      logPath: home.requestsPath,
      scratchPath,
      memoryLimitMb: Math.min(maxMemoryMb, Math.floor(totalmem() / mebibyte / 4)),
    },
    // Compaction rests between files.
    patience: new Map([['tidy', 3_600_000]]),
  })
  return new Requests({ ...parts, thread, logPath: home.requestsPath })
}
