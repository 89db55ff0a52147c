import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Home, homeAt } from '../kernel/home.ts'
import { RunStore } from '../pipelines/run-store.ts'
import { homeProblems } from '../pipelines/testing/kill.ts'
import { runAndKill } from '../pipelines/testing/self-kill.ts'
import { Store } from '../store/store.ts'
import { TriggerStore } from './trigger-store.ts'

const wantedKills = 8
const dayMs = 86_400_000
const pipeline = `name: p
parameters: { from: none, to: none }
steps:
  one: { uses: test/write, with: { text: one } }
triggers:
  - { new-data: flights, debounce: 1s, parameters: { from: "\${{ trigger.from }}", to: "\${{ trigger.to }}" } }
`

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'esteira-new-data-'))
  mkdirSync(join(root, 'project', 'pipelines'), { recursive: true })
  mkdirSync(join(root, 'project', 'data'))
  writeFileSync(
    join(root, 'project', 'esteira.yaml'),
    'name: test\ndatasets:\n  flights: { path: data/*.csv, time: day }\n',
  )
  writeFileSync(join(root, 'project', 'pipelines', 'p.yaml'), pipeline)
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

const dayOf = (day: number) => new Date(Date.parse('2001-01-01') + day * dayMs).toISOString().slice(0, 10)
/** One file a day. */
const arrive = (day: number) =>
  writeFileSync(join(root, 'project', 'data', `${day}.csv`), `day,late\n${dayOf(day)},1\n`)

test(`T3: each row that comes is given to exactly one run, whatever is killed between decision and run (${wantedKills} kills)`, async () => {
  const child = fileURLToPath(new URL('./testing/schedule-child.ts', import.meta.url))
  const home = homeAt(join(root, 'home'))
  // Long after the files came, so that they have settled.
  const look = (day: number, dieAfterMs?: number) =>
    runAndKill(child, [root, String(Date.now() + (day + 1) * dayMs)], dieAfterMs)
  arrive(0)
  expect(look(0)).toBe(false)
  arrive(1)
  const started = performance.now()
  expect(look(1)).toBe(false)
  const longestMs = performance.now() - started
  const states = new Set<string>()
  for (let kill = 0; kill < wantedKills; kill++) {
    const day = 2 + kill
    arrive(day)
    // From before anything was looked at to the end of the run.
    if (!look(day, longestMs * (0.3 + (0.7 * kill) / wantedKills))) continue
    expect(await homeProblems(home)).toEqual([])
    states.add(stateOf(home, day))
    expect(look(day)).toBe(false)
  }
  expect(states.size).toBeGreaterThan(1)

  const store = Store.open(home.databasePath)
  const runs = new RunStore(store)
  const given = runs.list({ limit: 100 }).items.map(({ id }) => runs.get(id)?.parameters)
  const triggers = new TriggerStore(store)
  const decisions = triggers.decisions.page(triggers.list()[0]?.id ?? '', { limit: 100 }).items
  store.close()
  const days = Array.from({ length: wantedKills + 1 }, (_, index) => index + 1)
  expect(given.reverse()).toEqual(days.map((day) => ({ from: dayOf(day), to: dayOf(day + 1) })))
  expect(decisions.filter(({ outcome }) => outcome === 'started')).toHaveLength(days.length)
}, 300_000)

/** How far the run of the last day has come. */
function stateOf({ databasePath }: Home, day: number): string {
  const store = Store.open(databasePath)
  const runs = new RunStore(store).list({ limit: 100 }).items
  store.close()
  return runs.length < day ? 'no run' : (runs[0]?.status ?? '')
}
