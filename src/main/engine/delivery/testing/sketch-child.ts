/** A process that brings the sketches of a dataset up to date, over the database and the folder given. */
import { join } from 'node:path'
import { killMyselfAfter } from '../../pipelines/testing/self-kill.ts'
import { openTestEngine } from '../../serving/testing-engine.ts'
import { openDriftProject } from './drift-project.ts'

const [folder = '', milliseconds = ''] = process.argv.slice(2)
const engine = openTestEngine(join(folder, 'home'))
const project = await openDriftProject(folder, engine)
killMyselfAfter(milliseconds)
await project.drifts.refresh('p1', 'days', new AbortController().signal)
await project.close()
await engine.close()
