/** Asks measuring threads, one at a time: what triggers want to know is never urgent, and must not press on the machine. */
import { Worker } from 'node:worker_threads'
import { asEsteiraError, EsteiraError, fromProblem } from '../../kernel/errors.ts'
import type { MeasureAnswer, MeasureQuestion, MeasureTask, MeasureTasks, MeasureWork } from './questions.ts'

export class Measurer {
  readonly #scratchRoot: string
  readonly #closing = new AbortController()
  #last: Promise<unknown> = Promise.resolve()

  constructor(scratchRoot: string) {
    this.#scratchRoot = scratchRoot
  }

  /** @throws EsteiraError as the measurement does; `cancelled` when the engine stops */
  measure<Task extends MeasureTask>(
    task: Task,
    input: MeasureTasks[Task]['input'],
  ): Promise<MeasureTasks[Task]['output']> {
    // The compiler cannot see that a task goes with its own input when both are generic.
    const question = { task, input } as MeasureQuestion
    const answer = this.#last.then(() => this.#ask({ question, scratchRoot: this.#scratchRoot }))
    this.#last = answer.catch(() => undefined)
    // The thread answers each task with what the table of tasks says, which the compiler checks there.
    return answer as Promise<MeasureTasks[Task]['output']>
  }

  /** Returns once no thread is left. */
  async close(): Promise<void> {
    this.#closing.abort(new EsteiraError('cancelled', 'The engine is stopping.'))
    await this.#last
  }

  async #ask(work: MeasureWork): Promise<unknown> {
    const { signal } = this.#closing
    signal.throwIfAborted()
    const worker = new Worker(new URL('./measure-thread.ts', import.meta.url), { name: 'triggers', workerData: work })
    const onAbort = () => worker.postMessage('cancel')
    signal.addEventListener('abort', onAbort, { once: true })
    try {
      return await answerOf(worker)
    } finally {
      signal.removeEventListener('abort', onAbort)
    }
  }
}

/** Settles when the thread has ended by itself: one that is cut off in a call of DuckDB takes the whole process with it. */
function answerOf(worker: Worker): Promise<unknown> {
  return new Promise((resolve, reject) => {
    let answer: MeasureAnswer | undefined
    worker.on('message', (message: MeasureAnswer) => {
      answer = message
    })
    worker.on('error', (error) => reject(asEsteiraError(error)))
    worker.on('exit', () => {
      if (answer === undefined) reject(new EsteiraError('internal', 'The measurement ended without an answer.'))
      else if ('problem' in answer) reject(fromProblem(answer.problem))
      else resolve(answer.output)
    })
  })
}
