/** Keeps an engine at hand: attaches to a running one, starts one where none runs, starts it again when it dies. */
import { reconnectDelayMs } from '#shared/event-stream.ts'
import type { EngineRecord } from './engine-record.ts'

/** An engine that the shell started itself. */
export interface EngineChild {
  /** Resolves when the process has ended, however it did. */
  readonly ended: Promise<void>
  /** The last lines that it wrote. */
  log(): string
  kill(): void
}

export type EngineState =
  | { readonly kind: 'starting' }
  | { readonly kind: 'ready'; readonly engine: EngineRecord }
  /** `starts`: how many starts in a row have failed. */
  | { readonly kind: 'lost'; readonly log: string; readonly starts: number }

export interface SupervisorParts {
  find(): Promise<EngineRecord | undefined>
  /** Undefined: attach only. */
  launch: (() => EngineChild) | undefined
  askToStop(engine: EngineRecord): Promise<void>
  onState(state: EngineState): void
  /** Resolves after the time, or earlier. */
  wait(milliseconds: number): Promise<void>
}

/** How often a ready engine is asked whether it still is. */
const watchIntervalMs = 2_000
/** A busy machine may miss an answer; an engine is gone only after so many. */
const missesUntilLost = 2
/** An engine of our own that lives, was ready, and misses so many answers in a row is frozen: about half a minute. */
const missesUntilFrozen = 10
/** How often an engine is looked for that the shell may not start itself. */
const attachIntervalMs = 1_000
/** A started engine is looked for this often until it answers. */
const startIntervalMs = 150
const stopTimeoutMs = 10_000

export class EngineSupervisor {
  readonly #parts: SupervisorParts
  #state: EngineState = { kind: 'starting' }
  #child: EngineChild | undefined
  #stopped = false
  #wake: () => void = () => undefined

  constructor(parts: SupervisorParts) {
    this.#parts = parts
  }

  get state(): EngineState {
    return this.#state
  }

  /** Whether the engine is one that this shell started, and ends with it. */
  get hosts(): boolean {
    return this.#child !== undefined
  }

  /** Watches until `stop`. */
  async run(): Promise<void> {
    let starts = 0
    let misses = 0
    let wasReady = false
    while (!this.#stopped) {
      const engine = await this.#parts.find()
      if (this.#stopped) return
      misses = engine === undefined ? misses + 1 : 0
      if (engine !== undefined) {
        starts = 0
        wasReady = true
        this.#ready(engine)
        await this.#pause(watchIntervalMs)
      } else if (this.#state.kind === 'ready' && misses < missesUntilLost) {
        await this.#pause(startIntervalMs)
      } else if (this.#child !== undefined) {
        if (this.#state.kind === 'ready') this.#change({ kind: 'starting' })
        // It is started again once it has ended. A first start may take long: it may have a large store to bring up to date.
        if (wasReady && misses >= missesUntilFrozen) this.#child.kill()
        await this.#pause(startIntervalMs)
      } else {
        wasReady = false
        if (starts > 0 || this.#state.kind === 'ready') await this.#lost(starts)
        starts += 1
        this.#launch()
      }
    }
  }

  /** Looks, or starts the engine, without waiting any longer. */
  retryNow(): void {
    this.#wake()
  }

  /** Stops watching, and the engine too if this shell started it. */
  async stop(): Promise<void> {
    this.#stopped = true
    this.#wake()
    const child = this.#child
    if (child === undefined) return
    if (this.#state.kind === 'ready') await this.#parts.askToStop(this.#state.engine).catch(() => child.kill())
    else child.kill()
    await Promise.race([child.ended, this.#parts.wait(stopTimeoutMs)])
    child.kill()
  }

  #ready(engine: EngineRecord): void {
    const known = this.#state.kind === 'ready' ? this.#state.engine : undefined
    if (known?.controlUrl === engine.controlUrl && known.token === engine.token) return
    this.#change({ kind: 'ready', engine })
  }

  #lastLog = ''
  async #lost(starts: number): Promise<void> {
    this.#change({ kind: 'lost', log: this.#lastLog, starts })
    await this.#pause(this.#parts.launch === undefined ? attachIntervalMs : reconnectDelayMs(starts))
  }

  #launch(): void {
    if (this.#stopped || this.#parts.launch === undefined) return
    const child = this.#parts.launch()
    this.#child = child
    this.#change({ kind: 'starting' })
    void child.ended.then(() => {
      this.#lastLog = child.log()
      this.#child = undefined
      this.#wake()
    })
  }

  #change(state: EngineState): void {
    this.#state = state
    this.#parts.onState(state)
  }

  async #pause(milliseconds: number): Promise<void> {
    const woken = new Promise<void>((resolve) => {
      this.#wake = resolve
    })
    await Promise.race([woken, this.#parts.wait(milliseconds)])
  }
}
