/** What to do about a schedule at a given time. Pure. */
import type { MissedPolicy } from '#shared/triggers.ts'
import { latestFiring } from '../kernel/schedule.ts'

export interface ScheduleState {
  readonly schedule: string
  readonly timeZone: string
  readonly missed: MissedPolicy
  /** Planned times up to this one have been decided. */
  readonly decidedUntil: number
  /** Whether a run that this schedule started has not ended. */
  readonly runUnderWay: boolean
}

export type ScheduleDecision =
  /** Nothing is due. */
  | { readonly kind: 'wait' }
  /** A run is due, and follows as soon as the earlier one has ended. */
  | { readonly kind: 'hold' }
  | { readonly kind: 'start'; readonly plannedAt: number; readonly late: boolean }
  | { readonly kind: 'skip'; readonly plannedAt: number }
  /** The clock was set back a long way: times are planned afresh from now. */
  | { readonly kind: 'rewind' }

/** A planned time that is noticed within this is not missed: the engine may have been starting, or the machine busy. */
const onTimeMs = 120_000
/** A clock that is set right moves by seconds; one that was set wrong by more. Less never fires a planned time twice. */
const clockStepMs = 24 * 60 * 60_000

/**
 * Of several planned times that have passed only the latest counts. It is missed if it passed long ago, or while the run
 * before went on: then the policy says whether one run makes good for all of them.
 */
export function decide(state: ScheduleState, now: number): ScheduleDecision {
  if (state.decidedUntil > now + clockStepMs) return { kind: 'rewind' }
  const plannedAt = latestFiring(state.schedule, state.timeZone, state.decidedUntil, now)
  if (plannedAt === undefined) return { kind: 'wait' }
  if (state.runUnderWay) return state.missed === 'once' ? { kind: 'hold' } : { kind: 'skip', plannedAt }
  const late = now - plannedAt > onTimeMs
  if (late && state.missed === 'skip') return { kind: 'skip', plannedAt }
  return { kind: 'start', plannedAt, late }
}
