import { describe, expect, test } from 'vitest'
import { type Interval, verdictSchema } from '#shared/gate.ts'
import type { Evaluation } from '#shared/models.ts'
import type { ComparedWith } from './comparison-check.ts'
import { type SliceMeasures, spreadOf } from './slice-figures.ts'
import type { SlicesRule } from './slices-check.ts'
import { judge } from './verdict.ts'

function evaluation(auc: number, rows = 24_000): Evaluation {
  return {
    task: 'binary',
    target: 'late',
    classes: ['false', 'true'],
    rows,
    metrics: { auc, logLoss: 0.5 },
    slices: [],
  }
}

function champion(mine: number, theirs: number, change: Partial<ComparedWith> = {}): ComparedWith {
  return {
    with: 'champion',
    name: 'delay@champion',
    version: { model: 'delay', alias: 'champion', number: 1 },
    span: null,
    rows: 24_000,
    metric: 'auc',
    candidate: { auc: mine, logLoss: 0.5 },
    other: { auc: theirs },
    minImprovement: 0,
    require: 'point',
    ...change,
  }
}
const between = (low: number, high: number): Interval => ({ low, high, confidence: 0.95, resamples: 1_000 })

describe('L1.8: good enough, and better than what there is', () => {
  test('blesses with the figures that decided', () => {
    const verdict = judge(evaluation(0.641), { thresholds: { auc: 0.63 }, comparisons: [champion(0.641, 0.633)] })
    expect(verdict).toMatchObject({
      blessed: true,
      outcome: 'promote',
      reason:
        'AUC 0.641 on 24,000 rows is above the limit of 0.630; ' +
        'the champion (version 1) scores 0.633 on the same rows, the candidate 0.641.',
      against: { model: 'delay', alias: 'champion', version: 1, metrics: { auc: 0.633 } },
    })
    expect(verdictSchema.parse(JSON.parse(JSON.stringify(verdict)))).toEqual(verdict)
  })
  test('rejects with the failed checks alone', () => {
    const verdict = judge(evaluation(0.631), {
      thresholds: { auc: 0.63, logLoss: 0.4 },
      comparisons: [champion(0.631, 0.6314)],
    })
    expect(verdict).toMatchObject({ blessed: false, outcome: 'keep' })
    expect(verdict.reason).toBe(
      'log loss 0.500 on 24,000 rows is above the limit of 0.400; ' +
        'the champion (version 1) scores 0.6314 on the same rows, the candidate 0.6310, which is worse.',
    )
    expect(verdict.checks.map(({ check, passed, kind }) => [check, passed, kind])).toEqual([
      ['auc minimum', true, 'threshold'],
      ['logLoss maximum', false, 'threshold'],
      ['auc against delay@champion', false, 'comparison'],
    ])
  })
  test('lets an equal candidate pass unless an improvement is asked for', () => {
    const blessed = (mine: number, theirs: number, minImprovement: number) =>
      judge(evaluation(mine), { thresholds: {}, comparisons: [champion(mine, theirs, { minImprovement })] }).blessed
    expect(blessed(0.64, 0.64, 0)).toBe(true)
    expect(blessed(0.64, 0.64, 0.01)).toBe(false)
    expect(blessed(0.64, 0.65, -0.02)).toBe(true)
  })
  test('passes the comparison where there is no champion yet', () => {
    const none = champion(0.64, 0, { version: undefined, other: undefined })
    const verdict = judge(evaluation(0.64), { thresholds: {}, comparisons: [none] })
    expect(verdict).toMatchObject({ blessed: true, reason: 'there is no delay@champion yet to compare with.' })
    expect(verdict.against).toBeUndefined()
    expect(verdict.comparisons).toBeUndefined()
  })
  test('rejects where the champion cannot be scored or the metric is not defined', () => {
    const broken = champion(0.64, 0, { other: undefined, problem: 'The data has no column "x".' })
    const verdict = judge(evaluation(0.64), { thresholds: { f1: 0.1 }, comparisons: [broken] })
    expect(verdict.reason).toBe(
      'the F1 is not defined for these 24,000 rows; the champion (version 1) cannot be compared: The data has no column "x".',
    )
  })

  test('an improvement that may be chance is not enough where the interval is asked for', () => {
    const decide = (change: Partial<ComparedWith>) =>
      judge(evaluation(0.641), { thresholds: {}, comparisons: [champion(0.641, 0.633, change)] })
    expect(decide({ require: 'interval', interval: between(-0.002, 0.018) })).toMatchObject({
      blessed: false,
      reason:
        'the champion (version 1) scores 0.633 on the same rows, the candidate 0.641 ' +
        '(improvement 0.008, 95 % interval -0.002 to 0.018), which may be chance.',
      comparisons: [{ improvement: expect.closeTo(0.008, 12), interval: { low: -0.002 }, passed: false }],
    })
    expect(decide({ require: 'interval', interval: between(0.001, 0.015) }).blessed).toBe(true)
    expect(decide({ require: 'point', interval: between(-0.002, 0.018) }).blessed).toBe(true)
    const margin = { require: 'interval', minImprovement: -0.005, interval: between(-0.002, 0.018) } as const
    expect(decide(margin).blessed).toBe(true)
    expect(decide({ require: 'interval', interval: undefined }).reason).toMatch(/too few rows for an interval\.$/)
  })
  test('baseline, rule and the newest rows are checks of their own', () => {
    const verdict = judge(evaluation(0.64), {
      thresholds: {},
      comparisons: [
        champion(0.64, 0.62),
        champion(0.6, 0.63, { span: 'the newest 14d of flights', rows: 900 }),
        champion(0.64, 0.5, { with: 'baseline', name: 'dummy', version: undefined }),
        champion(0.64, 0.66, { with: 'rule', name: 'distance > 1000', version: undefined }),
      ],
    })
    expect(verdict.reason).toBe(
      'the champion (version 1) scores 0.630 on 900 rows of the newest 14d of flights, the candidate 0.600, which is worse; ' +
        'the rule distance > 1000 scores 0.660 on the same rows, the candidate 0.640, which is worse.',
    )
    expect(verdict.checks.map(({ check, passed }) => [check, passed])).toEqual([
      ['auc against delay@champion', true],
      ['auc against delay@champion on the newest 14d of flights', false],
      ['auc against dummy', true],
      ['auc against distance > 1000', false],
    ])
    expect(verdict.against?.metrics).toEqual({ auc: 0.62 })
  })
  test('what becomes of the version is as configured', () => {
    const outcomes = { blessed: 'ask', rejected: 'keep' } as const
    expect(judge(evaluation(0.64), { thresholds: { auc: 0.6 }, outcomes }).outcome).toBe('ask')
    expect(judge(evaluation(0.64), { thresholds: { auc: 0.7 }, outcomes }).outcome).toBe('keep')
  })
})

describe('L1.8: as good in every slice', () => {
  const slice = (value: string, metric: number, drop: number | null, error = 0.01): SliceMeasures => ({
    value,
    rows: 500,
    metric,
    standardError: error,
    champion: drop === null ? null : metric + drop,
    drop,
    dropError: drop === null ? null : error,
  })
  function rule(slices: readonly SliceMeasures[], change: Partial<SlicesRule>): SlicesRule {
    return {
      columns: ['origin'],
      metric: 'auc',
      minRows: 100,
      require: 'point',
      confidence: 0.95,
      measured: { slices, small: 0, ...spreadOf(slices) },
      hasChampion: true,
      ...change,
    }
  }
  const decide = (slices: readonly SliceMeasures[], change: Partial<SlicesRule>) =>
    judge(evaluation(0.66), { thresholds: {}, slices: [rule(slices, change)] })
  const two = [slice('ATL', 0.58, 0.02), slice('ORD', 0.65, 0.05)]

  test('finds the slice that lost most', () => {
    expect(decide(two, { maxDrop: 0.02 })).toMatchObject({
      blessed: false,
      reason: 'the slice origin = ORD lost 0.050 of AUC against the champion, more than the 0.02 allowed.',
      slices: [{ columns: ['origin'], worst: 'ATL', slices: [{ passed: true }, { value: 'ORD', passed: false }] }],
    })
    expect(decide(two, { maxDrop: 0.06 }).blessed).toBe(true)
    expect(decide([], { maxDrop: 0.02 })).toMatchObject({
      blessed: true,
      reason: 'no slice of origin has the 100 rows needed to compare.',
    })
    expect(decide([slice('ATL', 0.5, null)], { maxDrop: 0.02, hasChampion: false }).reason).toMatch(
      /without a champion/,
    )
  })
  test('finds the worst slice, with its rows', () => {
    expect(decide(two, { worst: 0.6 })).toMatchObject({
      blessed: false,
      reason: 'AUC 0.580 of the slice origin = ATL (500 rows) is beyond the limit of 0.600.',
    })
    expect(decide(two, { worst: 0.55 })).toMatchObject({
      blessed: true,
      reason: 'AUC 0.580 of the slice origin = ATL (500 rows) is the worst, within the limit of 0.550.',
    })
  })
  test('few rows excuse a slice as far as chance explains its figure', () => {
    const small = [slice('ATL', 0.58, 0.02, 0.03), slice('ORD', 0.65, 0.05, 0.001)]
    const judged = decide(small, { worst: 0.6, maxDrop: 0.02, require: 'interval' })
    expect(judged.reason).toBe(
      'the slice origin = ORD lost 0.050 of AUC against the champion, more than the 0.02 allowed by more than chance explains (95 %).',
    )
    // Two slices share the tail of 5 %: z = 2.2414, so 0.02 below a limit needs an error under 0.00892.
    const worst = (error: number) =>
      decide([slice('ATL', 0.58, null, error), two[1] ?? slice('', 0, null)], { worst: 0.6, require: 'interval' })
    expect(worst(0.0089).blessed).toBe(false)
    expect(worst(0.009).blessed).toBe(true)
    expect(worst(0.009).reason).toMatch(/as far as chance can tell/)
  })
  test('limits how much the metric may vary', () => {
    const three = [slice('A', 0.6, null, 0.06), slice('B', 0.7, null, 0.06), slice('C', 0.8, null, 0.06)]
    expect(decide(three, { maxDeviation: 0.09 })).toMatchObject({
      blessed: false,
      reason: 'the AUC deviates by 0.100 over 3 slices of origin, beyond the limit of 0.090.',
    })
    expect(decide(three, { maxDeviation: 0.09, require: 'interval' })).toMatchObject({
      blessed: true,
      reason:
        'the AUC deviates by 0.080 over 3 slices of origin (0.100 as seen, the rest is chance), within the limit of 0.090.',
    })
  })
})

test('verdicts from before are still read', () => {
  const old = {
    blessed: true,
    reason: 'AUC 0.641 on 24,000 rows is above the limit of 0.630.',
    checks: [{ check: 'auc minimum', passed: true, value: 0.641, limit: 0.63, reason: 'AUC 0.641 is above.' }],
    against: { model: 'delay', alias: 'champion', version: 1, metrics: { auc: 0.633 } },
    metrics: { auc: 0.641 },
    rows: 24_000,
  }
  expect(verdictSchema.parse(old)).toEqual(old)
})
