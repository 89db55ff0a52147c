import type { EngineEvent } from '#shared/events.ts'

type Listener = (event: EngineEvent) => void

/** Tells listeners what has been stored. A listener that throws never disturbs the others or the publisher. */
export class EventBus {
  readonly #listeners = new Set<Listener>()
  readonly #onListenerError: (error: unknown) => void

  constructor(onListenerError: (error: unknown) => void) {
    this.#onListenerError = onListenerError
  }

  publish(event: EngineEvent): void {
    for (const listener of this.#listeners) {
      try {
        listener(event)
      } catch (error) {
        this.#onListenerError(error)
      }
    }
  }

  /** Returns the function that ends the subscription. */
  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
}
