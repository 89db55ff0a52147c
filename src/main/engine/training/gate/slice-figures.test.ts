import { describe, expect, test } from 'vitest'
import { createRandom } from '../random.ts'
import { crossedRows, sliceRows } from '../slices.ts'
import { measureSlices, spreadOf } from './slice-figures.ts'

const options = { resamples: 1_000, confidence: 0.95, seed: 5 }

/** A class guessed right with a chance that may depend on the slice. */
function world(sizes: readonly number[], chances: readonly number[], seed: number) {
  const random = createRandom(seed)
  const names = sizes.flatMap((size, slice) => new Array<string>(size).fill(`s${slice}`))
  const right = sizes.flatMap((size, slice) =>
    Array.from({ length: size }, () => random.next() < (chances[slice] ?? 0)),
  )
  const actual = Float64Array.from(right, () => (random.next() < 0.5 ? 1 : 0))
  const probabilities = Float64Array.from(
    right.flatMap((isRight, row) => (isRight === (actual[row] === 1) ? [0.1, 0.9] : [0.9, 0.1])),
  )
  return {
    task: 'binary' as const,
    metric: 'accuracy',
    slices: sliceRows({ kind: 'text', values: names }, 'text'),
    minRows: 30,
    actual,
    candidate: { kind: 'probabilities' as const, classes: ['no', 'yes'], probabilities },
  }
}

describe('L1.8: the variance over slices', () => {
  test('as literal figures: what is seen, and what is left without chance', () => {
    const slice = (metric: number, standardError: number) => ({ metric, standardError })
    // Variance of 0.6, 0.7, 0.8 is 0.01; the mean sampling variance 0.0036.
    expect(spreadOf([slice(0.6, 0.06), slice(0.7, 0.06), slice(0.8, 0.06)])).toEqual({
      deviation: expect.closeTo(0.1, 12),
      trueDeviation: expect.closeTo(0.08, 12),
    })
    expect(spreadOf([slice(0.6, 0.2), slice(0.7, 0.2)]).trueDeviation).toBe(0)
    expect(spreadOf([slice(0.6, 0.2)])).toEqual({ deviation: null, trueDeviation: null })
  })
  test('small slices of a model that is as good everywhere seem to differ, and do not', async () => {
    const sizes = new Array<number>(20).fill(40)
    const seen: number[] = []
    const left: number[] = []
    for (let seed = 1; seed <= 10; seed++) {
      const { deviation, trueDeviation } = await measureSlices(
        world(
          sizes,
          sizes.map(() => 0.7),
          seed,
        ),
        options,
      )
      seen.push(deviation ?? 0)
      left.push(trueDeviation ?? 0)
    }
    const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
    // sqrt(0.7 · 0.3 / 40) = 0.072 by chance alone.
    expect(mean(seen)).toBeCloseTo(0.072, 2)
    expect(mean(left)).toBeLessThan(0.035)
  })
  test('slices that truly differ still do', async () => {
    const chances = Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? 0.6 : 0.9))
    const { trueDeviation } = await measureSlices(world(new Array<number>(20).fill(200), chances, 3), options)
    expect(trueDeviation).toBeGreaterThan(0.12)
    expect(trueDeviation).toBeLessThan(0.18)
  })
})

test('a slice has the standard error of a share, and too small ones are counted', async () => {
  const measured = await measureSlices(world([400, 100, 10], [0.8, 0.5, 0.5], 2), options)
  expect(measured.small).toBe(1)
  expect(measured.slices.map(({ value, rows }) => [value, rows])).toEqual([
    ['s0', 400],
    ['s1', 100],
  ])
  const [first, second] = measured.slices
  expect(first?.standardError).toBeCloseTo(Math.sqrt((0.8 * 0.2) / 400), 2)
  expect(second?.standardError).toBeCloseTo(0.05, 2)
  expect(first).toMatchObject({ champion: null, drop: null, dropError: null })
})

test('the drop against a champion is paired', async () => {
  const request = world([200, 200], [0.9, 0.5], 4)
  const { slices } = await measureSlices({ ...request, champion: request.candidate }, options)
  expect(slices.map(({ drop, dropError }) => [drop, dropError])).toEqual([
    [0, 0],
    [0, 0],
  ])
})

test('two columns are crossed, missing values included', () => {
  const first = { column: { kind: 'text' as const, values: ['a', 'a', 'b', null] }, type: 'text' as const }
  const second = { column: { kind: 'numeric' as const, values: Float64Array.of(1, 1, 0, 1) }, type: 'boolean' as const }
  expect(crossedRows(first, second).map(({ value, rows }) => [value, [...rows]])).toEqual([
    ['a × true', [0, 1]],
    ['(missing) × true', [3]],
    ['b × false', [2]],
  ])
})
