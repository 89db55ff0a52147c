import fc from 'fast-check'
import { expect, test } from 'vitest'
import { difference, quantileAtMost, shareOf } from './intervals.ts'

test('the interval of a share is that of Wilson', () => {
  // R. G. Newcombe, Statistics in Medicine 17 (1998), table I: 81 of 263 and 15 of 148.
  const first = shareOf(81, 263, 1.959964)
  expect([first.low, first.high].map((value) => value.toFixed(4))).toEqual(['0.2553', '0.3662'])
  const second = shareOf(15, 148, 1.959964)
  expect([second.low, second.high].map((value) => value.toFixed(4))).toEqual(['0.0624', '0.1605'])
  expect(shareOf(0, 0, 1.96)).toEqual({ value: 0, low: 0, high: 1 })
})

test('the interval of a difference is that of Newcombe, method 10', () => {
  // The same paper, table II: 56 of 70 and 48 of 80, 0.0524 to 0.3339.
  const apart = difference(shareOf(56, 70, 1.959964), shareOf(48, 80, 1.959964))
  expect([apart.value, apart.low, apart.high].map((value) => value.toFixed(4))).toEqual(['0.2000', '0.0524', '0.3339'])
})

test('an interval holds its value and narrows with the rows', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10_000 }), fc.double({ min: 0, max: 1, noNaN: true }), (total, share) => {
      const count = Math.round(share * total)
      const [few, many] = [shareOf(count, total, 2), shareOf(count * 10, total * 10, 2)]
      expect(few.low).toBeLessThanOrEqual(few.value + 1e-12)
      expect(few.high).toBeGreaterThanOrEqual(few.value - 1e-12)
      expect(many.high - many.low).toBeLessThan(few.high - few.low)
    }),
  )
})

test('of few requests a quantile may be as high as the largest', () => {
  expect(quantileAtMost([], 0, 0.99, 2)).toBeNull()
  const latencies = [
    [10, 99],
    [40, 1],
  ] as const
  const [few, many] = [
    quantileAtMost(latencies, 100, 0.99, 2),
    quantileAtMost(
      latencies.map(([bin, count]) => [bin, count * 1_000] as const),
      100_000,
      0.98,
      2,
    ),
  ]
  expect(few).toBeGreaterThan(many ?? 0)
})
