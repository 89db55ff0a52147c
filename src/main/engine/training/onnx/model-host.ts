/**
 * An ONNX model in a thread of its own. A host that dies is started again with back-off, one that hangs is ended; what was
 * asked meanwhile is refused at once, and nobody else notices.
 */
import { setTimeout as delay } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { EsteiraError } from '../../kernel/errors.ts'
import type { HostAnswer, HostCall, HostStart } from './host-messages.ts'

export interface HostLimits {
  /** Loading a model, the runtime included. */
  readonly loadMs: number
  /** One call: beyond it the model hangs. */
  readonly callMs: number
  /** Waits before the 1st, 2nd, … start after an unexpected end; the last repeats. */
  readonly restartMs: readonly number[]
}
export const defaultHostLimits: HostLimits = {
  loadMs: 60_000,
  callMs: 10_000,
  restartMs: [100, 500, 2_000, 10_000, 30_000],
}
/** A host that lived this long starts the row of waits again. */
const stableAfterMs = 60_000

interface Pending {
  readonly id: number
  readonly resolve: (outputs: Float64Array) => void
  readonly reject: (error: unknown) => void
  readonly timer: NodeJS.Timeout
}

export class ModelHost {
  readonly #start: HostStart
  readonly #limits: HostLimits
  readonly #entry: URL
  #worker: Worker | undefined
  #pending: Pending | undefined
  #ended = 'It has not started yet.'
  #failures = 0
  #startedAt = 0
  #calls = 0
  #disposed = false
  /** Calls are one at a time, so that the limit counts the work of each alone. */
  #queue: Promise<unknown> = Promise.resolve()

  private constructor(start: HostStart, limits: HostLimits, entry: URL) {
    this.#start = start
    this.#limits = limits
    this.#entry = entry
  }

  /** @throws EsteiraError `model-unusable` where the runtime cannot load the model, or not in time */
  static async open(
    start: HostStart,
    limits = defaultHostLimits,
    entry = new URL('./host-thread.ts', import.meta.url),
  ): Promise<ModelHost> {
    const host = new ModelHost(start, limits, entry)
    await host.#load()
    return host
  }

  /** @throws EsteiraError `input-invalid` for values that the model cannot take, `endpoint-not-ready` while it is away */
  run(feeds: HostCall['feeds']): Promise<Float64Array> {
    const result = this.#queue.then(() => this.#call(feeds))
    this.#queue = result.catch(() => undefined)
    return result
  }

  dispose(): void {
    this.#disposed = true
    void this.#worker?.terminate()
  }

  #call(feeds: HostCall['feeds']): Promise<Float64Array> {
    const worker = this.#worker
    if (worker === undefined) return Promise.reject(this.#away())
    return new Promise((resolve, reject) => {
      const id = ++this.#calls
      const timer = setTimeout(
        () => this.#end(`It gave no answer within ${this.#limits.callMs} ms.`),
        this.#limits.callMs,
      )
      this.#pending = { id, resolve, reject, timer }
      worker.postMessage({ id, feeds } satisfies HostCall)
    })
  }

  async #load(): Promise<void> {
    const worker = new Worker(this.#entry, { workerData: this.#start })
    // A model that waits for requests keeps no process alive.
    worker.unref()
    const { promise: ready, resolve, reject } = Promise.withResolvers<void>()
    const timer = setTimeout(() => reject(unusable('It was not loaded in time.')), this.#limits.loadMs)
    worker.on('message', (answer: HostAnswer) => {
      if (answer.kind === 'ready') resolve()
      else if (answer.kind === 'unusable') reject(unusable(answer.message))
      else this.#settle(answer)
    })
    worker.on('error', (error: unknown) => {
      const message = error instanceof Error ? error.message : String(error)
      reject(unusable(message))
      this.#lost(worker, message)
    })
    worker.on('exit', (code) => {
      reject(unusable(`Its thread ended with code ${code}.`))
      this.#lost(worker, `Its thread ended with code ${code}.`)
    })
    try {
      await ready
      this.#worker = worker
      this.#startedAt = performance.now()
    } catch (error) {
      void worker.terminate()
      throw error
    } finally {
      clearTimeout(timer)
    }
  }

  #settle(answer: Extract<HostAnswer, { id: number }>): void {
    const pending = this.#pending
    if (pending?.id !== answer.id) return
    this.#pending = undefined
    clearTimeout(pending.timer)
    if (answer.kind === 'outputs') pending.resolve(answer.outputs)
    else pending.reject(refused(answer.message))
  }

  /** Ends a host that hangs. */
  #end(reason: string): void {
    const worker = this.#worker
    if (worker === undefined) return
    this.#lost(worker, reason)
    void worker.terminate()
  }

  #lost(worker: Worker, reason: string): void {
    if (this.#worker !== worker) return
    this.#worker = undefined
    this.#ended = reason
    const pending = this.#pending
    this.#pending = undefined
    clearTimeout(pending?.timer)
    pending?.reject(this.#away())
    void this.#restart()
  }

  async #restart(): Promise<void> {
    if (performance.now() - this.#startedAt > stableAfterMs) this.#failures = 0
    const { restartMs } = this.#limits
    while (!this.#disposed && this.#worker === undefined) {
      await delay(restartMs[Math.min(this.#failures++, restartMs.length - 1)], undefined, { ref: false })
      if (this.#disposed) return
      await this.#load().catch((error: unknown) => {
        this.#ended = error instanceof Error ? error.message : String(error)
      })
    }
    // Disposed of while it was being loaded.
    if (this.#disposed) await this.#worker?.terminate()
  }

  #away(): EsteiraError {
    return new EsteiraError('endpoint-not-ready', 'The model is being started again.', {
      found: this.#ended,
      next: 'Try again in a moment.',
    })
  }
}

function unusable(found: string): EsteiraError {
  return new EsteiraError('model-unusable', `The ONNX runtime cannot use the model: ${found}`, {
    next: 'Export the model again, with operators that ONNX Runtime knows.',
  })
}

function refused(found: string): EsteiraError {
  return new EsteiraError('input-invalid', `The model cannot take these rows: ${found.slice(0, 500)}`, {
    next: 'Check the values against those that the model was trained on.',
  })
}
