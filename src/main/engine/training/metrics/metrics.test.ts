/** Expected values are those of scikit-learn 1.9. */
import { describe, expect, test } from 'vitest'
import { calibrationBins } from './calibration.ts'
import { accuracy, brier, confusionMatrix, f1, logLoss, macroF1, predictedClasses } from './classification.ts'
import { auc, precisionRecallCurve, rocCurve } from './ranking.ts'
import { mae, r2, rmse } from './regression.ts'

const labels = [0, 0, 1, 1, 0, 1, 0, 1, 1, 0]
const scores = Float64Array.of(0.1, 0.4, 0.35, 0.8, 0.4, 0.4, 0.2, 0.9, 0.5, 0.6)
const both = Array.from(scores, (score) => [1 - score, score]).flat()

describe('binary', () => {
  test('AUC counts ties half', () => {
    expect(auc(scores, labels)).toBeCloseTo(0.76, 12)
    expect(auc(Float64Array.of(1, 1, 1), [0, 1, 0])).toBe(0.5)
    expect(auc(Float64Array.of(1, 2), [1, 1])).toBeNaN()
  })
  test('accuracy, F1, log loss, Brier', () => {
    const confusion = confusionMatrix(labels, predictedClasses(Float64Array.from(both), 2), 2)
    expect(confusion).toEqual([
      [4, 1],
      [2, 3],
    ])
    expect(accuracy(confusion)).toBeCloseTo(0.7, 12)
    expect(f1(confusion, 1)).toBeCloseTo(2 / 3, 12)
    expect(logLoss(labels, Float64Array.from(both), 2)).toBeCloseTo(0.5254210150282986, 12)
    expect(brier(labels, scores)).toBeCloseTo(0.18125, 12)
  })
  test('ROC and precision-recall points', () => {
    expect(rocCurve(scores, labels)).toEqual([
      { x: 0, y: 0 },
      { x: 0, y: 0.2 },
      { x: 0, y: 0.4 },
      { x: 0.2, y: 0.4 },
      { x: 0.2, y: 0.6 },
      { x: 0.6, y: 0.8 },
      { x: 0.6, y: 1 },
      { x: 0.8, y: 1 },
      { x: 1, y: 1 },
    ])
    expect(precisionRecallCurve(scores, labels)).toEqual([
      { x: 0.2, y: 1 },
      { x: 0.4, y: 1 },
      { x: 0.4, y: 2 / 3 },
      { x: 0.6, y: 3 / 4 },
      { x: 0.8, y: 4 / 7 },
      { x: 1, y: 5 / 8 },
      { x: 1, y: 5 / 9 },
      { x: 1, y: 0.5 },
    ])
  })
  test('curves are thinned but keep their ends', () => {
    const many = Float64Array.from({ length: 20_000 }, (_, index) => index)
    const roc = rocCurve(
      many,
      Array.from(many, (value) => ((value * 7919) % 2 === 0 ? 1 : 0)),
    )
    expect(roc.length).toBeLessThan(210)
    expect([roc[0], roc.at(-1)]).toEqual([
      { x: 0, y: 0 },
      { x: 1, y: 1 },
    ])
  })
  test('calibration bins hold equal shares', () => {
    expect(calibrationBins(Float64Array.of(0.9, 0.1, 0.3, 0.7), [1, 0, 1, 1], 2)).toEqual([
      { meanPredicted: 0.2, observed: 0.5, rows: 2 },
      { meanPredicted: 0.8, observed: 1, rows: 2 },
    ])
  })
})

test('multiclass', () => {
  const actual = [0, 1, 2, 2, 1, 0, 2]
  const probabilities = Float64Array.of(
    0.7,
    0.2,
    0.1,
    0.1,
    0.6,
    0.3,
    0.2,
    0.2,
    0.6,
    0.5,
    0.3,
    0.2,
    0.2,
    0.3,
    0.5,
    0.4,
    0.35,
    0.25,
    0.1,
    0.1,
    0.8,
  )
  const confusion = confusionMatrix(actual, predictedClasses(probabilities, 3), 3)
  expect(confusion).toEqual([
    [2, 0, 0],
    [0, 1, 1],
    [1, 0, 2],
  ])
  expect(accuracy(confusion)).toBeCloseTo(5 / 7, 12)
  expect(macroF1(confusion)).toBeCloseTo(0.7111111111111111, 12)
  expect(logLoss(actual, probabilities, 3)).toBeCloseTo(0.761595884488445, 12)
})

test('log loss stays finite for a certain error', () => {
  expect(logLoss([1], Float64Array.of(1, 0), 2)).toBeCloseTo(36.04365338911715, 10)
})

test('regression', () => {
  const actual = [3, -0.5, 2, 7]
  const predicted = [2.5, 0, 2, 8]
  expect(rmse(actual, predicted)).toBeCloseTo(0.6123724356957945, 12)
  expect(mae(actual, predicted)).toBeCloseTo(0.5, 12)
  expect(r2(actual, predicted)).toBeCloseTo(0.9486081370449679, 12)
  expect(r2([1, 1], [1, 2])).toBeNaN()
})
