import type { EngineEvent } from '#shared/events.ts'
import type { RunSummary } from '#shared/runs.ts'

/** How many ended runs are remembered, so that none is announced twice. */
const rememberedRuns = 500

/** Follows which runs are under way, and tells of each failure once. */
export class RunWatch {
  readonly #underWay = new Set<string>()
  readonly #announced = new Set<string>()
  readonly #onFailed: (run: RunSummary) => void

  constructor(onFailed: (run: RunSummary) => void) {
    this.#onFailed = onFailed
  }

  get running(): boolean {
    return this.#underWay.size > 0
  }

  take(event: EngineEvent): void {
    if (event.type !== 'run-changed') return
    const { run } = event
    if (run.status === 'queued' || run.status === 'running') {
      this.#underWay.add(run.id)
      // A retried run may fail again, and that is news.
      this.#announced.delete(run.id)
      return
    }
    this.#underWay.delete(run.id)
    if (run.status === 'failed' && !this.#announced.has(run.id)) {
      this.#announced.add(run.id)
      this.#forgetOldest()
      this.#onFailed(run)
    }
  }

  /** The engine is gone: nothing is known to be under way. */
  clear(): void {
    this.#underWay.clear()
  }

  #forgetOldest(): void {
    const [oldest] = this.#announced
    if (this.#announced.size > rememberedRuns && oldest !== undefined) this.#announced.delete(oldest)
  }
}
