/** Which spans of time are looked at, and when. Pure. */
import type { MonitorWindow } from '#shared/monitors.ts'

/** `from` included, `to` not; epoch milliseconds. */
export interface Span {
  readonly from: number
  readonly to: number
}

const weekMs = 7 * 86_400_000
/** 1970 began on a Thursday; weeks begin on Mondays. */
const firstMondayMs = 4 * 86_400_000

/** The beginning of the stretch that an instant lies in, of those that follow each other from 1970 on, in UTC. */
export function stretchStart(at: number, lengthMs: number): number {
  const offset = lengthMs % weekMs === 0 ? firstMondayMs : 0
  return Math.floor((at - offset) / lengthMs) * lengthMs + offset
}

/** The window of a look at `at`: the newest span, or the last whole stretch. */
export function windowAt({ kind, lengthMs }: MonitorWindow, at: number): Span {
  const to = kind === 'sliding' ? at : stretchStart(at, lengthMs)
  return { from: to - lengthMs, to }
}

/** The window of the same length right before. */
export function windowBefore({ from, to }: Span): Span {
  return { from: from - (to - from), to: from }
}

/** The last planned time that has come: looks that were missed are made up by this one. */
export function plannedBefore(everyMs: number, now: number): number {
  return stretchStart(now, everyMs)
}

export const hourMs = 3_600_000

export function hourOf(at: number): number {
  return Math.floor(at / hourMs) * hourMs
}

/** The hours that lie wholly in a span. */
export function wholeHours({ from, to }: Span): number[] {
  const hours: number[] = []
  for (let hour = Math.ceil(from / hourMs) * hourMs; hour + hourMs <= to; hour += hourMs) hours.push(hour)
  return hours
}
