/** A process that carries one run of the pipeline "train" on a real engine, from its start or from where it was left. */
import { Engine } from '../engine.ts'
import { createProjectClient } from './project-client.ts'

const [home = '', projectPath = ''] = process.argv.slice(2)
const engine = await Engine.start({ home, port: 0, inferencePort: 0 })
const client = createProjectClient(engine)
const [known] = (await client.call('listRuns', { query: { limit: 1 } })).items
const id = known?.id ?? (await client.startRun(projectPath, 'train'))
process.stdout.write('under way\n')
await engine.runs.ended(id)
await engine.stop()
