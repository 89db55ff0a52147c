/** What the comparisons of the columns come to: the weighted drift and the verdict. Pure. */
import type { DriftReport, DriftResult, DriftSummary, MultivariateDrift } from '#shared/drift.ts'
import type { Importance } from '#shared/models.ts'
import type { Statistics } from '#shared/statistics.ts'
import { comparable, compareStatistics, type DriftOptions, defaultFalseAlarmRate } from './index.ts'

/** A Jensen-Shannon distance of 0.1: what two normal distributions reach whose means differ by a fifth of a deviation. */
export const defaultRetrainAbove = 0.1

export interface ReportOptions extends DriftOptions {
  /** The column that a model predicts: compared and marked, and no part of the weighted drift. */
  readonly target?: string | undefined
  /** What the model leans on, and whose importance it is, in words. Without it all columns weigh the same. */
  readonly importance?: { readonly inputs: Importance['inputs']; readonly words: string } | undefined
  readonly retrainAbove?: number | undefined
  readonly multivariate?: MultivariateDrift | undefined
}

type Sides = Pick<DriftReport, 'current' | 'reference'>

/** @throws EsteiraError as `compareStatistics` */
export function driftReport(
  sides: Sides,
  current: Statistics,
  reference: Statistics,
  options: ReportOptions = {},
): DriftReport {
  const results = weighted(compareStatistics(current, reference, options), options)
  const { multivariate } = options
  return {
    ...sides,
    currentRows: current.rows,
    referenceRows: reference.rows,
    results,
    summary: summaryOf(results, current, reference, options),
    ...(multivariate !== undefined && { multivariate }),
  }
}

/** An input that is worth nothing to the model, or less, weighs nothing; the weights of the others add up to 1. */
function weighted(results: readonly DriftResult[], { target, importance }: ReportOptions): DriftResult[] {
  const known = new Map(importance?.inputs.map(({ name, mean }) => [name, Math.max(mean, 0)]))
  const useful = results.some(({ feature }) => feature !== target && (known.get(feature) ?? 0) > 0)
  const raw = (feature: string) => (feature === target ? 0 : useful ? (known.get(feature) ?? 0) : 1)
  const total = results.reduce((sum, { feature }) => sum + raw(feature), 0)
  return results.map((result) => {
    const isTarget = result.feature === target
    return { ...result, target: isTarget, weight: isTarget ? null : raw(result.feature) / (total || 1) }
  })
}

function summaryOf(
  results: readonly DriftResult[],
  current: Statistics,
  reference: Statistics,
  options: ReportOptions,
): DriftSummary {
  const retrainAbove = options.retrainAbove ?? defaultRetrainAbove
  // A sum of many weights may be a hair above 1.
  const sum = results.reduce((total, { weight, distance }) => total + (weight ?? 0) * (distance ?? 0), 0)
  const weightedDrift = Math.min(sum, 1)
  const reasons = reasonsOf(results, weightedDrift, retrainAbove, options.multivariate)
  const useful = options.importance?.inputs.some(({ mean }) => mean > 0) ?? false
  const now = new Map(current.columns.map((column) => [column.name, column]))
  const before = new Map(reference.columns.map((column) => [column.name, column]))
  return {
    weightedDrift,
    retrainAbove,
    verdict: reasons.length > 0 ? 'retrain' : 'stable',
    reasons,
    weights: useful ? (options.importance?.words ?? null) : null,
    falseAlarmRate: options.falseAlarmRate ?? defaultFalseAlarmRate,
    appeared: [...now.keys()].filter((name) => !before.has(name)),
    vanished: [...before.keys()].filter((name) => !now.has(name)),
    changedType: reference.columns
      .filter((column) => {
        const other = now.get(column.name)
        return other !== undefined && !comparable(other, column)
      })
      .map(({ name }) => name),
  }
}

function reasonsOf(
  results: readonly DriftResult[],
  weightedDrift: number,
  retrainAbove: number,
  multivariate: MultivariateDrift | undefined,
): string[] {
  const reasons: string[] = []
  if (weightedDrift > retrainAbove) {
    reasons.push(`The weighted drift is ${weightedDrift.toFixed(3)}, above ${retrainAbove}.`)
  }
  for (const { feature, value, limit, threshold } of results.filter((result) => result.target && result.drifted)) {
    const shown = (number: number | null | undefined) => String(Number((number ?? 0).toPrecision(3)))
    reasons.push(`The target "${feature}" drifted: ${shown(value)} against ${shown(limit ?? threshold)}.`)
  }
  if (multivariate?.drifted) {
    const { auc, limit } = multivariate
    reasons.push(`A classifier tells the rows apart: its AUC is ${auc.toFixed(3)}, above ${limit.toFixed(3)}.`)
  }
  return reasons
}
