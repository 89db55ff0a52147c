/**
 * A thread that answers questions: it is started when it is first needed, ended when it has had nothing to do for a while, and
 * started anew when it crashes or does not answer. `asked-thread-host.ts` is its other side.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import type { Problem } from '#shared/errors.ts'
import { EsteiraError, fromProblem } from './errors.ts'

/** What a thread can be asked: each task with its input and output. Structured clones: no functions. */
export type TaskTable<Tasks> = { readonly [Task in keyof Tasks]: { readonly input: unknown; readonly output: unknown } }

/** A task with its input. */
export type Question<Tasks extends TaskTable<Tasks>, Task extends keyof Tasks = keyof Tasks> = {
  [Name in Task]: { readonly task: Name; readonly input: Tasks[Name]['input'] }
}[Task]

export type ThreadMessage<Asked> =
  | { readonly id: number; readonly question: Asked }
  | { readonly cancel: number }
  /** Nothing more is asked: what is under way is given up, and the thread ends. */
  | { readonly end: true }

export type ThreadAnswer =
  | { readonly id: number; readonly output: unknown }
  | { readonly id: number; readonly problem: Problem }
  /** What nobody caught: the thread ends as soon as it can. */
  | { readonly failure: string }

export interface AskedThreadOptions<Task> {
  readonly name: string
  readonly threadUrl: URL
  readonly workerData: unknown
  /** Tasks that may take longer than others, in milliseconds. */
  readonly patience?: ReadonlyMap<Task, number>
  /** How long one question may take. */
  readonly timeoutMs?: number
  /** How long a question that was cancelled may take to end before its thread is given up. */
  readonly graceMs?: number
  /** How long the thread stays without questions. */
  readonly idleMs?: number
}

interface Waiting {
  readonly resolve: (output: unknown) => void
  readonly reject: (error: unknown) => void
}

interface Thread {
  readonly worker: Worker
  readonly questions: Map<number, Waiting>
  readonly exited: Promise<void>
}

const defaultGraceMs = 15_000

export class AskedThread<Tasks extends TaskTable<Tasks>> {
  readonly #options: AskedThreadOptions<keyof Tasks>
  readonly #timeoutMs: number
  #thread: Thread | undefined
  #idle: NodeJS.Timeout | undefined
  #lastId = 0
  #closed = false

  constructor(options: AskedThreadOptions<keyof Tasks>) {
    this.#options = options
    this.#timeoutMs = options.timeoutMs ?? 120_000
  }

  /**
   * @param signal ends the work: the answer is then the signal's reason
   * @throws EsteiraError what the task reports; `query-failed` beyond the time limit; `internal` when the thread crashes
   */
  ask<Task extends keyof Tasks>(
    task: Task,
    input: Tasks[Task]['input'],
    signal?: AbortSignal,
  ): Promise<Tasks[Task]['output']> {
    if (this.#closed) return Promise.reject(stopped())
    if (signal?.aborted) return Promise.reject(signal.reason)
    return new Promise((resolve, reject) => {
      const thread = this.#start()
      const id = ++this.#lastId
      const cancel = (reason: unknown) => this.#cancel(thread, id, reason)
      const onAbort = () => cancel(signal?.reason)
      const limitMs = this.#options.patience?.get(task) ?? this.#timeoutMs
      const timer = setTimeout(() => cancel(tooLong(limitMs)), limitMs)
      signal?.addEventListener('abort', onAbort, { once: true })
      const settle = () => {
        clearTimeout(timer)
        signal?.removeEventListener('abort', onAbort)
        thread.questions.delete(id)
        this.#restWhenIdle(thread)
      }
      thread.questions.set(id, {
        resolve: (output) => {
          settle()
          // The thread answers each task with what the table of tasks says, which the compiler checks there.
          resolve(output as Tasks[Task]['output'])
        },
        reject: (error) => {
          settle()
          reject(error)
        },
      })
      // The compiler cannot see that a task goes with its own input when both are generic.
      this.#post(thread, { id, question: { task, input } as Question<Tasks> })
    })
  }

  /** Ends the thread; questions under way are answered with `cancelled`. */
  async close(): Promise<void> {
    this.#closed = true
    const thread = this.#thread
    if (thread === undefined) return
    this.#abandon(thread, stopped())
    // Whoever waits for the end of the thread keeps the process until then.
    thread.worker.ref()
    const limit = new AbortController()
    const tooLong = sleep(this.#options.graceMs ?? defaultGraceMs, undefined, { signal: limit.signal })
    await Promise.race([thread.exited, tooLong])
    limit.abort()
    await tooLong.catch(() => undefined)
    thread.worker.unref()
  }

  #start(): Thread {
    clearTimeout(this.#idle)
    if (this.#thread !== undefined) return this.#thread
    const { name, threadUrl, workerData } = this.#options
    const worker = new Worker(threadUrl, { name, workerData })
    const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()))
    const thread: Thread = { worker, questions: new Map(), exited }
    worker.on('message', (reply: ThreadAnswer) => {
      if ('failure' in reply) this.#abandon(thread, crashed(reply.failure))
      else answer(thread.questions.get(reply.id), reply)
    })
    worker.on('error', (error) => this.#abandon(thread, crashed(error instanceof Error ? error.message : undefined)))
    worker.on('exit', () => this.#abandon(thread, crashed(undefined)))
    this.#thread = thread
    return thread
  }

  #post({ worker }: Thread, message: ThreadMessage<Question<Tasks>>): void {
    worker.postMessage(message)
  }

  /** Answers at once; a thread that then does not come to an end with the work is given up. */
  #cancel(thread: Thread, id: number, reason: unknown): void {
    const question = thread.questions.get(id)
    if (question === undefined) return
    this.#post(thread, { cancel: id })
    question.reject(reason)
    const timer = setTimeout(() => this.#abandon(thread, crashed(undefined)), this.#options.graceMs ?? defaultGraceMs)
    const ended: Waiting = { resolve: () => done(), reject: () => done() }
    const done = () => {
      clearTimeout(timer)
      thread.questions.delete(id)
      this.#restWhenIdle(thread)
    }
    thread.questions.set(id, ended)
  }

  /**
   * Forgets a thread, so that the next question starts another, and answers what it was asked. The thread ends by itself: a
   * call of DuckDB that is cut off takes the whole process with it.
   */
  #abandon(thread: Thread, error: EsteiraError): void {
    if (this.#thread === thread) {
      this.#thread = undefined
      this.#post(thread, { end: true })
      thread.worker.unref()
    }
    for (const question of [...thread.questions.values()]) question.reject(error)
  }

  #restWhenIdle(thread: Thread): void {
    if (thread !== this.#thread || thread.questions.size > 0) return
    clearTimeout(this.#idle)
    this.#idle = setTimeout(() => this.#abandon(thread, stopped()), this.#options.idleMs ?? 300_000)
    this.#idle.unref()
  }
}

function tooLong(limitMs: number): EsteiraError {
  const seconds = limitMs / 1_000
  return new EsteiraError('query-failed', `The work on the data passed its time limit of ${seconds} seconds.`, {
    next: 'Ask for less: fewer rows, fewer columns, or a simpler query. What was begun on a copy of the data goes on.',
  })
}

function answer(question: Waiting | undefined, reply: Exclude<ThreadAnswer, { failure: string }>): void {
  if ('problem' in reply) question?.reject(fromProblem(reply.problem))
  else question?.resolve(reply.output)
}

function crashed(found: string | undefined): EsteiraError {
  return new EsteiraError('internal', 'The thread that looks into data ended before it was done.', {
    ...(found !== undefined && { found }),
    next: 'It is started again by itself. Try again; where it ends again, ask for fewer rows or columns.',
  })
}

function stopped(): EsteiraError {
  return new EsteiraError('cancelled', 'The engine is stopping.')
}
