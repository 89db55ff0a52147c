import { parentPort } from 'node:worker_threads'
import { hostSteps } from '../step-host.ts'
import { testCatalogue } from './components.ts'

if (parentPort !== null) hostSteps(parentPort, testCatalogue)
