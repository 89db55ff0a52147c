import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hourMs, hourOf, plannedBefore, stretchStart, wholeHours, windowAt, windowBefore } from './windows.ts'

const at = Date.parse('2001-03-07T15:20:10Z')
const iso = (ms: number) => new Date(ms).toISOString().slice(0, 16)
const span = ({ from, to }: { from: number; to: number }) => [iso(from), iso(to)]
const day = 24 * hourMs

describe('windows', () => {
  it('slide with the look, or follow each other from midnight and from Monday on', () => {
    expect(span(windowAt({ kind: 'sliding', lengthMs: 6 * hourMs }, at))).toEqual([
      '2001-03-07T09:20',
      '2001-03-07T15:20',
    ])
    expect(span(windowAt({ kind: 'tumbling', lengthMs: day }, at))).toEqual(['2001-03-06T00:00', '2001-03-07T00:00'])
    // The 7th of March 2001 was a Wednesday.
    expect(span(windowAt({ kind: 'tumbling', lengthMs: 7 * day }, at))).toEqual([
      '2001-02-26T00:00',
      '2001-03-05T00:00',
    ])
    expect(span(windowBefore(windowAt({ kind: 'tumbling', lengthMs: day }, at)))).toEqual([
      '2001-03-05T00:00',
      '2001-03-06T00:00',
    ])
  })

  it('are planned at the same times whenever the engine started', () => {
    expect(iso(plannedBefore(hourMs, at))).toBe('2001-03-07T15:00')
    expect(iso(plannedBefore(7 * day, at))).toBe('2001-03-05T00:00')
    expect(plannedBefore(day, Date.parse('2001-03-07T00:00:00Z'))).toBe(Date.parse('2001-03-07T00:00:00Z'))
  })

  it('tumbling ones cover all of time, each instant once', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2e12 }), fc.integer({ min: 1, max: 60 }), (instant, days) => {
        const start = stretchStart(instant, days * day)
        expect(start <= instant && instant < start + days * day).toBe(true)
        expect(stretchStart(start - 1, days * day)).toBe(start - days * day)
      }),
    )
  })

  it('hold the hours that lie wholly in them', () => {
    expect(wholeHours({ from: 10, to: 3 * hourMs })).toEqual([hourMs, 2 * hourMs])
    expect(wholeHours({ from: 0, to: hourMs })).toEqual([0])
    expect(wholeHours({ from: 1, to: hourMs })).toEqual([])
    expect(hourOf(2 * hourMs + 5)).toBe(2 * hourMs)
  })
})
