/** What is done at each endpoint, one thing after the other. */
export class Turns {
  readonly #queues = new Map<string, Promise<unknown>>()

  take<T>(endpoint: string, work: () => Promise<T>): Promise<T> {
    const result = (this.#queues.get(endpoint) ?? Promise.resolve()).then(work)
    this.#queues.set(
      endpoint,
      result.catch(() => undefined),
    )
    return result
  }
}
