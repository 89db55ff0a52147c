/** Rollouts and their ledger, as stored. */
import { z } from 'zod'
import type { Page } from '#shared/names.ts'
import {
  type Rollout,
  type RolloutEntry,
  type RolloutEvidence,
  type RolloutSpec,
  type RolloutState,
  rolloutEntrySchema,
  rolloutEvidenceSchema,
  rolloutSchema,
  rolloutSpecSchema,
} from '#shared/rollout.ts'
import { EsteiraError } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import { judgementColumn, judgementSql, withoutNoGate } from '../../registry/judgement.ts'
import { jsonColumn } from '../../store/json-column.ts'
import type { Store } from '../../store/store.ts'

/** What changes while a rollout runs. */
const progressSchema = rolloutSchema.pick({
  step: true,
  stepSince: true,
  share: true,
  looks: true,
  figures: true,
  checks: true,
  result: true,
})
export type Progress = z.infer<typeof progressSchema>

const row = rolloutSchema
  .pick({
    id: true,
    endpoint: true,
    model: true,
    version: true,
    revision: true,
    state: true,
    actor: true,
    reason: true,
  })
  .extend({
    createdAt: z.number(),
    endedAt: z.number().nullable(),
    spec: jsonColumn(rolloutSpecSchema),
    progress: jsonColumn(progressSchema),
    gate: judgementColumn,
    stableModel: z.string(),
    stableVersion: z.number(),
    stableRevision: z.number(),
  })
const columns = `r.id, r.endpoint, r.spec, r.actor, r.reason, r.created_at AS createdAt, r.state, r.ended_at AS endedAt,
  r.progress, c.model, c.version, c.number AS revision, s.model AS stableModel, s.version AS stableVersion,
  s.number AS stableRevision,
  ${judgementSql({ model: 'c.model', version: 'c.version', reason: 'r.reason' })} AS gate`
const from = 'rollout r JOIN revision c ON c.id = r.revision_id JOIN revision s ON s.id = r.stable_id'
const entryRow = rolloutEntrySchema.extend({ evidence: jsonColumn(rolloutEvidenceSchema) })

export interface NewRollout {
  readonly endpoint: string
  readonly spec: RolloutSpec
  readonly revisionId: string
  readonly stableId: string
  readonly actor: string
  readonly reason: string
  readonly at: number
  readonly progress: Progress
}

export type NewEntry = Omit<RolloutEntry, 'id'> & { readonly rolloutId: string }

export class RolloutStore {
  readonly #store: Store

  constructor(store: Store) {
    this.#store = store
  }

  transaction<T>(work: () => T): T {
    return this.#store.transaction(work)
  }

  running(): Rollout[] {
    return this.#store.all(row, `SELECT ${columns} FROM ${from} WHERE r.state = 'running' ORDER BY r.id`).map(describe)
  }

  runningAt(endpoint: string): Rollout | undefined {
    const sql = `SELECT ${columns} FROM ${from} WHERE r.state = 'running' AND r.endpoint = $endpoint`
    const found = this.#store.get(row, sql, { endpoint })
    return found && describe(found)
  }

  /** Newest first. */
  list(endpoint: string, page: { limit: number; cursor?: string | undefined }): Page<Rollout> {
    const rows = this.#store.all(
      row,
      `SELECT ${columns} FROM ${from} WHERE r.endpoint = $endpoint AND r.id < $before ORDER BY r.id DESC LIMIT $limit`,
      { endpoint, before: page.cursor ?? '~', limit: page.limit + 1 },
    )
    const items = rows.slice(0, page.limit).map(describe)
    const last = items.at(-1)
    return rows.length > page.limit && last ? { items, nextCursor: last.id } : { items }
  }

  /** @throws EsteiraError `rollout-not-found` */
  get(endpoint: string, id: string): Rollout {
    const found = this.#store.get(row, `SELECT ${columns} FROM ${from} WHERE r.id = $id AND r.endpoint = $endpoint`, {
      id,
      endpoint,
    })
    if (found !== undefined) return describe(found)
    throw new EsteiraError('rollout-not-found', `The endpoint "${endpoint}" has no rollout "${id}".`, {
      found: id.slice(0, 100),
      next: 'List those of an endpoint with "esteira rollout status <endpoint>".',
    })
  }

  /** Oldest first. */
  entries(rolloutId: string): RolloutEntry[] {
    return this.#store.all(
      entryRow,
      `SELECT id, at, actor, action, from_share AS fromShare, to_share AS toShare, reason, evidence
       FROM rollout_entry WHERE rollout_id = $rolloutId ORDER BY id`,
      { rolloutId },
    )
  }

  insert({ progress, spec, ...rollout }: NewRollout): string {
    const id = newId(rollout.at)
    this.#store.run(
      `INSERT INTO rollout (id, endpoint, spec, revision_id, stable_id, actor, reason, created_at, state, progress)
       VALUES ($id, $endpoint, $spec, $revisionId, $stableId, $actor, $reason, $at, 'running', $progress)`,
      { ...rollout, id, spec: JSON.stringify(spec), progress: JSON.stringify(progress) },
    )
    return id
  }

  addEntry({ rolloutId, evidence, ...entry }: NewEntry): void {
    this.#store.run(
      `INSERT INTO rollout_entry (id, rollout_id, at, actor, action, from_share, to_share, reason, evidence)
       VALUES ($id, $rolloutId, $at, $actor, $action, $fromShare, $toShare, $reason, $evidence)`,
      { ...entry, id: newId(entry.at), rolloutId, evidence: JSON.stringify(evidence satisfies RolloutEvidence) },
    )
  }

  saveProgress(id: string, progress: Progress): void {
    this.#store.run(`UPDATE rollout SET progress = $progress WHERE id = $id AND state = 'running'`, {
      id,
      progress: JSON.stringify(progress),
    })
  }

  end(id: string, state: Exclude<RolloutState, 'running'>, at: number): void {
    this.#store.run('UPDATE rollout SET state = $state, ended_at = $at WHERE id = $id', { id, state, at })
  }
}

function describe(found: z.output<typeof row>): Rollout {
  const { progress, stableModel, stableVersion, stableRevision, ...rest } = withoutNoGate(found)
  return {
    ...rest,
    ...progress,
    stable: { model: stableModel, version: stableVersion, revision: stableRevision },
  }
}
