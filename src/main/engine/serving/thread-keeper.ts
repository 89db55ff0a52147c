/**
 * Keeps one inference thread at the addresses of the inference server: starts it, has a stand-in answer on its port while
 * there is none, and starts another when it has ended.
 */
import { setTimeout as delay } from 'node:timers/promises'
import type { OutsideState } from '#shared/engine.ts'
import type { ModelToServe } from './live-model.ts'
import type { OutsideAddress } from './outside.ts'
import { StandIn } from './stand-in.ts'
import { ThreadLink, type ThreadListeners } from './thread-link.ts'
import type { ThreadRequest } from './thread-messages.ts'

/** Waits before the 1st, 2nd, 3rd … start after an unexpected end; the last one repeats. */
const restartDelaysMs = [100, 500, 2_000, 10_000, 30_000]
/** A thread that lived this long starts the row of delays again. */
const stableAfterMs = 60_000
/** A thread that answers nothing for so long hangs: no call of a model takes a hundredth of it. */
const defaultHangAfterMs = 10_000
/** Requests under way at close are given this long. */
const closeTimeoutMs = 5_000

const threadEntry = new URL('./inference-thread.ts', import.meta.url)

export interface ListenAddress {
  readonly host: string
  /** 0: a free one. */
  readonly port: number
}

export interface ThreadKeeperOptions {
  readonly entry?: URL | undefined
  readonly hangAfterMs?: number | undefined
  readonly listeners: Omit<ThreadListeners, 'onEnd' | 'onEnding'>
  /** What a thread is told before it listens. */
  readonly prepare: () => ThreadRequest
  /** Called once a thread listens, before anything else is asked of it. */
  readonly onOpen: (link: ThreadLink) => Promise<void>
  /** Told that the thread has ended by itself; where it hung, in which model, as far as is known. There is none until `restart`. */
  readonly onEnd: (error: unknown, hung: ModelToServe | undefined) => void
  /** Told that a thread cannot be started; it is tried again. */
  readonly onFailedStart: (error: unknown) => void
}

export class ThreadKeeper {
  readonly #options: ThreadKeeperOptions
  readonly #closing = new AbortController()
  #link: ThreadLink | undefined
  #address: ListenAddress | undefined
  #outside: OutsideAddress | undefined
  #standIn: Promise<StandIn | undefined> | undefined
  #crashes = 0
  #startedAt = 0

  constructor(options: ThreadKeeperOptions) {
    this.#options = options
  }

  /** Undefined while there is none. */
  get link(): ThreadLink | undefined {
    return this.#link
  }

  /** Where it listens; null while it does not. */
  get url(): string | null {
    return this.#link === undefined || this.#address === undefined ? null : urlOf(this.#address)
  }

  /** Where other machines may ask; null where they may not. */
  get outside(): OutsideState['listener'] {
    if (this.url === null || this.#outside === undefined) return null
    const { tls, names, ...address } = this.#outside
    return { url: urlOf(address, tls === undefined ? 'http' : 'https'), names: [...new Set(names)] }
  }

  /** Starts the thread and listens. Returns its address. @throws EsteiraError `port-in-use` */
  async start(address: ListenAddress, outside: OutsideAddress | undefined): Promise<string> {
    this.#outside = outside
    this.#address = await this.#open(address)
    return urlOf(this.#address)
  }

  /** Starts another thread at the same addresses, however often that must be tried. */
  async restart(): Promise<void> {
    if (performance.now() - this.#startedAt > stableAfterMs) this.#crashes = 0
    while (this.#link === undefined && this.#address !== undefined && !this.#closing.signal.aborted) {
      const waitMs = restartDelaysMs[Math.min(this.#crashes++, restartDelaysMs.length - 1)]
      await delay(waitMs, undefined, { signal: this.#closing.signal }).catch(() => undefined)
      if (this.#closing.signal.aborted) return
      await this.#open(this.#address).catch((error) => this.#options.onFailedStart(error))
    }
  }

  /** The thread answers what it has, then ends. */
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

  async #open(address: ListenAddress): Promise<ListenAddress> {
    const { entry = threadEntry, hangAfterMs = defaultHangAfterMs, listeners, prepare, onOpen } = this.#options
    const own = {
      onEnd: (error: unknown, hung: ModelToServe | undefined) => this.#ended(link, error, hung),
      onEnding: () => this.#openStandIn(),
    }
    const link: ThreadLink = new ThreadLink(entry, { ...listeners, ...own }, hangAfterMs)
    try {
      await link.call(prepare())
      // The stand-in leaves its port only once the thread is there to take it.
      await this.#endStandIn()
      const { port = address.port } = await link.call({ kind: 'listen', ...address })
      await this.#listenOutside(link)
      this.#closing.signal.throwIfAborted()
      this.#link = link
      this.#startedAt = performance.now()
      link.watch()
      await onOpen(link)
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

  #ended(link: ThreadLink, error: unknown, hung: ModelToServe | undefined): void {
    if (this.#link !== link) return
    this.#link = undefined
    this.#openStandIn()
    this.#options.onEnd(error, hung)
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
}

function urlOf({ host, port }: ListenAddress, scheme = 'http'): string {
  return `${scheme}://${host.includes(':') ? `[${host}]` : host}:${port}`
}
