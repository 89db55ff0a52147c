/** Worker threads that run steps. Threads start when needed, stay warm for a while, and are replaced when they die. */
import { setTimeout as delay } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import type { Problem } from '#shared/errors.ts'
import { EsteiraError, toProblem } from '../kernel/errors.ts'
import type { StepServices } from './component.ts'
import type { FromThread, SourceHash, StepJob, StepOutcome, StepReport, ToThread } from './step-messages.ts'

export interface StepPoolOptions {
  /** The module that a thread runs; it calls `hostSteps`. */
  readonly threadUrl: URL
  readonly size: number
  /** A thread without work ends after this time, so that an idle engine stays small. */
  readonly idleMs?: number
  /** A step that does not end this long after it was cancelled loses its thread. */
  readonly cancelGraceMs?: number
}

export interface JobListener {
  readonly onReport: (report: StepReport) => void
  /** What the step may ask of the engine. */
  readonly services: StepServices
  /** Aborting cancels the step; its reason is what the step's error says. */
  readonly signal: AbortSignal
}

interface Task {
  readonly message: ToThread
  readonly listener: JobListener
  readonly settle: (answer: Answer) => void
}
type Answer = Extract<FromThread, { kind: 'outcome' | 'sources' }>

const defaultIdleMs = 15_000
const defaultCancelGraceMs = 10_000
/** How long a step may take to end when the engine stops. */
const stopGraceMs = 3_000

export class StepPool {
  readonly #options: StepPoolOptions
  readonly #waiting: Task[] = []
  readonly #threads = new Set<StepThread>()
  #closed = false

  constructor(options: StepPoolOptions) {
    this.#options = options
  }

  get size(): number {
    return this.#options.size
  }

  /** Runs one attempt at a step. Never rejects: every way to end is an outcome. */
  async run(job: StepJob, listener: JobListener): Promise<StepOutcome> {
    const answer = await this.#submit({ kind: 'run', job }, listener)
    if (answer.kind === 'outcome') return answer.outcome
    return failed(new Error('the step thread answered out of turn'))
  }

  /** @throws EsteiraError what the component says of its sources, e.g. `dataset-not-found` */
  async hashSources(job: StepJob, listener: JobListener): Promise<readonly SourceHash[] | Problem> {
    const answer = await this.#submit({ kind: 'hash-sources', job }, listener)
    if (answer.kind === 'sources') return answer.sources
    return answer.outcome.kind === 'failed' ? answer.outcome.problem : toProblem(new Error('unexpected outcome'))
  }

  /** Ends every thread. Steps under way are asked to end first; their runs resume at the next start. */
  async close(): Promise<void> {
    this.#closed = true
    for (const task of this.#waiting.splice(0)) task.settle({ kind: 'outcome', outcome: stopped() })
    await Promise.all([...this.#threads].map((thread) => thread.stop()))
  }

  #submit(message: ToThread, listener: JobListener): Promise<Answer> {
    return new Promise((settle) => {
      if (this.#closed) return settle({ kind: 'outcome', outcome: stopped() })
      this.#waiting.push({ message, listener, settle })
      this.#dispatch()
    })
  }

  #dispatch(): void {
    while (this.#waiting.length > 0) {
      const thread = this.#freeThread()
      const task = thread && this.#waiting.shift()
      if (thread === undefined || task === undefined) return
      void this.#perform(thread, task)
    }
  }

  #freeThread(): StepThread | undefined {
    for (const thread of this.#threads) if (!thread.busy) return thread
    if (this.#threads.size >= this.#options.size) return undefined
    const thread = new StepThread(this.#options, () => {
      this.#threads.delete(thread)
      this.#dispatch()
    })
    this.#threads.add(thread)
    return thread
  }

  async #perform(thread: StepThread, task: Task): Promise<void> {
    task.settle(await thread.perform(task.message, task.listener))
    this.#dispatch()
  }
}

/** One thread and the task it has at the moment. */
class StepThread {
  readonly #worker: Worker
  readonly #options: StepPoolOptions
  #task: { listener: JobListener; settle: (answer: Answer) => void } | undefined
  #answer: Promise<unknown> = Promise.resolve()
  #idleTimer: NodeJS.Timeout | undefined
  #ending = false

  constructor(options: StepPoolOptions, onEnd: () => void) {
    this.#options = options
    this.#worker = new Worker(options.threadUrl)
    this.#worker.on('message', (message: FromThread) => this.#receive(message))
    let cause: unknown
    this.#worker.on('error', (error) => {
      cause = error
    })
    this.#worker.on('exit', () => {
      clearTimeout(this.#idleTimer)
      this.#settle({ kind: 'outcome', outcome: crashed(cause) })
      onEnd()
    })
  }

  get busy(): boolean {
    return this.#task !== undefined || this.#ending
  }

  async perform(message: ToThread, listener: JobListener): Promise<Answer> {
    clearTimeout(this.#idleTimer)
    let graceTimer: NodeJS.Timeout | undefined
    const cancel = () => {
      this.#send({ kind: 'cancel', problem: toProblem(listener.signal.reason) })
      graceTimer = setTimeout(() => {
        this.#settle({ kind: 'outcome', outcome: failed(listener.signal.reason) })
        void this.#end()
      }, this.#options.cancelGraceMs ?? defaultCancelGraceMs)
    }
    const answer = new Promise<Answer>((settle) => {
      this.#task = { listener, settle }
    })
    this.#answer = answer
    this.#send(message)
    if (listener.signal.aborted) cancel()
    else listener.signal.addEventListener('abort', cancel, { once: true })
    try {
      return await answer
    } finally {
      clearTimeout(graceTimer)
      listener.signal.removeEventListener('abort', cancel)
      this.#idleTimer = setTimeout(() => void this.#end(), this.#options.idleMs ?? defaultIdleMs)
      this.#idleTimer.unref()
    }
  }

  /**
   * Waits a moment for the step under way: a thread that is terminated in the middle of a native call, such as a query of
   * DuckDB, takes the whole process with it.
   */
  async stop(): Promise<void> {
    this.#ending = true
    if (this.#task !== undefined) {
      this.#send({ kind: 'cancel', problem: toProblem(new EsteiraError('cancelled', 'The engine is stopping.')) })
      await Promise.race([this.#answer, delay(stopGraceMs, undefined, { ref: false })])
    }
    this.#settle({ kind: 'outcome', outcome: stopped() })
    await this.#end()
  }

  async #end(): Promise<void> {
    this.#ending = true
    await this.#worker.terminate()
  }

  #send(message: ToThread): void {
    this.#worker.postMessage(message)
  }

  #settle(answer: Answer): void {
    const task = this.#task
    this.#task = undefined
    task?.settle(answer)
  }

  #receive(message: FromThread): void {
    switch (message.kind) {
      case 'outcome':
      case 'sources':
        this.#settle(message)
        return
      case 'report':
        this.#task?.listener.onReport(message.report)
        return
      case 'service-call':
        void this.#serve(message)
        return
      default:
        message satisfies never
    }
  }

  async #serve({ call, service, request }: Extract<FromThread, { kind: 'service-call' }>): Promise<void> {
    const services = this.#task?.listener.services
    try {
      if (services === undefined) throw new Error('no step is under way in this thread')
      // Both ends of this port are this program's own code, typed by StepServices.
      const method = services[service] as (request: unknown) => Promise<unknown>
      this.#send({ kind: 'service-result', call, result: await method.call(services, request) })
    } catch (error) {
      this.#send({ kind: 'service-error', call, problem: toProblem(error) })
    }
  }
}

function failed(error: unknown): StepOutcome {
  return { kind: 'failed', problem: toProblem(error) }
}

function stopped(): StepOutcome {
  return failed(new EsteiraError('step-crashed', 'The engine stopped while the step was under way.'))
}

function crashed(cause: unknown): StepOutcome {
  const detail =
    cause instanceof Error ? `The thread of the step ended: ${cause.message}.` : 'The thread of the step ended.'
  return failed(
    new EsteiraError('step-crashed', detail, {
      next: 'If memory ran out, use less data or fewer steps at a time ("concurrency").',
      cause,
    }),
  )
}
