/** How data and models stand, from the runs that looked at them. Pure. */
import type { ModelVersion } from '#shared/models.ts'
import type { Run } from '#shared/runs.ts'

export interface DataCheck {
  readonly step: string
  readonly runId: string
  readonly at: number
  readonly anomalies: number
  readonly errors: number
}

/** What the newest `data/validate` step of the run found; undefined where none ended. */
export function dataCheckOf(run: Run): DataCheck | undefined {
  const step = run.steps.findLast(({ component, finishedAt }) => component === 'data/validate' && finishedAt !== null)
  if (step === undefined || step.finishedAt === null) return undefined
  const { anomalies, errors } = step.values
  // A step that stopped the run keeps its findings as problems of its error.
  const stopped = step.error?.problems?.length ?? 0
  return {
    step: step.name,
    runId: run.id,
    at: step.finishedAt,
    anomalies: typeof anomalies === 'number' ? anomalies : stopped,
    errors: typeof errors === 'number' ? errors : stopped,
  }
}

/** The metric by which models of a task are compared first. */
const headline = { binary: 'auc', multiclass: 'macroF1', regression: 'rmse' } as const

export function headlineMetric({ signature, metrics }: ModelVersion): { name: string; value: number } | undefined {
  const name = headline[signature.task]
  const value = metrics[name]
  return value === undefined ? undefined : { name, value }
}
