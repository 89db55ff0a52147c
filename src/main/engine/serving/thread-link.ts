/** One inference thread and the calls under way to it. */
import { Worker } from 'node:worker_threads'
import type { RequestLogState } from '#shared/requests.ts'
import { EsteiraError, fromProblem } from '../kernel/errors.ts'
import { computingNow, newComputingNote } from './computing-note.ts'
import { HangWatch } from './hang-watch.ts'
import type { ModelToServe } from './live-model.ts'
import type { ShadowNews } from './rollout/shadow-mirror.ts'
import type {
  ThreadCall,
  ThreadEnding,
  ThreadFault,
  ThreadLogState,
  ThreadReply,
  ThreadRequest,
  ThreadShadows,
  ThreadTraffic,
} from './thread-messages.ts'
import type { TrafficSecond } from './traffic-counter.ts'

/** What the thread says unasked. */
type Told = ThreadTraffic | ThreadLogState | ThreadShadows | ThreadFault | ThreadEnding

interface Waiting {
  readonly resolve: (reply: ThreadReply) => void
  readonly reject: (error: EsteiraError) => void
}

export interface ThreadListeners {
  /** Told once that the thread has ended, with the error if there was one; where it hung, in which model, as far as is known. */
  readonly onEnd: (error: unknown, hung: ModelToServe | undefined) => void
  /** It listens no more, and will end. */
  readonly onEnding: () => void
  readonly onFault: (fault: ThreadFault['fault']) => void
  readonly onTraffic: (seconds: readonly TrafficSecond[]) => void
  readonly onLogState: (state: RequestLogState) => void
  readonly onShadows: (news: readonly ShadowNews[]) => void
}

export class ThreadLink {
  readonly #worker: Worker
  readonly #waiting = new Map<number, Waiting>()
  #lastId = 0
  #error: unknown
  #ended = false
  readonly #note = newComputingNote()
  /** By slot. */
  readonly #loaded: ModelToServe[] = []
  #hung: ModelToServe | undefined
  readonly #hangWatch: HangWatch

  constructor(
    entry: URL,
    { onEnd, onTraffic, onLogState, onShadows, onFault, onEnding }: ThreadListeners,
    hangAfterMs: number,
  ) {
    this.#worker = new Worker(entry, { name: 'inference', workerData: { computing: this.#note } })
    this.#hangWatch = new HangWatch({
      ask: () => this.call({ kind: 'ping' }),
      hangAfterMs,
      onHang: () => this.#endHanging(hangAfterMs),
    })
    this.#worker.on('message', (message: ThreadReply | Told) => {
      if ('traffic' in message) onTraffic(message.traffic)
      else if ('ending' in message) onEnding()
      else if ('fault' in message) onFault(message.fault)
      else if ('requestLog' in message) onLogState(message.requestLog)
      else if ('shadows' in message) onShadows(message.shadows)
      else this.#receive(message)
    })
    this.#worker.on('error', (error) => {
      this.#error ??= error
    })
    this.#worker.on('exit', () => {
      this.#ended = true
      this.#hangWatch.stop()
      for (const { reject } of this.#waiting.values()) reject(ended(this.#error))
      this.#waiting.clear()
      onEnd(this.#error, this.#hung)
    })
  }

  /** @throws EsteiraError what the thread reports; `endpoint-not-ready` if the thread ends before it answers */
  call(request: ThreadRequest): Promise<ThreadReply> {
    if (this.#ended) return Promise.reject(ended(this.#error))
    return new Promise((resolve, reject) => {
      const id = ++this.#lastId
      this.#waiting.set(id, { resolve, reject })
      const call: ThreadCall = { id, request }
      this.#worker.postMessage(call)
    })
  }

  /** Loads a model; should the thread hang in it, it is known which one it was. @throws EsteiraError as `call` */
  load(endpoint: string, source: ModelToServe): Promise<ThreadReply> {
    const slot = this.#loaded.push(source) - 1
    return this.call({ kind: 'load', endpoint, source, slot })
  }

  /** From here on a thread that answers no more is ended. Before, it may be busy with its own start. */
  watch(): void {
    this.#hangWatch.start()
  }

  #endHanging(hangAfterMs: number): void {
    const slot = computingNow(this.#note)
    this.#hung = slot === undefined ? undefined : this.#loaded[slot]
    const { model, version } = this.#hung ?? {}
    const where = model === undefined ? '' : ` It computed with version ${version} of "${model}".`
    this.#error = new Error(`The inference thread did not answer for ${hangAfterMs / 1_000} s and was ended.${where}`)
    void this.#worker.terminate()
  }

  /** What the thread's JavaScript holds, the weights of models included; null once it has ended. */
  async memoryBytes(): Promise<number | null> {
    if (this.#ended) return null
    const { used_heap_size, external_memory } = await this.#worker.getHeapStatistics()
    return used_heap_size + external_memory
  }

  async terminate(): Promise<void> {
    await this.#worker.terminate()
  }

  #receive(reply: ThreadReply): void {
    const waiting = this.#waiting.get(reply.id)
    this.#waiting.delete(reply.id)
    if (reply.problem === undefined) waiting?.resolve(reply)
    else waiting?.reject(fromProblem(reply.problem))
  }
}

function ended(cause: unknown): EsteiraError {
  return new EsteiraError('endpoint-not-ready', 'The inference server ended before it was done.', {
    ...(cause instanceof Error && { found: cause.message }),
    cause,
    next: 'It is started again by itself; try again in a moment.',
  })
}
