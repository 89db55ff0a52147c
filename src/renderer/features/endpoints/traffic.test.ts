import { expect, it } from 'vitest'
import type { EndpointTraffic, TrafficPoint } from '#shared/traffic.ts'
import { mergeTraffic } from '../../lib/merge-traffic.ts'
import { everyStep, liveSteps, pastSteps, recentRate } from './traffic.ts'

const start = 1_000_000_000_000
const figures = { requests: 4, errors: 1, p50Ms: 1, p95Ms: 2, p99Ms: 3 }
const point = (at: number, requests = 4): TrafficPoint => ({ at, ...figures, requests, revisions: [] })
const traffic = (at: number, points: TrafficPoint[]): EndpointTraffic => ({
  endpoint: 'a',
  at,
  points,
  recent: { ...figures, requests: 20 },
})

it('an event adds seconds, replaces those that are known, and lets go of old ones', () => {
  const known = traffic(start, [point(start - 1_000), point(start)])
  const merged = mergeTraffic(known, traffic(start + 899_500, [point(start, 5), point(start + 1_000)]))
  expect(merged.points.map(({ at, requests }) => [at - start, requests])).toEqual([
    [0, 5],
    [1_000, 4],
  ])
  expect(merged.at).toBe(start + 899_500)
})

it('rates are of the last ten seconds, and nothing once they are over', () => {
  expect(recentRate(traffic(start, []), start + 9_000)).toEqual({
    requestsPerSecond: 2,
    errorsPerSecond: 0.1,
    p99Ms: 3,
  })
  expect(recentRate(traffic(start, []), start + 11_000)).toEqual({
    requestsPerSecond: 0,
    errorsPerSecond: 0,
    p99Ms: null,
  })
})

it('a series has every finished second of 15 minutes', () => {
  const series = everyStep([point(start - 2_000)], liveSteps(start + 400), ({ requests }) => requests, 0)
  expect(series).toHaveLength(900)
  expect(series[0]).toEqual([start - 900_000, 0])
  expect(series.slice(-3)).toEqual([
    [start - 3_000, 0],
    [start - 2_000, 4],
    [start - 1_000, 0],
  ])
  expect(everyStep([], liveSteps(start), ({ p99Ms }) => p99Ms, null).at(-1)).toEqual([start - 1_000, null])
})

it('a history has every step from that of its beginning to the one under way', () => {
  const hourMs = 3_600_000
  const from = 300_000 * hourMs
  const steps = pastSteps({ from: from + 1, to: from + 3 * hourMs + 1, stepMs: hourMs })
  expect(steps).toEqual({ from, stepMs: hourMs, count: 4 })
  const series = everyStep([{ ...figures, at: from + hourMs }], steps, ({ requests }) => requests, 0)
  expect(series).toEqual([
    [from, 0],
    [from + hourMs, 4],
    [from + 2 * hourMs, 0],
    [from + 3 * hourMs, 0],
  ])
})
