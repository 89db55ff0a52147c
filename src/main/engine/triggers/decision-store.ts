/** Decisions in the metadata store. Of each trigger only so many are kept that the list stays quick. */
import { z } from 'zod'
import { problemSchema } from '#shared/errors.ts'
import {
  conditionEvidenceSchema,
  holdSchema,
  type TriggerDecision,
  type TriggerDecisionPage,
  triggerDecisionSchema,
} from '#shared/triggers.ts'
import { jsonColumn } from '../store/json-column.ts'
import type { Store } from '../store/store.ts'
import { saysTheSame } from './same-decision.ts'

/** Kept of each trigger: of those where a run should have been, and of those not to start one. The others are kept with their runs. */
export const keptDecisions = 500
/** Finding what is beyond takes a walk over what is kept, which need not be made each time. */
export const addedBetweenPrunes = 25

const decisionRow = triggerDecisionSchema.extend({
  conditions: jsonColumn(z.array(conditionEvidenceSchema)),
  holds: jsonColumn(z.array(holdSchema)),
  problem: jsonColumn(problemSchema).nullable(),
})
const columns = `id, outcome, at, last_at AS lastAt, count, planned_at AS plannedAt, conditions, holds, actor,
  run_id AS runId, problem`

export type NewDecision = Omit<TriggerDecision, 'id' | 'lastAt' | 'count'>

export class DecisionStore {
  readonly #store: Store
  #added = 0

  constructor(store: Store) {
    this.#store = store
  }

  /** Returns whether it says anything that the one before did not; otherwise that one is counted up. */
  add(triggerId: string, label: string, decision: NewDecision): boolean {
    return this.#store.transaction(() => {
      const last = this.latest(triggerId)
      if (last !== null && saysTheSame(last, decision)) {
        // The evidence as it was last seen: what differs are only times.
        this.#store.run(
          `UPDATE decision SET count = count + 1, last_at = max(last_at, $at), conditions = $conditions, holds = $holds
           WHERE id = $id`,
          { id: last.id, at: decision.at, ...evidenceColumns(decision) },
        )
        return false
      }
      this.#insert(triggerId, label, decision)
      if (++this.#added % addedBetweenPrunes === 0) this.#prune(triggerId)
      return true
    })
  }

  latest(triggerId: string): TriggerDecision | null {
    return (
      this.#store.get(
        decisionRow,
        `SELECT ${columns} FROM decision WHERE trigger_id = $triggerId ORDER BY id DESC LIMIT 1`,
        { triggerId },
      ) ?? null
    )
  }

  /** Newest first. @param before the cursor of the page before */
  page(triggerId: string, { limit, before }: { limit: number; before?: number | undefined }): TriggerDecisionPage {
    const rows = this.#store.all(
      decisionRow,
      `SELECT ${columns} FROM decision WHERE trigger_id = $triggerId AND id < $before ORDER BY id DESC LIMIT $limit`,
      { triggerId, before: before ?? Number.MAX_SAFE_INTEGER, limit: limit + 1 },
    )
    const items = rows.slice(0, limit)
    const last = items.at(-1)
    return { items, ...(rows.length > limit && last !== undefined && { nextCursor: String(last.id) }) }
  }

  /** The decision that started a run. */
  ofRun(runId: string): { triggerId: string; label: string; decision: TriggerDecision } | undefined {
    const row = this.#store.get(
      decisionRow.extend({ triggerId: z.string(), label: z.string() }),
      `SELECT ${columns}, trigger_id AS triggerId, label FROM decision WHERE run_id = $runId ORDER BY id LIMIT 1`,
      { runId },
    )
    if (row === undefined) return undefined
    const { triggerId, label, ...decision } = row
    return { triggerId, label, decision }
  }

  /** Runs that the trigger started since an instant, and the minutes that they took so far. */
  usedSince(triggerId: string, since: number, now: number): { runs: number; minutes: number } {
    const used = this.#store.get(
      z.object({ runs: z.number(), ms: z.number().nullable() }),
      `SELECT count(*) AS runs, sum(max(coalesce(run.finished_at, $now) - coalesce(run.started_at, $now), 0)) AS ms
       FROM decision JOIN run ON run.id = decision.run_id
       WHERE decision.trigger_id = $triggerId AND decision.at >= $since AND decision.run_id IS NOT NULL`,
      { triggerId, since, now },
    )
    return { runs: used?.runs ?? 0, minutes: (used?.ms ?? 0) / 60_000 }
  }

  /** Of a trigger that is gone only what started runs stays. */
  forget(triggerId: string): void {
    this.#store.run('DELETE FROM decision WHERE trigger_id = $triggerId AND run_id IS NULL', { triggerId })
  }

  #insert(triggerId: string, label: string, decision: NewDecision): void {
    const { outcome, at, plannedAt, actor, runId, problem } = decision
    this.#store.run(
      `INSERT INTO decision
         (trigger_id, label, outcome, at, last_at, planned_at, conditions, holds, actor, run_id, problem)
       VALUES ($triggerId, $label, $outcome, $at, $at, $plannedAt, $conditions, $holds, $actor, $runId, $problem)`,
      {
        triggerId,
        label,
        outcome,
        at,
        plannedAt,
        actor,
        runId,
        problem: problem === null ? null : JSON.stringify(problem),
        ...evidenceColumns(decision),
      },
    )
  }

  /** Walks an index over what is kept, and deletes the few beyond: the same work however many there ever were. */
  #prune(triggerId: string): void {
    for (const weight of [0, 1]) {
      this.#store.run(
        `DELETE FROM decision WHERE trigger_id = $triggerId AND weight = $weight AND id <=
           (SELECT id FROM decision WHERE trigger_id = $triggerId AND weight = $weight
            ORDER BY id DESC LIMIT 1 OFFSET ${keptDecisions})`,
        { triggerId, weight },
      )
    }
  }
}

function evidenceColumns({ conditions, holds }: NewDecision): { conditions: string; holds: string } {
  return { conditions: JSON.stringify(conditions), holds: JSON.stringify(holds) }
}
