/** The entry of the thread that looks at a data file for `esteira init`. */
import { parentPort, workerData } from 'node:worker_threads'
import { z } from 'zod'
import { taskSchema } from '#shared/models.ts'
import { adviseProject } from '../data/advice.ts'
import { toProblem } from '../kernel/errors.ts'
import type { AdviceAnswer } from './init.ts'

const requestSchema = z.object({ file: z.string(), target: z.string(), task: taskSchema.optional() })

async function answer(): Promise<AdviceAnswer> {
  try {
    return { advice: await adviseProject(requestSchema.parse(workerData)) }
  } catch (error) {
    return { problem: toProblem(error) }
  }
}

parentPort?.postMessage(await answer())
