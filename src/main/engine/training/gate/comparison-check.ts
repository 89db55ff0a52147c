/** Question two: is the candidate better than what there is? */
import type { Comparison, GateCheck, Interval, Requirement } from '#shared/gate.ts'
import type { GateFinding, GateOther } from '#shared/gate-findings.ts'
import type { Metrics } from '#shared/models.ts'
import { count, improvementOf, number, percent, shown } from './wording.ts'

export interface ComparedWith {
  readonly with: Comparison['with']
  /** `model@alias`, `dummy`, or the SQL of the rule. */
  readonly name: string
  /** Of a registered model. */
  readonly version?: { readonly model: string; readonly alias: string; readonly number: number } | undefined
  /** Null for the rows of the evaluation, else in words. */
  readonly span: string | null
  /** What the words of the span are made of. */
  readonly newest?: { readonly dataset: string; readonly span: string } | undefined
  readonly rows: number
  readonly metric: string
  readonly candidate: Metrics
  /** On the very same rows; undefined where there is nothing to compare with yet, or it could not answer. */
  readonly other?: Metrics | undefined
  /** Why it could not answer. */
  readonly problem?: string | undefined
  readonly interval?: Interval | undefined
  readonly minImprovement: number
  readonly require: Requirement
}

export interface Compared {
  readonly check: GateCheck
  /** Undefined where there was nothing to compare with. */
  readonly comparison: Comparison | undefined
}

/**
 * Passed where the improvement, or the lower end of its interval, is at least what is asked for. A champion that is not
 * there yet passes; what is there and cannot be compared does not.
 */
export function compare(compared: ComparedWith): Compared {
  const { metric, name, candidate, other, problem, minImprovement, span } = compared
  const check = `${metric} against ${name}${span === null ? '' : ` on ${span}`}`
  const result = (found: Omit<GateCheck, 'check' | 'kind'>): GateCheck => ({ check, ...found, kind: 'comparison' })
  if (other === undefined && problem === undefined) {
    const reason = `there is no ${name} yet to compare with`
    const finding = { kind: 'no-other' as const, metric, name }
    return { check: result({ passed: true, value: null, limit: null, reason, finding }), comparison: undefined }
  }
  const mine = candidate[metric]
  const theirs = other?.[metric]
  if (mine === undefined || theirs === undefined) {
    const why = problem ?? `the ${shown(metric)} is not defined for these rows`
    const reason = `${subject(compared)} cannot be compared: ${why.replace(/\.$/, '')}`
    const finding = { kind: 'incomparable' as const, other: otherOf(compared), metric, problem: problem ?? null }
    const found = { passed: false, value: null, limit: minImprovement, reason, finding }
    return { check: result(found), comparison: comparisonOf(compared, false) }
  }
  const improvement = improvementOf(metric, mine, theirs)
  const decisive = compared.require === 'interval' ? compared.interval?.low : improvement
  const passed = decisive !== undefined && decisive >= minImprovement
  const reason = reasonOf(compared, mine, theirs, passed)
  const finding = findingOf(compared, mine, theirs)
  return {
    check: result({ passed, value: improvement, limit: minImprovement, reason, finding }),
    comparison: comparisonOf(compared, passed),
  }
}

function otherOf({ with: kind, name, version }: ComparedWith): GateOther {
  return { with: kind, name, alias: version?.alias ?? null, version: version?.number ?? null }
}

function findingOf(compared: ComparedWith, mine: number, theirs: number): GateFinding {
  const { metric, rows, newest = null, require, interval } = compared
  const between = interval && { low: interval.low, high: interval.high, confidence: interval.confidence }
  const other = otherOf(compared)
  return { kind: 'compared', other, metric, rows, newest, mine, theirs, interval: between ?? null, require }
}

function subject({ with: kind, version, name }: ComparedWith): string {
  if (version !== undefined) return `the ${version.alias} (version ${version.number})`
  switch (kind) {
    case 'champion':
      return name
    case 'baseline':
      return name === 'dummy' ? 'the best constant answer' : `the baseline ${name}`
    case 'rule':
      return `the rule ${name}`
  }
}

function reasonOf(compared: ComparedWith, mine: number, theirs: number, passed: boolean): string {
  const { metric, span, rows, interval, minImprovement, require } = compared
  const where = span === null ? 'the same rows' : `${count(rows)} rows of ${span}`
  const scores = `${subject(compared)} scores ${number(theirs, mine)} on ${where}, the candidate ${number(mine, theirs)}`
  const improvement = improvementOf(metric, mine, theirs)
  const range =
    interval === undefined
      ? ''
      : ` (improvement ${number(improvement, 0)}, ${percent(interval.confidence)} interval ${number(interval.low, 0)} to ${number(interval.high, 0)})`
  const wanted = wantedText(minImprovement)
  return `${scores}${range}${passed ? '' : failureOf(improvement, interval, require)}${wanted}`
}

function wantedText(minImprovement: number): string {
  if (minImprovement === 0) return ''
  if (minImprovement > 0) return `, where an improvement of ${minImprovement} is asked for`
  return `, where a loss of up to ${-minImprovement} is allowed`
}

function failureOf(improvement: number, interval: Interval | undefined, require: Requirement): string {
  if (improvement < 0) return ', which is worse'
  if (improvement === 0) return ', which is no better'
  if (require === 'point') return ''
  return interval === undefined ? ', too few rows for an interval' : ', which may be chance'
}

function comparisonOf(compared: ComparedWith, passed: boolean): Comparison {
  const { metric, candidate, other } = compared
  const mine = candidate[metric] ?? null
  const theirs = other?.[metric] ?? null
  return {
    with: compared.with,
    name: compared.name,
    version: compared.version?.number ?? null,
    span: compared.span,
    rows: compared.rows,
    metric,
    candidate: mine,
    other: theirs,
    improvement: mine === null || theirs === null ? null : improvementOf(metric, mine, theirs),
    interval: compared.interval ?? null,
    minImprovement: compared.minImprovement,
    require: compared.require,
    passed,
    metrics: { ...other },
  }
}
