import { describe, expect, it } from 'vitest'
import { binsOfValues } from '../../data/sketches/number-bins.ts'
import { auc } from '../../training/metrics/ranking.ts'
import { createRandom } from '../../training/random.ts'
import { estimateOutcome, type LabelledScore, metricOf } from './estimate.ts'

const reference: LabelledScore[] = [
  { score: 0.1, rows: 100, positives: 5 },
  { score: 0.3, rows: 100, positives: 20 },
  { score: 0.6, rows: 100, positives: 50 },
  { score: 0.9, rows: 100, positives: 90 },
]

const of = { kind: 'evaluation' as const, model: 'flights', version: 3 }

describe('estimated performance', () => {
  it('is what the calibrated scores lead to expect', () => {
    const scores = binsOfValues([
      { value: 0.1, count: 200 },
      { value: 0.9, count: 100 },
    ])
    const estimate = (metric: 'auc' | 'accuracy' | 'f1' | 'logLoss') =>
      estimateOutcome({ scores, reference, metric, of })
    // Expected: 10 of 200 positive below, 90 of 100 above.
    expect(estimate('accuracy').value).toBeCloseTo((190 + 90) / 300, 6)
    expect(estimate('f1').value).toBeCloseTo(180 / (180 + 10 + 10), 6)
    expect(estimate('auc').value).toBeCloseTo((90 * (190 + 5) + 10 * 95) / (100 * 200), 6)
    // Calibration decides how often, the score of the model what it costs.
    const loss = -(10 * Math.log(0.1) + 190 * Math.log(0.9) + 90 * Math.log(0.9) + 10 * Math.log(0.1)) / 300
    expect(estimate('logLoss').value).toBeCloseTo(loss, 5)
  })

  it('equals the metrics of an evaluation where the labels are known', () => {
    const scores = [0.1, 0.4, 0.35, 0.8]
    const labels = [0, 0, 1, 1]
    const scored = scores.map((score, index) => ({ score, rows: 1, positives: labels[index] ?? 0 }))
    const ascending = scored.toSorted((a, b) => a.score - b.score)
    expect(metricOf('auc', ascending)).toBe(auc(Float64Array.from(scores), labels))
    expect(metricOf('accuracy', ascending)).toBe(0.75)
    expect(metricOf('f1', ascending)).toBeCloseTo(2 / 3, 12)
  })

  it('has an interval that holds what the labels turn out to be, nineteen times of twenty', () => {
    const random = createRandom(5)
    let held = 0
    const rounds = 60
    for (let round = 0; round < rounds; round++) {
      const draw = (rows: number) =>
        Array.from({ length: rows }, () => {
          const score = Math.round(random.next() * 50) / 50
          // Not calibrated: the model is too sure of itself.
          return { score, label: random.next() < 0.3 + score * 0.4 ? 1 : 0 }
        })
      const grouped = (rows: ReturnType<typeof draw>) =>
        [...Map.groupBy(rows, ({ score }) => score)]
          .map(([score, all]) => ({
            score,
            rows: all.length,
            positives: all.filter(({ label }) => label === 1).length,
          }))
          .sort((a, b) => a.score - b.score)
      const later = draw(400)
      const scores = binsOfValues(later.map(({ score }) => ({ value: score, count: 1 })))
      const { interval } = estimateOutcome({ scores, reference: grouped(draw(1_500)), metric: 'accuracy', of })
      const real = metricOf('accuracy', grouped(later))
      if (interval !== undefined && interval.low <= real && real <= interval.high) held++
    }
    // 57 are expected; fewer than 51 would be chance in one of a thousand series.
    expect(held).toBeGreaterThanOrEqual(51)
  })

  it('says nothing without scores or without a reference', () => {
    const scores = binsOfValues([{ value: 0.5, count: 3 }])
    expect(estimateOutcome({ scores, reference: [], metric: 'auc', of })).toMatchObject({ value: null, rows: 0 })
    expect(estimateOutcome({ scores: binsOfValues([]), reference, metric: 'auc', of }).value).toBeNull()
  })
})
