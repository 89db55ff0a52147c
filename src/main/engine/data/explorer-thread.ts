/** The entry of the explorer thread. */
import { workerData } from 'node:worker_threads'
import { z } from 'zod'
import { answerQuestions } from '../kernel/asked-thread-host.ts'
import { Exploration } from './exploration.ts'
import type { ExplorerQuestion } from './explorer-tasks.ts'

const settings = z
  .object({ cachePath: z.string(), cacheBytes: z.number(), scratchPath: z.string(), memoryLimitMb: z.number() })
  .parse(workerData)

answerQuestions<ExplorerQuestion>(new Exploration(settings))
