/**
 * Removes what the settings do not keep (keeping.ts). May be killed at any instant: runs go in small transactions, artifacts
 * are forgotten before their files are removed, and a file that nothing records is removed at the next time.
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { z } from 'zod'
import type { CleanUpReport } from '#shared/settings.ts'
import type { Clock } from '../kernel/clock.ts'
import type { Home } from '../kernel/home.ts'
import type { Logger } from '../kernel/logger.ts'
import { jsonColumn } from '../store/json-column.ts'
import type { Store } from '../store/store.ts'
import { doJob } from './jobs.ts'
import { expiredRun, type KeepingRules } from './keeping.ts'
import { settleMs } from './stored-files.ts'

export interface CleanUpContext {
  readonly store: Store
  readonly home: Home
  readonly clock: Clock
  readonly logger: Logger
  readonly signal: AbortSignal
  /** Called after every run that was removed. */
  readonly onProgress: (removedRuns: number) => void
}

/** Some milliseconds of work at a time. */
const rowsAtATime = 1_000
const runsAtATime = 20
const artifactsAtATime = 100

export async function cleanUp(context: CleanUpContext, rules: KeepingRules): Promise<CleanUpReport> {
  const { home, clock, signal } = context
  const removedRuns = await removeRuns(context, rules.endedBefore)
  const plannedAt = clock()
  const job = { homePath: home.path, now: plannedAt }
  const plan = await doJob({ ...job, name: 'plan-clean-up', rules }, signal)
  await forgetCacheEntries(context, plan.surplusCacheKeys)
  const removedArtifacts = await forgetArtifacts(context, plan.artifacts, plannedAt)
  const freedBytes = await doJob({ ...job, name: 'remove-files' }, signal)
  return { removedRuns, removedArtifacts, freedBytes }
}

const idRow = z.object({ id: z.string() })

async function removeRuns(context: CleanUpContext, endedBefore: number | null): Promise<number> {
  const { store, signal, logger, onProgress } = context
  let removed = 0
  for (let cursor = ''; endedBefore !== null; ) {
    const found = store.all(
      idRow,
      `SELECT r.id FROM run r WHERE ${expiredRun} AND r.id > $cursor ORDER BY r.id LIMIT ${runsAtATime}`,
      { endedBefore, cursor },
    )
    for (const { id } of found) {
      signal.throwIfAborted()
      cursor = id
      try {
        if (await removeRun(store, signal, id, endedBefore)) onProgress(++removed)
      } catch (error) {
        if (signal.aborted) throw error
        // Something that is not known here still refers to it.
        logger.warning('a run could not be removed', { id, error })
      }
    }
    if (found.length < runsAtATime) break
  }
  return removed
}

/** The long tables first, so that no single transaction is long. The run is looked at again each time: it may be retried. */
async function removeRun(store: Store, signal: AbortSignal, id: string, endedBefore: number): Promise<boolean> {
  const condition = `r.id = $id AND ${expiredRun}`
  for (const statement of [
    `DELETE FROM step_log WHERE sequence IN (SELECT l.sequence FROM step_log l JOIN run r ON r.id = l.run_id
       WHERE ${condition} LIMIT ${rowsAtATime})`,
    `DELETE FROM metric_point WHERE (run_id, step, name, point) IN (SELECT m.run_id, m.step, m.name, m.point
       FROM metric_point m JOIN run r ON r.id = m.run_id WHERE ${condition} LIMIT ${rowsAtATime})`,
  ]) {
    while (store.run(statement, { id, endedBefore }) === rowsAtATime) {
      await nextTurn()
      signal.throwIfAborted()
    }
  }
  await nextTurn()
  signal.throwIfAborted()
  return store.run(`DELETE FROM run AS r WHERE ${condition}`, { id, endedBefore }) > 0
}

async function forgetCacheEntries({ store, signal }: CleanUpContext, keys: readonly string[]): Promise<void> {
  for (const key of keys) {
    signal.throwIfAborted()
    store.run('DELETE FROM step_cache WHERE cache_key = $key', { key })
    await nextTurn()
  }
}

const usesRow = z.object({
  outputs: jsonColumn(z.record(z.string(), z.string())),
  inputs: jsonColumn(z.record(z.string(), z.array(z.string()))),
})

/**
 * The plan was made from the store as it was. What has come to need an artifact since then is a step of a run that was
 * under way then or later: those are looked at in the same transaction.
 */
async function forgetArtifacts(
  { store, signal }: CleanUpContext,
  hashes: readonly string[],
  plannedAt: number,
): Promise<number> {
  let forgotten = 0
  for (let start = 0; start < hashes.length; start += artifactsAtATime) {
    await nextTurn()
    signal.throwIfAborted()
    forgotten += store.transaction(() => {
      const recent = recentlyUsed(store, plannedAt - settleMs)
      const unused = hashes.slice(start, start + artifactsAtATime).filter((hash) => !recent.has(hash))
      return unused.filter((hash) => store.run('DELETE FROM artifact WHERE hash = $hash', { hash }) > 0).length
    })
  }
  return forgotten
}

function recentlyUsed(store: Store, since: number): Set<string> {
  const rows = store.all(
    usesRow,
    `SELECT e.outputs, e.inputs FROM run r JOIN step_execution e ON e.run_id = r.id
     WHERE r.finished_at IS NULL OR r.finished_at >= $since`,
    { since },
  )
  return new Set(rows.flatMap(({ outputs, inputs }) => [...Object.values(outputs), ...Object.values(inputs).flat()]))
}
