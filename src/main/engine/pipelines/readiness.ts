/** What a run does next, decided from what its steps have become. Pure. */
import type { Json, Parameters, RunStatus, StepExecution } from '#shared/runs.ts'
import { evaluateExpression, isTrue, parseExpression } from './expression.ts'
import type { PlannedStep } from './plan.ts'

export type Readiness =
  | { readonly kind: 'wait' }
  | { readonly kind: 'run' }
  | { readonly kind: 'skip'; readonly reason: string }

type SeenStep = Pick<StepExecution, 'name' | 'status' | 'values' | 'reason'>

export function stepReadiness(
  step: PlannedStep,
  steps: ReadonlyMap<string, SeenStep>,
  parameters: Parameters,
): Readiness {
  const dependencies = step.dependsOn.flatMap((name) => steps.get(name) ?? [])
  if (dependencies.some(({ status }) => status === 'waiting' || status === 'running')) return { kind: 'wait' }
  const blocked = dependencies.find(({ status }) => status !== 'succeeded')
  if (blocked !== undefined) return { kind: 'skip', reason: blockedReason(blocked) }
  if (step.when !== null && !conditionHolds(step.when, steps, parameters)) {
    return { kind: 'skip', reason: `The condition does not hold: ${step.when}` }
  }
  return { kind: 'run' }
}

function blockedReason({ name, status, reason }: SeenStep): string {
  if (status === 'skipped') return `The step "${name}" was skipped${reason === null ? '.' : `: ${reason}`}`
  return `The step "${name}" ${status === 'failed' ? 'failed' : 'was cancelled'}.`
}

function conditionHolds(when: string, steps: ReadonlyMap<string, SeenStep>, parameters: Parameters): boolean {
  const seen: Record<string, Json> = {}
  for (const [name, { status, values }] of steps) seen[name] = { status, values }
  return isTrue(evaluateExpression(parseExpression(when), { params: parameters, steps: seen }))
}

/** The end of a run whose steps have all ended; undefined while one has not. */
export function runEnd(steps: Iterable<Pick<StepExecution, 'status'>>): RunStatus | undefined {
  const statuses = new Set([...steps].map((step) => step.status))
  if (statuses.has('waiting') || statuses.has('running')) return undefined
  if (statuses.has('failed')) return 'failed'
  return statuses.has('cancelled') ? 'cancelled' : 'succeeded'
}

/** How long to wait before attempt `attempt + 1`: doubled each time. `attempt` counts from 1. */
export function retryDelayMs(delaySeconds: number, attempt: number): number {
  return delaySeconds * 1_000 * 2 ** (attempt - 1)
}
