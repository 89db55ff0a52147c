/** Question three: is the candidate as good everywhere? Aware of how few rows a slice may have. */
import type { GateCheck, JudgedSlice, Requirement, SlicesFigures } from '#shared/gate.ts'
import { higherIsBetter } from '#shared/metrics.ts'
import { normalQuantile } from '../metrics/normal.ts'
import type { MeasuredSlices, SliceMeasures } from './slice-figures.ts'
import { count, number, percent, shown } from './wording.ts'

export interface SlicesRule {
  readonly columns: readonly string[]
  readonly metric: string
  readonly minRows: number
  /** The most that a slice may be worse than that of the champion. */
  readonly maxDrop?: number | undefined
  /** The least that the metric may be in any slice; the most, where less is better. */
  readonly worst?: number | undefined
  /** The most that the metric may vary over the slices, as a standard deviation. */
  readonly maxDeviation?: number | undefined
  /** `interval`: a slice fails only where chance does not explain it; `point`: by its figure alone. */
  readonly require: Requirement
  readonly confidence: number
  readonly measured: MeasuredSlices
  /** Whether there was a champion to compare with. */
  readonly hasChampion: boolean
}

export interface JudgedSlices {
  readonly checks: readonly GateCheck[]
  readonly figures: SlicesFigures
}

export function judgeSlices(rule: SlicesRule): JudgedSlices {
  const { columns, metric, minRows, measured } = rule
  const checks = [...worstCheck(rule), ...deviationCheck(rule), ...dropCheck(rule)]
  const slices = measured.slices.map(
    (slice): JudgedSlice => ({ ...slice, passed: !failsWorst(slice, rule) && !failsDrop(slice, rule) }),
  )
  return {
    checks,
    figures: {
      columns: [...columns],
      metric,
      minRows,
      small: measured.small,
      slices,
      deviation: measured.deviation,
      trueDeviation: measured.trueDeviation,
      worst: worstOf(measured.slices, badness(metric))?.value ?? null,
    },
  }
}

/** By how much chance may move one of so many slices: the tail is shared among them (Bonferroni). */
function margin(error: number | null, { require, confidence, measured }: SlicesRule): number {
  if (require === 'point') return 0
  const tail = (1 - confidence) / 2 / Math.max(1, measured.slices.length)
  return error === null ? Number.POSITIVE_INFINITY : -normalQuantile(tail) * error
}

/** How bad a slice is: more is worse, whatever the direction of the metric. */
function badness(metric: string): (slice: SliceMeasures) => number {
  return higherIsBetter[metric] === true ? (slice) => -slice.metric : (slice) => slice.metric
}

function worstOf(slices: readonly SliceMeasures[], bad: (slice: SliceMeasures) => number): SliceMeasures | undefined {
  return slices.reduce<SliceMeasures | undefined>(
    (worst, slice) => (worst === undefined || bad(slice) > bad(worst) ? slice : worst),
    undefined,
  )
}

function failsWorst(slice: SliceMeasures, rule: SlicesRule): boolean {
  if (rule.worst === undefined) return false
  const beyond = higherIsBetter[rule.metric] === true ? rule.worst - slice.metric : slice.metric - rule.worst
  return beyond > margin(slice.standardError, rule)
}

function failsDrop(slice: SliceMeasures, rule: SlicesRule): boolean {
  if (rule.maxDrop === undefined || slice.drop === null) return false
  return slice.drop - rule.maxDrop > margin(slice.dropError, rule)
}

function checkOf(
  { columns, metric, measured, minRows }: SlicesRule,
  question: 'worst' | 'deviation' | 'drop',
  found: Omit<GateCheck, 'check' | 'kind'>,
): GateCheck {
  const by = columns.join(' × ')
  const check = `${metric} by ${by}${question === 'drop' ? '' : `, ${question}`}`
  if (measured.slices.length > 0) return { check, ...found, kind: 'slices' }
  const reason = `no slice of ${by} has the ${count(minRows)} rows needed to compare`
  const finding = { kind: 'small-slices' as const, question, metric, columns: [...columns], minRows }
  return { check, passed: true, value: null, limit: found.limit, reason, kind: 'slices', finding }
}

function worstCheck(rule: SlicesRule): GateCheck[] {
  if (rule.worst === undefined) return []
  const { metric, measured, worst: limit } = rule
  const named = columnsOf(rule)
  const failing = measured.slices.filter((slice) => failsWorst(slice, rule))
  const worst = worstOf(failing.length > 0 ? failing : measured.slices, badness(metric))
  if (worst === undefined) return [checkOf(rule, 'worst', { passed: true, value: null, limit, reason: '' })]
  const passed = failing.length === 0
  const score = `${shown(metric)} ${number(worst.metric, limit)} of the slice ${named} = ${worst.value} (${count(worst.rows)} rows)`
  const reason = passed
    ? `${score} is the worst, within the limit of ${number(limit, worst.metric)}${rule.require === 'interval' && beyondLimit(worst, rule) ? ' as far as chance can tell' : ''}`
    : `${score} is beyond the limit of ${number(limit, worst.metric)}${rule.require === 'interval' ? ' by more than chance explains' : ''}`
  const chance = rule.require === 'interval' && (!passed || beyondLimit(worst, rule))
  const finding = { kind: 'worst-slice' as const, ...sliceOf(rule, worst), chance }
  return [checkOf(rule, 'worst', { passed, value: worst.metric, limit, reason, finding })]
}

function beyondLimit(slice: SliceMeasures, rule: SlicesRule): boolean {
  return failsWorst(slice, { ...rule, require: 'point' })
}

function deviationCheck(rule: SlicesRule): GateCheck[] {
  const { maxDeviation: limit, measured, metric, require } = rule
  if (limit === undefined) return []
  const seen = measured.deviation
  const decisive = require === 'interval' ? measured.trueDeviation : seen
  if (seen === null || decisive === null) {
    const reason = `there are too few slices of ${columnsOf(rule)} to vary`
    const finding = { kind: 'few-slices' as const, metric, columns: [...rule.columns] }
    return [checkOf(rule, 'deviation', { passed: true, value: null, limit, reason, finding })]
  }
  const passed = decisive <= limit
  const chance = require === 'interval' ? ` (${number(seen, decisive)} as seen, the rest is chance)` : ''
  const side = passed ? 'within' : 'beyond'
  const reason = `the ${shown(metric)} deviates by ${number(decisive, limit)} over ${count(measured.slices.length)} slices of ${columnsOf(rule)}${chance}, ${side} the limit of ${number(limit, decisive)}`
  const finding = {
    kind: 'deviation' as const,
    metric,
    columns: [...rule.columns],
    slices: measured.slices.length,
    seen: require === 'interval' ? seen : null,
  }
  return [checkOf(rule, 'deviation', { passed, value: decisive, limit, reason, finding })]
}

function dropCheck(rule: SlicesRule): GateCheck[] {
  const { maxDrop: limit, measured, metric, require, hasChampion } = rule
  if (limit === undefined) return []
  if (!hasChampion) {
    const reason = `no slice of ${columnsOf(rule)} can be compared without a champion`
    const finding = { kind: 'slices-without-champion' as const, metric, columns: [...rule.columns] }
    const check = `${metric} by ${columnsOf(rule)}`
    return [{ check, passed: true, value: null, limit, reason, kind: 'slices', finding }]
  }
  const failing = measured.slices.filter((slice) => failsDrop(slice, rule))
  const compared = measured.slices.filter(({ drop }) => drop !== null)
  const worst = worstOf(failing.length > 0 ? failing : compared, ({ drop }) => drop ?? Number.NEGATIVE_INFINITY)
  if (worst === undefined || worst.drop === null) {
    return [
      checkOf({ ...rule, measured: { ...measured, slices: [] } }, 'drop', {
        passed: true,
        value: null,
        limit,
        reason: '',
      }),
    ]
  }
  const passed = failing.length === 0
  const lost = `the slice ${columnsOf(rule)} = ${worst.value} lost ${number(worst.drop, limit)} of ${shown(metric)} against the champion`
  const chance = require === 'interval' ? ` by more than chance explains (${percent(rule.confidence)})` : ''
  const change = worst.drop <= 0 ? `no slice of ${columnsOf(rule)} lost ${shown(metric)}` : lost
  const reason = passed
    ? `${change}${worst.drop > limit ? `, which chance alone may explain in ${count(worst.rows)} rows` : ''}`
    : `${change}, more than the ${limit} allowed${chance}`
  const confidence = require === 'interval' ? rule.confidence : null
  const finding = { kind: 'slice-drop' as const, ...sliceOf(rule, worst), confidence }
  return [checkOf(rule, 'drop', { passed, value: worst.drop, limit, reason, finding })]
}

function sliceOf({ metric, columns }: SlicesRule, { value, rows }: SliceMeasures) {
  return { metric, columns: [...columns], slice: value, rows }
}

function columnsOf({ columns }: SlicesRule): string {
  return columns.join(' × ')
}
