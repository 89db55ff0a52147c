/** Whatever runs, versions, evidence and changes there are: what is referenced stays, and the preview says exactly what goes. */
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import { type Home, homeAt } from '../kernel/home.ts'
import { silentLogger } from '../kernel/logger.ts'
import { homeProblems } from '../pipelines/testing/kill.ts'
import { openWorkbench, removeWorkbench, type Workbench } from '../pipelines/testing/workbench.ts'
import { columnsReferencing } from '../store/references.ts'
import { cleanUp } from './clean-up.ts'
import { filesIn } from './disk-use.ts'
import { previewCleanUp } from './preview.ts'
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
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@t', ...args], { cwd: bench.projectPath })
  git('init', '--quiet')
  git('add', '.')
  git('commit', '--quiet', '-m', 'start')
})
afterEach(async () => {
  await bench.stop()
  removeWorkbench(bench.path)
})

const diskBytes = () => filesIn(home.artifactsPath).reduce((sum, { bytes }) => sum + bytes, 0)

/** Every artifact that any remaining row names, by column or in JSON. */
function referenced(): string[] {
  const row = z.object({ hash: z.string() })
  const byKey = columnsReferencing(bench.store, 'artifact').flatMap(({ table, column }) =>
    bench.store.all(row, `SELECT ${column} AS hash FROM ${table} WHERE ${column} IS NOT NULL`),
  )
  const byJson = bench.store.all(
    row,
    `SELECT artifact_hash AS hash FROM step_artifact
     UNION SELECT o.value FROM step_cache c, json_each(c.outputs) o`,
  )
  return [...byKey, ...byJson].map(({ hash }) => hash)
}

/** A registered version is evidence that no clean-up may touch. */
function register(runId: string, projectId: string, artifact: string, version: number): void {
  bench.store.run(
    "INSERT INTO model (name, project_id, created_at) VALUES ('m', $projectId, 1) ON CONFLICT DO NOTHING",
    {
      projectId,
    },
  )
  bench.store.run(
    `INSERT INTO model_version (model, version, artifact_hash, signature, metrics, project_id, run_id, step, created_at)
     VALUES ('m', $version, $artifact, '{}', '{}', $projectId, $runId, 'own', 1) ON CONFLICT DO NOTHING`,
    { version, artifact, projectId, runId },
  )
}

const scenario = fc.record({
  runs: fc.array(
    fc.record({
      own: fc.constantFrom('a', 'b', 'c', 'd'),
      days: fc.integer({ min: 0, max: 30 }),
      registers: fc.boolean(),
      changed: fc.boolean(),
    }),
    { minLength: 1, maxLength: 3 },
  ),
  keepDays: fc.option(fc.integer({ min: 1, max: 20 })),
  maxCacheBytes: fc.option(fc.integer({ min: 0, max: 40 })),
})

test('no referenced artifact is ever collected, and as many bytes go as the preview said', async () => {
  let version = 0
  await fc.assert(
    fc.asyncProperty(scenario, async ({ runs, keepDays, maxCacheBytes }) => {
      for (const { own, days, registers, changed } of runs) {
        if (changed) bench.write('notes.txt', `tried ${own} ${version}`)
        const run = await bench.run('p', { own })
        age(bench.store, home, [run.id], days)
        if (registers) register(run.id, run.projectId, run.steps[1]?.outputs.text ?? '', ++version)
      }
      age(bench.store, home, [], 1)
      const now = Date.now()
      const rules = { endedBefore: keepDays === null ? null : now - keepDays * dayMs, maxCacheBytes }
      const preview = previewCleanUp(bench.store, home, rules, now)
      const before = diskBytes()
      const context = { store: bench.store, home, clock: Date.now, logger: silentLogger, onProgress: () => {} }
      const report = await cleanUp({ ...context, signal: new AbortController().signal }, rules)
      expect(report).toEqual({
        removedRuns: preview.runCount,
        removedArtifacts: preview.artifactCount,
        freedBytes: preview.freedBytes,
      })
      expect(before - diskBytes()).toBe(preview.freedBytes)
      for (const hash of referenced()) expect(bench.artifacts.isComplete(hash)).toBe(true)
      expect(bench.store.check()).toEqual([])
    }),
    { numRuns: 6 },
  )
  expect(await homeProblems(home)).toEqual([])
}, 300_000)
