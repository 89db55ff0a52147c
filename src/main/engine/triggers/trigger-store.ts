/** Triggers and what they remember, in the metadata store. */
import { z } from 'zod'
import { newId } from '../kernel/ids.ts'
import { leafKey, leavesOf, ruleOf, triggerIdentity, triggerLabel } from '../pipelines/trigger-rule.ts'
import { type TriggerSpec, triggerSpecSchema } from '../pipelines/trigger-spec.ts'
import { jsonColumn } from '../store/json-column.ts'
import type { Store } from '../store/store.ts'
import { DecisionStore, type NewDecision } from './decision-store.ts'
import { freshMemory, leavePlannedTimes, type Memory, memorySchema } from './memory.ts'

const triggerRow = z.object({
  id: z.string(),
  projectId: z.string(),
  pipeline: z.string(),
  spec: jsonColumn(triggerSpecSchema),
  memory: jsonColumn(memorySchema),
  decidedUntil: z.number(),
  pausedAt: z.number().nullable(),
  lastAt: z.number().nullable(),
  lastRunId: z.string().nullable(),
})
export type StoredTrigger = z.infer<typeof triggerRow>

const selectTriggers = `SELECT t.id, t.project_id AS projectId, t.pipeline, t.spec, t.memory,
    t.decided_until AS decidedUntil, t.paused_at AS pausedAt, t.last_at AS lastAt, t.last_run_id AS lastRunId
  FROM pipeline_trigger t JOIN project p ON p.id = t.project_id WHERE p.hidden = 0`

const knownRow = z.object({
  id: z.string(),
  identity: z.string(),
  spec: z.string(),
  memory: jsonColumn(memorySchema),
})

/** Of the table: schedules had a kind of their own before there were others, and keep it so that they stay the same. */
const rowKind = (spec: TriggerSpec) => (spec.schedule === undefined ? 'condition' : 'schedule')

export class TriggerStore {
  readonly decisions: DecisionStore
  readonly #store: Store

  constructor(store: Store) {
    this.#store = store
    this.decisions = new DecisionStore(store)
  }

  transaction<T>(work: () => T): T {
    return this.#store.transaction(work)
  }

  /** All triggers of the projects that are not hidden, each with a memory for each of its conditions. */
  list(): StoredTrigger[] {
    return this.#store.all(triggerRow, `${selectTriggers} ORDER BY t.project_id, t.pipeline, t.id`).map(whole)
  }

  find(id: string): StoredTrigger | undefined {
    const trigger = this.#store.get(triggerRow, `${selectTriggers} AND t.id = $id`, { id })
    return trigger && whole(trigger)
  }

  /**
   * Takes over what a pipeline file says. A trigger that was there keeps its state; a new one counts from `now`, save for
   * conditions that triggers which are gone had as well. Returns whether anything changed.
   */
  replace(projectId: string, pipeline: string, specs: readonly TriggerSpec[], now: number): boolean {
    const wanted = new Map(specs.map((spec) => [triggerIdentity(spec), spec]))
    const place = { projectId, pipeline }
    return this.#store.transaction(() => {
      const known = this.#store.all(
        knownRow,
        'SELECT id, identity, spec, memory FROM pipeline_trigger WHERE project_id = $projectId AND pipeline = $pipeline',
        place,
      )
      const gone = known.filter(({ identity }) => !wanted.has(identity))
      for (const { id } of gone) this.#forget(id)
      const inherited: Memory = Object.assign({}, ...gone.map(({ memory }) => memory))
      const changed = [...wanted].filter(
        ([identity, spec]) => !known.some((row) => row.identity === identity && row.spec === JSON.stringify(spec)),
      )
      for (const [identity, spec] of changed) {
        this.#store.run(
          `INSERT INTO pipeline_trigger (id, project_id, pipeline, kind, identity, spec, label, memory, decided_until)
           VALUES ($id, $projectId, $pipeline, $kind, $identity, $spec, $label, $memory, $now)
           ON CONFLICT (project_id, pipeline, kind, identity) DO UPDATE SET spec = excluded.spec, label = excluded.label`,
          {
            ...place,
            id: newId(now),
            kind: rowKind(spec),
            identity,
            spec: JSON.stringify(spec),
            label: triggerLabel(spec),
            memory: JSON.stringify(wholeMemory(spec, inherited, now)),
            now,
          },
        )
      }
      return gone.length + changed.length > 0
    })
  }

  /** Forgets the triggers of pipelines that a project does not have any more. Returns whether there were any. */
  keepOnly(projectId: string, pipelines: readonly string[]): boolean {
    const gone = this.#store.all(
      z.object({ id: z.string() }),
      `SELECT id FROM pipeline_trigger
       WHERE project_id = $projectId AND pipeline NOT IN (SELECT value FROM json_each($pipelines))`,
      { projectId, pipelines: JSON.stringify(pipelines) },
    )
    return this.#forgetAll(gone)
  }

  /** Forgets the triggers of hidden projects: a project that comes back plans afresh. Returns whether there were any. */
  forgetHidden(): boolean {
    const hidden = 'SELECT id FROM project WHERE hidden = 1'
    const gone = this.#store.all(
      z.object({ id: z.string() }),
      `SELECT id FROM pipeline_trigger WHERE project_id IN (${hidden})`,
    )
    return this.#forgetAll(gone)
  }

  /**
   * Writes a decision with what the trigger remembers from now on: what it has acted on is never acted on again.
   * Returns whether it says anything new.
   */
  record(trigger: StoredTrigger, decision: NewDecision, memory: Memory): boolean {
    const { id, spec } = trigger
    return this.#store.transaction(() => {
      this.remember(trigger, memory)
      if (decision.runId !== null) {
        this.#store.run('UPDATE pipeline_trigger SET last_at = $at, last_run_id = $runId WHERE id = $id', {
          id,
          at: decision.at,
          runId: decision.runId,
        })
      }
      return this.decisions.add(id, triggerLabel(spec), decision)
    })
  }

  remember({ id, memory: before, decidedUntil }: StoredTrigger, memory: Memory): void {
    if (memory === before) return
    const planned = Object.values(memory).flatMap((part) => (part.kind === 'schedule' ? [part.decidedUntil] : []))
    this.#store.run('UPDATE pipeline_trigger SET memory = $memory, decided_until = $decidedUntil WHERE id = $id', {
      id,
      memory: JSON.stringify(memory),
      decidedUntil: planned.length === 0 ? decidedUntil : Math.max(...planned),
    })
  }

  get paused(): boolean {
    return this.#store.get(z.object({}), 'SELECT since FROM trigger_pause') !== undefined
  }

  pause(now: number): void {
    this.#store.run('INSERT INTO trigger_pause (only_row, since) VALUES (1, $now) ON CONFLICT DO NOTHING', { now })
  }

  /** What was planned for the time of the pause is left out, not made good for. Data that came meanwhile is new. */
  resume(now: number): void {
    this.#store.transaction(() => {
      if (this.#store.run('DELETE FROM trigger_pause') === 0) return
      for (const trigger of this.list()) this.remember(trigger, leavePlannedTimes(trigger.memory, now))
    })
  }

  pauseOne(id: string, now: number): void {
    this.#store.run('UPDATE pipeline_trigger SET paused_at = coalesce(paused_at, $now) WHERE id = $id', { id, now })
  }

  resumeOne(id: string, now: number): void {
    this.#store.transaction(() => {
      const trigger = this.find(id)
      if (trigger === undefined || trigger.pausedAt === null) return
      this.#store.run('UPDATE pipeline_trigger SET paused_at = NULL WHERE id = $id', { id })
      this.remember(trigger, leavePlannedTimes(trigger.memory, now))
    })
  }

  #forgetAll(gone: readonly { id: string }[]): boolean {
    if (gone.length > 0) this.#store.transaction(() => gone.forEach(({ id }) => void this.#forget(id)))
    return gone.length > 0
  }

  #forget(id: string): void {
    this.#store.run('DELETE FROM pipeline_trigger WHERE id = $id', { id })
    this.decisions.forget(id)
  }
}

function whole(trigger: StoredTrigger): StoredTrigger {
  return { ...trigger, memory: wholeMemory(trigger.spec, trigger.memory, trigger.decidedUntil) }
}

/** With a memory for each condition: those that are new count from `since`. */
function wholeMemory(spec: TriggerSpec, memory: Memory, since: number): Memory {
  const leaves = leavesOf(ruleOf(spec).condition).map((leaf) => ({ leaf, key: leafKey(leaf) }))
  if (leaves.every(({ key }) => memory[key] !== undefined)) {
    return leaves.length === Object.keys(memory).length
      ? memory
      : Object.fromEntries(leaves.flatMap(({ key }) => (memory[key] === undefined ? [] : [[key, memory[key]]])))
  }
  return Object.fromEntries(leaves.map(({ leaf, key }) => [key, memory[key] ?? freshMemory(leaf, since)]))
}
