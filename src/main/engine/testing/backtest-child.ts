/** A process that carries one back-test of the pipeline "train" on a real engine, from its start or from where it was left. */
import { Engine } from '../engine.ts'
import { createProjectClient } from './project-client.ts'

const [home = '', projectPath = ''] = process.argv.slice(2)
const engine = await Engine.start({ home, port: 0, inferencePort: 0, background: false })
const client = createProjectClient(engine)
const [known] = (await client.call('listBacktests', {})).items
const { id: projectId } = await client.call('addProject', { body: { path: projectPath, trust: true } })
const backtest = known ?? (await client.call('startBacktest', { body: { projectId, pipeline: 'train' } }))
process.stdout.write('under way\n')
await engine.runs.ended(backtest.run?.id ?? '')
await client.call('getBacktest', { params: { id: backtest.id } })
await engine.stop()
