/** Everything stored is verified, and what can be is repaired: real files, a real store, real steps. */
import { appendFileSync, existsSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { storedFilePath } from '../../artifacts/artifact-files.ts'
import { type Home, homeAt } from '../../kernel/home.ts'
import { RunRecords } from '../../pipelines/run-records.ts'
import { RunStore } from '../../pipelines/run-store.ts'
import { StepPool } from '../../pipelines/step-pool.ts'
import { testCatalogue } from '../../pipelines/testing/components.ts'
import { openWorkbench, removeWorkbench, unavailable, type Workbench } from '../../pipelines/testing/workbench.ts'
import { dayMs } from '../testing/aging.ts'
import { Doctor } from './doctor.ts'

const pipeline = `name: p
steps:
  first: { uses: test/write, with: { text: "from ", file: data.txt } }
  second: { uses: test/write, in: { from: first }, with: { text: " and more" } }
`
let bench: Workbench
let home: Home
let pool: StepPool
let doctor: Doctor
let hashes: string[] = []

beforeEach(async () => {
  bench = await openWorkbench({ threads: 1 })
  home = homeAt(join(bench.path, 'home'))
  bench.write('pipelines/p.yaml', pipeline)
  bench.write('data.txt', 'a file')
  const run = await bench.run('p')
  hashes = run.steps.map(({ outputs }) => outputs.text ?? '')
  const { store, artifacts, projects } = bench
  pool = new StepPool({ threadUrl: new URL('../../pipelines/testing/step-thread.ts', import.meta.url), size: 1 })
  const workRoot = join(home.path, 'work')
  doctor = new Doctor({
    ...{ store, artifacts, projects, pool, home, workRoot, catalogue: testCatalogue, clock: Date.now },
    runs: new RunStore(store),
    records: new RunRecords({
      ...{ store, artifacts, workRoot, catalogue: testCatalogue, championOf: () => undefined },
      onFailure: (error) => {
        throw error
      },
    }),
    servicesFor: () => unavailable,
  })
})
afterEach(async () => {
  await pool.close()
  await bench.stop()
  removeWorkbench(bench.path)
})

const pathOf = (hash: string) => storedFilePath(home.artifactsPath, bench.artifacts.get(hash).files[0]?.sha256 ?? '')

async function examine(repairs: boolean) {
  doctor.start(repairs)
  const done = await doctor.ended()
  expect(done.problem).toBeNull()
  return done.findings.map(({ kind, outcome }) => `${kind}: ${outcome}`)
}

describe('the doctor', () => {
  test('verifies every hash and foreign key, and finds nothing where all is well', async () => {
    expect(await examine(false)).toEqual([])
    const { artifacts, files, bytes, foreignKeys, progress, finishedAt } = doctor.latest()
    expect({ artifacts, files, progress }).toEqual({ artifacts: 2, files: 2, progress: 1 })
    expect(bytes).toBe('from a file'.length + 'from a file and more'.length)
    expect(foreignKeys).toBeGreaterThan(20)
    expect(finishedAt).not.toBeNull()
  })

  test('makes a corrupt artifact again from its step, the same to the byte, with the inputs that are missing', async () => {
    appendFileSync(pathOf(hashes[1] ?? ''), 'rot')
    rmSync(pathOf(hashes[0] ?? ''))
    expect((await examine(false)).sort()).toEqual(['file-corrupt: left', 'file-missing: left'])
    expect((await examine(true)).sort()).toEqual(['file-corrupt: repaired', 'file-missing: repaired'])
    for (const hash of hashes) await bench.artifacts.files(hash)
    // What was found is kept beside, to be looked at.
    expect(readdirSync(join(home.path, 'set-aside'))).toHaveLength(1)
    expect(await examine(false)).toEqual([])
  })

  test('marks what cannot be made again, and says why; a later run makes it anew', async () => {
    const [first = ''] = hashes
    writeFileSync(pathOf(first), 'rot')
    bench.write('data.txt', 'another file')
    expect(await examine(true)).toEqual(['file-corrupt: marked'])
    expect(doctor.latest().findings[0]?.repair).toBe('The file data.txt is not what it was.')
    expect(bench.artifacts.isComplete(first)).toBe(false)
    bench.write('data.txt', 'a file')
    const again = await bench.run('p')
    expect(again.steps.map(({ cached }) => cached)).toEqual([false, true])
    expect(again.steps[0]?.outputs.text).toBe(first)
    expect(await examine(false)).toEqual([])
  })

  test('records a missing artifact again, drops a cache entry that leads nowhere, rebuilds rows', async () => {
    const [, second = ''] = hashes
    bench.store.run('DELETE FROM artifact WHERE hash = $second', { second })
    bench.store.run("DELETE FROM step_artifact WHERE step = 'first'")
    bench.store.run(
      "INSERT INTO step_cache (cache_key, outputs, step_values, run_id, step, created_at) VALUES ('k', '{\"text\":\"gone\"}', '{}', 'r', 's', 1)",
    )
    const found = await examine(true)
    expect(found).toEqual(
      expect.arrayContaining(['artifact-missing: repaired', 'cache-entry: repaired', 'derived-rows: repaired']),
    )
    expect(bench.artifacts.isComplete(second)).toBe(true)
    expect(await examine(false)).toEqual([])
  })

  test('moves files aside that belong to nothing, and leaves those of steps under way', async () => {
    const old = storedFilePath(home.artifactsPath, 'ab'.repeat(32))
    const young = storedFilePath(home.artifactsPath, 'cd'.repeat(32))
    for (const path of [old, young]) {
      rmSync(join(path, '..'), { recursive: true, force: true })
      bench.write(join('..', 'home', path.slice(home.path.length)), 'nobody knows')
    }
    const then = (Date.now() - dayMs) / 1_000
    utimesSync(old, then, then)
    expect(await examine(true)).toEqual(['orphan-file: repaired'])
    expect([existsSync(old), existsSync(young)]).toEqual([false, true])
    expect(readdirSync(join(home.path, 'set-aside'))).toEqual(['ab'.repeat(32)])
  })

  test('removes rows that name what is not there, but not those of a history', async () => {
    const { store } = bench
    store.run('PRAGMA foreign_keys = OFF')
    store.run("INSERT INTO run_plan (run_id, plan) VALUES ('nowhere', '{}')")
    store.run("INSERT INTO step_source (run_id, step, path, sha256) VALUES ('nowhere', 's', 'p', 'x')")
    store.run(
      "INSERT INTO alias_move (id, model, alias, at, actor, reason) VALUES ('i', 'no-model', 'champion', 1, 'test', '')",
    )
    store.run('PRAGMA foreign_keys = ON')
    const found = await examine(true)
    expect(found.filter((each) => each === 'foreign-key: repaired').length).toBe(2)
    expect(found.filter((each) => each === 'foreign-key: left').length).toBe(1)
    expect(doctor.latest().findings.find(({ outcome }) => outcome === 'left')?.repair).toContain('append-only')
    expect(await examine(false)).toEqual(['foreign-key: left'])
  })
})
