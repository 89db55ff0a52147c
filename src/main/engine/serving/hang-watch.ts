/** Asks a thread again and again whether it still answers. */

/** So often it is asked. */
const askEveryMs = 500

interface Options {
  /** Resolves once the thread has answered. */
  readonly ask: () => Promise<unknown>
  /** Without an answer for so long it hangs. */
  readonly hangAfterMs: number
  readonly onHang: () => void
}

export class HangWatch {
  readonly #options: Options
  #timer: NodeJS.Timeout | undefined
  #silentTicks = 0
  #waiting = false

  constructor(options: Options) {
    this.#options = options
  }

  /** Time is counted in ticks: where the machine slept, or this very thread was busy, no answer could come. */
  start(): void {
    this.#timer = setInterval(() => this.#tick(), Math.min(askEveryMs, this.#options.hangAfterMs / 4))
    this.#timer.unref()
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  #tick(): void {
    const { ask, hangAfterMs, onHang } = this.#options
    if (this.#waiting) {
      if (++this.#silentTicks < hangAfterMs / Math.min(askEveryMs, hangAfterMs / 4)) return
      this.stop()
      onHang()
      return
    }
    this.#silentTicks = 0
    this.#waiting = true
    const answered = () => {
      this.#waiting = false
    }
    // A thread that has ended answers no more, and is no longer watched.
    ask().then(answered, () => this.stop())
  }
}
