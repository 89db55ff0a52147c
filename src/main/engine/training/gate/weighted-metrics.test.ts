import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Task } from '#shared/models.ts'
import { type Answers, answersFor, inClassesOf, metricsOfAnswers } from './answers.ts'
import { weightedMetric } from './weighted-metrics.ts'

/** Few levels, so that ties are common. */
const score = fc.integer({ min: 0, max: 6 }).map((level) => level / 6)
const row = fc.record({ label: fc.integer({ min: 0, max: 1 }), score, weight: fc.integer({ min: 0, max: 3 }) })
const rows = fc.array(row, { minLength: 1, maxLength: 40 })

const metricsOfTask: Record<Task, readonly string[]> = {
  binary: ['auc', 'accuracy', 'f1', 'logLoss', 'brier'],
  multiclass: ['accuracy', 'macroF1', 'logLoss'],
  regression: ['rmse', 'mae', 'r2'],
}

/** Each row as often as its weight says. */
function repeated(weights: readonly number[]): Uint32Array {
  return Uint32Array.from(weights.flatMap((weight, index) => new Array<number>(weight).fill(index)))
}

function expectSame(task: Task, actual: Float64Array, answers: Answers, weights: readonly number[]): void {
  const order = repeated(weights)
  const targets = Float64Array.from(order, (index) => actual[index] ?? 0)
  const plain = metricsOfAnswers(task, targets, answersFor(answers, order))
  for (const metric of metricsOfTask[task]) {
    const weighted = weightedMetric(metric, actual, answers)?.(Float64Array.from(weights)) ?? Number.NaN
    const expected = order.length === 0 ? undefined : plain[metric]
    if (expected === undefined) expect(Number.isFinite(weighted) && order.length > 0).toBe(false)
    else expect(weighted).toBeCloseTo(expected, 9)
  }
}

describe('a weight is as many rows', () => {
  test('for two classes', () => {
    fc.assert(
      fc.property(rows, (list) => {
        const actual = Float64Array.from(list, ({ label }) => label)
        const probabilities = Float64Array.from(list.flatMap((each) => [1 - each.score, each.score]))
        const answers: Answers = { kind: 'probabilities', classes: ['no', 'yes'], probabilities }
        const weights = list.map(({ weight }) => weight)
        expectSame('binary', actual, answers, weights)
      }),
    )
  })
  test('for three classes', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(score, score, fc.nat(2), fc.nat(3)), { minLength: 1, maxLength: 40 }), (list) => {
        const actual = Float64Array.from(list, ([, , label]) => label)
        const probabilities = Float64Array.from(list.flatMap(([a, b]) => [a / 2, b / 2, 1 - (a + b) / 2]))
        const answers: Answers = { kind: 'probabilities', classes: ['a', 'b', 'c'], probabilities }
        const weights = list.map(([, , , weight]) => weight)
        expectSame('multiclass', actual, answers, weights)
      }),
    )
  })
  test('for numbers', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(50), fc.nat(50), fc.nat(3)), { minLength: 2, maxLength: 40 }), (list) => {
        const actual = Float64Array.from(list, ([value]) => value)
        const answers: Answers = { kind: 'values', values: Float64Array.from(list, ([, value]) => value) }
        const weights = list.map(([, , weight]) => weight)
        expectSame('regression', actual, answers, weights)
      }),
    )
  })
})

test('the AUC of scores with ties, by literal figures', () => {
  // scikit-learn's roc_auc_score of the same rows is 0.76.
  const labels = Float64Array.of(0, 0, 1, 1, 0, 1, 0, 1, 1, 0)
  const scores = Float64Array.of(1, 4, 3.5, 8, 4, 4, 2, 9, 5, 6)
  const area = weightedMetric('auc', labels, { kind: 'scores', scores })
  expect(area?.(new Float64Array(10).fill(1))).toBeCloseTo(0.76, 12)
  expect(area?.(labels.slice())).toBeNaN()
  expect(weightedMetric('logLoss', labels, { kind: 'scores', scores })).toBeUndefined()
})

test('probabilities are put into the order of other classes; a class that is not known gets none', () => {
  const probabilities = Float64Array.of(0.1, 0.9, 0.4, 0.6)
  const moved = inClassesOf({ kind: 'probabilities', classes: ['b', 'a'], probabilities }, ['a', 'b', 'c'])
  expect(moved).toEqual({
    kind: 'probabilities',
    classes: ['a', 'b', 'c'],
    probabilities: Float64Array.of(0.9, 0.1, 0, 0.6, 0.4, 0),
  })
})
