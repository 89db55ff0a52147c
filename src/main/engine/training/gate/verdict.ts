/** The gate's decision: pure, from figures to a verdict worded for people. */
import type { DeploymentFigures, GateCheck, Outcome, Verdict } from '#shared/gate.ts'
import { higherIsBetter } from '#shared/metrics.ts'
import type { Evaluation } from '#shared/models.ts'
import { type ComparedWith, compare } from './comparison-check.ts'
import { judgeSlices, type SlicesRule } from './slices-check.ts'
import { count, number, shown } from './wording.ts'

export interface GateFindings {
  readonly thresholds: Readonly<Record<string, number>>
  readonly comparisons?: readonly ComparedWith[] | undefined
  readonly slices?: readonly SlicesRule[] | undefined
  readonly deployment?: { readonly checks: readonly GateCheck[]; readonly figures: DeploymentFigures } | undefined
  /** What becomes of a version that is blessed, and of one that is not. */
  readonly outcomes?: { readonly blessed: Outcome; readonly rejected: Outcome } | undefined
}

/** Blessed only if every check passes. A metric that is not defined for the rows fails its check. */
export function judge(candidate: Evaluation, findings: GateFindings): Verdict {
  const compared = (findings.comparisons ?? []).map(compare)
  const slices = (findings.slices ?? []).map(judgeSlices)
  const { deployment, outcomes = { blessed: 'promote', rejected: 'keep' } } = findings
  const checks = [
    ...Object.entries(findings.thresholds).map(([metric, limit]) => thresholdCheck(candidate, metric, limit)),
    ...compared.map(({ check }) => check),
    ...slices.flatMap((judged) => judged.checks),
    ...(deployment?.checks ?? []),
  ]
  const blessed = checks.every(({ passed }) => passed)
  const comparisons = compared.flatMap(({ comparison }) => comparison ?? [])
  return {
    blessed,
    reason: reasonOf(checks, blessed),
    checks,
    ...againstOf(findings),
    metrics: candidate.metrics,
    rows: candidate.rows,
    outcome: blessed ? outcomes.blessed : outcomes.rejected,
    ...(comparisons.length > 0 && { comparisons }),
    ...(slices.length > 0 && { slices: slices.map(({ figures }) => figures) }),
    ...(deployment !== undefined && { deployment: deployment.figures }),
  }
}

/** The champion on the rows of the evaluation. */
function againstOf({ comparisons = [] }: GateFindings): Pick<Verdict, 'against'> {
  const champion = comparisons.find((each) => each.with === 'champion' && each.span === null)
  if (champion?.version === undefined || champion.other === undefined) return {}
  const { model, alias, number: version } = champion.version
  return { against: { model, alias, version, metrics: champion.other } }
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
  const bound = higherIsBetter[metric] === true ? 'minimum' : 'maximum'
  const check = `${metric} ${bound}`
  const about = { kind: 'threshold' as const, finding: { kind: 'threshold' as const, metric, rows } }
  if (value === undefined) {
    const reason = `the ${shown(metric)} is not defined for these ${count(rows)} rows`
    return { check, passed: false, value: null, limit, reason, ...about }
  }
  const passed = bound === 'minimum' ? value >= limit : value <= limit
  const side = value === limit ? 'at' : value > limit ? 'above' : 'below'
  const reason = `${shown(metric)} ${number(value, limit)} on ${count(rows)} rows is ${side} the limit of ${number(limit, value)}`
  return { check, passed, value, limit, reason, ...about }
}
