/** What a run does next, decided from what its steps have become. Pure. */
import { errorCatalogue, isErrorCode, type Problem } from '#shared/errors.ts'
import type { Json, Parameters, RunStatus, StepExecution, StepStatus } from '#shared/runs.ts'
import { sentence } from '#shared/sentences.ts'
import { evaluateExpression, isTrue, parseExpression } from './expression.ts'
import type { PlannedStep } from './plan.ts'

export type StepDecision = { readonly kind: 'run' } | { readonly kind: 'skip'; readonly reason: string }

type SeenStep = Pick<StepExecution, 'name' | 'status' | 'values' | 'reason'>

export function hasEnded(status: StepStatus | undefined): boolean {
  return status !== undefined && status !== 'waiting' && status !== 'running'
}

/** Of a step whose dependencies have all ended. */
export function stepDecision(
  step: Pick<PlannedStep, 'dependsOn' | 'when'>,
  steps: ReadonlyMap<string, SeenStep>,
  parameters: Parameters,
): StepDecision {
  const dependencies = step.dependsOn.flatMap((name) => steps.get(name) ?? [])
  const blocked = dependencies.find(({ status }) => status !== 'succeeded')
  if (blocked !== undefined) return { kind: 'skip', reason: blockedReason(blocked) }
  if (step.when !== null && !conditionHolds(step.when, steps, parameters)) {
    return { kind: 'skip', reason: sentence('condition-false', { when: step.when }) }
  }
  return { kind: 'run' }
}

/** What stopped the chain of steps in the first place: a step that was itself held up passes its reason on. */
function blockedReason({ name, status, reason }: SeenStep): string {
  if (status === 'failed') return sentence('step-failed', { step: name })
  if (status === 'cancelled') return sentence('step-cancelled', { step: name })
  if (reason?.startsWith('The step "')) return reason
  if (reason === null) return sentence('step-skipped', { step: name })
  return sentence('step-skipped-because', { step: name, more: reason })
}

/** A condition reads parameters and the steps that it names, which are among the dependencies. */
function conditionHolds(when: string, steps: ReadonlyMap<string, SeenStep>, parameters: Parameters): boolean {
  const seen: Record<string, Json> = {}
  for (const [name, { status, values }] of steps) seen[name] = { status, values }
  return isTrue(evaluateExpression(parseExpression(when), { params: parameters, steps: seen }))
}

/** The end of a run whose steps have all ended. */
export function runEnd(steps: Iterable<Pick<StepExecution, 'status'>>): RunStatus {
  const statuses = new Set([...steps].map((step) => step.status))
  if (statuses.has('failed')) return 'failed'
  return statuses.has('cancelled') ? 'cancelled' : 'succeeded'
}

/** How long to wait before attempt `attempt + 1`: doubled each time. `attempt` counts from 1. */
export function retryDelayMs(delaySeconds: number, attempt: number): number {
  return delaySeconds * 1_000 * 2 ** (attempt - 1)
}

/** Whether trying a failed step again could help: never for what a person must mend first. */
export function mayPass({ code }: Problem): boolean {
  return !isErrorCode(code) || (errorCatalogue[code].exit !== 2 && code !== 'cancelled')
}
