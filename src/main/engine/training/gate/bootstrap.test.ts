import { describe, expect, test } from 'vitest'
import { normalQuantile } from '../metrics/normal.ts'
import { createRandom } from '../random.ts'
import type { Answers } from './answers.ts'
import { type BootstrapOptions, deviationOf, pairedIntervals, percentile, resample } from './bootstrap.ts'
import { weightedMetric } from './weighted-metrics.ts'

/** With one other. */
async function pairedInterval(
  { other, ...request }: { metric: string; actual: Float64Array; candidate: Answers; other: Answers },
  options: BootstrapOptions,
) {
  const [interval] = await pairedIntervals({ ...request, others: [other] }, options)
  return interval
}

const options: BootstrapOptions = { resamples: 2_000, confidence: 0.95, seed: 7 }

/** 200 rows by a formula: 80 positives, scores that sort them with AUC 0.8605 and 0.7515. */
function formulaRows() {
  const share = (value: number) => value - Math.floor(value)
  const index = Array.from({ length: 200 }, (_, row) => row)
  const actual = Float64Array.from(index, (row) => ((row * 7919) % 10 < 4 ? 1 : 0))
  const scores = (lift: number, step: number): Answers => ({
    kind: 'scores',
    scores: Float64Array.from(index, (row) => (actual[row] ?? 0) * lift + share(row * step)),
  })
  return { actual, candidate: scores(0.5, 0.6180339887498949), other: scores(0.3, 0.7548776662466927) }
}

test('the interval of a difference of AUC is that of DeLong (1988), worked out with NumPy', async () => {
  const interval = await pairedInterval({ metric: 'auc', ...formulaRows() }, options)
  // Difference 0.10906, standard error 0.04109: 0.02853 to 0.18960.
  expect(interval?.low).toBeCloseTo(0.02853, 2)
  expect(interval?.high).toBeCloseTo(0.1896, 2)
  expect(interval).toMatchObject({ confidence: 0.95, resamples: 2_000 })
})

test('the same seed gives the same interval to the bit, another seed one that is close', async () => {
  const request = { metric: 'auc', ...formulaRows() }
  const first = await pairedInterval(request, options)
  expect(await pairedInterval(request, options)).toEqual(first)
  const other = await pairedInterval(request, { ...options, seed: 8 })
  expect(other).not.toEqual(first)
  expect(other?.low).toBeCloseTo(first?.low ?? 0, 2)
})

test('two rows have the three resamples that can be counted by hand', async () => {
  const mean = weightedMetric('mae', Float64Array.of(0, 0), { kind: 'values', values: Float64Array.of(0, 1) })
  const [draws = new Float64Array()] = await resample(2, mean === undefined ? [] : [mean], {
    resamples: 20_000,
    seed: 3,
  })
  const share = (value: number) => draws.filter((draw) => draw === value).length / draws.length
  expect([share(0), share(0.5), share(1)]).toEqual([
    expect.closeTo(0.25, 2),
    expect.closeTo(0.5, 2),
    expect.closeTo(0.25, 2),
  ])
  // sqrt(1/4 · 1/2) for the mean of two of {0, 1}.
  expect(deviationOf(draws)).toBeCloseTo(Math.sqrt(1 / 8), 2)
})

test('several others are held against the same draws as one', async () => {
  const { actual, candidate, other } = formulaRows()
  const [first, second] = await pairedIntervals(
    { metric: 'auc', actual, candidate, others: [candidate, other] },
    options,
  )
  expect(first).toMatchObject({ low: 0, high: 0 })
  expect(second).toEqual(await pairedInterval({ metric: 'auc', actual, candidate, other }, options))
})

test('pairing takes away what both models share', async () => {
  const { actual, candidate } = formulaRows()
  const same = await pairedInterval({ metric: 'auc', actual, candidate, other: candidate }, options)
  expect(same).toMatchObject({ low: 0, high: 0 })
})

describe('property', () => {
  /** Two predictors of numbers whose errors share most of their noise; the candidate is truly better by 0.2 in MAE. */
  function world(seed: number) {
    const random = createRandom(seed)
    const rows = 120
    const actual = new Float64Array(rows)
    const shared = Array.from({ length: rows }, () => random.next() * 4)
    const candidate = Float64Array.from(shared, (error) => error + random.next())
    const other = Float64Array.from(shared, (error) => error + random.next() + 0.2)
    const answers = (values: Float64Array): Answers => ({ kind: 'values', values })
    return { metric: 'mae', actual, candidate: answers(candidate), other: answers(other) }
  }

  test('the interval covers the truth about as often as it says', async () => {
    const trials = 300
    let covered = 0
    let above = 0
    for (let trial = 0; trial < trials; trial++) {
      const interval = await pairedInterval(world(trial + 1), { ...options, resamples: 400, confidence: 0.9 })
      if (interval !== undefined && interval.low <= 0.2 && interval.high >= 0.2) covered++
      if (interval !== undefined && interval.low > 0) above++
    }
    expect(covered / trials).toBeGreaterThan(0.86)
    expect(covered / trials).toBeLessThan(0.94)
    // Unpaired, a difference of 0.2 between such noisy rows would hardly ever be seen.
    expect(above / trials).toBeGreaterThan(0.9)
  })
})

test('a metric that most draws do not have has no interval', async () => {
  const answers: Answers = { kind: 'scores', scores: Float64Array.of(1, 2, 3) }
  const actual = Float64Array.of(0, 0, 0)
  expect(await pairedInterval({ metric: 'auc', actual, candidate: answers, other: answers }, options)).toBeUndefined()
})

test('a cancel is heard while rows are drawn', async () => {
  const abort = new AbortController()
  abort.abort(new Error('enough'))
  const rows = 1_000_000
  const mean = weightedMetric('mae', new Float64Array(rows), { kind: 'values', values: new Float64Array(rows) })
  const drawing = resample(rows, mean === undefined ? [] : [mean], { resamples: 1_000, seed: 1, signal: abort.signal })
  await expect(drawing).rejects.toThrow('enough')
})

test('percentiles as NumPy has them', () => {
  const values = Float64Array.of(1, 2, 4, 8)
  expect([0, 0.25, 0.5, 0.9, 1].map((share) => percentile(values, share))).toEqual([
    1,
    1.75,
    3,
    expect.closeTo(6.8, 12),
    8,
  ])
})

test('quantiles of the normal distribution as SciPy has them', () => {
  for (const [probability, z] of [
    [0.975, 1.959963984540054],
    [0.5, 0],
    [0.01, -2.3263478740408408],
    [0.0005, -3.2905267314919255],
    [0.9999, 3.719016485455709],
  ] as const) {
    expect(normalQuantile(probability)).toBeCloseTo(z, 7)
  }
  expect(normalQuantile(0)).toBe(Number.NEGATIVE_INFINITY)
  expect(normalQuantile(1)).toBe(Number.POSITIVE_INFINITY)
})
