/** The entry of the thread that looks at one data file from which a project is to be made. A message ends the work. */
import { parentPort, workerData } from 'node:worker_threads'
import { z } from 'zod'
import { taskSchema } from '#shared/models.ts'
import { adviseProject } from '../data/advice.ts'
import { EsteiraError, toProblem } from '../kernel/errors.ts'
import type { AdviceAnswer } from './advise.ts'

const requestSchema = z.object({ file: z.string(), target: z.string(), task: taskSchema.optional() })

const abort = new AbortController()
parentPort?.once('message', () => abort.abort(new EsteiraError('cancelled', 'The work was cancelled.')))
// Waiting for a message alone does not keep the thread.
parentPort?.unref()

async function answer(): Promise<AdviceAnswer> {
  try {
    return { advice: await adviseProject({ ...requestSchema.parse(workerData), signal: abort.signal }) }
  } catch (error) {
    return { problem: toProblem(error) }
  }
}

parentPort?.postMessage(await answer())
