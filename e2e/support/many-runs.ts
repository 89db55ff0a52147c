/** Fills a home with runs that ended long ago, for tests and benchmarks of long lists. No engine may serve it meanwhile. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { RunStatus } from '#shared/runs.ts'
import { createHome } from '../../src/main/engine/kernel/home.ts'
import { newId } from '../../src/main/engine/kernel/ids.ts'
import { Store } from '../../src/main/engine/store/store.ts'

export interface ManyRuns {
  readonly projectId: string
  /** Newest first. */
  readonly ids: readonly string[]
}

const minuteMs = 60_000
const pipelines = ['train', 'score', 'retrain'] as const
const starters = ['gui', 'cli', 'schedule', 'drift', 'ana', 'rui'] as const
const steps = ['extract', 'check', 'train', 'evaluate'] as const

const insertRun = `INSERT INTO run (id, project_id, pipeline, pipeline_version, parameters, seed, status, started_by,
    git_commit, git_dirty, metrics, steps_total, steps_done, created_at, started_at, finished_at)
  VALUES ($id, $projectId, $pipeline, $version, $parameters, $seed, $status, $startedBy, $commit, $dirty, $metrics,
    ${steps.length}, ${steps.length}, $at, $at, $at + $durationMs)`

/**
 * Makes a project "many" with `count` runs, one a minute up to `now`, the same ones for the same numbers.
 * One in ten failed, one in thirty was cancelled; metrics and durations vary.
 */
export function insertManyRuns(homePath: string, count: number, now = Date.now()): ManyRuns {
  const projectPath = join(homePath, 'many')
  writeProject(projectPath)
  const store = Store.open(createHome(homePath).databasePath)
  try {
    return store.transaction(() => {
      const projectId = newId(now)
      store.run("INSERT INTO project (id, path, name, trusted, added_at) VALUES ($id, $path, 'many', 1, $now)", {
        id: projectId,
        path: projectPath,
        now,
      })
      const ids = Array.from({ length: count }, (_, index) =>
        insertOne(store, projectId, index, now - (count - index) * minuteMs),
      )
      return { projectId, ids: ids.reverse() }
    })
  } finally {
    store.close()
  }
}

function writeProject(path: string): void {
  mkdirSync(join(path, 'pipelines'), { recursive: true })
  writeFileSync(join(path, 'esteira.yaml'), 'name: many\ndatasets:\n  readings: { path: readings.csv }\n')
  writeFileSync(join(path, 'readings.csv'), 'at,value\n1,2\n2,4\n')
  for (const name of pipelines) {
    const head = `name: ${name}\nparameters: { month: 2001-01, learningRate: 0.01, epochs: 20 }\n`
    writeFileSync(
      join(path, 'pipelines', `${name}.yaml`),
      `${head}steps:\n  extract: { uses: data/extract, with: { dataset: readings } }\n`,
    )
  }
}

function insertOne(store: Store, projectId: string, index: number, at: number): string {
  const id = idAt(at, index)
  const status: RunStatus = index % 30 === 7 ? 'cancelled' : index % 10 === 3 ? 'failed' : 'succeeded'
  const noise = pseudoRandom(index)
  const auc = 0.5 + 0.4 * noise
  const metrics = status === 'succeeded' ? { auc, accuracy: 0.9 * auc + 0.1, f1: 0.8 * auc, logLoss: 1.2 - auc } : {}
  store.run(insertRun, {
    id,
    projectId,
    pipeline: pipelines[index % pipelines.length] ?? 'train',
    version: `v${Math.floor(index / 500)}`,
    parameters: JSON.stringify({
      month: `2001-${String(1 + (index % 12)).padStart(2, '0')}`,
      learningRate: [0.001, 0.01, 0.1][index % 3] ?? 0.01,
      epochs: 20,
    }),
    seed: 7,
    status,
    startedBy: starters[index % starters.length] ?? 'gui',
    commit: 'a1b2c3d4e5'.repeat(4),
    dirty: index % 5 === 0 ? 1 : 0,
    metrics: JSON.stringify(metrics),
    at,
    durationMs: 2_000 + Math.floor(noise * 10 * minuteMs),
  })
  insertPlan(store, id)
  return id
}

function insertPlan(store: Store, id: string): void {
  const plan = {
    pipeline: 'train',
    version: 'v0',
    parameters: {},
    seed: 7,
    concurrency: null,
    useCache: true,
    steps: [],
  }
  store.run('INSERT INTO run_plan (run_id, plan) VALUES ($id, $plan)', { id, plan: JSON.stringify(plan) })
  for (const [position, name] of steps.entries()) {
    store.run(
      `INSERT INTO step_execution (run_id, name, position, component, status, depends_on)
       VALUES ($id, $name, $position, 'data/extract', 'succeeded', '[]')`,
      { id, name, position },
    )
  }
}

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz'

/** As `newId` writes them, but of a given instant and without chance. */
function idAt(at: number, index: number): string {
  const digits = (value: number) =>
    Array.from({ length: 10 }, (_, place) => alphabet[Math.floor(value / 32 ** (9 - place)) % 32]).join('')
  return digits(at) + digits(Math.floor(pseudoRandom(index) * 32 ** 9))
}

/** 0 to 1, the same for the same number: the fractional part of a sine, which is random enough to look at. */
function pseudoRandom(index: number): number {
  const wave = Math.sin(index + 1) * 10_000
  return wave - Math.floor(wave)
}
