import { describe, expect, it } from 'vitest'
import { durationMs, durationSchema, durationText } from './durations.ts'

describe('a duration', () => {
  it.each([
    ['90s', 90_000],
    ['30m', 1_800_000],
    ['6h', 21_600_000],
    ['1.5h', 5_400_000],
    ['3d', 259_200_000],
    ['2 w', 1_209_600_000],
  ])('%s is %i ms', (text, ms) => {
    expect(durationMs(text)).toBe(ms)
    expect(durationMs(durationText(ms))).toBe(ms)
    expect(durationSchema.safeParse(text).success).toBe(true)
  })

  it.each(['', '6', 'h', '-1h', '6 hours', '1e9s', '0s', '0.0001s'])('cannot be "%s"', (text) => {
    expect(durationSchema.safeParse(text).success).toBe(false)
  })

  it('has the shortest text', () => {
    expect([3_600_000, 86_400_000, 604_800_000, 5_400_000, 1_500].map(durationText)).toEqual([
      '1h',
      '1d',
      '1w',
      '90m',
      '1.5s',
    ])
  })
})
