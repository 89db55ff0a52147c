/** Lineage over 10,000 runs: bounded answers from indexes. Slow ones fail by the time limit of a test. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { Store } from '../../store/store.ts'
import { LineageWalk } from './lineage-graph.ts'
import { LineageRows } from './lineage-rows.ts'

const runCount = 10_000
const chain = ['extract', 'prepare', 'train', 'register']
let folder = ''
let store: Store
let walk: LineageWalk
let rows: LineageRows

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'esteira-many-runs-'))
  store = Store.open(join(folder, 'metadata.db'))
  store.run("INSERT INTO project (id, path, name, added_at) VALUES ('p', '/p', 'p', 0)")
  store.run("INSERT INTO model (name, project_id, created_at) VALUES ('m', 'p', 0)")
  store.transaction(() => {
    for (let index = 1; index <= runCount; index++) addRun(index)
  })
  rows = new LineageRows(store)
  walk = new LineageWalk(rows, { datasetsOfView: () => [], viewsOfDataset: () => [] })
}, 60_000)
afterAll(() => {
  store.close()
  rmSync(folder, { recursive: true })
})

/** All runs read the same rows, as they do while the data stays; each trains a model of its own. */
function addRun(index: number): void {
  const id = `r${String(index).padStart(6, '0')}`
  store.run(
    `INSERT INTO run (id, project_id, pipeline, pipeline_version, parameters, seed, status, started_by, steps_total, created_at)
     VALUES ($id, 'p', 'train', 'v', '{}', 1, 'succeeded', 'test', 4, $index)`,
    { id, index },
  )
  const outputs = ['rows', 'prepared', `model-${id}`, `version-${id}`]
  for (const [position, name] of chain.entries()) {
    const hash = outputs[position] ?? ''
    store.run(
      "INSERT INTO artifact (hash, type, files, created_at) VALUES ($hash, 'file', '[]', 0) ON CONFLICT DO NOTHING",
      {
        hash,
      },
    )
    const cached = position < 2 && index > 1
    store.run(
      `INSERT INTO step_execution (run_id, name, position, component, status, cached, cached_from, depends_on, inputs, outputs)
       VALUES ($id, $name, $position, 'c', 'succeeded', $cached, $from, $dependsOn, $inputs, $outputs)`,
      {
        id,
        name,
        position,
        cached: Number(cached),
        from: cached ? 'r000001' : null,
        dependsOn: JSON.stringify(position === 0 ? [] : [chain[position - 1]]),
        inputs: JSON.stringify(position === 0 ? {} : { data: [outputs[position - 1]] }),
        outputs: JSON.stringify({ out: hash }),
      },
    )
  }
  store.run("INSERT INTO step_reference (run_id, step, kind, name) VALUES ($id, 'extract', 'dataset', 'flights')", {
    id,
  })
  store.run("INSERT INTO step_source (run_id, step, path, sha256) VALUES ($id, 'extract', 'data.csv', 'x')", { id })
  store.run(
    `INSERT INTO model_version (model, version, artifact_hash, signature, metrics, project_id, run_id, step, created_at)
     VALUES ('m', $index, $artifact, '{}', '{}', 'p', $id, 'register', $index)`,
    { index, artifact: `model-${id}`, id },
  )
}

describe('over 10,000 runs', () => {
  test('downstream of the dataset is bounded, and says that it was cut off', () => {
    const bound = { depth: 50, limit: 200 }
    const graph = walk.trace({ kind: 'dataset', projectId: 'p', name: 'flights' }, 'downstream', bound)
    expect(graph.nodes).toHaveLength(200)
    expect(graph.truncated).toBe(true)
    // The step that really read it, not the 9,999 that the cache answered.
    expect(graph.nodes.filter(({ label }) => label === 'extract')).toHaveLength(1)
  })

  test('upstream of any version is whole', () => {
    const bound = { depth: 50, limit: 200 }
    const graph = walk.trace({ kind: 'version', model: 'm', version: 7_777 }, 'upstream', bound)
    expect(graph.truncated).toBe(false)
    expect(graph.nodes.map(({ kind, label }) => `${kind} ${label}`)).toEqual(
      expect.arrayContaining([
        'version m 7777',
        'step train',
        'step prepare',
        'step extract',
        'dataset flights',
        'file data.csv',
      ]),
    )
  })

  test('pages go through all that read an artifact, each once', () => {
    const seen = new Set<string>()
    for (let offset: number | undefined = 0; offset !== undefined && seen.size < 1_000; ) {
      const page = walk.neighbours({ kind: 'artifact', hash: 'prepared' }, 'downstream', { offset, limit: 100 })
      for (const { id } of page.nodes) expect(seen.has(id) || !seen.add(id)).toBe(false)
      offset = page.nextOffset
    }
    expect(seen.size).toBe(1_000)
  })

  test('versions that used a dataset: those in use first, then the newest, and how many are left', () => {
    store.run("INSERT INTO model_alias (model, alias, version) VALUES ('m', 'champion', 3)")
    const found = rows.versionsTouched({ by: 'reference', kind: 'dataset', name: 'flights' }, 'p', 100)
    expect(found.rows.slice(0, 3).map(({ version }) => version)).toEqual([3, runCount, runCount - 1])
    expect(found.rows).toHaveLength(101)
    expect(found.left).toBe(runCount - 101)
  })

  test('no question goes through a whole table', () => {
    const plan = (sql: string) =>
      store.all(z.object({ detail: z.string() }), `EXPLAIN QUERY PLAN ${sql}`).map(({ detail }) => detail)
    for (const sql of [
      "SELECT * FROM step_artifact WHERE artifact_hash = 'x' AND direction = 'in'",
      "SELECT * FROM step_reference WHERE kind = 'dataset' AND name = 'x'",
      "SELECT * FROM step_source WHERE path = 'x'",
      "SELECT * FROM model_version WHERE artifact_hash = 'x'",
      "SELECT * FROM model_version WHERE run_id = 'x' AND step = 'y'",
      "SELECT * FROM revision WHERE model = 'x' AND version = 1",
    ]) {
      expect(plan(sql).join(' ')).toMatch(/^SEARCH /)
    }
  })
})
