import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { runListQuerySchema } from '#shared/run-list.ts'
import type { RunStatus } from '#shared/runs.ts'
import { Store } from '../store/store.ts'
import { listRuns, type RunQuery, runFacets } from './run-list.ts'

interface Row {
  readonly id: string
  readonly pipeline?: string
  readonly status?: RunStatus
  readonly startedBy?: string
  readonly parameters?: object
  readonly metrics?: Record<string, number>
  readonly createdAt?: number
  readonly durationMs?: number | null
}

const rows: readonly Row[] = [
  { id: 'a1', metrics: { auc: 0.6, f1: 0.2 }, durationMs: 500, startedBy: 'cli', createdAt: 100 },
  {
    id: 'b2',
    metrics: { auc: 0.7 },
    durationMs: 900,
    parameters: { month: '2001-05', note: '50%_done' },
    createdAt: 200,
  },
  { id: 'c3', status: 'failed', durationMs: 900, pipeline: 'Score', createdAt: 300 },
  { id: 'd4', metrics: { auc: 0.7, f1: 0.1 }, durationMs: 100, pipeline: 'Score', createdAt: 400 },
  { id: 'e5', status: 'running', durationMs: null, createdAt: 500 },
  { id: 'f6', status: 'cancelled', durationMs: 50, startedBy: 'gui', createdAt: 600 },
]

let folder: string
let store: Store

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'esteira-run-list-'))
  store = Store.open(join(folder, 'metadata.db'))
  for (const id of ['p1', 'p2']) {
    store.run("INSERT INTO project (id, path, name, added_at) VALUES ($id, $id, 'flights', 1)", { id })
  }
  rows.forEach(insert)
})
afterAll(() => {
  store.close()
  rmSync(folder, { recursive: true })
})

function insert(row: Row): void {
  const { id, createdAt = 0, durationMs = 1 } = row
  store.run(
    `INSERT INTO run (id, project_id, pipeline, pipeline_version, parameters, seed, status, started_by, metrics,
       steps_total, created_at, started_at, finished_at)
     VALUES ($id, 'p1', $pipeline, 'v', $parameters, 7, $status, $startedBy, $metrics, 1, $createdAt, $createdAt, $end)`,
    {
      id,
      pipeline: row.pipeline ?? 'train',
      parameters: JSON.stringify(row.parameters ?? {}),
      status: row.status ?? 'succeeded',
      startedBy: row.startedBy ?? 'api',
      metrics: JSON.stringify(row.metrics ?? {}),
      createdAt,
      end: durationMs === null ? null : createdAt + durationMs,
    },
  )
}

const ids = (query: Partial<RunQuery>) => listRuns(store, { limit: 100, ...query }).items.map((run) => run.id)
const asked = (query: Record<string, string>) => ids(runListQuerySchema.parse(query))

describe('the filter', () => {
  it.each<[Record<string, string>, string]>([
    [{}, 'f6 e5 d4 c3 b2 a1'],
    [{ projectId: 'p2' }, ''],
    [{ pipeline: 'Score' }, 'd4 c3'],
    [{ status: 'failed' }, 'c3'],
    [{ status: 'failed,cancelled' }, 'f6 c3'],
    [{ startedBy: 'cli' }, 'a1'],
    [{ createdFrom: '200', createdTo: '400' }, 'c3 b2'],
    [{ search: 'B2' }, 'b2'],
    [{ search: 'score' }, 'd4 c3'],
    [{ search: '2001-0' }, 'b2'],
    [{ search: '50%_' }, 'b2'],
    [{ search: '%' }, 'b2'],
    [{ search: '"; DROP TABLE run' }, ''],
    [{ metric: 'auc > 0.6' }, 'd4 b2'],
    [{ metric: 'auc>=0.6' }, 'd4 b2 a1'],
    [{ metric: 'f1 < 1.5e-1' }, 'd4'],
    [{ metric: 'auc = .7', pipeline: 'train' }, 'b2'],
    [{ metric: "x' OR 1=1 -- > 0" }, ''],
  ])('%j finds "%s"', (query, expected) => {
    expect(asked(query).join(' ')).toBe(expected)
    expect(listRuns(store, runListQuerySchema.parse(query)).total).toBe(expected.split(' ').filter(Boolean).length)
  })

  it.each(['auc', 'auc >', 'auc > much', '> 1', 'auc ! 1'])('refuses the condition "%s"', (metric) => {
    expect(runListQuerySchema.safeParse({ metric }).success).toBe(false)
  })

  it('refuses an unknown status and an unknown order', () => {
    expect(runListQuerySchema.safeParse({ status: 'failed,odd' }).success).toBe(false)
    expect(runListQuerySchema.safeParse({ sort: 'id; DROP TABLE run' }).success).toBe(false)
  })

  it('finds the same with many matches of a metric as with few', () => {
    for (let index = 0; index < 2_500; index++) {
      insert({ id: `0${String(index).padStart(5, '0')}`, pipeline: 'bulk', metrics: { bulk: index } })
    }
    const { total, items } = listRuns(store, runListQuerySchema.parse({ metric: 'bulk >= 10', limit: 2 }))
    expect(total).toBe(2_490)
    expect(items.map((run) => run.id)).toEqual(['002499', '002498'])
    store.run("DELETE FROM run WHERE pipeline = 'bulk'")
    expect(runFacets(store).metrics).toEqual(['auc', 'f1'])
  })
})

describe('the order', () => {
  it.each<[string, RunQuery['direction'], string]>([
    ['newest', 'ascending', 'a1 b2 c3 d4 e5 f6'],
    ['duration', 'descending', 'c3 b2 a1 d4 f6'],
    ['duration', 'ascending', 'f6 d4 a1 b2 c3'],
    ['metric:auc', 'descending', 'd4 b2 a1'],
    ['metric:auc', 'ascending', 'a1 b2 d4'],
    ['metric:none', 'descending', ''],
  ])('by %s %s is "%s"', (sort, direction, expected) => {
    expect(ids({ sort, direction }).join(' ')).toBe(expected)
  })

  it('together with a filter keeps both', () => {
    expect(ids({ sort: 'metric:auc', pipeline: 'train' })).toEqual(['b2', 'a1'])
  })
})

describe('pages', () => {
  const order = fc.record({
    limit: fc.integer({ min: 1, max: 4 }),
    sort: fc.constantFrom('newest', 'duration', 'metric:auc'),
    direction: fc.constantFrom('ascending', 'descending'),
  })

  it('hold each run once, in the order of the whole list', () => {
    fc.assert(
      fc.property(order, (query) => {
        const seen: string[] = []
        for (let cursor: string | undefined; ; ) {
          const page = listRuns(store, { ...query, cursor })
          seen.push(...page.items.map((run) => run.id))
          cursor = page.nextCursor
          if (cursor === undefined) break
        }
        expect(seen).toEqual(ids({ ...query, limit: 100 }))
      }),
    )
  })

  it('go on where they stood although runs came meanwhile', () => {
    const first = listRuns(store, { limit: 2 })
    insert({ id: 'g7' })
    const second = listRuns(store, { limit: 2, cursor: first.nextCursor })
    store.run("DELETE FROM run WHERE id = 'g7'")
    expect(second.items.map((run) => run.id)).toEqual(['d4', 'c3'])
    expect(second.total).toBeUndefined()
  })

  it('refuse a cursor that no list gave', () => {
    expect(() => listRuns(store, { limit: 2, cursor: 'x' })).toThrowError(/cursor/)
  })
})

describe('the metrics that runs are sorted by', () => {
  it('follow those of the run', () => {
    store.run(`UPDATE run SET metrics = '{"auc": 0.99}' WHERE id = 'a1'`)
    expect(ids({ sort: 'metric:auc' })).toEqual(['a1', 'd4', 'b2'])
    expect(ids({ sort: 'metric:f1' })).toEqual(['d4'])
    expect(runFacets(store)).toEqual({ metrics: ['auc', 'f1'], startedBy: ['api', 'cli', 'gui'] })
  })
})

describe('the plan of SQLite', () => {
  it.each<[string, string]>([
    ['SELECT id FROM run ORDER BY id DESC LIMIT 100', 'run'],
    ["SELECT id FROM run WHERE status = 'failed' ORDER BY id DESC LIMIT 100", 'run_by_status'],
    ["SELECT id FROM run WHERE pipeline = 'train' ORDER BY id DESC LIMIT 100", 'run_by_pipeline_alone'],
    [
      'SELECT id FROM run WHERE duration_ms IS NOT NULL ORDER BY duration_ms DESC, id DESC LIMIT 100',
      'run_by_duration',
    ],
    [
      "SELECT run_id FROM run_metric WHERE name = 'auc' AND (value, run_id) < (0.7, 'b2') ORDER BY value DESC, run_id DESC",
      'run_metric_by_value',
    ],
  ])('%s reads in order', (sql, index) => {
    const plan = JSON.stringify(explain(sql))
    expect(plan).toContain(index)
    expect(plan).not.toContain('TEMP B-TREE')
  })
})

function explain(sql: string): unknown[] {
  return store.all(z.unknown(), `EXPLAIN QUERY PLAN ${sql}`)
}
