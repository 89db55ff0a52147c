/** The entry of the explorer thread: questions come as messages, are worked on side by side, and answered by their id. */
import { parentPort, workerData } from 'node:worker_threads'
import { z } from 'zod'
import { asEsteiraError, EsteiraError, toProblem } from '../kernel/errors.ts'
import { Exploration } from './exploration.ts'
import type { ExplorerMessage, ExplorerQuestion, ExplorerReply } from './explorer-tasks.ts'

const settings = z
  .object({ cachePath: z.string(), cacheBytes: z.number(), scratchPath: z.string(), memoryLimitMb: z.number() })
  .parse(workerData)
const exploration = new Exploration(settings)
const underWay = new Map<number, AbortController>()
const work = new Set<Promise<void>>()
let ending = false

async function answer(id: number, question: ExplorerQuestion, signal: AbortSignal): Promise<void> {
  let reply: ExplorerReply
  try {
    reply = { id, output: await exploration.perform(question, signal) }
  } catch (error) {
    reply = { id, problem: toProblem(asEsteiraError(error)) }
  }
  underWay.delete(id)
  parentPort?.postMessage(reply)
}

function begin(id: number, question: ExplorerQuestion): void {
  const abort = new AbortController()
  underWay.set(id, abort)
  const done = answer(id, question, abort.signal).finally(() => work.delete(done))
  work.add(done)
}

/**
 * Waits for all that is under way, once it is interrupted: a thread that ends in the middle of a call of DuckDB takes the
 * whole process with it. That is also why nobody ends this thread from outside.
 */
async function end(): Promise<void> {
  if (ending) return
  ending = true
  for (const abort of underWay.values()) abort.abort(cancelled())
  await Promise.allSettled([...work, exploration.close(cancelled())])
  parentPort?.close()
}

function cancelled(): EsteiraError {
  return new EsteiraError('cancelled', 'The work was cancelled.')
}

process.on('uncaughtException', (error) => {
  const reply: ExplorerReply = { failure: error instanceof Error ? error.message : String(error) }
  parentPort?.postMessage(reply)
  void end()
})

parentPort?.on('message', (message: ExplorerMessage) => {
  if ('end' in message) void end()
  else if ('cancel' in message) underWay.get(message.cancel)?.abort(cancelled())
  else begin(message.id, message.question)
})
