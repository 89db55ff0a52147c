import { describe, expect, test } from 'vitest'
import type { Evaluation } from '#shared/models.ts'
import { type GateRules, judge } from './verdict.ts'

function evaluation(auc: number, slices: Record<string, number> = {}, rows = 24_000): Evaluation {
  return {
    task: 'binary',
    target: 'late',
    classes: ['false', 'true'],
    rows,
    metrics: { auc, logLoss: 0.5 },
    slices: Object.entries(slices).map(([value, score]) => ({
      column: 'origin',
      value,
      rows: 500,
      metrics: { auc: score },
    })),
  }
}
function against(auc: number, minImprovement = 0): NonNullable<GateRules['comparison']> {
  const champion = {
    model: 'delay',
    alias: 'champion',
    version: 1,
    evaluation: evaluation(auc, { ATL: 0.6, ORD: 0.7 }),
  }
  return { reference: 'delay@champion', champion, metric: 'auc', minImprovement }
}

describe('the gate', () => {
  test('blesses with the figures that decided', () => {
    const verdict = judge(evaluation(0.641), { thresholds: { auc: 0.63 }, comparison: against(0.633) })
    expect(verdict).toMatchObject({
      blessed: true,
      reason:
        'AUC 0.641 on 24,000 rows is above the limit of 0.630; ' +
        'the champion (version 1) scores 0.633 on the same rows, the candidate 0.641.',
      against: { model: 'delay', alias: 'champion', version: 1, metrics: { auc: 0.633 } },
    })
  })
  test('rejects with the failed checks alone', () => {
    const verdict = judge(evaluation(0.631), { thresholds: { auc: 0.63, logLoss: 0.4 }, comparison: against(0.6314) })
    expect(verdict.blessed).toBe(false)
    expect(verdict.reason).toBe(
      'log loss 0.500 on 24,000 rows is above the limit of 0.400; ' +
        'the champion (version 1) scores 0.6314 on the same rows, the candidate 0.6310, which is worse.',
    )
    expect(verdict.checks.map(({ check, passed }) => [check, passed])).toEqual([
      ['auc minimum', true],
      ['logLoss maximum', false],
      ['auc against delay@champion', false],
    ])
  })
  test('lets an equal candidate pass unless an improvement is asked for', () => {
    expect(judge(evaluation(0.64), { thresholds: {}, comparison: against(0.64) }).blessed).toBe(true)
    expect(judge(evaluation(0.64), { thresholds: {}, comparison: against(0.64, 0.01) }).blessed).toBe(false)
    expect(judge(evaluation(0.64), { thresholds: {}, comparison: against(0.65, -0.02) }).blessed).toBe(true)
  })
  test('passes the comparison where there is no champion yet', () => {
    const comparison = { ...against(0), champion: undefined }
    const verdict = judge(evaluation(0.64), { thresholds: {}, comparison })
    expect(verdict).toMatchObject({ blessed: true, reason: 'there is no delay@champion yet to compare with.' })
    expect(verdict.against).toBeUndefined()
  })
  test('rejects where the champion cannot be scored or the metric is not defined', () => {
    const champion = { model: 'delay', alias: 'champion', version: 1, problem: 'The data has no column "x".' }
    const verdict = judge(evaluation(0.64), { thresholds: { f1: 0.1 }, comparison: { ...against(0), champion } })
    expect(verdict.reason).toBe(
      'the F1 is not defined for these 24,000 rows; the champion (version 1) cannot be compared: The data has no column "x".',
    )
  })
  test('finds the slice that lost most', () => {
    const slices = { column: 'origin', maxDrop: 0.02, minRows: 100, metric: 'auc' }
    const candidate = evaluation(0.66, { ATL: 0.58, ORD: 0.65 })
    const rejected = judge(candidate, { thresholds: {}, comparison: against(0.64), slices })
    expect(rejected.reason).toBe(
      'the slice origin = ORD lost 0.050 of AUC against the champion, more than the 0.02 allowed.',
    )
    expect(
      judge(candidate, { thresholds: {}, comparison: against(0.64), slices: { ...slices, maxDrop: 0.06 } }).blessed,
    ).toBe(true)
    expect(
      judge(candidate, { thresholds: {}, comparison: against(0.64), slices: { ...slices, minRows: 501 } }).blessed,
    ).toBe(true)
  })
})
