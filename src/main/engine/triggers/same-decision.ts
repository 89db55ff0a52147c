/** Whether two decisions one after another say the same, so that they are one row. Pure. */
import type { ConditionEvidence, TriggerDecision } from '#shared/triggers.ts'
import { canonicalJson } from '../kernel/canonical-json.ts'

type Said = Pick<TriggerDecision, 'outcome' | 'plannedAt' | 'conditions' | 'holds' | 'problem'>

/** What starts a run is never joined with another decision, nor is a planned time that was skipped. */
const joinedOutcomes: ReadonlySet<string> = new Set(['not-met', 'held', 'watching', 'failed'])

export function saysTheSame(a: Said, b: Said): boolean {
  if (a.outcome !== b.outcome || !joinedOutcomes.has(a.outcome) || a.plannedAt !== b.plannedAt) return false
  return canonicalJson(said(a)) === canonicalJson(said(b))
}

function said({ conditions, holds, problem }: Said) {
  return { conditions: conditions.map(withoutTimes), holds, problem }
}

/** While files still come, how many there are by now is no news. */
function withoutTimes(evidence: ConditionEvidence): ConditionEvidence {
  return evidence.kind === 'new-data' && evidence.reason === 'settling' ? { ...evidence, files: [] } : evidence
}
