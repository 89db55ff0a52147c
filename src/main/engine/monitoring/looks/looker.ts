/** Asks looking threads, one at a time: what monitors want to know is never urgent, and must not press on the machine. */
import { Worker } from 'node:worker_threads'
import { asEsteiraError, EsteiraError, fromProblem } from '../../kernel/errors.ts'
import type { LookAnswer, LookQuestion, LookReply, LookWork } from './questions.ts'

export interface LookOptions {
  readonly signal: AbortSignal
  readonly onProgress?: (done: number) => void
}

export class Looker {
  readonly #scratchRoot: string
  #last: Promise<unknown> = Promise.resolve()

  constructor(scratchRoot: string) {
    this.#scratchRoot = scratchRoot
  }

  /** @throws EsteiraError the reason of the signal, once the thread has ended */
  look(question: LookQuestion, options: LookOptions): Promise<LookAnswer> {
    const answer = this.#last.then(() => this.#ask({ question, scratchRoot: this.#scratchRoot }, options))
    this.#last = answer.catch(() => undefined)
    return answer
  }

  async #ask(work: LookWork, { signal, onProgress }: LookOptions): Promise<LookAnswer> {
    signal.throwIfAborted()
    const worker = new Worker(new URL('./look-thread.ts', import.meta.url), { name: 'monitors', workerData: work })
    const onAbort = () => worker.postMessage('cancel')
    signal.addEventListener('abort', onAbort, { once: true })
    try {
      return await answerOf(worker, onProgress)
    } finally {
      signal.removeEventListener('abort', onAbort)
    }
  }
}

/** Settles when the thread has ended by itself: one that is cut off in a call of DuckDB takes the whole process with it. */
function answerOf(worker: Worker, onProgress: ((done: number) => void) | undefined): Promise<LookAnswer> {
  return new Promise((resolve, reject) => {
    let last: Exclude<LookReply, { done: number }> | undefined
    worker.on('message', (message: LookReply) => {
      if ('done' in message) onProgress?.(message.done)
      else last = message
    })
    worker.on('error', (error) => reject(asEsteiraError(error)))
    worker.on('exit', () => {
      if (last === undefined) reject(new EsteiraError('internal', 'The look ended without an answer.'))
      else if ('problem' in last) reject(fromProblem(last.problem))
      else resolve(last.output)
    })
  })
}
