import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bucketCount, bucketOf, type LatencyCounts, latencyQuantile, mergeLatencies } from './latency-histogram.ts'

function count(latenciesMs: readonly number[]): LatencyCounts {
  return mergeLatencies(latenciesMs.map((latency) => [[bucketOf(latency), 1]]))
}

test('quantiles are those of the sorted values, within 5 %', () => {
  const latency = fc.double({ min: 0.02, max: 120_000, noNaN: true })
  fc.assert(
    fc.property(
      fc.array(latency, { minLength: 1, maxLength: 300 }),
      fc.constantFrom(0.5, 0.95, 0.99),
      (values, share) => {
        const exact = values.toSorted((a, b) => a - b)[Math.max(0, Math.ceil(share * values.length) - 1)] ?? 0
        const told = latencyQuantile(count(values), share) ?? 0
        expect(Math.abs(told - exact) / exact).toBeLessThan(0.05)
      },
    ),
  )
})

test('of 1 ms to 100 ms the median is about 50 ms and the 99th percentile about 99 ms', () => {
  const counts = count(Array.from({ length: 100 }, (_, index) => index + 1))
  expect(latencyQuantile(counts, 0.5)).toBeCloseTo(51.99, 2)
  expect(latencyQuantile(counts, 0.99)).toBeCloseTo(101.32, 2)
})

test('nothing measured, nothing told', () => {
  expect(latencyQuantile([], 0.5)).toBeNull()
})

test('every latency has a bucket', () => {
  expect(bucketOf(0)).toBe(0)
  expect(bucketOf(Number.NaN)).toBe(0)
  expect(bucketOf(Number.POSITIVE_INFINITY)).toBe(bucketCount - 1)
})
