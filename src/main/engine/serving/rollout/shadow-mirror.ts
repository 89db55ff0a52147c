/**
 * Asks a shadow what was asked of the version that answers, after the answer has gone out. It computes in the same thread, so
 * it waits while requests wait, takes a few rows of each request, and leaves out what it has no time for.
 */

import { bucketOf } from '#shared/latency-histogram.ts'
import type { ShadowFigures } from '#shared/rollout.ts'
import type { ColumnBatch } from '../../tables/columns.ts'
import type { LiveModel } from '../live-model.ts'
import { differenceOf } from './bins.ts'
import { Tally } from './tally.ts'

/** What was mirrored since it was last told. */
export interface ShadowNews {
  readonly endpoint: string
  readonly rolloutId: string
  readonly figures: ShadowFigures
}

export interface Mirrored {
  /** Of the request that was answered. */
  readonly id: string
  readonly endpoint: string
  readonly rolloutId: string
  readonly live: LiveModel
  readonly shadow: LiveModel
  readonly rows: readonly unknown[]
  /** What was answered. */
  readonly outputs: Float64Array
  /** Whether the shadow still stands. */
  readonly isCurrent: () => boolean
}

/** What a shadow said, for whoever keeps it. */
export interface ShadowAnswer {
  readonly mirrored: Mirrored
  /** The rows as the shadow took them. */
  readonly batch: ColumnBatch
  readonly outputs: Float64Array
  readonly latencyMs: number
}

const maxWaiting = 128
const maxRows = 16
/** A request that waited so long is left out: the server is busy. */
const maxAgeMs = 2_000
const pauseMs = 2
const tellEveryMs = 1_000

interface Counting {
  requests: number
  rows: number
  agreed: number
  failed: number
  dropped: number
  readonly differences: Tally
  readonly latencies: Tally
}

export class ShadowMirror {
  readonly #tell: (news: ShadowNews[]) => void
  readonly #onAnswer: (answer: ShadowAnswer) => void
  readonly #waiting: { readonly mirrored: Mirrored; readonly at: number }[] = []
  readonly #counts = new Map<string, { endpoint: string; counting: Counting }>()
  #working = false
  #timer: NodeJS.Timeout | undefined

  constructor(tell: (news: ShadowNews[]) => void, onAnswer: (answer: ShadowAnswer) => void = () => {}) {
    this.#tell = tell
    this.#onAnswer = onAnswer
  }

  mirror(mirrored: Mirrored): void {
    if (this.#waiting.length >= maxWaiting) {
      this.#of(mirrored).dropped++
      return
    }
    // Of a large request no more is kept than is asked.
    const rows = mirrored.rows.slice(0, maxRows)
    this.#waiting.push({ mirrored: { ...mirrored, rows }, at: performance.now() })
    if (this.#working) return
    this.#working = true
    setImmediate(() => void this.#work())
  }

  async #work(): Promise<void> {
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      const { mirrored, at } = next
      while (mirrored.live.waitingRequests > 0 && performance.now() - at <= maxAgeMs) await pause()
      if (!mirrored.isCurrent()) continue
      if (mirrored.live.waitingRequests > 0) this.#of(mirrored).dropped++
      else await this.#ask(mirrored)
    }
    this.#working = false
  }

  async #ask(mirrored: Mirrored): Promise<void> {
    const startedAt = performance.now()
    try {
      const { batch, outputs } = await mirrored.shadow.answer(mirrored.rows)
      const latencyMs = performance.now() - startedAt
      this.#compare({ mirrored, batch, outputs, latencyMs })
    } catch {
      // Whatever it is: the caller has the answer, and the figures tell that the shadow has none.
      const counting = this.#of(mirrored)
      counting.requests++
      counting.failed++
    }
  }

  #compare(answer: ShadowAnswer): void {
    const { mirrored, batch, outputs, latencyMs } = answer
    const counting = this.#of(mirrored)
    counting.requests++
    counting.latencies.add(bucketOf(latencyMs))
    for (let row = 0; row < batch.length; row++) {
      const { bin, agrees } = differenceOf(mirrored.live.signature, mirrored.outputs, outputs, row)
      counting.rows++
      counting.differences.add(bin)
      if (agrees) counting.agreed++
    }
    this.#onAnswer(answer)
  }

  #of({ rolloutId, endpoint }: Mirrored): Counting {
    this.#timer ??= setTimeout(() => this.#flush(), tellEveryMs).unref()
    let known = this.#counts.get(rolloutId)
    if (known === undefined) {
      const counts = { requests: 0, rows: 0, agreed: 0, failed: 0, dropped: 0 }
      known = { endpoint, counting: { ...counts, differences: new Tally(), latencies: new Tally() } }
      this.#counts.set(rolloutId, known)
    }
    return known.counting
  }

  #flush(): void {
    this.#timer = undefined
    const news = [...this.#counts].map(([rolloutId, { endpoint, counting }]) => {
      const { differences, latencies, ...counts } = counting
      return {
        endpoint,
        rolloutId,
        figures: { ...counts, differences: differences.counts(), latencies: latencies.counts() },
      }
    })
    this.#counts.clear()
    this.#tell(news)
  }
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, pauseMs))
}
