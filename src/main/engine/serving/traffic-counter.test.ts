import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { bucketOf } from '#shared/latency-histogram.ts'
import { TrafficCounter, type TrafficSecond } from './traffic-counter.ts'

let sent: { at: number; seconds: TrafficSecond[] }[] = []
let counter: TrafficCounter
beforeEach(() => {
  vi.useFakeTimers({ now: 10_300 })
  sent = []
  counter = new TrafficCounter((seconds) => sent.push({ at: Date.now(), seconds }))
})
afterEach(() => vi.useRealTimers())

test('a second is sent when it is over, by endpoint and revision', () => {
  counter.answered('a', 1, 5)
  counter.answered('a', 1, 5)
  counter.answered('a', 2, 7)
  counter.failed('a', 2)
  counter.failed('b', 0)
  vi.advanceTimersByTime(5_000)
  expect(sent).toEqual([
    {
      at: 11_000,
      seconds: [
        { endpoint: 'a', revision: 1, at: 10_000, requests: 2, errors: 0, latencies: [[bucketOf(5), 2]] },
        { endpoint: 'a', revision: 2, at: 10_000, requests: 2, errors: 1, latencies: [[bucketOf(7), 1]] },
        { endpoint: 'b', revision: 0, at: 10_000, requests: 1, errors: 1, latencies: [] },
      ],
    },
  ])
})

test('at most one message a second while there is traffic, none without', () => {
  for (let request = 0; request < 300; request++) {
    counter.answered('a', 1, 1)
    vi.advanceTimersByTime(10)
  }
  vi.advanceTimersByTime(10_000)
  expect(sent.map(({ at }) => at)).toEqual([11_000, 12_000, 13_000, 14_000])
  const requests = sent.flatMap(({ seconds }) => seconds.map((second) => [second.at, second.requests]))
  expect(requests).toEqual([
    [10_000, 70],
    [11_000, 100],
    [12_000, 100],
    [13_000, 30],
  ])
  expect(vi.getTimerCount()).toBe(0)
})
