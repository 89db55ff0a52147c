import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ColumnBatch } from '../tables/columns.ts'
import { importanceRepeats, importanceRows, permutationImportance, sampleRows, withShuffled } from './importance.ts'
import { auc } from './metrics/ranking.ts'
import { rmse } from './metrics/regression.ts'
import { createRandom } from './random.ts'

const rows = 400
const random = createRandom(11)
const column = () => Float64Array.from({ length: rows }, () => random.next())
const signal = column()
const weak = column()
const labels = signal.map((value) => (value > 0.5 ? 1 : 0))
const batch: ColumnBatch = {
  length: rows,
  columns: new Map([
    ['unused', { kind: 'numeric', values: column() }],
    ['weak', { kind: 'numeric', values: weak }],
    ['signal', { kind: 'numeric', values: signal }],
    ['word', { kind: 'text', values: Array.from({ length: rows }, (_, row) => (row % 2 === 0 ? 'even' : null)) }],
  ]),
}
const inputs = [...batch.columns.keys()]
const numbers = (of: ColumnBatch, name: string): Float64Array => {
  const found = of.columns.get(name)
  return found?.kind === 'numeric' ? found.values : new Float64Array()
}

/** 10 × signal + weak, which never looks at the other columns. */
const predict = (of: ColumnBatch) =>
  numbers(of, 'signal').map((value, row) => 10 * value + (numbers(of, 'weak')[row] ?? 0))

describe('permutation importance', () => {
  test('the signal ranks first, and an input that is not read has exactly 0', async () => {
    const importance = await permutationImportance({
      task: 'binary',
      inputs,
      batch,
      score: async (of) => ({ auc: auc(predict(of), labels) }),
      seed: 3,
    })
    expect(importance).toMatchObject({ metric: 'auc', rows, repeats: importanceRepeats })
    expect(importance?.inputs[0]).toMatchObject({ name: 'signal' })
    // An AUC near 1 falls to that of chance, 0.5.
    expect(importance?.inputs[0]?.mean).toBeGreaterThan(0.4)
    expect(importance?.inputs[0]?.mean).toBeLessThan(0.6)
    expect(importance?.inputs[0]?.deviation).toBeGreaterThan(0)
    for (const name of ['unused', 'word']) {
      expect(importance?.inputs.find((each) => each.name === name)).toEqual({ name, mean: 0, deviation: 0 })
    }
  })

  test('where less is better, a rise of the error is the importance', async () => {
    const actual = predict(batch)
    const importance = await permutationImportance({
      task: 'regression',
      inputs,
      batch,
      score: async (of) => ({ rmse: rmse(actual, predict(of)) }),
      seed: 3,
    })
    // The difference of two independent uniform numbers has a root mean square of √(1/6) = 0.408; ten times that.
    expect(importance?.inputs[0]).toMatchObject({ name: 'signal', mean: expect.closeTo(4.08, 0) })
    expect(importance?.inputs[1]).toMatchObject({ name: 'weak', mean: expect.closeTo(0.408, 1) })
  })

  test('mean and standard deviation over the repeats, in literal numbers', async () => {
    const scores = [0.9, 0.5, 0.6, 0.7, 0.8, 0.9]
    let call = 0
    const score = async () => ({ auc: scores[call++] ?? 0 })
    const importance = await permutationImportance({ task: 'binary', inputs: ['signal'], batch, score, seed: 1 })
    // Drops of 0.4, 0.3, 0.2, 0.1 and 0.
    expect(importance?.inputs[0]?.mean).toBeCloseTo(0.2, 12)
    expect(importance?.inputs[0]?.deviation).toBeCloseTo(Math.sqrt(0.025), 12)
  })

  test('the same seed gives the same numbers', async () => {
    const measure = (seed: number) =>
      permutationImportance({
        task: 'binary',
        inputs,
        batch,
        score: async (of) => ({ auc: auc(predict(of), labels) }),
        seed,
      })
    expect(await measure(5)).toEqual(await measure(5))
    expect(await measure(5)).not.toEqual(await measure(6))
  })

  test('nothing is said where the metric is not defined', async () => {
    const score = async () => ({ logLoss: 1 })
    expect(await permutationImportance({ task: 'binary', inputs, batch, score, seed: 1 })).toBeUndefined()
  })
})

test('shuffling keeps the values of the column and leaves the others alone', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ noNaN: true }), { minLength: 1 }), fc.integer(), (values, seed) => {
      const given: ColumnBatch = {
        length: values.length,
        columns: new Map([
          ['a', { kind: 'numeric', values: Float64Array.from(values) }],
          ['b', { kind: 'numeric', values: Float64Array.from(values) }],
        ]),
      }
      const shuffled = withShuffled(given, 'a', createRandom(seed))
      expect(numbers(shuffled, 'a').toSorted()).toEqual(Float64Array.from(values).sort())
      expect(shuffled.columns.get('b')).toBe(given.columns.get('b'))
    }),
  )
})

test('rows are bounded, fewer for many inputs', () => {
  expect(importanceRows(300, 4)).toBe(300)
  expect(importanceRows(100_000, 4)).toBe(5_000)
  expect(importanceRows(100_000, 100)).toBe(2_000)
  expect(importanceRows(100_000, 10_000)).toBe(200)
})

test('sampled rows are distinct and in order', () => {
  const sampled = [...sampleRows(1_000, 100, 7)]
  expect(sampled).toHaveLength(100)
  expect(new Set(sampled).size).toBe(100)
  expect(sampled).toEqual(sampled.toSorted((a, b) => a - b))
  expect([...sampleRows(3, 5, 7)]).toEqual([0, 1, 2])
})
