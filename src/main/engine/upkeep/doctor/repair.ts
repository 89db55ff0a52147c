/** Repairs what can be: by small transactions, files moved aside rather than removed, damaged artifacts made again. */
import { existsSync, mkdirSync, renameSync } from 'node:fs'
import { basename, join } from 'node:path'
import { z } from 'zod'
import type { Finding } from '#shared/doctor.ts'
import { sentence } from '#shared/sentences.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { Home } from '../../kernel/home.ts'
import { quotedName } from '../../store/references.ts'
import type { Store } from '../../store/store.ts'
import type { Remaker } from './remake.ts'

export interface RepairContext {
  readonly store: Store
  readonly home: Home
  readonly clock: Clock
  readonly remaker: Remaker
  readonly signal: AbortSignal
}

type Repaired = Pick<Finding, 'outcome' | 'repair'>
const repaired = (repair: string): Repaired => ({ outcome: 'repaired', repair })
const left = (repair: string): Repaired => ({ outcome: 'left', repair })

/** Where files go that are damaged or belong to nothing. */
export function setAsidePath(home: Home): string {
  return join(home.path, 'set-aside')
}

export async function repair(finding: Finding, context: RepairContext): Promise<Finding> {
  return { ...finding, ...(await outcomeOf(finding, context)) }
}

async function outcomeOf(finding: Finding, context: RepairContext): Promise<Repaired> {
  switch (finding.kind) {
    case 'integrity':
      return left(sentence('doctor-restore', {}))
    case 'foreign-key':
      return removeOrphanRow(finding, context)
    case 'file-corrupt':
      setAside(finding.where, context.home)
      return await remakeOrMark(finding, context)
    case 'file-missing':
    case 'artifact-missing':
      return await remakeOrMark(finding, context)
    case 'artifact-hash':
      return await remakeOrMark(finding, context)
    case 'orphan-file':
      return repaired(sentence('doctor-moved', { path: setAside(finding.where, context.home) }))
    case 'cache-entry':
      context.store.run('DELETE FROM step_cache WHERE cache_key = $key', { key: finding.where })
      return repaired(sentence('doctor-entry-removed', {}))
    case 'derived-rows':
      return rebuildRows(finding, context)
  }
}

async function remakeOrMark(
  { artifactHash: hash, detail }: Finding,
  { store, clock, remaker, signal }: RepairContext,
): Promise<Repaired> {
  if (hash === null) return left(sentence('doctor-no-artifact', {}))
  const failure = await remaker.remake(hash, signal)
  if (failure === undefined) {
    store.run('DELETE FROM artifact_damage WHERE artifact_hash = $hash', { hash })
    return repaired(sentence('doctor-remade', {}))
  }
  const marked = store.run(
    `INSERT INTO artifact_damage (artifact_hash, found_at, reason) SELECT hash, $at, $reason FROM artifact WHERE hash = $hash
     ON CONFLICT DO UPDATE SET found_at = excluded.found_at, reason = excluded.reason`,
    { hash, at: clock(), reason: `${detail} ${failure}` },
  )
  return marked > 0 ? { outcome: 'marked', repair: failure } : left(failure)
}

function setAside(path: string, home: Home): string {
  const folder = setAsidePath(home)
  mkdirSync(folder, { recursive: true })
  const target = join(folder, basename(path))
  if (existsSync(path)) renameSync(path, target)
  return target
}

const violationRow = z.object({ rowid: z.number().nullable(), table: z.string() })

/** A row that names what is not there goes, unless its table is a history that must not change. */
function removeOrphanRow({ where: table, detail }: Finding, { store }: RepairContext): Repaired {
  const text = detail.slice(detail.indexOf('{'))
  const violation = violationRow.safeParse(JSON.parse(text)).data
  if (violation === undefined) return left(sentence('doctor-row-unknown', {}))
  // Tables without a rowid name no row: all of their orphans are looked for by each of their keys.
  try {
    const removed =
      violation.rowid === null
        ? removeByKeys(store, table)
        : store.run(`DELETE FROM ${quotedName(table)} WHERE rowid = $rowid`, { rowid: violation.rowid })
    return removed > 0 ? repaired(sentence('doctor-row-removed', {})) : left(sentence('doctor-row-gone', {}))
  } catch (error) {
    return left(sentence('doctor-row-stays', { problem: error instanceof Error ? error.message : String(error) }))
  }
}

const keyRow = z.object({ id: z.number(), parent: z.string(), from: z.string(), to: z.string().nullable() })

function removeByKeys(store: Store, table: string): number {
  const keys = store.all(
    keyRow,
    'SELECT id, "table" AS parent, "from", "to" FROM pragma_foreign_key_list($table) ORDER BY id, seq',
    { table },
  )
  let removed = 0
  for (const columns of Map.groupBy(keys, ({ id }) => id).values()) {
    const [first] = columns
    if (first === undefined) continue
    const present = columns.map(({ from }) => `c.${quotedName(from)} IS NOT NULL`).join(' AND ')
    const same = columns.map(({ from, to }) => `p.${quotedName(to ?? from)} = c.${quotedName(from)}`).join(' AND ')
    removed += store.run(
      `DELETE FROM ${quotedName(table)} AS c WHERE ${present}
         AND NOT EXISTS (SELECT 1 FROM ${quotedName(first.parent)} p WHERE ${same})`,
    )
  }
  return removed
}

function rebuildRows({ where }: Finding, { store }: RepairContext): Repaired {
  const at = where.indexOf('/')
  const parameters = { runId: where.slice(0, at), step: where.slice(at + 1) }
  store.transaction(() => {
    store.run('DELETE FROM step_artifact WHERE run_id = $runId AND step = $step', parameters)
    store.run(
      `INSERT INTO step_artifact (run_id, step, direction, port, position, artifact_hash)
         SELECT e.run_id, e.name, 'out', o.key, 0, o.value FROM step_execution e, json_each(e.outputs) o
         WHERE e.run_id = $runId AND e.name = $step
         UNION ALL
         SELECT e.run_id, e.name, 'in', i.key, h.key, h.value
         FROM step_execution e, json_each(e.inputs) i, json_each(i.value) h
         WHERE e.run_id = $runId AND e.name = $step`,
      parameters,
    )
  })
  return repaired(sentence('doctor-rebuilt', {}))
}
