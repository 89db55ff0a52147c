/** Looks at the rollouts under way, again and again. */
import type { Rollouts } from './rollouts.ts'

const everyMs = 1_000

export class RolloutPace {
  readonly #rollouts: Pick<Rollouts, 'tick'>
  #timer: NodeJS.Timeout | undefined
  #looking: Promise<void> = Promise.resolve()
  #stopped = false

  constructor(rollouts: Pick<Rollouts, 'tick'>) {
    this.#rollouts = rollouts
  }

  start(): void {
    this.#timer = setTimeout(() => {
      this.#looking = this.#rollouts.tick().then(() => {
        if (!this.#stopped) this.start()
      })
    }, everyMs).unref()
  }

  /** Resolves once the look that is under way is over. */
  async stop(): Promise<void> {
    this.#stopped = true
    clearTimeout(this.#timer)
    await this.#looking
  }
}
