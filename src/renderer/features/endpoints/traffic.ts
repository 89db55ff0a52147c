/** What an endpoint was asked, as charts show it: pure functions. */
import {
  type EndpointTraffic,
  recentSeconds,
  type TrafficFigures,
  type TrafficHistory,
  trafficSeconds,
} from '#shared/traffic.ts'

const secondMs = 1_000

export interface RecentRate {
  readonly requestsPerSecond: number
  readonly errorsPerSecond: number
  readonly p99Ms: number | null
}

/** How it goes now. Figures that are older than the time they speak of say that nothing is asked. */
export function recentRate({ at, recent }: EndpointTraffic, now: number): RecentRate {
  if (now - at > recentSeconds * secondMs) return { requestsPerSecond: 0, errorsPerSecond: 0, p99Ms: null }
  return {
    requestsPerSecond: recent.requests / recentSeconds,
    errorsPerSecond: recent.errors / recentSeconds,
    p99Ms: recent.p99Ms,
  }
}

export type SeriesPoint = readonly [at: number, value: number | null]
export type TimedFigures = TrafficFigures & { readonly at: number }

/** The steps of a span of time. */
export interface Steps {
  /** Of the first. */
  readonly from: number
  readonly stepMs: number
  readonly count: number
}

/** The finished seconds of the last 15 minutes. */
export function liveSteps(now: number): Steps {
  const end = Math.floor(now / secondMs) * secondMs
  return { from: end - trafficSeconds * secondMs, stepMs: secondMs, count: trafficSeconds }
}

/** All steps of a history, the one under way included. */
export function pastSteps({ from, to, stepMs }: Pick<TrafficHistory, 'from' | 'to' | 'stepMs'>): Steps {
  const first = Math.floor(from / stepMs) * stepMs
  return { from: first, stepMs, count: Math.ceil((to - first) / stepMs) }
}

/** Every step; where nothing was asked, what `empty` says: 0 of requests, no latency. */
export function everyStep(
  points: readonly TimedFigures[],
  { from, stepMs, count }: Steps,
  value: (figures: TrafficFigures) => number | null,
  empty: number | null,
): SeriesPoint[] {
  const known = new Map(points.map((point) => [point.at, value(point)]))
  return Array.from({ length: count }, (_, index) => {
    const at = from + index * stepMs
    return [at, known.get(at) ?? empty]
  })
}

export const pastSpans = ['day', 'week', 'month', 'year'] as const
export type PastSpan = (typeof pastSpans)[number]

const dayMs = 86_400_000
export const spanMs: Readonly<Record<PastSpan, number>> = {
  day: dayMs,
  week: 7 * dayMs,
  month: 30 * dayMs,
  year: 365 * dayMs,
}

/** As the address names it; undefined: live. */
export function spanOf(asked: string | undefined): PastSpan | undefined {
  return pastSpans.find((span) => span === asked)
}
