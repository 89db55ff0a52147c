/** Counts requests in the inference thread, second by second, and hands finished seconds over. */

import { bucketCount, bucketOf, type LatencyCounts } from '#shared/latency-histogram.ts'
import type { Counts as BinCounts } from '#shared/rollout.ts'
import { Tally } from './rollout/tally.ts'

/** What one revision of an endpoint was asked in one second. */
export interface TrafficSecond {
  readonly endpoint: string
  /** 0: no revision answered. */
  readonly revision: number
  /** The beginning of the second, in epoch milliseconds. */
  readonly at: number
  readonly requests: number
  readonly errors: number
  /** Of the requests without an error. */
  readonly latencies: LatencyCounts
  /** One prediction a request, while two versions are behind the endpoint: see `predictionBin`. */
  readonly predictions?: BinCounts
}

interface Counts {
  requests: number
  errors: number
  readonly buckets: Uint32Array
  predictions: Tally | undefined
}

const secondMs = 1_000

export class TrafficCounter {
  readonly #send: (seconds: TrafficSecond[]) => void
  readonly #now: () => number
  #second = 0
  #current = new Map<string, Map<number, Counts>>()
  #finished: TrafficSecond[] = []
  #timer: NodeJS.Timeout | undefined

  /** `send` is called at most once a second, and only when something was asked. */
  constructor(send: (seconds: TrafficSecond[]) => void, now: () => number = Date.now) {
    this.#send = send
    this.#now = now
  }

  answered(endpoint: string, revision: number, latencyMs: number, predictionBin?: number): void {
    const counts = this.#counts(endpoint, revision)
    const bucket = bucketOf(latencyMs)
    counts.requests++
    counts.buckets[bucket] = (counts.buckets[bucket] ?? 0) + 1
    if (predictionBin === undefined) return
    counts.predictions ??= new Tally()
    counts.predictions.add(predictionBin)
  }

  failed(endpoint: string, revision: number): void {
    const counts = this.#counts(endpoint, revision)
    counts.requests++
    counts.errors++
  }

  /** Sends what is finished, and comes back after the next second if that is under way. */
  #flush(): void {
    this.#timer = undefined
    this.#roll()
    if (this.#finished.length > 0) {
      this.#send(this.#finished)
      this.#finished = []
    }
    if (this.#current.size > 0) this.#schedule()
  }

  #schedule(): void {
    this.#timer = setTimeout(() => this.#flush(), secondMs - (this.#now() % secondMs))
    this.#timer.unref()
  }

  #counts(endpoint: string, revision: number): Counts {
    this.#roll()
    if (this.#timer === undefined) this.#schedule()
    let revisions = this.#current.get(endpoint)
    if (revisions === undefined) {
      revisions = new Map()
      this.#current.set(endpoint, revisions)
    }
    let counts = revisions.get(revision)
    if (counts === undefined) {
      counts = { requests: 0, errors: 0, buckets: new Uint32Array(bucketCount), predictions: undefined }
      revisions.set(revision, counts)
    }
    return counts
  }

  /** Closes the second that was under way when another has begun. */
  #roll(): void {
    const second = Math.floor(this.#now() / secondMs)
    if (second === this.#second) return
    for (const [endpoint, revisions] of this.#current) {
      for (const [revision, { requests, errors, buckets, predictions }] of revisions) {
        const at = this.#second * secondMs
        const latencies = withoutEmpty(buckets)
        const seen = predictions && { predictions: predictions.counts() }
        this.#finished.push({ endpoint, revision, at, requests, errors, latencies, ...seen })
      }
    }
    this.#current = new Map()
    this.#second = second
  }
}

function withoutEmpty(buckets: Uint32Array): LatencyCounts {
  return [...buckets.entries()].filter(([, count]) => count > 0)
}
