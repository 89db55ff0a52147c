/** Which steps of a run can be decided now: those that wait for nothing any more. Told of every end, it answers in constant time. */
export interface AgendaStep {
  readonly name: string
  /** Each name once. */
  readonly dependsOn: readonly string[]
}

export class Agenda {
  readonly #open = new Map<string, number>()
  readonly #dependents = new Map<string, string[]>()
  readonly #due: string[] = []
  #next = 0

  /** `steps` in the order in which to start what is free to start; `hasEnded` says what came before, in a resumed run. */
  constructor(steps: readonly AgendaStep[], hasEnded: (name: string) => boolean) {
    for (const { name, dependsOn } of steps) {
      const open = dependsOn.filter((dependency) => !hasEnded(dependency))
      for (const dependency of open) {
        const dependents = this.#dependents.get(dependency)
        if (dependents === undefined) this.#dependents.set(dependency, [name])
        else dependents.push(name)
      }
      if (hasEnded(name)) continue
      this.#open.set(name, open.length)
      if (open.length === 0) this.#due.push(name)
    }
  }

  /** How many steps have not ended. */
  get left(): number {
    return this.#open.size
  }

  /** The next step to decide on; undefined while all that are left wait for others. */
  take(): string | undefined {
    for (;;) {
      const name = this.#due[this.#next]
      if (name === undefined) return undefined
      this.#next++
      // It may have ended without being started, by a cancel.
      if (this.#open.has(name)) return name
    }
  }

  ended(name: string): void {
    if (!this.#open.delete(name)) return
    for (const dependent of this.#dependents.get(name) ?? []) {
      const open = this.#open.get(dependent)
      if (open === undefined) continue
      this.#open.set(dependent, open - 1)
      if (open === 1) this.#due.push(dependent)
    }
  }
}
