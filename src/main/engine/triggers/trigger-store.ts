/** Triggers and what was decided about them, in the metadata store. */
import { z } from 'zod'
import { problemSchema } from '#shared/errors.ts'
import { type TriggerDecision, triggerDecisionSchema } from '#shared/triggers.ts'
import { newId } from '../kernel/ids.ts'
import { type TriggerSpec, triggerIdentity, triggerSpecSchema } from '../pipelines/trigger-spec.ts'
import { jsonColumn } from '../store/json-column.ts'
import type { Store } from '../store/store.ts'

const triggerRow = z.object({
  id: z.string(),
  projectId: z.string(),
  pipeline: z.string(),
  spec: jsonColumn(triggerSpecSchema),
  decidedUntil: z.number(),
  lastAt: z.number().nullable(),
  lastRunId: z.string().nullable(),
})
export type StoredTrigger = z.infer<typeof triggerRow>

const decisionRow = triggerDecisionSchema.extend({ problem: jsonColumn(problemSchema).nullable() })

/** The only kind so far; see `triggerSpecSchema`. */
const kind = 'schedule'
/** Of each trigger. */
const rememberedDecisions = 50

export class TriggerStore {
  readonly #store: Store

  constructor(store: Store) {
    this.#store = store
  }

  /** All triggers of the projects that are not hidden. */
  list(): StoredTrigger[] {
    return this.#store.all(
      triggerRow,
      `SELECT t.id, t.project_id AS projectId, t.pipeline, t.spec, t.decided_until AS decidedUntil,
         t.last_at AS lastAt, t.last_run_id AS lastRunId
       FROM pipeline_trigger t JOIN project p ON p.id = t.project_id
       WHERE p.hidden = 0 ORDER BY t.project_id, t.pipeline, t.id`,
    )
  }

  /**
   * Takes over what a pipeline file says. A trigger that was there keeps its state; a new one counts from `now`.
   * Returns whether anything changed.
   */
  replace(projectId: string, pipeline: string, specs: readonly TriggerSpec[], now: number): boolean {
    const wanted = new Map(specs.map((spec) => [triggerIdentity(spec), JSON.stringify(spec)]))
    const place = { projectId, pipeline }
    return this.#store.transaction(() => {
      const known = this.#store.all(
        z.object({ id: z.string(), identity: z.string(), spec: z.string() }),
        'SELECT id, identity, spec FROM pipeline_trigger WHERE project_id = $projectId AND pipeline = $pipeline',
        place,
      )
      const gone = known.filter(({ identity }) => !wanted.has(identity))
      for (const { id } of gone) this.#store.run('DELETE FROM pipeline_trigger WHERE id = $id', { id })
      const changed = [...wanted].filter(
        ([identity, spec]) => !known.some((row) => row.identity === identity && row.spec === spec),
      )
      for (const [identity, spec] of changed) {
        this.#store.run(
          `INSERT INTO pipeline_trigger (id, project_id, pipeline, kind, identity, spec, decided_until)
           VALUES ($id, $projectId, $pipeline, $kind, $identity, $spec, $now)
           ON CONFLICT (project_id, pipeline, kind, identity) DO UPDATE SET spec = excluded.spec`,
          { ...place, id: newId(now), kind, identity, spec, now },
        )
      }
      return gone.length + changed.length > 0
    })
  }

  /** Forgets the triggers of pipelines that a project does not have any more. Returns whether there were any. */
  keepOnly(projectId: string, pipelines: readonly string[]): boolean {
    const deleted = this.#store.run(
      `DELETE FROM pipeline_trigger
       WHERE project_id = $projectId AND pipeline NOT IN (SELECT value FROM json_each($pipelines))`,
      { projectId, pipelines: JSON.stringify(pipelines) },
    )
    return deleted > 0
  }

  /** Forgets the triggers of hidden projects: a project that comes back plans afresh. Returns whether there were any. */
  forgetHidden(): boolean {
    const hidden = 'SELECT id FROM project WHERE hidden = 1'
    return this.#store.run(`DELETE FROM pipeline_trigger WHERE project_id IN (${hidden})`) > 0
  }

  /** Writes a decision, so that its planned time and all before it are never decided again. */
  record(id: string, decision: TriggerDecision): void {
    const { plannedAt, at, outcome, runId, problem } = decision
    this.#store.transaction(() => {
      this.#store.run(
        `UPDATE pipeline_trigger SET decided_until = $plannedAt,
           last_at = iif($runId IS NULL, last_at, $at), last_run_id = coalesce($runId, last_run_id)
         WHERE id = $id`,
        { id, plannedAt, at, runId },
      )
      this.#store.run(
        `INSERT INTO trigger_decision (trigger_id, planned_at, at, outcome, run_id, problem)
         VALUES ($id, $plannedAt, $at, $outcome, $runId, $problem)`,
        { id, plannedAt, at, outcome, runId, problem: problem === null ? null : JSON.stringify(problem) },
      )
      this.#store.run(
        `DELETE FROM trigger_decision WHERE trigger_id = $id AND id NOT IN
           (SELECT id FROM trigger_decision WHERE trigger_id = $id ORDER BY id DESC LIMIT ${rememberedDecisions})`,
        { id },
      )
    })
  }

  /** The latest decisions, newest first. */
  decisions(id: string, limit: number): TriggerDecision[] {
    return this.#store.all(
      decisionRow,
      `SELECT planned_at AS plannedAt, at, outcome, run_id AS runId, problem FROM trigger_decision
       WHERE trigger_id = $id ORDER BY id DESC LIMIT $limit`,
      { id, limit },
    )
  }

  /** Planned times up to `now` are left behind. */
  planFrom(id: string, now: number): void {
    this.#store.run('UPDATE pipeline_trigger SET decided_until = $now WHERE id = $id', { id, now })
  }

  get paused(): boolean {
    return this.#store.get(z.object({}), 'SELECT since FROM trigger_pause') !== undefined
  }

  pause(now: number): void {
    this.#store.run('INSERT INTO trigger_pause (only_row, since) VALUES (1, $now) ON CONFLICT DO NOTHING', { now })
  }

  /** What was planned for the time of the pause is left out, not made good for. */
  resume(now: number): void {
    this.#store.transaction(() => {
      if (this.#store.run('DELETE FROM trigger_pause') === 0) return
      this.#store.run('UPDATE pipeline_trigger SET decided_until = max(decided_until, $now)', { now })
    })
  }
}
