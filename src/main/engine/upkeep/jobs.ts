/** What upkeep does in a thread of its own, as it reads the whole store or every file: the jobs and how to ask for one. */
import { Worker } from 'node:worker_threads'
import type { Problem } from '#shared/errors.ts'
import type { Check, CleanUpPreview, DiskUse } from '#shared/settings.ts'
import { EsteiraError, fromProblem } from '../kernel/errors.ts'
import type { Examined } from './doctor/examine.ts'
import type { KeepingRules } from './keeping.ts'

export interface CleanUpPlan {
  /** Artifacts that nothing needs, as far as the store told when it was read. */
  readonly artifacts: readonly string[]
  readonly surplusCacheKeys: readonly string[]
}

export interface HomeFacts {
  readonly checks: readonly Check[]
  readonly counts: Readonly<Record<string, number>>
}

interface Jobs {
  'disk-use': { request: { rules: KeepingRules }; answer: DiskUse }
  'plan-clean-up': { request: { rules: KeepingRules }; answer: CleanUpPlan }
  'preview-clean-up': { request: { rules: KeepingRules }; answer: CleanUpPreview }
  /** Answers the bytes freed. */
  'remove-files': { request: object; answer: number }
  facts: { request: object; answer: HomeFacts }
  /** Tells its progress. */
  examine: { request: object; answer: Examined }
}
export type JobName = keyof Jobs
export type JobAnswer<Name extends JobName> = Jobs[Name]['answer']
export type Job = { [Name in JobName]: { name: Name; homePath: string; now: number } & Jobs[Name]['request'] }[JobName]
export type JobHandlers = {
  [Name in JobName]: (job: Extract<Job, { name: Name }>) => JobAnswer<Name> | Promise<JobAnswer<Name>>
}

export type JobMessage =
  | { readonly answer: unknown }
  | { readonly problem: Problem }
  /** 0 to 1. */
  | { readonly progress: number }

/** Does the job in a thread that ends with it. @throws EsteiraError what the job throws */
export function doJob<Name extends JobName>(
  job: Extract<Job, { name: Name }>,
  signal?: AbortSignal,
  onProgress?: (fraction: number) => void,
): Promise<JobAnswer<Name>> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted()
    const worker = new Worker(new URL('./upkeep-thread.ts', import.meta.url), { workerData: job })
    const stop = () => void worker.terminate()
    signal?.addEventListener('abort', stop, { once: true })
    worker.on('message', (message: JobMessage) => {
      if ('progress' in message) return onProgress?.(message.progress)
      // The thread runs the handler of this very job.
      if ('answer' in message) resolve(message.answer as JobAnswer<Name>)
      else reject(fromProblem(message.problem))
    })
    worker.once('error', reject)
    worker.once('exit', () => {
      signal?.removeEventListener('abort', stop)
      reject(new EsteiraError('cancelled', 'The thread ended before its work was done.'))
    })
  })
}
