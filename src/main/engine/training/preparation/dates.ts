import type { DatePart } from './preparation.ts'

const dayMs = 86_400_000

/**
 * A part of an instant in epoch milliseconds, in UTC: the hour with its fraction (0 to 24), the weekday from Monday 0,
 * the day of the month from 1, the month from 1, the day of the year from 0, the year, or days since 1970 with their fraction.
 */
export function datePart(instantMs: number, part: DatePart): number {
  const days = Math.floor(instantMs / dayMs)
  switch (part) {
    case 'hour':
      return (instantMs - days * dayMs) / 3_600_000
    case 'weekday':
      // 1 January 1970 was a Thursday.
      return (((days + 3) % 7) + 7) % 7
    case 'days':
      return instantMs / dayMs
    case 'day-of-month':
      return new Date(instantMs).getUTCDate()
    case 'month':
      return new Date(instantMs).getUTCMonth() + 1
    case 'year':
      return new Date(instantMs).getUTCFullYear()
    case 'day-of-year':
      return days - Math.floor(Date.UTC(new Date(instantMs).getUTCFullYear(), 0, 1) / dayMs)
  }
}

/** How each part is given to a network: as a cycle where neighbours across the turn are alike, else as category or number. */
export const datePartEncodings: Record<
  DatePart,
  { kind: 'cyclic'; period: number; harmonics: number } | { kind: 'categorical' } | { kind: 'numeric' }
> = {
  // Three harmonics follow a daily profile with two peaks; more only adds noise.
  hour: { kind: 'cyclic', period: 24, harmonics: 3 },
  'day-of-year': { kind: 'cyclic', period: 365.25, harmonics: 2 },
  weekday: { kind: 'categorical' },
  month: { kind: 'categorical' },
  'day-of-month': { kind: 'numeric' },
  year: { kind: 'numeric' },
  days: { kind: 'numeric' },
}

/**
 * The parts that can mean something for instants seen: the hour unless all are midnight, the weekday from two weeks on,
 * the season from a year on, the trend from two years on.
 */
export function usefulDateParts(instantsMs: Float64Array): DatePart[] {
  let min = Number.POSITIVE_INFINITY
  let max = Number.NEGATIVE_INFINITY
  let timed = false
  for (const instant of instantsMs) {
    if (!Number.isFinite(instant)) continue
    if (instant < min) min = instant
    if (instant > max) max = instant
    timed ||= instant % dayMs !== 0
  }
  const spanDays = (max - min) / dayMs
  const parts: DatePart[] = []
  if (timed) parts.push('hour')
  if (spanDays >= 13) parts.push('weekday')
  if (spanDays >= 360) parts.push('day-of-year')
  if (spanDays >= 700) parts.push('year')
  return parts
}

const isoForm =
  /^([+-]\d{6}|\d{4})-(\d\d)-(\d\d)(?:[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?\s?(Z|z|[+-]\d\d(?::?\d\d)?)?)?$/

/** Whole epoch milliseconds of an ISO 8601 text; without a zone it is UTC. NaN if it is no instant. */
export function parseInstant(text: string): number {
  const match = isoForm.exec(text)
  if (match === null) return Number.NaN
  const [, year = '', month = '', day = '', hour = '0', minute = '0', second = '0', fraction = '', zone = 'Z'] = match
  const date = new Date(0)
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day))
  const realDay = date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day)
  if (!realDay || Number(hour) > 24 || Number(minute) > 59 || Number(second) > 60) return Number.NaN
  const fractionMs = Number(fraction.slice(0, 3).padEnd(3, '0'))
  const timeMs = (Number(hour) * 60 + Number(minute)) * 60_000 + Number(second) * 1_000 + fractionMs
  return date.getTime() + timeMs - zoneOffsetMs(zone)
}

function zoneOffsetMs(zone: string): number {
  if (zone.toUpperCase() === 'Z') return 0
  const sign = zone.startsWith('-') ? -1 : 1
  const digits = zone.slice(1).replace(':', '')
  return sign * (Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2) || 0)) * 60_000
}
