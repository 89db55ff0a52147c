/** What one condition of a trigger says, and what is to be remembered of it. */
import type { ConditionEvidence } from '#shared/triggers.ts'
import type { TriggerValues } from '../pipelines/trigger-template.ts'
import type { LeafMemory } from './memory.ts'

export interface Reading {
  /** Undefined: a measurement is needed to tell. */
  readonly met: boolean | undefined
  readonly evidence: ConditionEvidence
  /** Nothing has happened yet that a decision could be about. */
  readonly silent?: boolean
  /** It is a matter of moments: nothing else is decided for good meanwhile. */
  readonly settling?: boolean
  /** To be remembered whatever is decided. */
  readonly noted?: LeafMemory
  /** To be remembered once the run is there. */
  readonly acted?: (runId: string) => LeafMemory
  /** Of a schedule: the planned time, and what to remember once it is decided. */
  readonly planned?: { readonly at: number; readonly late: boolean; readonly decided: LeafMemory }
  readonly values: TriggerValues
  /** When it may change by time alone. */
  readonly wakeAt?: number | undefined
}
