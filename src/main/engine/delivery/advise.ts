/** What a new project would make of a data file. */
import { Worker } from 'node:worker_threads'
import type { DataFileAdvice } from '#shared/data.ts'
import type { Problem } from '#shared/errors.ts'
import type { Task } from '#shared/models.ts'
import type { ProjectAdvice } from '../data/advice.ts'
import { asEsteiraError, EsteiraError, fromProblem } from '../kernel/errors.ts'

export interface AdviceQuestion {
  /** Absolute path. */
  readonly file: string
  readonly target: string
  readonly task?: Task | undefined
}

export type AdviceAnswer = { readonly advice: ProjectAdvice } | { readonly problem: Problem }

/**
 * Statistics and the search for leaks take a while on large files: a thread of their own does them.
 * @throws EsteiraError as `adviseProject` does; the signal's reason when it aborts
 */
export function adviseInThread(question: AdviceQuestion, signal?: AbortSignal): Promise<ProjectAdvice> {
  signal?.throwIfAborted()
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./advice-thread.ts', import.meta.url), { workerData: question })
    const onAbort = () => {
      worker.postMessage('cancel')
      reject(signal?.reason)
    }
    signal?.addEventListener('abort', onAbort, { once: true })
    worker.on('message', (answer: AdviceAnswer) => {
      if ('advice' in answer) resolve(answer.advice)
      else reject(fromProblem(answer.problem))
    })
    worker.on('error', (error) => reject(asEsteiraError(error)))
    worker.on('exit', () => {
      signal?.removeEventListener('abort', onAbort)
      reject(new EsteiraError('internal', 'The look at the data file ended without an answer.'))
    })
  })
}

/** The advice as people are shown it before there is a project. */
export async function adviseDataFile(question: AdviceQuestion, signal: AbortSignal): Promise<DataFileAdvice> {
  const { task, target, classes, columns, statistics } = await adviseInThread(question, signal)
  return {
    task,
    target,
    classes: [...classes],
    columns: columns.map(({ name, use, reason = null, why = null }) => ({ name, use, reason, why })),
    statistics,
  }
}
