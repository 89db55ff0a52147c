import fc from 'fast-check'
import { expect, it } from 'vitest'
import { waitAfter } from './back-off.ts'

it('waits twice as long after each attempt, and gives up in the end', () => {
  const waits = Array.from({ length: 10 }, (_, index) => waitAfter('webhook', index + 1, 0))
  expect(waits).toEqual([5_000, 10_000, 20_000, 40_000, 80_000, 160_000, 320_000, 640_000, 1_280_000, null])
  expect([1, 2, 3].map((attempt) => waitAfter('command', attempt, 0))).toEqual([5_000, 10_000, null])
})
it('chance takes at most half of the wait away', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 9 }), fc.double({ min: 0, max: 1, noNaN: true }), (attempt, chance) => {
      const whole = waitAfter('webhook', attempt, 0) ?? 0
      const wait = waitAfter('webhook', attempt, chance) ?? 0
      expect(wait).toBeLessThanOrEqual(whole)
      expect(wait).toBeGreaterThanOrEqual(whole / 2)
    }),
  )
})
