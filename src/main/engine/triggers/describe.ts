/** A stored trigger as the API shows it. Pure. */
import type { Trigger, TriggerDecision } from '#shared/triggers.ts'
import { nextFiring } from '../kernel/schedule.ts'
import { leafKey, leavesOf, ruleOf, triggerLabel } from '../pipelines/trigger-rule.ts'
import type { StoredTrigger } from './trigger-store.ts'

interface Surroundings {
  readonly now: number
  /** Whether all triggers are paused. */
  readonly paused: boolean
  readonly decision: TriggerDecision | null
  /** When the last decision may change by time alone. */
  readonly wakeAt: number | undefined
}

export function describeTrigger(trigger: StoredTrigger, { now, paused, decision, wakeAt }: Surroundings): Trigger {
  const { id, projectId, pipeline, spec, pausedAt, lastAt, lastRunId } = trigger
  const { condition, restraints } = ruleOf(spec)
  const next = nextAt(trigger, wakeAt, now)
  return {
    id,
    projectId,
    pipeline,
    kind: condition.kind,
    label: triggerLabel(spec),
    condition,
    restraints,
    parameters: spec.parameters,
    pausedAt,
    nextAt: paused || pausedAt !== null ? null : (next ?? null),
    lastAt,
    lastRunId,
    decision,
  }
}

/** The next time at which time alone can change what is decided. */
export function nextAt(trigger: StoredTrigger, wakeAt: number | undefined, now: number): number | undefined {
  const planned = leavesOf(ruleOf(trigger.spec).condition).flatMap((leaf) => {
    if (leaf.kind !== 'schedule') return []
    const memory = trigger.memory[leafKey(leaf)]
    const decidedUntil = memory?.kind === 'schedule' ? memory.decidedUntil : now
    return nextFiring(leaf.schedule, leaf.timeZone, Math.max(decidedUntil, now)) ?? []
  })
  const times = wakeAt !== undefined && wakeAt > now ? [...planned, wakeAt] : planned
  return times.length === 0 ? undefined : Math.min(...times)
}
