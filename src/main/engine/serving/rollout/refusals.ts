/** Why a rollout cannot be what was asked for: told before anything is loaded, and never ignored. */
import { z } from 'zod'
import { higherIsBetter } from '#shared/metrics.ts'
import type { Signature, Task } from '#shared/models.ts'
import { type RolloutSpec, rolloutSpecSchema } from '#shared/rollout.ts'
import { EsteiraError, nearestName } from '../../kernel/errors.ts'
import { type CallerInput, inputChanges } from '../caller-inputs.ts'

/** What callers send to a version, and what it says. */
export interface Contract {
  readonly signature: Signature
  readonly inputs: ReadonlyMap<string, CallerInput>
}

/** @throws EsteiraError `rollout-refused` with every problem of the form */
export function parseSpec(spec: unknown): RolloutSpec {
  const parsed = rolloutSpecSchema.safeParse(spec)
  if (parsed.success) return parsed.data
  throw refused(z.prettifyError(parsed.error), { where: 'rollout', next: 'See docs/rollouts.md for the form.' })
}

/** @throws EsteiraError `rollout-refused` */
export function checkContracts(stable: Contract, candidate: Contract): void {
  const [before, after] = [stable.signature, candidate.signature]
  if (before.task !== after.task) {
    throw refused('The new version answers another kind of question.', { found: after.task, allowed: before.task })
  }
  if (before.classes.join('\0') !== after.classes.join('\0')) {
    throw refused('The new version knows other classes, so that its answers cannot be compared.', {
      found: after.classes.join(', '),
      allowed: before.classes.join(', '),
    })
  }
  const { newInputs, removedInputs } = inputChanges(stable.inputs, candidate.inputs)
  if (newInputs.length + removedInputs.length === 0) return
  const changes = [
    ...newInputs.map((name) => `${name} must be sent, or in another form`),
    ...removedInputs.map((name) => `${name} is no longer taken`),
  ]
  throw refused('The new version does not take what callers send today: requests would fail.', {
    found: changes.join('; '),
    next: 'Deploy it to an endpoint of its own, and move the callers there.',
  })
}

/** @throws EsteiraError `rollout-refused` */
export function checkSpec(spec: RolloutSpec, stable: Contract, hasLabels: boolean): void {
  if (spec.kind === 'shadow') return
  checkKey(spec, stable)
  const label = spec.stop.label
  if (spec.kind === 'a-b' && label !== undefined && label.metric !== spec.metric) {
    throw refused('A test stops on the metric that it is decided by.', {
      where: 'rollout.stop.label.metric',
      found: label.metric,
      allowed: spec.metric,
    })
  }
  const metric = spec.kind === 'a-b' ? spec.metric : label?.metric
  if (metric === undefined) return
  checkMetric(metric, stable.signature.task)
  if (hasLabels) return
  throw refused('No feedback is kept here, so that nothing could be decided by a metric on labelled rows.', {
    where: spec.kind === 'a-b' ? 'rollout.metric' : 'rollout.stop.label',
    next: 'Leave the condition out, or send feedback to the endpoint first.',
  })
}

function checkKey({ key }: Exclude<RolloutSpec, { kind: 'shadow' }>, { inputs }: Contract): void {
  if (key === undefined || 'header' in key || inputs.has(key.column)) return
  const names = [...inputs.keys()]
  throw refused(`Callers do not send "${key.column}", so that nothing can be assigned by it.`, {
    where: 'rollout.key.column',
    found: key.column,
    allowed: names.slice(0, 50).join(', '),
    nearest: nearestName(key.column, names),
  })
}

const metricsOf: Readonly<Record<Task, readonly string[]>> = {
  binary: ['auc', 'accuracy', 'f1', 'logLoss', 'brier'],
  multiclass: ['accuracy', 'macroF1', 'logLoss'],
  regression: ['rmse', 'mae', 'r2'],
}

function checkMetric(metric: string, task: Task): void {
  const known = metricsOf[task]
  if (known.includes(metric) && higherIsBetter[metric] !== undefined) return
  throw refused(`"${metric}" is no metric of a ${task} model.`, {
    found: metric,
    allowed: known.join(', '),
    nearest: nearestName(metric, known),
  })
}

export function refused(
  message: string,
  context: { where?: string; found?: string; allowed?: string; nearest?: string | undefined; next?: string } = {},
): EsteiraError {
  return new EsteiraError('rollout-refused', message, context)
}

export function underWay(endpoint: string, version: number): EsteiraError {
  return new EsteiraError('rollout-under-way', `A rollout of version ${version} is under way at "${endpoint}".`, {
    where: endpoint,
    next: 'Promote or abort it first: esteira rollout promote, esteira rollout abort.',
  })
}
