/** The engine's side of the request log: its settings and state, questions to it, its upkeep, and the labels that come for it. */
import type { SqlAnswer } from '#shared/data.ts'
import type { Page } from '#shared/names.ts'
import type {
  FeedbackAnswer,
  Performance,
  RequestDetails,
  RequestLog,
  RequestLogSettings,
  RequestSummary,
  Score,
} from '#shared/requests.ts'
import type { AskedThread } from '../../kernel/asked-thread.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { Logger } from '../../kernel/logger.ts'
import type { LabelledMetric } from '../../serving/labelled-metric.ts'
import type { RequestLogs } from '../../serving/request-log/request-logs.ts'
import { listSegments, requestFolder } from '../../serving/request-log/segments.ts'
import type { DetailsQuestion, PageQuestion } from './page.ts'
import type { RequestTasks } from './request-tasks.ts'
import type { PerformanceQuestion, ScoreQuestion } from './scoring.ts'
import type { LogSqlQuestion } from './sql.ts'

export interface RequestsParts {
  readonly thread: AskedThread<RequestTasks>
  readonly logs: RequestLogs
  readonly endpoints: { get(name: string): unknown; list(): { readonly name: string }[] }
  readonly clock: Clock
  readonly logger: Pick<Logger, 'error'>
  /** The folder of the log. */
  readonly logPath: string
}

/** Between two looks for segments that are finished or too old. */
const tidyEveryMs = 60_000
/** Between two looks for what is too old. */
const expiryEveryMs = 3_600_000

export class Requests {
  readonly #parts: RequestsParts
  #timer: NodeJS.Timeout | undefined
  #tidying: Promise<void> = Promise.resolve()
  #lookedAt = 0
  readonly #stopping = new AbortController()

  constructor(parts: RequestsParts) {
    this.#parts = parts
  }

  /** Keeps the log tidy from now on. */
  start(): void {
    this.#schedule(0)
  }

  async stop(): Promise<void> {
    clearTimeout(this.#timer)
    this.#stopping.abort()
    await this.#parts.thread.close()
    await this.#tidying
  }

  /** @throws EsteiraError `endpoint-not-found` */
  async log(endpoint: string): Promise<RequestLog> {
    const { logs, thread } = this.#parts
    const settings = logs.settings(endpoint)
    return { settings, state: logs.state, ...(await thread.ask('size', { endpoint })) }
  }

  /** @throws EsteiraError `endpoint-not-found` */
  async change(endpoint: string, change: Partial<RequestLogSettings>): Promise<RequestLog> {
    await this.#parts.logs.change(endpoint, change)
    return await this.log(endpoint)
  }

  /** Newest first. @throws EsteiraError `endpoint-not-found`, `invalid-request` for a cursor that is none */
  page(question: PageQuestion, signal?: AbortSignal): Promise<Page<RequestSummary>> {
    return this.#ask('page', question, signal)
  }

  /** @throws EsteiraError `endpoint-not-found`, `not-found` */
  details(question: DetailsQuestion, signal?: AbortSignal): Promise<RequestDetails> {
    return this.#ask('details', question, signal)
  }

  /** A person's SELECT over the log. @throws EsteiraError `endpoint-not-found`, `query-failed` */
  sql(question: LogSqlQuestion, signal?: AbortSignal): Promise<SqlAnswer> {
    return this.#ask('sql', question, signal)
  }

  /** How well a window was answered, as far as it is known. @throws EsteiraError `endpoint-not-found` */
  scoreWindow(question: ScoreQuestion, signal?: AbortSignal): Promise<Score> {
    return this.#ask('score', question, signal)
  }

  /** @throws EsteiraError `endpoint-not-found` */
  performance(question: PerformanceQuestion, signal?: AbortSignal): Promise<Performance> {
    return this.#ask('performance', question, signal)
  }

  /** For rollouts. */
  readonly labelledMetric: LabelledMetric = async ({ endpoint, revision, metric, since }) => {
    const to = this.#parts.clock() + 1
    const { labelled, metrics } = await this.scoreWindow({ endpoint, revision, from: since, to })
    const found = metrics.find(({ name }) => name === metric)
    return { labelled, value: found?.value ?? null, interval: found?.interval ?? null }
  }

  /** @throws EsteiraError `endpoint-not-found`, `dataset-not-found`, `dataset-unreadable`, `invalid-request` */
  importLabels(endpoint: string, file: string, signal?: AbortSignal): Promise<FeedbackAnswer> {
    return this.#ask('importLabels', { endpoint, file, now: this.#parts.clock() }, signal)
  }

  async #ask<Task extends keyof RequestTasks>(
    task: Task,
    input: RequestTasks[Task]['input'] & { readonly endpoint: string },
    signal?: AbortSignal,
  ): Promise<RequestTasks[Task]['output']> {
    this.#parts.endpoints.get(input.endpoint)
    return await this.#parts.thread.ask(task, input, signal)
  }

  #schedule(waitMs: number): void {
    this.#timer = setTimeout(() => {
      this.#tidying = this.#tidy().then(() => {
        if (!this.#stopping.signal.aborted) this.#schedule(tidyEveryMs)
      })
    }, waitMs).unref()
  }

  async #tidy(): Promise<void> {
    const { thread, logs, endpoints, clock, logger, logPath } = this.#parts
    const isDue = clock() - this.#lookedAt >= expiryEveryMs
    if (isDue) this.#lookedAt = clock()
    for (const { name } of endpoints.list()) {
      if (this.#stopping.signal.aborted) return
      // The thread is left alone where there is nothing to do.
      if (!isDue && !(await hasFinished(requestFolder(logPath, name)))) continue
      const request = { endpoint: name, settings: logs.settings(name), now: clock() }
      await thread.ask('tidy', request).catch((error: unknown) => {
        if (!this.#stopping.signal.aborted) logger.error('the request log was not tidied', { endpoint: name, error })
      })
    }
  }
}

async function hasFinished(folder: string): Promise<boolean> {
  return (await listSegments(folder)).some(({ state }) => state === 'finished')
}
