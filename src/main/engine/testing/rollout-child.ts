/**
 * A process with a real engine in which something happens to a rollout, to be killed meanwhile. Arguments: the home, what
 * happens, and how many milliseconds later it kills itself.
 */
import { Engine } from '../engine.ts'
import { killMyselfAfter } from '../pipelines/testing/self-kill.ts'
import { flightRow } from '../serving/testing-flights.ts'
import { createProjectClient } from './project-client.ts'
import { hasCandidate, rolloutOf, testKeys } from './rollout-home.ts'

const [home = '', happening = '', dieAfterMs = ''] = process.argv.slice(2)
const engine = await Engine.start({ home, port: 0, inferencePort: 0 })
const client = createProjectClient(engine)
const name = 'flights'

async function ask(row: object, key: string): Promise<number> {
  const answer = await fetch(`${engine.info().inferenceUrl}/models/${name}/predict`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-user': key },
    body: JSON.stringify({ rows: [row] }),
  })
  await answer.arrayBuffer()
  return answer.status
}

async function askOn(row: object, keys: readonly string[]): Promise<never> {
  for (;;) for (const key of keys) await ask(row, key)
}

while ((await ask(flightRow, '')) !== 200) await new Promise((resolve) => setTimeout(resolve, 5))
const [last] = (await client.call('listRollouts', { params: { name }, query: { limit: 1 } })).items
const id = last?.id ?? ''
const candidates = testKeys.filter((key) => last && hasCandidate(last, key))
killMyselfAfter(dieAfterMs)
switch (happening) {
  case 'start':
    await client.call('startRollout', {
      params: { name },
      body: { model: name, version: 2, rollout: rolloutOf(), reason: '' },
    })
    break
  case 'promote':
    await client.call('promoteRollout', { params: { name, id }, body: { reason: '' } })
    break
  case 'abort':
    await client.call('abortRollout', { params: { name, id }, body: { reason: '' } })
    break
  case 'ramp':
    await askOn(flightRow, testKeys)
    break
  case 'stop-condition':
    // Who has the new version sends what cannot be answered: it fails more often than the stable one.
    await Promise.all([askOn({ distance: 'far' }, candidates), askOn(flightRow, testKeys)])
    break
}
await new Promise(() => {})
