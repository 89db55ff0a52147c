import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { bucketOf } from '#shared/latency-histogram.ts'
import { trafficStepMs } from '#shared/traffic.ts'
import { Store } from '../store/store.ts'
import type { TrafficSecond } from './traffic-counter.ts'
import { TrafficHistory } from './traffic-history.ts'

const hourMs = 3_600_000
/** The beginning of an hour. */
const start = 277_778 * hourMs
let folder: string
let store: Store
let now: number
let errors: string[]
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'esteira-traffic-'))
  store = Store.open(join(folder, 'metadata.db'))
  now = start
  errors = []
})
afterEach(() => {
  store.close()
  rmSync(folder, { recursive: true })
})

const openHistory = () =>
  new TrafficHistory({ store, clock: () => now, logger: { error: (message) => errors.push(message) } })

function second(at: number, change: Partial<TrafficSecond> = {}): TrafficSecond {
  return { endpoint: 'a', revision: 1, at, requests: 4, errors: 1, latencies: [[bucketOf(10), 3]], ...change }
}

it('adds up the seconds of a minute, of every revision, and tells it before and after it is stored', () => {
  const history = openHistory()
  history.receive([second(start), second(start + 59_000, { revision: 2, requests: 1, errors: 0 })])
  history.receive([second(start + 60_000), second(start, { endpoint: 'b' })])
  const span = { from: start, to: start + hourMs }
  const told = history.of('a', span)
  expect(told).toMatchObject({
    stepMs: 60_000,
    points: [
      { at: start, requests: 5, errors: 1 },
      { at: start + 60_000, requests: 4, errors: 1 },
    ],
  })
  expect(told.points[0]?.p50Ms).toBeCloseTo(10, 0)
  history.flush()
  expect(openHistory().of('a', span)).toEqual(told)
  expect(openHistory().of('nobody', span).points).toEqual([])
})

it('goes on with a minute that was stored before it was over', () => {
  const history = openHistory()
  history.receive([second(start)])
  history.flush()
  const next = openHistory()
  next.receive([second(start + 1_000)])
  const span = { from: start, to: start + hourMs }
  expect(next.of('a', span).points).toMatchObject([{ requests: 8, errors: 2 }])
  next.flush()
  expect(next.of('a', span).points).toMatchObject([{ requests: 8, errors: 2 }])
})

it('keeps minutes for two days, then hours, and forgets them after 400 days; nothing is lost or counted twice', () => {
  const history = openHistory()
  for (let minute = 0; minute < 180; minute++) history.receive([second(start + minute * 60_000)])
  history.flush()
  now = start + 50 * hourMs
  history.receive([second(now)])
  history.flush()
  history.receive([second(now)])
  history.flush()
  const all = history.of('a', { from: start, to: now + hourMs })
  expect(all.stepMs).toBe(hourMs)
  expect(all.points.map(({ at, requests }) => [(at - start) / hourMs, requests])).toEqual([
    [0, 240],
    [1, 240],
    [2, 240],
    [50, 8],
  ])
  now = start + 401 * 24 * hourMs
  history.receive([second(now)])
  history.flush()
  expect(history.of('a', { from: start, to: now }).points.map(({ requests }) => requests)).toEqual([8])
})

it('tries again later where it cannot be stored', () => {
  const history = openHistory()
  history.receive([second(start)])
  store.run(`CREATE TRIGGER full BEFORE INSERT ON traffic_history BEGIN SELECT RAISE(ABORT, 'disk full'); END`)
  history.flush()
  expect(errors).toEqual(['what endpoints were asked was not stored'])
  store.run('DROP TRIGGER full')
  history.flush()
  expect(openHistory().of('a', { from: start, to: start + hourMs }).points).toMatchObject([{ requests: 4 }])
})

it.each([
  [1 / 24, 1],
  [1, 5],
  [7, 60],
  [30, 180],
  [400, 1_440],
])('%d days are told in steps of %d minutes', (days, minutes) => {
  expect(trafficStepMs(days * 24 * hourMs)).toBe(minutes * 60_000)
})
