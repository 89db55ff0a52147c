/**
 * The engine's side of split traffic: which version gets a share at which endpoint, so that a thread that died can be replaced
 * by one that splits in the same way.
 */
import { EsteiraError } from '../../kernel/errors.ts'
import type { ModelToServe } from '../live-model.ts'
import type { ThreadLink } from '../thread-link.ts'
import type { Split } from './split.ts'

/** What is stored of a split, once it is. */
export interface CommittedSplit {
  readonly revision: number
  readonly split: Split
}

/** A version that gets a share of the traffic beside the one that answers. */
export interface Candidate {
  readonly source: ModelToServe
  readonly revision: number
  split: Split
  /** In the thread that is there now; false until it splits. */
  active: boolean
  loadCrashes: number
}

interface Resending {
  /** Throws where the package is not what it was. */
  readonly verify: ((source: ModelToServe) => Promise<void>) | undefined
  /** Whether the thread is still there. */
  readonly isAlive: () => boolean
}

/** A candidate during whose loading the thread ended this often is not tried again. */
const maxLoadCrashes = 3

export class Candidates {
  readonly #byEndpoint = new Map<string, Candidate>()
  readonly #problems = new Map<string, string>()

  get(endpoint: string): Candidate | undefined {
    return this.#byEndpoint.get(endpoint)
  }

  /** Why the candidate cannot take part; undefined while it does, or is loading. */
  problem(endpoint: string): string | undefined {
    return this.#problems.get(endpoint)
  }

  set(endpoint: string, source: ModelToServe, { revision, split }: CommittedSplit): Candidate {
    const candidate = { source, revision, split, active: false, loadCrashes: 0 }
    this.#byEndpoint.set(endpoint, candidate)
    this.#problems.delete(endpoint)
    return candidate
  }

  delete(endpoint: string): void {
    this.#byEndpoint.delete(endpoint)
    this.#problems.delete(endpoint)
  }

  fail(endpoint: string, reason: string): void {
    this.#byEndpoint.delete(endpoint)
    this.#problems.set(endpoint, reason)
  }

  /** Where this very model is the candidate; undefined where it is none. */
  endpointOf(source: ModelToServe): string | undefined {
    return [...this.#byEndpoint].find(([, candidate]) => candidate.source === source)?.[0]
  }

  /** The thread has ended. */
  lost(): void {
    for (const candidate of this.#byEndpoint.values()) candidate.active = false
  }

  /** The candidate is loaded: it gets its share. It is stored already, so a thread that dies now is no failure. */
  async start(link: ThreadLink, endpoint: string, candidate: Candidate): Promise<void> {
    const { revision, split } = candidate
    const request = { kind: 'start-split', endpoint, revision, split } as const
    candidate.active = await link.call(request).then(
      () => true,
      () => false,
    )
  }

  /** Into a thread that is new, before the version that answers: the endpoint never answers without its split. */
  async resend(link: ThreadLink, endpoint: string, { verify, isAlive }: Resending): Promise<void> {
    const candidate = this.#byEndpoint.get(endpoint)
    if (candidate === undefined) return
    try {
      await verify?.(candidate.source)
    } catch (error) {
      this.fail(endpoint, error instanceof Error ? error.message : String(error))
    }
    if (this.#byEndpoint.get(endpoint) !== candidate || candidate.active) return
    try {
      await link.load(endpoint, candidate.source)
    } catch (error) {
      // The thread may have ended for another reason: tried again with the next one.
      if (!isAlive() && ++candidate.loadCrashes < maxLoadCrashes) return
      if (this.#byEndpoint.get(endpoint) === candidate) {
        this.fail(endpoint, error instanceof EsteiraError ? error.message : String(error))
      }
      return
    }
    // Withdrawn while it was being loaded: what is loaded gives way to the version that answers.
    if (this.#byEndpoint.get(endpoint) === candidate) await this.start(link, endpoint, candidate)
  }

  /** From the next request on. A thread that ends meanwhile is no failure: its successor has the split as it is then. */
  async change(link: ThreadLink | undefined, endpoint: string, split: Split): Promise<void> {
    const candidate = this.#byEndpoint.get(endpoint)
    if (candidate === undefined) return
    candidate.split = split
    if (candidate.active) await link?.call({ kind: 'change-split', endpoint, split }).catch(() => undefined)
  }

  /** The version that answered before has all requests again, from the next one on. */
  async withdraw(link: ThreadLink | undefined, endpoint: string): Promise<void> {
    this.delete(endpoint)
    await link?.call({ kind: 'end-split', endpoint, outcome: 'withdrawn' }).catch(() => undefined)
  }
}
