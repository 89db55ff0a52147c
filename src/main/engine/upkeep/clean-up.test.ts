import { mkdirSync, readdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Signature } from '#shared/models.ts'
import { storedFilePath, storeFile } from '../artifacts/artifact-files.ts'
import { EventBus } from '../kernel/events.ts'
import { type Home, homeAt } from '../kernel/home.ts'
import { silentLogger } from '../kernel/logger.ts'
import { homeProblems } from '../pipelines/testing/kill.ts'
import { openWorkbench, removeWorkbench, type Workbench } from '../pipelines/testing/workbench.ts'
import { Registry } from '../registry/registry.ts'
import { cleanUp } from './clean-up.ts'
import { filesIn, measureDiskUse } from './disk-use.ts'
import type { KeepingRules } from './keeping.ts'
import { removeStoredFiles, restoreTrash } from './stored-files.ts'
import { age, dayMs } from './testing/aging.ts'

const pipeline = `name: p
parameters: { own: a }
steps:
  shared: { uses: test/write, with: { text: shared } }
  own: { uses: test/write, in: { from: shared }, with: { text: "\${{ params.own }}" } }
`

let bench: Workbench
let home: Home
beforeEach(async () => {
  bench = await openWorkbench()
  home = homeAt(join(bench.path, 'home'))
  bench.write('pipelines/p.yaml', pipeline)
})
afterEach(async () => {
  await bench.stop()
  removeWorkbench(bench.path)
})

function tidy(rules: Partial<KeepingRules> = {}) {
  const progress: number[] = []
  const context = {
    store: bench.store,
    home,
    clock: Date.now,
    logger: silentLogger,
    signal: new AbortController().signal,
    onProgress: (count: number) => progress.push(count),
  }
  return cleanUp(context, { endedBefore: Date.now() - 10 * dayMs, maxCacheBytes: 0, ...rules })
}

const fileNames = () => filesIn(home.artifactsPath).map(({ name }) => name)

describe('cleaning up', () => {
  test('removes an expired run with its log and what only it needs, and leaves the others whole', async () => {
    const old = await bench.run('p', { own: 'long' })
    const kept = await bench.run('p', { own: 'b' })
    expect(fileNames()).toHaveLength(3)
    age(bench.store, home, [old.id], 20)
    expect(await tidy()).toEqual({ removedRuns: 1, removedArtifacts: 1, freedBytes: 'sharedlong'.length })
    expect(() => bench.runs.get(old.id)).toThrow('no run')
    expect(bench.store.check()).toEqual([])
    expect(bench.runs.get(kept.id)).toEqual(kept)
    expect(
      kept.steps.every(({ outputs }) => Object.values(outputs).every((hash) => bench.artifacts.isComplete(hash))),
    ).toBe(true)
    expect(fileNames()).toHaveLength(2)
    expect(await tidy()).toEqual({ removedRuns: 0, removedArtifacts: 0, freedBytes: 0 })
    // Nothing of the kept run is made again.
    const again = await bench.run('p', { own: 'b' })
    expect(again.steps.map(({ cached }) => cached)).toEqual([true, true])
  })

  test('keeps for ever where nothing else is set, runs that are not old enough, and runs under way', async () => {
    const run = await bench.run('p')
    age(bench.store, home, [run.id], 9)
    expect(await tidy()).toMatchObject({ removedRuns: 0, removedArtifacts: 0, freedBytes: 0 })
    age(bench.store, home, [run.id], 900)
    expect(await tidy({ endedBefore: null })).toMatchObject({ removedRuns: 0, freedBytes: 0 })
    bench.store.run('UPDATE run SET finished_at = NULL')
    expect(await tidy()).toMatchObject({ removedRuns: 0, freedBytes: 0 })
  })

  test('keeps what the ledger of alias moves rests on', async () => {
    const old = await bench.run('p', { own: 'verdict' })
    const maker = await bench.run('p', { own: 'b' })
    const registry = new Registry(bench.store, Date.now, new EventBus(() => {}))
    const [verdictHash = ''] = Object.values(old.steps[1]?.outputs ?? {})
    const [artifactHash = ''] = Object.values(maker.steps[1]?.outputs ?? {})
    const signature: Signature = { inputs: [], target: 'y', task: 'binary', classes: [] }
    const model = 'm'
    registry.registerVersion({
      model,
      artifactHash,
      signature,
      metrics: {},
      projectId: maker.projectId,
      runId: maker.id,
      step: 'own',
    })
    const evidence = { verdictHash, runId: old.id, step: 'own' }
    registry.moveAlias({ model, alias: 'champion', version: 1, actor: 'api', reason: '', evidence })
    age(bench.store, home, [old.id, maker.id], 20)
    expect(await tidy()).toMatchObject({ removedRuns: 0, removedArtifacts: 0 })
    expect(bench.artifacts.isComplete(verdictHash)).toBe(true)
    expect(bench.store.check()).toEqual([])
  })

  test('keeps the cache of removed runs as far as there is room, the newest first', async () => {
    const first = await bench.run('p', { own: 'first' })
    const second = await bench.run('p', { own: 'second' })
    age(bench.store, home, [first.id, second.id], 20)
    const bytes = 'shared'.length + 'sharedsecond'.length
    expect(await tidy({ maxCacheBytes: bytes })).toEqual({
      removedRuns: 2,
      removedArtifacts: 1,
      freedBytes: 'sharedfirst'.length,
    })
    const again = await bench.run('p', { own: 'second' })
    expect(again.steps.map(({ cached }) => cached)).toEqual([true, true])
    const other = await bench.run('p', { own: 'first' })
    expect(other.steps.map(({ name, cached }) => ({ name, cached }))).toEqual([
      { name: 'shared', cached: true },
      { name: 'own', cached: false },
    ])
  })

  test('never removes what a registered model version came from', async () => {
    const run = await bench.run('p')
    const artifact = run.steps[1]?.outputs.text ?? ''
    bench.store.run("INSERT INTO model (name, project_id, created_at) VALUES ('m', $projectId, 1)", {
      projectId: run.projectId,
    })
    bench.store.run(
      `INSERT INTO model_version (model, version, artifact_hash, signature, metrics, project_id, run_id, step, created_at)
       VALUES ('m', 1, $artifact, '{}', '{}', $projectId, $id, 'own', 1)`,
      { artifact, projectId: run.projectId, id: run.id },
    )
    age(bench.store, home, [run.id], 4_000)
    expect(await tidy()).toEqual({ removedRuns: 0, removedArtifacts: 0, freedBytes: 0 })
    expect(bench.runs.get(run.id)).toMatchObject({ status: 'succeeded' })
    expect(fileNames()).toHaveLength(2)
  })

  test('leaves files alone that have just been stored and are not recorded yet', async () => {
    const work = join(bench.path, 'work')
    mkdirSync(work)
    writeFileSync(join(work, 'new'), 'of a step that is ending')
    const { sha256 } = await storeFile(home.artifactsPath, join(work, 'new'))
    expect(await tidy()).toMatchObject({ freedBytes: 0 })
    age(bench.store, home, [], 1)
    // A step stores the same content again: from then on the file is as good as new.
    writeFileSync(join(work, 'same'), 'of a step that is ending')
    await storeFile(home.artifactsPath, join(work, 'same'))
    expect(await tidy()).toMatchObject({ freedBytes: 0 })
    expect(fileNames()).toEqual([sha256])
    age(bench.store, home, [], 1)
    expect(await tidy()).toMatchObject({ freedBytes: 24 })
    expect(fileNames()).toEqual([])
  })

  test('tells its progress', async () => {
    const runs = [await bench.run('p', { own: '1' }), await bench.run('p', { own: '2' })]
    age(
      bench.store,
      home,
      runs.map(({ id }) => id),
      20,
    )
    const seen: number[] = []
    const signal = new AbortController().signal
    await cleanUp(
      {
        store: bench.store,
        home,
        clock: Date.now,
        logger: silentLogger,
        signal,
        onProgress: (count) => seen.push(count),
      },
      { endedBefore: Date.now(), maxCacheBytes: 0 },
    )
    expect(seen).toEqual([1, 2])
  })
})

test('what a crash left moved aside is put back, and removed at the next time if nothing needs it', async () => {
  const run = await bench.run('p')
  const [file] = filesIn(home.artifactsPath)
  mkdirSync(home.trashPath)
  renameSync(file?.path ?? '', join(home.trashPath, file?.name ?? ''))
  restoreTrash(home)
  expect(readdirSync(home.trashPath)).toEqual([])
  expect(await homeProblems(home)).toEqual([])
  age(bench.store, home, [run.id], 1)
  const kept = new Set([file?.name ?? ''])
  removeStoredFiles(home, kept, Date.now())
  expect(fileNames()).toEqual([file?.name])
  expect(storedFilePath(home.artifactsPath, file?.name ?? '')).toBe(file?.path)
})

test('disk use is told by kind and by project, with what cleaning up would free', async () => {
  const old = await bench.run('p', { own: 'long' })
  await bench.run('p', { own: 'b' })
  age(bench.store, home, [old.id], 20)
  mkdirSync(home.logsPath)
  writeFileSync(join(home.logsPath, 'engine.log'), 'x'.repeat(500))
  writeFileSync(join(home.path, 'stray'), 'xy')
  const rules = { endedBefore: Date.now() - 10 * dayMs, maxCacheBytes: 0 }
  const use = await measureDiskUse(bench.store, home, rules, 7)
  const bytes = new Map(use.kinds.map((entry) => [entry.kind, entry.bytes]))
  expect(bytes.get('artifacts')).toBe('shared'.length + 'sharedlong'.length + 'sharedb'.length)
  expect(bytes.get('logs')).toBe(500)
  expect(bytes.get('other')).toBe(2)
  expect(bytes.get('database')).toBeGreaterThan(10_000)
  expect(use).toMatchObject({
    at: 7,
    totalBytes: [...bytes.values()].reduce((a, b) => a + b, 0),
    projects: [{ projectId: bench.projectId, name: 'test', runs: 2, artifactBytes: bytes.get('artifacts') }],
    reclaimableBytes: 'sharedlong'.length,
    expiredRuns: 1,
  })
  expect((await tidy()).freedBytes).toBe(use.reclaimableBytes)
})
