/** What should answer at each endpoint, and how far it is, so that a thread that died can be replaced by one that is told. */
import type { LiveState } from './endpoints.ts'
import type { ModelToServe } from './live-model.ts'

/** A model during whose loading the thread ended this often is not tried again. */
const maxLoadCrashes = 3
/** A model in which the thread hung this often is not tried again. */
const maxHangs = 2

interface Desired {
  readonly source: ModelToServe | undefined
  readonly revision: number
  state: LiveState['state']
  message: string | undefined
  loadCrashes: number
}

export class DesiredEndpoints {
  readonly #byEndpoint = new Map<string, Desired>()
  readonly #hangs = new WeakMap<ModelToServe, number>()
  readonly #onChange: (endpoint: string) => void

  /** @param onChange told that an endpoint became ready, was lost, or failed */
  constructor(onChange: (endpoint: string) => void) {
    this.#onChange = onChange
  }

  names(): string[] {
    return [...this.#byEndpoint.keys()]
  }

  has(endpoint: string): boolean {
    return this.#byEndpoint.has(endpoint)
  }

  revisionOf(endpoint: string): number | undefined {
    return this.#byEndpoint.get(endpoint)?.revision
  }

  stateOf(endpoint: string): Pick<LiveState, 'state' | 'message'> {
    const { state = 'loading', message } = this.#byEndpoint.get(endpoint) ?? {}
    return { state, message }
  }

  /** Those that will not be loaded, and why. */
  failures(): Map<string, string> {
    const failed = [...this.#byEndpoint].filter(([, { state }]) => state === 'failed')
    return new Map(failed.map(([endpoint, { message }]) => [endpoint, message ?? '']))
  }

  /** What should answer and does not, as it is when it comes to its turn. */
  *toLoad(): Generator<{ readonly endpoint: string; readonly source: ModelToServe }> {
    for (const [endpoint, { source, state }] of this.#byEndpoint) {
      if (source !== undefined && state === 'loading') yield { endpoint, source }
    }
  }

  want(endpoint: string, source: ModelToServe, revision: number): void {
    const state = this.stateOf(endpoint).state === 'ready' ? 'ready' : 'loading'
    this.#byEndpoint.set(endpoint, { source, revision, state, message: undefined, loadCrashes: 0 })
  }

  delete(endpoint: string): void {
    this.#byEndpoint.delete(endpoint)
  }

  setState(endpoint: string, state: LiveState['state'], message?: string): void {
    const desired = this.#byEndpoint.get(endpoint)
    if (desired === undefined || (desired.state === state && desired.message === message)) return
    desired.state = state
    desired.message = message
    this.#onChange(endpoint)
  }

  /** The endpoint cannot be served, for a reason found outside, such as a corrupt artifact. */
  setFailed(endpoint: string, message: string): void {
    this.#byEndpoint.set(endpoint, { source: undefined, revision: 0, state: 'failed', message, loadCrashes: 0 })
    this.#onChange(endpoint)
  }

  /** The thread has ended. */
  lost(): void {
    for (const [endpoint, { state }] of this.#byEndpoint) {
      if (state === 'ready') this.setState(endpoint, 'loading', 'The inference server is being started again.')
    }
  }

  /** The thread ended while it loaded the model. Whether that is to be tried no more. */
  crashedLoading(endpoint: string): boolean {
    const desired = this.#byEndpoint.get(endpoint)
    return desired === undefined || ++desired.loadCrashes >= maxLoadCrashes
  }

  /**
   * The thread hung in the model. Where that happened again and again the model is left out, so that its neighbours answer.
   * @returns then the reason
   */
  blame(source: ModelToServe): string | undefined {
    const hangs = (this.#hangs.get(source) ?? 0) + 1
    this.#hangs.set(source, hangs)
    if (hangs < maxHangs) return undefined
    const reason = `The inference server hung ${hangs} times in version ${source.version} of "${source.model}".`
    for (const [endpoint, desired] of this.#byEndpoint) {
      if (desired.source === source) this.setState(endpoint, 'failed', `${reason} Deploy another version.`)
    }
    return reason
  }
}
