/** The endpoints that the inference thread answers for, each with the model that is live and the one being loaded. */
import type { Problem } from '#shared/errors.ts'
import { EsteiraError, toProblem } from '../kernel/errors.ts'
import { endpointNotFound } from './endpoint-not-found.ts'
import { LiveModel, type ModelRuntime, type ModelToServe, type ModelWatch } from './live-model.ts'
import { type Assignment, assign, type KeyedRequest, type Split } from './rollout/split.ts'

interface Served {
  live: LiveModel | undefined
  /** Behind the same endpoint: gets its share of the requests, or copies of them. */
  candidate: { readonly model: LiveModel; split: Split } | undefined
  /** Loaded and warm, waiting to be activated. */
  staged: LiveModel | undefined
  /** Why the last load failed. */
  problem: Problem | undefined
}

/** Who answers a request, and why. */
export interface Route extends Assignment {
  readonly live: LiveModel
  /** While two versions are behind the endpoint. */
  readonly rollout?: { readonly id: string; readonly kind: Split['kind'] }
  /** Asked the same after the answer. */
  readonly shadow?: LiveModel
}

/** Watches a model from its warm-up on. `slot`: by which the engine knows it. */
export type WatchModel = (loaded: { readonly endpoint: string; readonly slot: number }) => ModelWatch

export class ServedEndpoints {
  readonly #runtime: () => Promise<ModelRuntime>
  readonly #watch: WatchModel | undefined
  readonly #served = new Map<string, Served>()

  constructor(runtime: () => Promise<ModelRuntime>, watch?: WatchModel) {
    this.#runtime = runtime
    this.#watch = watch
  }

  names(): string[] {
    return [...this.#served.keys()]
  }

  has(endpoint: string): boolean {
    return this.#served.has(endpoint)
  }

  /** Endpoints whose models are yet to be loaded. @param failed those that will not be, and why */
  expect(endpoints: readonly string[], failed: ReadonlyMap<string, string> = new Map()): void {
    for (const endpoint of endpoints) this.#of(endpoint)
    for (const [endpoint, why] of failed)
      this.#of(endpoint).problem = toProblem(new EsteiraError('model-unusable', why))
  }

  /** Loads and warms a model beside the one that answers; `slot`: see `WatchModel`. @throws EsteiraError `model-unusable` and what loading throws */
  async load(endpoint: string, source: ModelToServe, slot = 0): Promise<void> {
    const served = this.#of(endpoint)
    try {
      const staged = await LiveModel.load(source, await this.#runtime(), this.#watch?.({ endpoint, slot }))
      await served.staged?.retire()
      served.staged = staged
      served.problem = undefined
    } catch (error) {
      served.problem = toProblem(error)
      throw error
    }
  }

  /** The staged model answers from the next request on; the one before finishes what it has. */
  activate(endpoint: string, revision: number): void {
    const served = this.#served.get(endpoint)
    if (served?.staged === undefined) throw new EsteiraError('internal', `No model is loaded for "${endpoint}".`)
    const before = served.live
    served.live = served.staged
    served.staged = undefined
    served.live.becomeRevision(revision)
    void before?.retire()
  }

  /** The staged model becomes the candidate: from the next request on it has its share. */
  startSplit(endpoint: string, revision: number, split: Split): void {
    const served = this.#served.get(endpoint)
    if (served?.staged === undefined) throw new EsteiraError('internal', `No model is loaded for "${endpoint}".`)
    const before = served.candidate
    served.staged.becomeRevision(revision)
    served.candidate = { model: served.staged, split }
    served.staged = undefined
    void before?.model.retire()
  }

  /** From the next request on. */
  changeSplit(endpoint: string, split: Split): void {
    const candidate = this.#served.get(endpoint)?.candidate
    if (candidate === undefined) throw new EsteiraError('internal', `No traffic is split at "${endpoint}".`)
    candidate.split = split
  }

  /** From the next request on one model answers all; the other finishes what it has. */
  endSplit(endpoint: string, outcome: 'promoted' | 'withdrawn'): void {
    const served = this.#served.get(endpoint)
    const candidate = served?.candidate
    if (served === undefined || candidate === undefined) return
    const leaves = outcome === 'promoted' ? served.live : candidate.model
    if (outcome === 'promoted') served.live = candidate.model
    served.candidate = undefined
    void leaves?.retire()
  }

  async remove(endpoint: string): Promise<void> {
    const served = this.#served.get(endpoint)
    this.#served.delete(endpoint)
    await Promise.all([served?.live?.retire(), served?.staged?.retire(), served?.candidate?.model.retire()])
  }

  /** What answers at the endpoint. @throws EsteiraError `endpoint-not-found`, `endpoint-not-ready` */
  get(endpoint: string): LiveModel {
    const served = this.#served.get(endpoint)
    if (served?.live !== undefined) return served.live
    if (served === undefined) throw endpointNotFound(endpoint, this.names())
    throw new EsteiraError('endpoint-not-ready', `The endpoint "${endpoint}" is not ready.`, {
      where: endpoint,
      ...(served.problem !== undefined && { found: served.problem.detail }),
      next: served.problem ? 'Deploy a version that loads.' : 'The model is being loaded; try again in a moment.',
    })
  }

  /** Who answers the request. @throws EsteiraError `endpoint-not-found`, `endpoint-not-ready` */
  route(endpoint: string, request: KeyedRequest, chance = Math.random()): Route {
    const live = this.get(endpoint)
    const candidate = this.#served.get(endpoint)?.candidate
    if (candidate === undefined) return { live, arm: 'stable', counts: true }
    const { model, split } = candidate
    const rollout = { id: split.rolloutId, kind: split.kind }
    const assigned = assign(split, request, chance)
    if (split.kind === 'shadow') {
      return { ...assigned, live, rollout, ...(chance < split.share && { shadow: model }) }
    }
    return { ...assigned, live: assigned.arm === 'candidate' ? model : live, rollout }
  }

  /** Whether who answers depends on what the rows hold. */
  isKeyedByRows(endpoint: string): boolean {
    const key = this.#served.get(endpoint)?.candidate?.split.key
    return key !== undefined && 'column' in key
  }

  /** How the traffic is split now; undefined while one version answers all. */
  splitAt(endpoint: string): (Split & { readonly revision: number }) | undefined {
    const candidate = this.#served.get(endpoint)?.candidate
    return candidate && { ...candidate.split, revision: candidate.model.revision }
  }

  /** What is behind the endpoint: the stable version first. */
  behind(endpoint: string): readonly LiveModel[] {
    const { live, candidate } = this.#served.get(endpoint) ?? {}
    return [live, candidate?.model].filter((model) => model !== undefined)
  }

  find(endpoint: string): LiveModel | undefined {
    return this.#served.get(endpoint)?.live
  }

  /** Whether every endpoint has a model that answers. */
  allReady(): boolean {
    return [...this.#served.values()].every((served) => served.live !== undefined)
  }

  #of(endpoint: string): Served {
    let served = this.#served.get(endpoint)
    if (served === undefined) {
      served = { live: undefined, candidate: undefined, staged: undefined, problem: undefined }
      this.#served.set(endpoint, served)
    }
    return served
  }

  /** Frees every model, after the requests under way. */
  async close(): Promise<void> {
    await Promise.all(this.names().map((name) => this.remove(name)))
  }
}
