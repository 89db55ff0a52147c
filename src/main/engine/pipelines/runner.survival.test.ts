import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Run } from '#shared/runs.ts'
import { homeAt } from '../kernel/home.ts'
import { Store } from '../store/store.ts'
import { RunStore } from './run-store.ts'
import { homeProblems, killUntilDone, underWayMs } from './testing/kill.ts'
import { seededMoments } from './testing/moments.ts'
import { openWorkbench } from './testing/workbench.ts'

const wantedKills = 50

/** Twelve steps: a source file, two chains side by side that wait a little, a step that joins them, and what follows. */
const pipeline = `name: p
steps:
  source: { uses: test/write, with: { file: source.txt } }
  left1: { uses: test/write, in: { from: source }, with: { text: l1 } }
  left2: { uses: test/write, in: { from: left1 }, with: { text: l2 } }
  pause1: { uses: test/behave, needs: [left2], with: { waitMs: 40, metrics: { auc: 0.75 } } }
  left3: { uses: test/write, in: { from: left2 }, needs: [pause1], with: { text: l3 } }
  right1: { uses: test/write, in: { from: source }, with: { text: r1 } }
  pause2: { uses: test/behave, needs: [right1], with: { waitMs: 40 } }
  right2: { uses: test/write, in: { from: right1 }, needs: [pause2], with: { text: r2 } }
  joined: { uses: test/join, in: { from: [left3, right2] } }
  check: { uses: test/noop, in: { from: joined }, when: steps.left3.values.length > 3, with: { name: check } }
  pause3: { uses: test/behave, needs: [check], with: { waitMs: 40 } }
  last: { uses: test/write, in: { from: joined }, needs: [pause3], with: { text: end } }
`

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'esteira-kill-'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

function newWorkbenchFolder(name: string): string {
  const path = join(root, name)
  mkdirSync(join(path, 'project', 'pipelines'), { recursive: true })
  writeFileSync(join(path, 'project', 'esteira.yaml'), 'name: test\n')
  writeFileSync(join(path, 'project', 'source.txt'), 'The data of this run. '.repeat(10_000))
  writeFileSync(join(path, 'project', 'pipelines', 'p.yaml'), pipeline)
  return path
}

/** What each step of the run gave, and how the run ended. */
function result(run: Run | undefined) {
  const steps = Object.fromEntries(
    run?.steps.map(({ name, status, outputs, values }) => [name, { status, outputs, values }]) ?? [],
  )
  return { status: run?.status, stepsDone: run?.stepsDone, metrics: run?.metrics, steps }
}

function onlyRun(databasePath: string) {
  if (!existsSync(databasePath)) return undefined
  const store = Store.open(databasePath)
  const runs = new RunStore(store)
  const ids = runs.list({ limit: 10 }).items.map((run) => run.id)
  const run = ids.length === 1 ? runs.get(ids[0] ?? '') : undefined
  store.close()
  return run
}

test('a damaged file is noticed, so that an empty list of problems means something', async () => {
  const path = newWorkbenchFolder('damaged')
  const bench = await openWorkbench({ path })
  await bench.run('p')
  await bench.stop()
  const home = homeAt(join(path, 'home'))
  expect(await homeProblems(home)).toEqual([])
  const files = readdirSync(home.artifactsPath, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  )
  writeFileSync(join(files[0]?.parentPath ?? '', files[0]?.name ?? ''), 'damaged')
  expect(await homeProblems(home)).toContainEqual(expect.stringContaining('does not match its hash'))
})

test(`a run killed at ${wantedKills} random moments ends as an undisturbed one, and nothing is ever corrupt`, async () => {
  const bench = await openWorkbench({ path: newWorkbenchFolder('undisturbed') })
  const undisturbed = await bench.run('p')
  await bench.stop()
  expect(undisturbed.status).toBe('succeeded')

  const child = fileURLToPath(new URL('./testing/run-child.ts', import.meta.url))
  const env = { ...process.env, NODE_COMPILE_CACHE: join(root, 'compiled') }
  const underWay = /under way/
  const measure = (name: string) =>
    underWayMs({ command: [process.execPath, child, newWorkbenchFolder(name)], env, underWay })
  // The first one compiles.
  await measure('compiling')
  const runMs = await measure('measured')
  const nextMoment = seededMoments(20_010_101, { startMs: 400, runMs })
  const doneWhenKilled: number[] = []
  for (let round = 0; doneWhenKilled.length < wantedKills; round++) {
    const path = newWorkbenchFolder(`round-${round}`)
    const home = homeAt(join(path, 'home'))
    await killUntilDone({
      command: [process.execPath, child, path],
      env,
      underWay,
      nextMoment: () => (doneWhenKilled.length < wantedKills ? nextMoment() : undefined),
      async afterKill() {
        expect(await homeProblems(home)).toEqual([])
        doneWhenKilled.push(onlyRun(home.databasePath)?.stepsDone ?? 0)
      },
    })
    expect(await homeProblems(home)).toEqual([])
    expect(result(onlyRun(home.databasePath))).toEqual(result(undisturbed))
  }
  // The kills came early, in the middle and late: else the moments say nothing.
  expect(new Set(doneWhenKilled).size, doneWhenKilled.join(' ')).toBeGreaterThan(4)
}, 180_000)
