import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Home, homeAt } from '../kernel/home.ts'
import { RunStore } from '../pipelines/run-store.ts'
import { homeProblems } from '../pipelines/testing/kill.ts'
import { runAndKill } from '../pipelines/testing/self-kill.ts'
import { openWorkbench } from '../pipelines/testing/workbench.ts'
import { Store } from '../store/store.ts'
import { filesIn } from './disk-use.ts'
import { restoreTrash } from './stored-files.ts'
import { age } from './testing/aging.ts'

const wantedKills = 12
const expired = 30
const kept = 5

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'esteira-clean-up-'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

test(`a clean-up killed at ${wantedKills} moments loses nothing that is needed, and ends as an undisturbed one`, async () => {
  const first = join(root, 'first')
  const made = await openWorkbench({ folder: root })
  made.write(
    'pipelines/p.yaml',
    `name: p
parameters: { own: a }
steps:
  shared: { uses: test/write, with: { text: shared } }
  own: { uses: test/write, in: { from: shared }, with: { text: "\${{ params.own }}" } }
`,
  )
  const runs = []
  for (let index = 0; index < expired + kept; index++) runs.push(await made.run('p', { own: `text ${index}` }))
  const home = homeAt(join(made.path, 'home'))
  age(
    made.store,
    home,
    runs.slice(0, expired).map(({ id }) => id),
    20,
  )
  await made.stop()
  cpSync(made.path, first, { recursive: true, preserveTimestamps: true })

  const child = fileURLToPath(new URL('./testing/clean-up-child.ts', import.meta.url))
  const keptIds = runs.slice(expired).map(({ id }) => id)
  const states = new Set<string>()
  let round = 0
  function newCopy(): { path: string; copy: Home } {
    const path = join(root, `round-${round++}`)
    cpSync(first, path, { recursive: true, preserveTimestamps: true })
    return { path, copy: homeAt(join(path, 'home')) }
  }
  const started = performance.now()
  expect(runAndKill(child, [newCopy().path, ''], undefined)).toBe(false)
  const longestMs = performance.now() - started
  // Runs go within a moment, so the first kills are told by how many are gone; artifacts and files go later.
  const runsGone = [1, expired / 2, expired - 1, expired]
  for (let kill = 0; kill < wantedKills; kill++) {
    const { path, copy } = newCopy()
    const gone = runsGone[kill]
    const killed =
      gone === undefined
        ? runAndKill(child, [path, ''], (longestMs * (kill - runsGone.length)) / (wantedKills - runsGone.length))
        : runAndKill(child, [path, String(gone)], undefined)
    if (killed) {
      // As every start does, before anything uses the files.
      restoreTrash(copy)
      expect(await homeProblems(copy)).toEqual([])
      states.add(`${countRuns(copy)} runs, ${filesIn(copy.artifactsPath).length} files`)
      expect(runAndKill(child, [path, ''], undefined)).toBe(false)
    }
    await expectCleanedUp(path, copy, keptIds)
    rmSync(path, { recursive: true })
  }
  expect(states.size).toBeGreaterThanOrEqual(runsGone.length)
}, 300_000)

async function expectCleanedUp(path: string, home: Home, keptIds: readonly string[]): Promise<void> {
  const bench = await openWorkbench({ path })
  const left = bench.runs.list({ limit: 1_000 }).items.map(({ id }) => id)
  expect(left.toSorted()).toEqual(keptIds.toSorted())
  for (const id of keptIds) {
    const hashes = bench.runs.get(id).steps.flatMap(({ outputs }) => Object.values(outputs))
    for (const hash of hashes) await bench.artifacts.files(hash)
  }
  await bench.stop()
  expect(filesIn(home.artifactsPath)).toHaveLength(kept + 1)
  expect(await homeProblems(home)).toEqual([])
}

function countRuns({ databasePath }: Home): number {
  const store = Store.open(databasePath)
  const count = new RunStore(store).list({ limit: 1_000 }).items.length
  store.close()
  return count
}
