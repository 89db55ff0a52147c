/** Live figures of an endpoint as charts show them: pure functions. */
import {
  type EndpointTraffic,
  recentSeconds,
  type TrafficFigures,
  type TrafficPoint,
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

/** Every second up to now; where nothing was asked, what `empty` says: 0 of requests, no latency. */
export function everySecond(
  points: readonly TrafficPoint[],
  now: number,
  value: (figures: TrafficFigures) => number | null,
  empty: number | null,
): SeriesPoint[] {
  const last = Math.floor(now / secondMs) * secondMs - secondMs
  const first = last - (trafficSeconds - 1) * secondMs
  const bySecond = new Map(points.map((point) => [point.at, value(point)]))
  return Array.from({ length: trafficSeconds }, (_, index) => {
    const at = first + index * secondMs
    return [at, bySecond.get(at) ?? empty]
  })
}
