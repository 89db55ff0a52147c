/**
 * The engine's side of the inference server. The server runs in a thread of its own, so that control work never delays a
 * prediction; here is what should answer at each endpoint, so that a thread that died can be replaced.
 */
import { randomBytes } from 'node:crypto'
import type { OutsideState } from '#shared/engine.ts'
import type { RequestLogSettings, RequestLogState } from '#shared/requests.ts'
import type { FeaturePaths } from '../features/online/feature-paths.ts'
import { EsteiraError } from '../kernel/errors.ts'
import type { EnforcedAccess } from './access-guard.ts'
import { DesiredEndpoints } from './desired-endpoints.ts'
import type { LiveState } from './endpoints.ts'
import type { ModelToServe } from './live-model.ts'
import type { OutsideAddress } from './outside.ts'
import { Candidates, type CommittedSplit } from './rollout/candidates.ts'
import type { ShadowNews } from './rollout/shadow-mirror.ts'
import type { Split } from './rollout/split.ts'
import { ThreadKeeper } from './thread-keeper.ts'
import type { ThreadLink } from './thread-link.ts'
import type { ThreadRequest } from './thread-messages.ts'
import type { TrafficSecond } from './traffic-counter.ts'

export interface InferenceServerOptions {
  /** Told that an endpoint became ready, was lost, or failed. */
  readonly onChange?: (endpoint: string) => void
  /** Told why the thread ended unexpectedly. */
  readonly onCrash?: (error: unknown) => void
  /** Told once of a model that fails whatever it is asked. */
  readonly onFault?: (endpoint: string, message: string) => void
  /** Told what was asked of the endpoints, at most once a second. */
  readonly onTraffic?: (seconds: readonly TrafficSecond[]) => void
  /** Told that requests cannot be logged, or can again. */
  readonly onLogState?: (state: RequestLogState) => void
  /** Told what shadows were asked, at most once a second. */
  readonly onShadows?: (news: readonly ShadowNews[]) => void
  /** Called before a model is loaded once more, without a deployment: throws where its package is not what it was. */
  readonly verify?: (source: ModelToServe) => Promise<void>
  readonly entry?: URL
  readonly hangAfterMs?: number
  /** Left out, no missing inputs are filled from the feature store. */
  readonly features?: FeaturePaths
  /** The folder of the request log. Left out, no requests are logged. */
  readonly requestsPath?: string
}

export class InferenceServer {
  readonly #options: InferenceServerOptions
  readonly #keeper: ThreadKeeper
  readonly #desired: DesiredEndpoints
  readonly #access = new Map<string, EnforcedAccess>()
  readonly #logging = new Map<string, RequestLogSettings>()
  readonly #candidates = new Candidates()
  /** Of this start of the engine: with it the engine asks where a key is required. */
  readonly secret = randomBytes(32).toString('base64url')
  /** Loads are one at a time, in the order they were asked for; a restart is one of them. */
  #queue: Promise<unknown> = Promise.resolve()

  constructor(options: InferenceServerOptions = {}) {
    this.#options = options
    this.#desired = new DesiredEndpoints((endpoint) => options.onChange?.(endpoint))
    this.#keeper = new ThreadKeeper({
      entry: options.entry,
      hangAfterMs: options.hangAfterMs,
      listeners: {
        onFault: ({ endpoint, message }) => options.onFault?.(endpoint, message),
        onTraffic: (seconds) => options.onTraffic?.(seconds),
        onLogState: (state) => options.onLogState?.(state),
        onShadows: (news) => options.onShadows?.(news),
      },
      prepare: () => this.#preparation(),
      onOpen: (link) => this.#tellRules(link),
      onEnd: (error, hung) => this.#ended(error, hung),
      onFailedStart: (error) => options.onCrash?.(error),
    })
  }

  /** Where it listens; null while it does not. */
  get url(): string | null {
    return this.#keeper.url
  }

  /** Where other machines may ask; null where they may not. */
  get outside(): OutsideState['listener'] {
    return this.#keeper.outside
  }

  get #link(): ThreadLink | undefined {
    return this.#keeper.link
  }

  /**
   * Starts the thread and listens; `port` 0 takes a free port. Endpoints set before are loaded in the background.
   * @throws EsteiraError `port-in-use`
   */
  async start({
    host = '127.0.0.1',
    port,
    outside,
  }: {
    host?: string
    port: number
    /** Where other machines may ask; every endpoint requires keys of them. */
    outside?: OutsideAddress | undefined
  }): Promise<{ url: string }> {
    const url = await this.#keeper.start({ host, port }, outside)
    void this.#enqueue(() => this.#resend())
    return { url }
  }

  /** What the thread holds in memory; null while there is none. */
  memoryBytes(): Promise<number | null> {
    return this.#link?.memoryBytes() ?? Promise.resolve(null)
  }

  /** How an endpoint is doing. */
  state(endpoint: string): LiveState {
    const url = this.url === null ? null : `${this.url}/models/${encodeURIComponent(endpoint)}/predict`
    if (url === null) return { state: 'loading', message: 'The inference server is not running.', url }
    return { ...this.#desired.stateOf(endpoint), url }
  }

  /**
   * Loads and warms a model beside the one that answers, calls `commit` for the number of its revision, then lets it
   * answer from one request to the next. If loading fails, or `commit` throws, what answered before still does.
   * While the server is not running the model is only noted, to be loaded when it starts.
   * @throws EsteiraError `model-unusable`, what loading and `commit` throw, `endpoint-not-ready` if the thread dies
   */
  setRevision(endpoint: string, source: ModelToServe, commit: () => number): Promise<void> {
    return this.#enqueue(async () => {
      const link = this.#link
      if (link === undefined) {
        this.#desired.want(endpoint, source, commit())
        return
      }
      try {
        await link.load(endpoint, source)
        this.#desired.want(endpoint, source, commit())
      } catch (error) {
        // An endpoint that never was must not be one that is never ready.
        if (!this.#desired.has(endpoint)) await link.call({ kind: 'remove', endpoint }).catch(() => undefined)
        throw error
      }
      await this.#activate(link, endpoint)
    })
  }

  /**
   * Loads and warms a candidate beside the version that answers, calls `commit` for its revision and split, then gives it
   * its share. If loading fails, or `commit` throws, nothing has changed. Noted only while the server is not running.
   * @throws EsteiraError as `setRevision`
   */
  startSplit(endpoint: string, source: ModelToServe, commit: () => CommittedSplit): Promise<void> {
    return this.#enqueue(async () => {
      const link = this.#link
      if (link !== undefined) await link.load(endpoint, source)
      const candidate = this.#candidates.set(endpoint, source, commit())
      if (link !== undefined) await this.#candidates.start(link, endpoint, candidate)
    })
  }

  /** From the next request on, whatever is being loaded meanwhile. */
  changeSplit(endpoint: string, split: Split): Promise<void> {
    return this.#candidates.change(this.#link, endpoint, split)
  }

  /** The version that answered before has all requests again, from the next one on, whatever is being loaded meanwhile. */
  withdrawCandidate(endpoint: string): Promise<void> {
    return this.#candidates.withdraw(this.#link, endpoint)
  }

  /** Calls `commit`; from then on the candidate answers every request. @throws what `commit` throws */
  promoteCandidate(endpoint: string, commit: () => void): Promise<void> {
    return this.#enqueue(async () => {
      const candidate = this.#candidates.get(endpoint)
      if (candidate === undefined) throw new EsteiraError('internal', `No traffic is split at "${endpoint}".`)
      commit()
      this.#candidates.delete(endpoint)
      this.#desired.want(endpoint, candidate.source, candidate.revision)
      const link = this.#link
      if (link === undefined) return
      // A thread that ends, or that never got the candidate, has a successor that is told what answers now.
      if (!candidate.active) return this.#desired.setState(endpoint, 'loading')
      await this.#settle(endpoint, link.call({ kind: 'end-split', endpoint, outcome: 'promoted' }))
    })
  }

  /** Why the candidate cannot take part, such as a package that no longer loads; undefined while it does, or is loading. */
  candidateProblem(endpoint: string): string | undefined {
    return this.#candidates.problem(endpoint)
  }

  /** Keeps the requests of an endpoint to these rules from the next one on, whatever thread serves them. */
  async setAccess(endpoint: string, access: EnforcedAccess): Promise<void> {
    this.#access.set(endpoint, access)
    // A thread that ends meanwhile is no failure: its successor is told before it listens.
    await this.#link?.call({ kind: 'access', endpoint, access }).catch(() => undefined)
  }

  /** Logs the requests of an endpoint in this way from the next one on, whatever thread serves them. */
  async setLogging(endpoint: string, settings: RequestLogSettings): Promise<void> {
    this.#logging.set(endpoint, settings)
    await this.#link?.call({ kind: 'log', endpoint, settings }).catch(() => undefined)
  }

  /** The endpoint cannot be served, for a reason found outside, such as a corrupt artifact. */
  setFailed(endpoint: string, message: string): void {
    this.#desired.setFailed(endpoint, message)
  }

  /** The endpoint answers no more, once the requests it has are done. */
  removeEndpoint(endpoint: string): Promise<void> {
    return this.#enqueue(async () => {
      this.#desired.delete(endpoint)
      this.#candidates.delete(endpoint)
      await this.#link?.call({ kind: 'remove', endpoint })
    })
  }

  /** Answers what it has, then ends the thread. */
  close(): Promise<void> {
    return this.#keeper.close()
  }

  #preparation(): ThreadRequest {
    const { requestsPath, features } = this.#options
    return {
      kind: 'prepare',
      endpoints: this.#desired.names(),
      failed: this.#desired.failures(),
      features,
      access: this.#access,
      engineSecret: this.secret,
      requestLog: requestsPath === undefined ? undefined : { path: requestsPath, settings: this.#logging },
    }
  }

  /** They may have changed while the thread was starting. */
  async #tellRules(link: ThreadLink): Promise<void> {
    for (const [endpoint, access] of this.#access) await link.call({ kind: 'access', endpoint, access })
    for (const [endpoint, settings] of this.#logging) await link.call({ kind: 'log', endpoint, settings })
  }

  /** From here on the revision is stored, so a thread that dies now is no failure: its successor serves the revision. */
  async #activate(link: ThreadLink, endpoint: string): Promise<void> {
    const revision = this.#desired.revisionOf(endpoint)
    if (revision !== undefined) await this.#settle(endpoint, link.call({ kind: 'activate', endpoint, revision }))
  }

  #settle(endpoint: string, done: Promise<unknown>): Promise<void> {
    return done.then(
      () => this.#desired.setState(endpoint, 'ready'),
      () => this.#desired.setState(endpoint, 'loading'),
    )
  }

  #ended(error: unknown, hung: ModelToServe | undefined): void {
    this.#options.onCrash?.(error)
    this.#desired.lost()
    this.#candidates.lost()
    if (hung !== undefined) this.#blame(hung)
    void this.#enqueue(async () => {
      await this.#keeper.restart()
      await this.#resend()
    })
  }

  #blame(source: ModelToServe): void {
    const reason = this.#desired.blame(source)
    const endpoint = this.#candidates.endpointOf(source)
    if (reason !== undefined && endpoint !== undefined) this.#candidates.fail(endpoint, reason)
  }

  /** Loads what should answer and does not. */
  async #resend(): Promise<void> {
    const { verify } = this.#options
    for (const { endpoint, source } of this.#desired.toLoad()) {
      const link = this.#link
      if (link === undefined) return
      await this.#candidates.resend(link, endpoint, { verify, isAlive: () => this.#link === link })
      try {
        await verify?.(source)
        await link.load(endpoint, source)
      } catch (error) {
        if (this.#link === link || this.#desired.crashedLoading(endpoint)) {
          this.#desired.setState(endpoint, 'failed', error instanceof EsteiraError ? error.message : String(error))
        }
        continue
      }
      await this.#activate(link, endpoint)
    }
  }

  #enqueue<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#queue.then(work)
    this.#queue = result.catch(() => undefined)
    return result
  }
}
