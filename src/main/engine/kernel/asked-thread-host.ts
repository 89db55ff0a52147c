/** The thread's side of `asked-thread.ts`: questions come as messages, are worked on side by side, and answered by their id. */
import { parentPort } from 'node:worker_threads'
import type { ThreadAnswer, ThreadMessage } from './asked-thread.ts'
import { asEsteiraError, EsteiraError, toProblem } from './errors.ts'

export interface ThreadWork<Asked> {
  perform(question: Asked, signal: AbortSignal): Promise<unknown>
  /** Gives up what belongs to no single question. */
  close?(reason: unknown): Promise<void>
}

/** Answers what comes to this thread from now on. */
export function answerQuestions<Asked>(thread: ThreadWork<Asked>): void {
  const underWay = new Map<number, AbortController>()
  const work = new Set<Promise<void>>()
  let ending = false

  const answer = async (id: number, question: Asked, signal: AbortSignal): Promise<void> => {
    let reply: ThreadAnswer
    try {
      reply = { id, output: await thread.perform(question, signal) }
    } catch (error) {
      reply = { id, problem: toProblem(asEsteiraError(error)) }
    }
    underWay.delete(id)
    parentPort?.postMessage(reply)
  }

  const begin = (id: number, question: Asked): void => {
    const abort = new AbortController()
    underWay.set(id, abort)
    const done = answer(id, question, abort.signal).finally(() => work.delete(done))
    work.add(done)
  }

  /**
   * Waits for all that is under way, once it is interrupted: a thread that ends in the middle of a call of DuckDB takes the
   * whole process with it. That is also why nobody ends this thread from outside.
   */
  const end = async (): Promise<void> => {
    if (ending) return
    ending = true
    for (const abort of underWay.values()) abort.abort(cancelled())
    await Promise.allSettled([...work, thread.close?.(cancelled())])
    parentPort?.close()
  }

  process.on('uncaughtException', (error) => {
    const reply: ThreadAnswer = { failure: error instanceof Error ? error.message : String(error) }
    parentPort?.postMessage(reply)
    void end()
  })

  parentPort?.on('message', (message: ThreadMessage<Asked>) => {
    if ('end' in message) void end()
    else if ('cancel' in message) underWay.get(message.cancel)?.abort(cancelled())
    else begin(message.id, message.question)
  })
}

function cancelled(): EsteiraError {
  return new EsteiraError('cancelled', 'The work was cancelled.')
}
