/** A process that approves whatever waits for a person on a real engine, or finishes what an earlier one began. */
import { Engine } from '../engine.ts'
import { createProjectClient } from './project-client.ts'

const [home = ''] = process.argv.slice(2)
const engine = await Engine.start({ home, port: 0, inferencePort: 0, background: false })
const client = createProjectClient(engine)
const { items } = await client.call('listApprovals', { query: { state: 'pending' } })
process.stdout.write('under way\n')
for (const { id } of items) {
  const body = { decision: 'approve', reason: 'Looked at.' } as const
  // Twice at once: a person may press the button twice.
  await Promise.all([1, 2].map(() => client.call('decideApproval', { params: { id }, body })))
}
await engine.stop()
