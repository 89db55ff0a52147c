/** The thread that does one job of upkeep (jobs.ts) and ends. */
import { parentPort, workerData } from 'node:worker_threads'
import { z } from 'zod'
import { artifactSchema } from '#shared/runs.ts'
import { toProblem } from '../kernel/errors.ts'
import { type Home, homeAt } from '../kernel/home.ts'
import { jsonColumn } from '../store/json-column.ts'
import { Store } from '../store/store.ts'
import { homeChecks, makeChecks } from './checks.ts'
import { measureDiskUse } from './disk-use.ts'
import { examine } from './doctor/examine.ts'
import type { Job, JobHandlers, JobMessage } from './jobs.ts'
import { workOutKeeping } from './keeping.ts'
import { previewCleanUp } from './preview.ts'
import { removeStoredFiles, settleMs } from './stored-files.ts'

const handlers: JobHandlers = {
  'disk-use': ({ homePath, rules, now }) =>
    withStore(homePath, (store, home) => measureDiskUse(store, home, rules, now)),
  'plan-clean-up': ({ homePath, rules, now }) =>
    withStore(homePath, (store) => {
      const { artifacts, needed, surplusCacheKeys } = workOutKeeping(store, rules)
      const removable = artifacts.filter(({ hash, createdAt }) => !needed.has(hash) && createdAt < now - settleMs)
      return { artifacts: removable.map(({ hash }) => hash), surplusCacheKeys }
    }),
  'preview-clean-up': ({ homePath, rules, now }) =>
    withStore(homePath, (store, home) => previewCleanUp(store, home, rules, now)),
  'remove-files': ({ homePath, now }) =>
    withStore(homePath, (store, home) => removeStoredFiles(home, recordedFiles(store), now)),
  examine: ({ homePath, now }) =>
    withStore(homePath, (store, home) => examine(store, home, { now, onProgress: tellProgress() })),
  facts: ({ homePath }) =>
    withStore(homePath, async (store, home) => ({
      checks: await makeChecks(homeChecks({ readFiles: false }), home),
      counts: countRows(store),
    })),
}

/** At most a hundred times. */
function tellProgress(): (fraction: number) => void {
  let told = 0
  return (fraction) => {
    if (fraction < told + 0.01) return
    told = fraction
    parentPort?.postMessage({ progress: fraction } satisfies JobMessage)
  }
}

async function withStore<Result>(homePath: string, work: (store: Store, home: Home) => Result | Promise<Result>) {
  const home = homeAt(homePath)
  const store = Store.open(home.databasePath)
  try {
    return await work(store, home)
  } finally {
    store.close()
  }
}

function recordedFiles(store: Store): Set<string> {
  const row = z.object({ files: jsonColumn(artifactSchema.shape.files) })
  return new Set(store.all(row, 'SELECT files FROM artifact').flatMap(({ files }) => files.map(({ sha256 }) => sha256)))
}

/** How much there is of each thing, told by table. */
function countRows(store: Store): Record<string, number> {
  const tables = [
    'project',
    'run',
    'step_execution',
    'artifact',
    'step_cache',
    'model',
    'model_version',
    'endpoint',
    'pipeline_trigger',
  ]
  const row = z.object({ count: z.number() })
  return Object.fromEntries(
    tables.map((table) => [table, store.get(row, `SELECT count(*) AS count FROM ${table}`)?.count ?? 0]),
  )
}

async function answer(job: Job): Promise<JobMessage> {
  try {
    switch (job.name) {
      case 'disk-use':
        return { answer: await handlers['disk-use'](job) }
      case 'plan-clean-up':
        return { answer: await handlers['plan-clean-up'](job) }
      case 'preview-clean-up':
        return { answer: await handlers['preview-clean-up'](job) }
      case 'remove-files':
        return { answer: await handlers['remove-files'](job) }
      case 'examine':
        return { answer: await handlers.examine(job) }
      case 'facts':
        return { answer: await handlers.facts(job) }
    }
  } catch (error) {
    return { problem: toProblem(error) }
  }
}

parentPort?.postMessage(await answer(workerData))
