/**
 * What endpoints were asked, kept: minute by minute for two days, hour by hour for 400 days. Minutes are counted in memory and
 * stored once they are over, so that a kill loses at most the last one.
 */
import { z } from 'zod'
import { type TrafficHistory as History, trafficStepMs } from '#shared/traffic.ts'
import type { Clock } from '../kernel/clock.ts'
import type { Logger } from '../kernel/logger.ts'
import { jsonColumn } from '../store/json-column.ts'
import type { Store } from '../store/store.ts'
import type { TrafficSecond } from './traffic-counter.ts'
import { sumTraffic, type TrafficCounts, trafficFigures } from './traffic-counts.ts'

const minuteMs = 60_000
const hourMs = 3_600_000
/** So old minutes become hours. */
const minutesKeptMs = 48 * hourMs
const hoursKeptMs = 400 * 24 * hourMs
/** The seconds of a minute have come by then. */
const lateMs = 5_000

interface Kept extends TrafficCounts {
  readonly endpoint: string
  readonly at: number
}

const keptRow = z.object({
  endpoint: z.string(),
  at: z.number(),
  requests: z.number(),
  errors: z.number(),
  latencies: jsonColumn(z.array(z.tuple([z.number(), z.number()]))),
})
const columns = 'endpoint, at, requests, errors, latencies'

export class TrafficHistory {
  readonly #store: Store
  readonly #clock: Clock
  readonly #logger: Pick<Logger, 'error'>
  /** Minutes that are not stored yet, by endpoint and time. */
  readonly #open = new Map<string, Kept>()
  #timer: NodeJS.Timeout | undefined

  constructor({ store, clock, logger }: { store: Store; clock: Clock; logger: Pick<Logger, 'error'> }) {
    this.#store = store
    this.#clock = clock
    this.#logger = logger
  }

  /** Finished seconds, as the inference thread counted them. */
  receive(seconds: readonly TrafficSecond[]): void {
    for (const { endpoint, at: second, ...counts } of seconds) {
      const at = floorTo(second, minuteMs)
      const key = `${at} ${endpoint}`
      const known = this.#open.get(key)
      this.#open.set(key, { endpoint, at, ...sumTraffic(known === undefined ? [counts] : [known, counts]) })
    }
    if (this.#open.size > 0) this.#schedule()
  }

  /** Stores what is counted, a minute under way included. */
  flush(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#put([...this.#open.keys()])
  }

  /**
   * What was asked in a span of time, in steps that are chosen for its length; steps without a request have no point.
   * @param to exclusive
   */
  of(endpoint: string, { from, to }: { readonly from: number; readonly to: number }): History {
    const hasHours = from < this.#clock() - minutesKeptMs
    const stepMs = Math.max(trafficStepMs(to - from), hasHours ? hourMs : minuteMs)
    const stored = this.#store.all(
      keptRow,
      `SELECT ${columns} FROM traffic_history WHERE endpoint = $endpoint AND at >= $from AND at < $to`,
      { endpoint, from: floorTo(from, stepMs), to },
    )
    const open = [...this.#open.values()].filter(
      (kept) => kept.endpoint === endpoint && kept.at >= from && kept.at < to,
    )
    const steps = Map.groupBy([...stored, ...open], ({ at }) => floorTo(at, stepMs))
    const points = [...steps].map(([at, parts]) => ({ at, ...trafficFigures(parts) })).sort((a, b) => a.at - b.at)
    return { endpoint, from, to, stepMs, points }
  }

  #schedule(): void {
    if (this.#timer !== undefined) return
    const waitMs = minuteMs - (this.#clock() % minuteMs) + lateMs
    this.#timer = setTimeout(() => this.#storeFinished(), waitMs).unref()
  }

  #storeFinished(): void {
    this.#timer = undefined
    const now = this.#clock()
    this.#put([...this.#open].filter(([, { at }]) => at + minuteMs <= now).map(([key]) => key))
    if (this.#open.size > 0) this.#schedule()
  }

  #put(keys: readonly string[]): void {
    if (keys.length === 0) return
    try {
      this.#store.transaction(() => {
        for (const key of keys) {
          const minute = this.#open.get(key)
          if (minute !== undefined) this.#add(minute, minuteMs)
        }
        this.#rollUp(this.#clock())
      })
      for (const key of keys) this.#open.delete(key)
    } catch (error) {
      // As with a full disk: they are tried again with the next minute.
      this.#logger.error('what endpoints were asked was not stored', { error })
    }
  }

  /** To what is stored of the same time, as after a restart within it. */
  #add({ endpoint, at, ...counts }: Kept, spanMs: number): void {
    const key = { endpoint, at, spanMs }
    const known = this.#store.get(
      keptRow,
      `SELECT ${columns} FROM traffic_history WHERE endpoint = $endpoint AND at = $at AND span_ms = $spanMs`,
      key,
    )
    const { requests, errors, latencies } = sumTraffic(known === undefined ? [counts] : [known, counts])
    this.#store.run(
      `INSERT OR REPLACE INTO traffic_history (endpoint, at, span_ms, requests, errors, latencies)
       VALUES ($endpoint, $at, $spanMs, $requests, $errors, $latencies)`,
      { ...key, requests, errors, latencies: JSON.stringify(latencies) },
    )
  }

  #rollUp(now: number): void {
    const before = floorTo(now - minutesKeptMs, hourMs)
    const old = this.#store.all(
      keptRow,
      `SELECT ${columns} FROM traffic_history WHERE span_ms = ${minuteMs} AND at < $before`,
      { before },
    )
    for (const minutes of Map.groupBy(old, ({ endpoint, at }) => `${floorTo(at, hourMs)} ${endpoint}`).values()) {
      const [first] = minutes
      if (first === undefined) continue
      this.#add({ endpoint: first.endpoint, at: floorTo(first.at, hourMs), ...sumTraffic(minutes) }, hourMs)
    }
    this.#store.run(`DELETE FROM traffic_history WHERE span_ms = ${minuteMs} AND at < $before`, { before })
    this.#store.run(`DELETE FROM traffic_history WHERE span_ms = ${hourMs} AND at < $before`, {
      before: now - hoursKeptMs,
    })
  }
}

function floorTo(at: number, stepMs: number): number {
  return Math.floor(at / stepMs) * stepMs
}
