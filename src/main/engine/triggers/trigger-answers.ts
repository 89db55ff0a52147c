/** What is answered about a trigger to a person who asks. Pure. */
import type { TriggerCheck } from '#shared/triggers.ts'
import { EsteiraError, nearestName } from '../kernel/errors.ts'
import { triggerLabel } from '../pipelines/trigger-rule.ts'
import { fillTriggerParameters } from '../pipelines/trigger-template.ts'
import type { Decision } from './decide.ts'
import type { StoredTrigger } from './trigger-store.ts'

export function checkOf(
  decision: Exclude<Decision, { kind: 'measure' }>,
  trigger: StoredTrigger,
  paused: boolean,
): TriggerCheck {
  const { conditions, holds, plannedAt } = decision
  const values = decision.kind === 'start' ? decision.values : {}
  return {
    outcome: outcomeOf(decision),
    plannedAt,
    conditions: [...conditions],
    holds: [...holds],
    parameters: fillTriggerParameters(trigger.spec.parameters, values),
    paused,
  }
}

function outcomeOf(decision: Exclude<Decision, { kind: 'measure' }>): TriggerCheck['outcome'] {
  switch (decision.kind) {
    case 'wait':
      return 'wait'
    case 'start':
      return decision.late ? 'start-late' : 'start'
    case 'not':
      return decision.outcome === 'skipped' ? 'skip' : decision.outcome
    default:
      return decision satisfies never
  }
}

export function triggerNotFound(id: string, triggers: readonly StoredTrigger[]): EsteiraError {
  const known = triggers.map((trigger) => trigger.id)
  const nearest = nearestName(id, known)
  const allowed = triggers.map(({ id: each, pipeline, spec }) => `${each} (${pipeline}: ${triggerLabel(spec)})`)
  return new EsteiraError('trigger-not-found', `There is no trigger "${id}".`, {
    found: id,
    allowed: allowed.join(', ') || 'no triggers yet',
    ...(nearest !== undefined && { nearest }),
    next: 'List the triggers to see their ids.',
  })
}
