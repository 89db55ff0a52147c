import { beforeEach, expect, test } from 'vitest'
import type { EngineEvent } from '#shared/events.ts'
import { bucketOf } from '#shared/latency-histogram.ts'
import { EventBus } from '../kernel/events.ts'
import { Traffic } from './traffic.ts'
import type { TrafficSecond } from './traffic-counter.ts'

const start = 1_000_000_000_000
let now = start
let events: EngineEvent[] = []
let traffic: Traffic
beforeEach(() => {
  now = start
  events = []
  const bus = new EventBus((error) => {
    throw error
  })
  bus.subscribe((event) => events.push(event))
  traffic = new Traffic(bus, () => now)
})

function second(change: Partial<TrafficSecond> = {}): TrafficSecond {
  const latencies = [[bucketOf(10), 3]] as const
  return { endpoint: 'a', revision: 1, at: start - 1_000, requests: 4, errors: 1, latencies, ...change }
}

test('points tell requests, errors and latency, overall and by revision', () => {
  const slow = second({ revision: 2, requests: 1, errors: 0, latencies: [[bucketOf(1_000), 1]] })
  traffic.receive([second(), slow])
  const { points, recent } = traffic.of('a')
  expect(points).toHaveLength(1)
  expect(points[0]).toMatchObject({ at: start - 1_000, requests: 5, errors: 1 })
  expect(points[0]?.p50Ms).toBeCloseTo(10, 0)
  expect((points[0]?.p99Ms ?? 0) / 1_000).toBeCloseTo(1, 1)
  expect(points[0]?.revisions).toMatchObject([
    { revision: 1, requests: 4, errors: 1 },
    { revision: 2, requests: 1, errors: 0 },
  ])
  expect(recent).toMatchObject({ requests: 5, errors: 1 })
})

test('an event tells what is new, for every endpoint at once', () => {
  traffic.receive([second(), second({ endpoint: 'b' })])
  traffic.receive([second({ at: start })])
  expect(events).toMatchObject([
    { type: 'traffic', endpoints: [{ endpoint: 'a' }, { endpoint: 'b' }] },
    { type: 'traffic', endpoints: [{ endpoint: 'a', points: [{ at: start }], recent: { requests: 8 } }] },
  ])
  traffic.receive([])
  expect(events).toHaveLength(2)
})

test('a second that comes in two parts is one point', () => {
  traffic.receive([second()])
  traffic.receive([second()])
  expect(traffic.of('a').points).toMatchObject([{ requests: 8, errors: 2 }])
})

test('15 minutes are kept, and 10 seconds are recent', () => {
  traffic.receive([second()])
  now = start + 60_000
  expect(traffic.of('a')).toMatchObject({ points: [{ requests: 4 }], recent: { requests: 0, p99Ms: null } })
  now = start + 15 * 60_000
  expect(traffic.of('a').points).toEqual([])
  expect(traffic.of('never asked')).toMatchObject({ points: [], recent: { requests: 0 } })
})
