import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { firings, isTimeZone, latestFiring, nextFiring, nextFirings, scheduleProblem } from './schedule.ts'

const at = (text: string) => Date.parse(text)
const show = (instants: readonly number[]) => instants.map((instant) => new Date(instant).toISOString())

describe('due times', () => {
  test('every Monday at three, in the time zone of the schedule', () => {
    expect(show(nextFirings('0 3 * * 1', 'America/Sao_Paulo', at('2026-11-23T06:00:00Z'), 2))).toEqual([
      '2026-11-30T06:00:00.000Z',
      '2026-12-07T06:00:00.000Z',
    ])
    expect(show(nextFirings('0 3 * * 1', 'UTC', at('2026-11-23T02:59:59.999Z'), 1))).toEqual([
      '2026-11-23T03:00:00.000Z',
    ])
  })

  test('days by name, ranges, steps and the last day of the month', () => {
    expect(show(nextFirings('*/20 9-10 * * MON-FRI', 'UTC', at('2026-11-27T10:30:00Z'), 2))).toEqual([
      '2026-11-27T10:40:00.000Z',
      '2026-11-30T09:00:00.000Z',
    ])
    expect(show(nextFirings('30 23 L * *', 'UTC', at('2028-02-01T00:00:00Z'), 2))).toEqual([
      '2028-02-29T23:30:00.000Z',
      '2028-03-31T23:30:00.000Z',
    ])
    expect(show(nextFirings('@daily', 'UTC', at('2026-11-27T10:30:00Z'), 1))).toEqual(['2026-11-28T00:00:00.000Z'])
  })

  test('a leap day on a Monday is found decades ahead, in no time', () => {
    const started = performance.now()
    expect(show(nextFirings('0 0 29 2 1', 'UTC', at('2072-03-01T00:00:00Z'), 1))).toEqual(['2112-02-29T00:00:00.000Z'])
    expect(performance.now() - started).toBeLessThan(500)
  })
})

describe('daylight saving', () => {
  // New York: 2027-03-14 from 02:00 to 03:00 (07:00Z), 2027-11-07 from 02:00 back to 01:00 (06:00Z).
  test('a time that the clock jumps over comes due once, right after the gap', () => {
    expect(show(nextFirings('30 2 * * *', 'America/New_York', at('2027-03-13T12:00:00Z'), 2))).toEqual([
      '2027-03-14T07:00:00.000Z',
      '2027-03-15T06:30:00.000Z',
    ])
    expect(show(nextFirings('*/15 2 * * *', 'America/New_York', at('2027-03-14T00:00:00Z'), 2))).toEqual([
      '2027-03-14T07:00:00.000Z',
      '2027-03-15T06:00:00.000Z',
    ])
  })

  test('a time that the clock shows twice comes due once, the first time', () => {
    expect(show(nextFirings('30 1 * * *', 'America/New_York', at('2027-11-06T12:00:00Z'), 2))).toEqual([
      '2027-11-07T05:30:00.000Z',
      '2027-11-08T06:30:00.000Z',
    ])
    // Asked between the two occurrences.
    expect(show(nextFirings('30 1 * * *', 'America/New_York', at('2027-11-07T05:45:00Z'), 1))).toEqual([
      '2027-11-08T06:30:00.000Z',
    ])
  })

  test('a day that a time zone left out comes due with the next', () => {
    // Samoa went from 29 to 31 December 2011.
    expect(show(nextFirings('0 12 30 12 *', 'Pacific/Apia', at('2011-12-29T00:00:00Z'), 1))).toEqual([
      '2011-12-30T10:00:00.000Z',
    ])
  })

  test('jumps of half an hour', () => {
    // Lord Howe: 2027-10-03 from 02:00 to 02:30.
    expect(show(nextFirings('15 2 * * *', 'Australia/Lord_Howe', at('2027-10-02T12:00:00Z'), 1))).toEqual([
      '2027-10-02T15:30:00.000Z',
    ])
  })
})

const schedules = fc.constantFrom('* * * * *', '0 * * * *', '30 2 * * *', '0 3 * * 1', '15 0 L * *', '0 0 29 2 *')
const zones = fc.constantFrom('UTC', 'America/New_York', 'America/Sao_Paulo', 'Australia/Lord_Howe', 'Asia/Kolkata')
const instants = fc.integer({ min: at('2024-01-01T00:00:00Z'), max: at('2030-01-01T00:00:00Z') })

test('due times grow, are after the instant, and do not depend on where the search begins', () => {
  fc.assert(
    fc.property(schedules, zones, instants, (schedule, zone, from) => {
      const [first = 0, second = 0] = nextFirings(schedule, zone, from, 2)
      expect(first).toBeGreaterThan(from)
      expect(second).toBeGreaterThan(first)
      expect(nextFiring(schedule, zone, first - 1)).toBe(first)
      expect(nextFiring(schedule, zone, first)).toBe(second)
    }),
    { numRuns: 200 },
  )
})

test('the latest due time of a span is the last of all in it', () => {
  fc.assert(
    fc.property(schedules, zones, instants, fc.integer({ min: 0, max: 43_200_000 }), (schedule, zone, from, span) => {
      let latest: number | undefined
      for (const instant of firings(schedule, zone, from)) {
        if (instant > from + span) break
        latest = instant
      }
      expect(latestFiring(schedule, zone, from, from + span)).toBe(latest)
    }),
    { numRuns: 50 },
  )
})

test('the latest of millions of due times is found at once', () => {
  const started = performance.now()
  expect(latestFiring('* * * * *', 'UTC', 0, at('2026-11-23T10:00:30Z'))).toBe(at('2026-11-23T10:00:00Z'))
  expect(performance.now() - started).toBeLessThan(200)
})

test('what cannot be a schedule is named', () => {
  expect(scheduleProblem('0 3 * * 1')).toBeUndefined()
  expect(scheduleProblem('@weekly')).toBeUndefined()
  expect(scheduleProblem('0 25 * * *')).toBe('the field for the hour cannot be 25')
  expect(scheduleProblem('0 0 30 2 *')).toBe('the field for the day of month cannot be 30')
  expect(scheduleProblem('* * * * * *')).toBe('the schedule has 6 fields instead of 5')
  expect(scheduleProblem('@never')).toBe('the schedule cannot be read')
  expect(scheduleProblem('')).toBe('the schedule has 1 field instead of 5')
})

test('time zones are known by their IANA names', () => {
  expect(isTimeZone('America/Sao_Paulo')).toBe(true)
  expect(isTimeZone('America/Sao_Paolo')).toBe(false)
})
