/**
 * What is kept and what may go, worked out from the metadata store. Reads a lot: for a thread of its own.
 *
 * A run is kept until it has ended longer ago than the settings say; one that made a registered model version is kept for
 * ever. An artifact is needed by the kept runs that read or wrote it, by model versions, and by the step cache. The cache
 * entries of kept runs stay; those of runs that are gone stay as long as the cache has room, the newest first.
 */
import { z } from 'zod'
import { artifactSchema } from '#shared/runs.ts'
import { jsonColumn } from '../store/json-column.ts'
import { columnsReferencing, quotedName } from '../store/references.ts'
import type { Store } from '../store/store.ts'

export interface KeepingRules {
  /** Runs that ended before this instant are not kept; null: all are. */
  readonly endedBefore: number | null
  /** Null: no limit. */
  readonly maxCacheBytes: number | null
}

/** The condition for a run `r` that is not kept, with the parameter $endedBefore. */
export const expiredRun = `r.finished_at < $endedBefore
  AND NOT EXISTS (SELECT 1 FROM model_version v WHERE v.run_id = r.id)
  AND NOT EXISTS (SELECT 1 FROM alias_move m WHERE m.run_id = r.id)
  AND NOT EXISTS (SELECT 1 FROM approval a WHERE a.run_id = r.id)`

const storedArtifactRow = z.object({
  hash: z.string(),
  createdAt: z.number(),
  files: jsonColumn(artifactSchema.shape.files),
})
export type StoredArtifact = z.infer<typeof storedArtifactRow>

const cacheRow = z.object({
  key: z.string(),
  outputs: jsonColumn(z.record(z.string(), z.string())),
  kept: z.number(),
})

const hashRow = z.object({ hash: z.string() })

export interface Keeping {
  readonly artifacts: readonly StoredArtifact[]
  /** Hashes of the artifacts that something needs. */
  readonly needed: ReadonlySet<string>
  /** Keys of cache entries for which there is no room. */
  readonly surplusCacheKeys: readonly string[]
}

export function workOutKeeping(store: Store, rules: KeepingRules): Keeping {
  const artifacts = store.all(storedArtifactRow, 'SELECT hash, created_at AS createdAt, files FROM artifact')
  const needed = new Set(neededByRunsAndVersions(store, rules))
  const bytesOf = new Map(artifacts.map(({ hash, files }) => [hash, sum(files.map(({ bytes }) => bytes))]))
  let room = rules.maxCacheBytes ?? Number.POSITIVE_INFINITY
  const surplusCacheKeys: string[] = []
  const entries = cacheEntries(store, rules)
  for (const { outputs } of entries.filter(({ kept }) => kept === 1)) {
    for (const hash of Object.values(outputs)) needed.add(hash)
  }
  for (const { key, outputs } of entries.filter(({ kept }) => kept === 0)) {
    const extra = [...new Set(Object.values(outputs))].filter((hash) => !needed.has(hash))
    const bytes = sum(extra.map((hash) => bytesOf.get(hash) ?? 0))
    if (bytes > room) {
      surplusCacheKeys.push(key)
      continue
    }
    room -= bytes
    for (const hash of extra) needed.add(hash)
  }
  return { artifacts, needed, surplusCacheKeys }
}

function neededByRunsAndVersions(store: Store, { endedBefore }: KeepingRules): string[] {
  const rows = store.all(
    hashRow,
    `WITH kept AS (SELECT id FROM run r WHERE NOT coalesce(${expiredRun}, 0))
     SELECT o.value AS hash FROM kept JOIN step_execution e ON e.run_id = kept.id, json_each(e.outputs) o
     UNION SELECT h.value FROM kept JOIN step_execution e ON e.run_id = kept.id, json_each(e.inputs) i, json_each(i.value) h
     UNION SELECT changes_artifact FROM run_record WHERE changes_artifact IS NOT NULL AND run_id IN (SELECT id FROM kept)`,
    { endedBefore },
  )
  return [...rows.map(({ hash }) => hash), ...neededByForeignKeys(store)]
}

/** Of all other tables: model versions, evidence of alias moves, approvals, whatever comes. */
function neededByForeignKeys(store: Store): string[] {
  const columns = columnsReferencing(store, 'artifact').filter(({ table }) => table !== 'run_record')
  return columns.flatMap(({ table, column }) => {
    const name = quotedName(column)
    return store
      .all(hashRow, `SELECT DISTINCT ${name} AS hash FROM ${quotedName(table)} WHERE ${name} IS NOT NULL`)
      .map(({ hash }) => hash)
  })
}

/** Newest first. `kept`: made or used by a run that is kept. */
function cacheEntries(store: Store, { endedBefore }: KeepingRules) {
  return store.all(
    cacheRow,
    `WITH kept AS (SELECT id FROM run r WHERE NOT coalesce(${expiredRun}, 0)),
       used AS (SELECT DISTINCT e.cache_key FROM kept JOIN step_execution e ON e.run_id = kept.id)
     SELECT c.cache_key AS key, c.outputs, (c.run_id IN (SELECT id FROM kept) OR c.cache_key IN (SELECT cache_key FROM used WHERE cache_key IS NOT NULL)) AS kept
     FROM step_cache c ORDER BY c.created_at DESC`,
    { endedBefore },
  )
}

export function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
