import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import { Store } from '../store/store.ts'
import { addedBetweenPrunes, DecisionStore, keptDecisions, type NewDecision } from './decision-store.ts'

let folder: string
let store: Store
let decisions: DecisionStore
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'esteira-decisions-'))
  store = Store.open(join(folder, 'metadata.db'))
  decisions = new DecisionStore(store)
})
afterEach(() => {
  store.close()
  rmSync(folder, { recursive: true })
})

const decision = (at: number, change: Partial<NewDecision> = {}): NewDecision => ({
  outcome: 'not-met',
  at,
  plannedAt: null,
  conditions: [
    {
      kind: 'drift',
      met: false,
      model: 'm',
      version: 1,
      dataset: 'd',
      value: 0.05,
      limit: 0.1,
      rows: 1_000,
      from: null,
      to: null,
      columns: [],
      reason: 'within',
      problem: null,
    },
  ],
  holds: [],
  actor: null,
  runId: null,
  problem: null,
  ...change,
})
const drift = (at: number, value: number): NewDecision => {
  const [condition] = decision(at).conditions
  return decision(at, { conditions: condition?.kind === 'drift' ? [{ ...condition, value }] : [] })
}

test('L1.11: decisions that say the same one after another are one, with how often and until when', () => {
  expect([1, 2, 3].map((at) => decisions.add('t', 'drift m', decision(at)))).toEqual([true, false, false])
  expect(decisions.add('t', 'drift m', drift(4, 0.06))).toBe(true)
  expect(decisions.add('t', 'drift m', decision(5))).toBe(true)
  expect(decisions.page('t', { limit: 10 }).items).toMatchObject([
    { at: 5, lastAt: 5, count: 1 },
    { at: 4, count: 1 },
    { at: 1, lastAt: 3, count: 3 },
  ])
  expect(decisions.latest('other')).toBeNull()
})

test('what started a run or was skipped is never joined', () => {
  for (const at of [1, 2]) decisions.add('t', 's', decision(at, { outcome: 'skipped', plannedAt: at }))
  for (const at of [3, 4]) decisions.add('t', 's', decision(at, { outcome: 'started', runId: `r${at}` }))
  expect(decisions.page('t', { limit: 10 }).items).toHaveLength(4)
  expect(decisions.ofRun('r3')).toMatchObject({ triggerId: 't', label: 's', decision: { at: 3 } })
  decisions.forget('t')
  expect(decisions.page('t', { limit: 10 }).items.map(({ runId }) => runId)).toEqual(['r4', 'r3'])
})

test('L1.11: after 100,000 decisions the history is short, quick, and what started runs is all there', () => {
  const total = 100_000
  // Every thousandth started a run, every seventh was skipped: a history as nobody pruned it.
  store.run(
    `WITH RECURSIVE each (value) AS (SELECT 0 UNION ALL SELECT value + 1 FROM each WHERE value < $last)
     INSERT INTO decision (trigger_id, label, outcome, at, last_at, conditions, holds, run_id)
     SELECT 't', 'drift m', CASE WHEN value % 1000 = 0 THEN 'started' WHEN value % 7 = 0 THEN 'skipped' ELSE 'not-met' END,
       value, value, $conditions, '[]', CASE WHEN value % 1000 = 0 THEN 'r' || value END
     FROM each`,
    { conditions: JSON.stringify(decision(0).conditions), last: total - 1 },
  )
  for (let at = total; at < total + 2 * addedBetweenPrunes; at++) decisions.add('t', 'drift m', drift(at, at / total))
  // Pages are found in an index, and what is beyond them is not read.
  const plan = store.all(
    z.object({ detail: z.string() }),
    'EXPLAIN QUERY PLAN SELECT * FROM decision WHERE trigger_id = $id AND id < 10 ORDER BY id DESC LIMIT 50',
    { id: 't' },
  )
  expect(plan.map(({ detail }) => detail)).toEqual([expect.stringContaining('USING INDEX decision_by_trigger')])
  const rows: unknown[] = []
  let cursor: string | undefined
  do {
    const before: number | undefined = cursor === undefined ? undefined : Number(cursor)
    const page = decisions.page('t', { limit: 100, before })
    rows.push(...page.items)
    cursor = page.nextCursor
  } while (cursor !== undefined)
  const started = total / 1_000
  expect(rows).toHaveLength(2 * keptDecisions + started)
  expect(decisions.ofRun('r0')).toMatchObject({ decision: { at: 0 } })
}, 120_000)
