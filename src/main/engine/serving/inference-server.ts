/**
 * The engine's side of the inference server. The server runs in a thread of its own, so that control work never delays a
 * prediction; here is what should answer at each endpoint, so that a thread that died can be replaced.
 */
import { randomBytes } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import type { OutsideState } from '#shared/engine.ts'
import type { RequestLogSettings, RequestLogState } from '#shared/requests.ts'
import type { FeaturePaths } from '../features/online/feature-paths.ts'
import { EsteiraError } from '../kernel/errors.ts'
import type { EnforcedAccess } from './access-guard.ts'
import type { LiveState } from './endpoints.ts'
import type { ModelToServe } from './live-model.ts'
import type { OutsideAddress } from './outside.ts'
import { Candidates, type CommittedSplit } from './rollout/candidates.ts'
import type { ShadowNews } from './rollout/shadow-mirror.ts'
import type { Split } from './rollout/split.ts'
import { StandIn } from './stand-in.ts'
import { ThreadLink } from './thread-link.ts'
import type { ThreadFault } from './thread-messages.ts'
import type { TrafficSecond } from './traffic-counter.ts'

/** Waits before the 1st, 2nd, 3rd … start after an unexpected end; the last one repeats. */
const restartDelaysMs = [100, 500, 2_000, 10_000, 30_000]
/** A thread that lived this long starts the row of delays again. */
const stableAfterMs = 60_000
/** A model during whose loading the thread ended this often is not tried again. */
const maxLoadCrashes = 3
/** A model in which the thread hung this often is not tried again. */
const maxHangs = 2
/** A thread that answers nothing for so long hangs: no call of a model takes a hundredth of it. */
const defaultHangAfterMs = 10_000
/** Requests under way at close are given this long. */
const closeTimeoutMs = 5_000

const threadEntry = new URL('./inference-thread.ts', import.meta.url)

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

/** What should answer at an endpoint, and how far it is. */
interface Desired {
  source: ModelToServe | undefined
  revision: number
  state: LiveState['state']
  message: string | undefined
  loadCrashes: number
}

export class InferenceServer {
  readonly #options: InferenceServerOptions
  readonly #desired = new Map<string, Desired>()
  readonly #access = new Map<string, EnforcedAccess>()
  readonly #logging = new Map<string, RequestLogSettings>()
  readonly #candidates = new Candidates()
  readonly #hangs = new WeakMap<ModelToServe, number>()
  #standIn: Promise<StandIn | undefined> | undefined
  /** Of this start of the engine: with it the engine asks where a key is required. */
  readonly secret = randomBytes(32).toString('base64url')
  readonly #closing = new AbortController()
  #link: ThreadLink | undefined
  #address: { host: string; port: number } | undefined
  #outside: OutsideAddress | undefined
  #crashes = 0
  #startedAt = 0
  /** Loads are one at a time, in the order they were asked for; a restart is one of them. */
  #queue: Promise<unknown> = Promise.resolve()

  constructor(options: InferenceServerOptions = {}) {
    this.#options = options
  }

  /** Where it listens; null while it does not. */
  get url(): string | null {
    return this.#link === undefined || this.#address === undefined ? null : urlOf(this.#address)
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
    this.#outside = outside
    const address = await this.#open({ host, port })
    this.#address = address
    void this.#enqueue(() => this.#resend())
    return { url: urlOf(address) }
  }

  /** Where other machines may ask; null where they may not. */
  get outside(): OutsideState['listener'] {
    if (this.url === null || this.#outside === undefined) return null
    const { tls, names, ...address } = this.#outside
    return { url: urlOf(address, tls === undefined ? 'http' : 'https'), names: [...new Set(names)] }
  }

  /** What the thread holds in memory; null while there is none. */
  memoryBytes(): Promise<number | null> {
    return this.#link?.memoryBytes() ?? Promise.resolve(null)
  }

  /** How an endpoint is doing. */
  state(endpoint: string): LiveState {
    const url = this.url === null ? null : `${this.url}/models/${encodeURIComponent(endpoint)}/predict`
    if (url === null) return { state: 'loading', message: 'The inference server is not running.', url }
    const { state = 'loading', message } = this.#desired.get(endpoint) ?? {}
    return { state, message, url }
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
        this.#want(endpoint, source, commit())
        return
      }
      try {
        await this.#load(link, endpoint, source)
        this.#want(endpoint, source, commit())
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
      if (link !== undefined) await this.#load(link, endpoint, source)
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
      this.#want(endpoint, candidate.source, candidate.revision)
      const link = this.#link
      if (link === undefined) return
      // A thread that ends, or that never got the candidate, has a successor that is told what answers now.
      const done = candidate.active
        ? link.call({ kind: 'end-split', endpoint, outcome: 'promoted' })
        : Promise.reject(new Error('not split'))
      await done.then(
        () => this.#setState(endpoint, 'ready'),
        () => this.#setState(endpoint, 'loading'),
      )
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
    this.#desired.set(endpoint, { source: undefined, revision: 0, state: 'failed', message, loadCrashes: 0 })
    this.#changed(endpoint)
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
  async close(): Promise<void> {
    this.#closing.abort()
    const link = this.#link
    this.#link = undefined
    await this.#endStandIn()
    if (link === undefined) return
    const timeout = delay(closeTimeoutMs, undefined, { ref: false })
    await Promise.race([link.call({ kind: 'close' }), timeout]).catch(() => undefined)
    await link.terminate()
  }

  async #open(address: { host: string; port: number }): Promise<{ host: string; port: number }> {
    const { requestsPath, entry = threadEntry, hangAfterMs = defaultHangAfterMs } = this.#options
    const listeners = {
      onEnd: (error: unknown, hung: ModelToServe | undefined) => this.#ended(link, error, hung),
      onEnding: () => this.#openStandIn(),
      onFault: ({ endpoint, message }: ThreadFault['fault']) => this.#options.onFault?.(endpoint, message),
      onTraffic: (seconds: readonly TrafficSecond[]) => this.#options.onTraffic?.(seconds),
      onLogState: (state: RequestLogState) => this.#options.onLogState?.(state),
      onShadows: (news: readonly ShadowNews[]) => this.#options.onShadows?.(news),
    }
    const link: ThreadLink = new ThreadLink(entry, listeners, hangAfterMs)
    try {
      await link.call({
        kind: 'prepare',
        endpoints: [...this.#desired.keys()],
        failed: this.#failures(),
        features: this.#options.features,
        access: this.#access,
        engineSecret: this.secret,
        requestLog: requestsPath === undefined ? undefined : { path: requestsPath, settings: this.#logging },
      })
      // The stand-in leaves its port only once the thread is there to take it.
      await this.#endStandIn()
      const { port = address.port } = await link.call({ kind: 'listen', ...address })
      await this.#listenOutside(link)
      this.#closing.signal.throwIfAborted()
      this.#link = link
      this.#startedAt = performance.now()
      link.watch()
      // What changed while it was starting.
      for (const [endpoint, access] of this.#access) await link.call({ kind: 'access', endpoint, access })
      for (const [endpoint, settings] of this.#logging) await link.call({ kind: 'log', endpoint, settings })
      return { host: address.host, port }
    } catch (error) {
      await link.terminate()
      throw error
    }
  }

  /** On the same port again after a restart, so that addresses stay true. */
  async #listenOutside(link: ThreadLink): Promise<void> {
    if (this.#outside === undefined) return
    const { port = this.#outside.port } = await link.call({ kind: 'listen-outside', address: this.#outside })
    this.#outside = { ...this.#outside, port }
  }

  async #load(link: ThreadLink, endpoint: string, source: ModelToServe): Promise<void> {
    await link.load(endpoint, source)
  }

  /** From here on the revision is stored, so a thread that dies now is no failure: its successor serves the revision. */
  async #activate(link: ThreadLink, endpoint: string): Promise<void> {
    const desired = this.#desired.get(endpoint)
    if (desired === undefined) return
    try {
      await link.call({ kind: 'activate', endpoint, revision: desired.revision })
      this.#setState(endpoint, 'ready')
    } catch {
      this.#setState(endpoint, 'loading')
    }
  }

  #want(endpoint: string, source: ModelToServe, revision: number): void {
    const state = this.#desired.get(endpoint)?.state === 'ready' ? 'ready' : 'loading'
    this.#desired.set(endpoint, { source, revision, state, message: undefined, loadCrashes: 0 })
  }

  #setState(endpoint: string, state: LiveState['state'], message?: string): void {
    const desired = this.#desired.get(endpoint)
    if (desired === undefined || (desired.state === state && desired.message === message)) return
    desired.state = state
    desired.message = message
    this.#changed(endpoint)
  }

  #failures(): Map<string, string> {
    const failed = [...this.#desired].filter(([, { state }]) => state === 'failed')
    return new Map(failed.map(([endpoint, { message }]) => [endpoint, message ?? '']))
  }

  #openStandIn(): void {
    if (this.#address === undefined || this.#closing.signal.aborted) return
    this.#standIn ??= StandIn.open(this.#address)
  }

  async #endStandIn(): Promise<void> {
    const standIn = this.#standIn
    this.#standIn = undefined
    await (await standIn)?.close()
  }

  /** A model in which the thread hangs again and again is left out, so that its neighbours answer. */
  #blame(source: ModelToServe): void {
    const hangs = (this.#hangs.get(source) ?? 0) + 1
    this.#hangs.set(source, hangs)
    if (hangs < maxHangs) return
    const reason = `The inference server hung ${hangs} times in version ${source.version} of "${source.model}".`
    for (const [endpoint, desired] of this.#desired) {
      if (desired.source === source) this.#setState(endpoint, 'failed', `${reason} Deploy another version.`)
    }
    const endpoint = this.#candidates.endpointOf(source)
    if (endpoint !== undefined) this.#candidates.fail(endpoint, reason)
  }

  #ended(link: ThreadLink, error: unknown, hung: ModelToServe | undefined): void {
    if (this.#link !== link) return
    this.#link = undefined
    this.#options.onCrash?.(error)
    for (const [endpoint, { state }] of this.#desired) {
      if (state === 'ready') this.#setState(endpoint, 'loading', 'The inference server is being started again.')
    }
    this.#candidates.lost()
    if (hung !== undefined) this.#blame(hung)
    this.#openStandIn()
    void this.#enqueue(() => this.#restart())
  }

  /** On the same port, so that addresses stay true. */
  async #restart(): Promise<void> {
    if (performance.now() - this.#startedAt > stableAfterMs) this.#crashes = 0
    while (this.#link === undefined && this.#address !== undefined && !this.#closing.signal.aborted) {
      const waitMs = restartDelaysMs[Math.min(this.#crashes++, restartDelaysMs.length - 1)]
      await delay(waitMs, undefined, { signal: this.#closing.signal }).catch(() => undefined)
      if (this.#closing.signal.aborted) return
      await this.#open(this.#address).catch((error) => this.#options.onCrash?.(error))
    }
    await this.#resend()
  }

  /** Loads what should answer and does not. */
  async #resend(): Promise<void> {
    for (const [endpoint, desired] of this.#desired) {
      const link = this.#link
      if (link === undefined) return
      if (desired.source === undefined || desired.state !== 'loading') continue
      await this.#resendCandidate(link, endpoint)
      try {
        await this.#options.verify?.(desired.source)
        await this.#load(link, endpoint, desired.source)
      } catch (error) {
        if (this.#link === link || ++desired.loadCrashes >= maxLoadCrashes) {
          this.#setState(endpoint, 'failed', error instanceof EsteiraError ? error.message : String(error))
        }
        continue
      }
      await this.#activate(link, endpoint)
    }
  }

  async #resendCandidate(link: ThreadLink, endpoint: string): Promise<void> {
    const candidate = this.#candidates.get(endpoint)
    if (candidate === undefined) return
    try {
      await this.#options.verify?.(candidate.source)
    } catch (error) {
      this.#candidates.fail(endpoint, error instanceof Error ? error.message : String(error))
    }
    await this.#candidates.resend(link, endpoint, () => this.#link === link)
  }

  #enqueue<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#queue.then(work)
    this.#queue = result.catch(() => undefined)
    return result
  }

  #changed(endpoint: string): void {
    this.#options.onChange?.(endpoint)
  }
}

function urlOf({ host, port }: { host: string; port: number }, scheme = 'http'): string {
  return `${scheme}://${host.includes(':') ? `[${host}]` : host}:${port}`
}
