import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { maxSpans } from '#shared/backtest.ts'
import { cutSpans } from './spans.ts'

describe('cutSpans', () => {
  it('cuts the months of half a year', () => {
    const spans = cutSpans({ from: '2001-01-01', to: '2001-07-01', span: 'month' })
    expect(spans.map(({ label }) => label)).toEqual(['2001-01', '2001-02', '2001-03', '2001-04', '2001-05', '2001-06'])
    expect(spans[1]).toEqual({ label: '2001-02', from: '2001-02-01', to: '2001-03-01' })
  })

  it.each([
    ['quarter', '2000-01-01', '2001-01-01', ['2000-Q1', '2000-Q2', '2000-Q3', '2000-Q4']],
    ['year', '2000-01-01', '2002-01-01', ['2000', '2001']],
    ['week', '2001-01-01', '2001-01-20', ['2001-01-01', '2001-01-08', '2001-01-15']],
    ['10d', '2001-02-20', '2001-03-05', ['2001-02-20', '2001-03-02']],
    ['day', '2000-02-28', '2000-03-01', ['2000-02-28', '2000-02-29']],
  ])('cuts a %s from %s to %s', (span, from, to, labels) => {
    expect(cutSpans({ from, to, span }).map(({ label }) => label)).toEqual(labels)
  })

  it('keeps to the day of the month where the month has it', () => {
    const spans = cutSpans({ from: '2001-01-31', to: '2001-05-01', span: 'month' })
    expect(spans.map(({ from }) => from)).toEqual(['2001-01-31', '2001-02-28', '2001-03-31', '2001-04-30'])
  })

  it('ends the last span where the history ends', () => {
    const spans = cutSpans({ from: '2001-01-01', to: '2001-02-10', span: 'month' })
    expect(spans.at(-1)).toEqual({ label: '2001-02', from: '2001-02-01', to: '2001-02-10' })
  })

  it.each([
    ['2001-02-01', '2001-01-01', 'month', 'The history ends before it begins.'],
    ['2001-01-01', '2001-01-20', 'month', 'The history is a single span'],
    ['2001-01-01', '2002-01-01', 'day', `The history has more than ${maxSpans} spans.`],
  ])('refuses %s to %s by %s', (from, to, span, message) => {
    expect(() => cutSpans({ from, to, span })).toThrow(message)
  })

  it('leaves no day out and has none twice, whatever is cut', () => {
    const day = fc
      .integer({ min: 0, max: 12_000 })
      .map((days) => new Date(days * 86_400_000).toISOString().slice(0, 10))
    const length = fc.constantFrom('month', 'quarter', 'year', 'week', 'day', '3d', '45d')
    fc.assert(
      fc.property(day, day, length, (from, to, span) => {
        let spans: ReturnType<typeof cutSpans>
        try {
          spans = cutSpans({ from, to, span })
        } catch {
          return
        }
        expect(spans[0]?.from).toBe(from)
        expect(spans.at(-1)?.to).toBe(to)
        for (const [index, each] of spans.entries()) {
          expect(each.from < each.to).toBe(true)
          expect(each.from).toBe(index === 0 ? from : spans[index - 1]?.to)
        }
        expect(new Set(spans.map(({ label }) => label)).size).toBe(spans.length)
      }),
    )
  })
})
