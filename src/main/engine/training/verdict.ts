/** The gate's decision: pure, from scores to a verdict worded for people. */
import { higherIsBetter } from '#shared/metrics.ts'
import type { Evaluation, GateCheck, Verdict } from '#shared/models.ts'

const shownNames: Readonly<Record<string, string>> = {
  auc: 'AUC',
  accuracy: 'accuracy',
  f1: 'F1',
  macroF1: 'macro F1',
  r2: 'R²',
  logLoss: 'log loss',
  brier: 'Brier score',
  rmse: 'RMSE',
  mae: 'MAE',
}

export interface Champion {
  readonly model: string
  readonly alias: string
  readonly version: number
  /** On the very rows of the candidate; undefined with the reason why it could not be scored. */
  readonly evaluation?: Evaluation | undefined
  readonly problem?: string | undefined
}

export interface GateRules {
  readonly thresholds: Readonly<Record<string, number>>
  readonly comparison?:
    | {
        /** `model@alias`, for the wording when there is no such version yet. */
        readonly reference: string
        readonly champion: Champion | undefined
        readonly metric: string
        readonly minImprovement: number
      }
    | undefined
  readonly slices?:
    | { readonly column: string; readonly maxDrop: number; readonly minRows: number; readonly metric: string }
    | undefined
}

/** Blessed only if every check passes. A metric that is not defined for the rows fails its check. */
export function judge(candidate: Evaluation, rules: GateRules): Verdict {
  const checks = [
    ...Object.entries(rules.thresholds).map(([metric, limit]) => thresholdCheck(candidate, metric, limit)),
    ...comparisonCheck(candidate, rules),
    ...sliceCheck(candidate, rules),
  ]
  const blessed = checks.every(({ passed }) => passed)
  const champion = rules.comparison?.champion
  return {
    blessed,
    reason: reasonOf(checks, blessed),
    checks,
    ...(champion?.evaluation !== undefined && {
      against: {
        model: champion.model,
        alias: champion.alias,
        version: champion.version,
        metrics: champion.evaluation.metrics,
      },
    }),
    metrics: candidate.metrics,
    rows: candidate.rows,
  }
}

/** What decided: all reasons when blessed, else those of the failed checks. */
function reasonOf(checks: readonly GateCheck[], blessed: boolean): string {
  if (checks.length === 0) return 'The gate has no checks.'
  const text = checks
    .filter(({ passed }) => passed === blessed)
    .map(({ reason }) => reason)
    .join('; ')
  return `${text}.`
}

function thresholdCheck({ metrics, rows }: Evaluation, metric: string, limit: number): GateCheck {
  const value = metrics[metric]
  const kind = higherIsBetter[metric] === true ? 'minimum' : 'maximum'
  const check = `${metric} ${kind}`
  if (value === undefined) {
    return {
      check,
      passed: false,
      value: null,
      limit,
      reason: `the ${shown(metric)} is not defined for these ${count(rows)} rows`,
    }
  }
  const passed = kind === 'minimum' ? value >= limit : value <= limit
  const side = value === limit ? 'at' : value > limit ? 'above' : 'below'
  const reason = `${shown(metric)} ${number(value, limit)} on ${count(rows)} rows is ${side} the limit of ${number(limit, value)}`
  return { check, passed, value, limit, reason }
}

function comparisonCheck(candidate: Evaluation, { comparison }: GateRules): GateCheck[] {
  if (comparison === undefined) return []
  const { reference, champion, metric, minImprovement } = comparison
  const check = `${metric} against ${reference}`
  if (champion === undefined) {
    return [
      {
        check,
        passed: true,
        value: null,
        limit: null,
        reason: `there is no ${reference} yet to compare with`,
      },
    ]
  }
  const name = `the ${champion.alias} (version ${champion.version})`
  const mine = candidate.metrics[metric]
  const theirs = champion.evaluation?.metrics[metric]
  if (mine === undefined || theirs === undefined) {
    const why = champion.problem ?? `the ${shown(metric)} is not defined for these rows`
    return [
      {
        check,
        passed: false,
        value: null,
        limit: minImprovement,
        reason: `${name} cannot be compared: ${why.replace(/\.$/, '')}`,
      },
    ]
  }
  const improvement = improvementOf(metric, mine, theirs)
  const passed = improvement >= minImprovement
  const scores = `${name} scores ${number(theirs, mine)} on the same rows, the candidate ${number(mine, theirs)}`
  const wanted = minImprovement === 0 ? '' : `, where an improvement of ${minImprovement} is asked for`
  const outcome = passed ? '' : improvement < 0 ? ', which is worse' : improvement === 0 ? ', which is no better' : ''
  return [{ check, passed, value: improvement, limit: minImprovement, reason: `${scores}${outcome}${wanted}` }]
}

function sliceCheck(candidate: Evaluation, { slices, comparison }: GateRules): GateCheck[] {
  if (slices === undefined) return []
  const { column, maxDrop, minRows, metric } = slices
  const check = `${metric} by ${column}`
  const champion = comparison?.champion?.evaluation
  if (champion === undefined) {
    return [
      {
        check,
        passed: true,
        value: null,
        limit: maxDrop,
        reason: `no slice of ${column} can be compared without a champion`,
      },
    ]
  }
  const before = new Map(
    champion.slices.filter((slice) => slice.column === column).map((slice) => [slice.value, slice.metrics[metric]]),
  )
  let worst: { value: string; drop: number } | undefined
  for (const slice of candidate.slices) {
    const theirs = before.get(slice.value)
    const mine = slice.metrics[metric]
    if (slice.column !== column || slice.rows < minRows || mine === undefined || theirs === undefined) continue
    const drop = -improvementOf(metric, mine, theirs)
    if (worst === undefined || drop > worst.drop) worst = { value: slice.value, drop }
  }
  if (worst === undefined) {
    return [
      {
        check,
        passed: true,
        value: null,
        limit: maxDrop,
        reason: `no slice of ${column} has the ${count(minRows)} rows needed to compare`,
      },
    ]
  }
  const passed = worst.drop <= maxDrop
  const change =
    worst.drop <= 0
      ? `no slice of ${column} lost ${shown(metric)}`
      : `the slice ${column} = ${worst.value} lost ${number(worst.drop, maxDrop)} of ${shown(metric)} against the champion`
  const limit = passed ? '' : `, more than the ${maxDrop} allowed`
  return [{ check, passed, value: worst.drop, limit: maxDrop, reason: `${change}${limit}` }]
}

/** Positive where the candidate is better. */
function improvementOf(metric: string, mine: number, theirs: number): number {
  return higherIsBetter[metric] === true ? mine - theirs : theirs - mine
}

function shown(metric: string): string {
  return shownNames[metric] ?? metric
}

function count(rows: number): string {
  return rows.toLocaleString('en')
}

/** Three decimals, or as many as are needed to tell the number from the one it is compared with. */
function number(value: number, other: number): string {
  const large = Math.abs(value) >= 100
  for (let decimals = large ? 1 : 3; decimals < 8; decimals++) {
    const text = value.toFixed(decimals)
    if (value === other || text !== other.toFixed(decimals)) return text
  }
  return String(value)
}
