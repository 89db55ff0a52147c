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

const wantedKills = 15
const due = Date.parse('2026-11-23T03:00:00Z')
const dayMs = 86_400_000
const pipeline = `name: p
steps:
  one: { uses: test/write, with: { text: one } }
triggers:
  - { schedule: "0 3 * * *", timeZone: UTC }
`

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'esteira-schedule-'))
  mkdirSync(join(root, 'project', 'pipelines'), { recursive: true })
  writeFileSync(join(root, 'project', 'esteira.yaml'), 'name: test\n')
  writeFileSync(join(root, 'project', 'pipelines', 'p.yaml'), pipeline)
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

test(`each planned time starts exactly one run, whatever is killed around it (${wantedKills} kills)`, async () => {
  const child = fileURLToPath(new URL('./testing/schedule-child.ts', import.meta.url))
  const home = homeAt(join(root, 'home'))
  const look = (now: number, dieAfterMs?: number) => runAndKill(child, [root, String(now)], dieAfterMs)
  expect(look(due - dayMs / 2)).toBe(false)
  const started = performance.now()
  expect(look(due)).toBe(false)
  const longestMs = performance.now() - started
  const states = new Set<string>()
  let days = 1
  for (let kill = 0; kill < wantedKills; kill++, days++) {
    const now = due + days * dayMs
    if (look(now, (longestMs * kill) / wantedKills)) {
      expect(await homeProblems(home)).toEqual([])
      states.add(stateOf(home, days))
      expect(look(now)).toBe(false)
    }
  }
  // Kills came before the run was there, while it was under way, and after: else the moments say nothing.
  expect(states.size).toBeGreaterThan(1)

  const store = Store.open(home.databasePath)
  const runs = new RunStore(store).list({ limit: 100 }).items
  const triggers = new TriggerStore(store)
  const decisions = triggers.decisions.page(triggers.list()[0]?.id ?? '', { limit: 100 }).items
  store.close()
  const planned = Array.from({ length: days }, (_, day) => due + day * dayMs)
  expect(decisions.map(({ plannedAt }) => plannedAt).reverse()).toEqual(planned)
  expect(decisions.map(({ runId }) => runId)).toEqual(runs.map(({ id }) => id))
  expect(runs.map(({ startedBy, status }) => ({ startedBy, status }))).toEqual(
    planned.map(() => ({ startedBy: 'trigger schedule 0 3 * * *', status: 'succeeded' })),
  )
}, 300_000)

/** How far the run of the last planned time has come. */
function stateOf({ databasePath }: Home, runsBefore: number): string {
  const store = Store.open(databasePath)
  const runs = new RunStore(store).list({ limit: 100 }).items
  store.close()
  return runs.length === runsBefore ? 'no run' : (runs[0]?.status ?? '')
}
