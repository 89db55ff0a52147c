import { describe, expect, it } from 'vitest'
import { createFormat } from './format.ts'

const english = createFormat('en')
const portuguese = createFormat('pt-BR')
/** Intl separates with spaces of several kinds. */
const plain = (text: string) => text.replace(/\s/g, ' ')

describe('durations', () => {
  it.each([
    [0, '0ms'],
    [999, '999ms'],
    [1_000, '1.0s'],
    [59_999, '59.9s'],
    [60_000, '1m 0s'],
    [3_599_999, '59m 59s'],
    [3_600_000, '1h 0m'],
    [8_040_000, '2h 14m'],
    [-5, '0ms'],
  ])('%i ms', (milliseconds, text) => {
    expect(english.duration(milliseconds)).toBe(text)
  })

  it('follow the language', () => {
    expect(plain(portuguese.duration(1_500))).toMatch(/^1,5 ?s$/)
  })
})

describe('numbers', () => {
  it('show metrics with four significant digits', () => {
    expect(english.metric(0.641_234)).toBe('0.6412')
    expect(portuguese.metric(0.641_234)).toBe('0,6412')
    expect(english.metric(12_345)).toBe('12,345')
    expect(english.metric(0.000_000_001)).toBe('1E-9')
    expect(english.metric(-0.000_123_4)).toBe('-0.0001234')
    expect(portuguese.integer(12_345)).toBe('12.345')
  })

  it('show what axes, differences and probabilities need', () => {
    expect(portuguese.short(0.123_45)).toBe('0,123')
    expect([english.signed(0.012_345), english.signed(-0.5), english.signed(0)]).toEqual(['+0.0123', '-0.5', '0'])
    expect([english.share(0.999), portuguese.share(0.0314)]).toEqual(['99.9%', '3,1%'])
  })
})

describe('relative times', () => {
  const now = Date.UTC(2026, 0, 15, 12)
  it('choose the unit by the distance', () => {
    expect(english.relative(now - 5 * 60_000, now)).toBe('5 min. ago')
    expect(english.relative(now - 3 * 3_600_000, now)).toBe('3 hr. ago')
    expect(english.relative(now - 86_400_000, now)).toBe('yesterday')
    expect(portuguese.relative(now - 5 * 60_000, now)).toContain('há 5 min')
  })
  it('give the date beyond a week', () => {
    expect(english.relative(now - 8 * 86_400_000, now)).toContain('2026')
  })
})
