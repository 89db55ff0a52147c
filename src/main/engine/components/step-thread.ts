/** The entry of a step thread. */
import { parentPort } from 'node:worker_threads'
import { hostSteps } from '../pipelines/step-host.ts'
import { catalogue } from './index.ts'

if (parentPort !== null) hostSteps(parentPort, catalogue)
