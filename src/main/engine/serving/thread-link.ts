/** One inference thread and the calls under way to it. */
import { Worker } from 'node:worker_threads'
import type { RequestLogState } from '#shared/requests.ts'
import { EsteiraError, fromProblem } from '../kernel/errors.ts'
import type { ShadowNews } from './rollout/shadow-mirror.ts'
import type {
  ThreadCall,
  ThreadLogState,
  ThreadReply,
  ThreadRequest,
  ThreadShadows,
  ThreadTraffic,
} from './thread-messages.ts'
import type { TrafficSecond } from './traffic-counter.ts'

interface Waiting {
  readonly resolve: (reply: ThreadReply) => void
  readonly reject: (error: EsteiraError) => void
}

interface Listeners {
  /** Told once that the thread has ended, with the error if there was one. */
  readonly onEnd: (error: unknown) => void
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

  constructor(entry: URL, { onEnd, onTraffic, onLogState, onShadows }: Listeners) {
    this.#worker = new Worker(entry, { name: 'inference' })
    this.#worker.on('message', (message: ThreadReply | ThreadTraffic | ThreadLogState | ThreadShadows) => {
      if ('traffic' in message) onTraffic(message.traffic)
      else if ('requestLog' in message) onLogState(message.requestLog)
      else if ('shadows' in message) onShadows(message.shadows)
      else this.#receive(message)
    })
    this.#worker.on('error', (error) => {
      this.#error = error
    })
    this.#worker.on('exit', () => {
      this.#ended = true
      for (const { reject } of this.#waiting.values()) reject(ended(this.#error))
      this.#waiting.clear()
      onEnd(this.#error)
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
