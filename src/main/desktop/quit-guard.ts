import type { QuitChoice } from './dialogs.ts'

export interface QuitParts {
  /** Whether runs are under way that would end with the app. */
  endsRuns(): boolean
  ask(): Promise<QuitChoice>
  quit(): void
  /** Lives on in the tray, as the person chose. */
  stayInTray(): void
}

/** Lets the app quit, at once or once a person has said what becomes of the runs under way. */
export class QuitGuard {
  readonly #parts: QuitParts
  #decided = false
  #asking = false

  constructor(parts: QuitParts) {
    this.#parts = parts
  }

  /** Whether it is settled that the app quits. */
  get decided(): boolean {
    return this.#decided
  }

  /** Asked when the app is about to quit. After a false it quits by itself if the person says so. */
  mayQuit(): boolean {
    if (!this.#decided && this.#parts.endsRuns()) {
      if (!this.#asking) void this.#ask()
      return false
    }
    this.#decided = true
    return true
  }

  /** Quits whatever is under way: the system ends, or someone sent a signal. */
  quitUnasked(): void {
    this.#decided = true
    this.#parts.quit()
  }

  async #ask(): Promise<void> {
    this.#asking = true
    const choice = await this.#parts.ask()
    this.#asking = false
    if (choice === 'quit') this.quitUnasked()
    if (choice === 'keep') this.#parts.stayInTray()
  }
}
