/** What the shell knows of the engine that it follows: its runs and its triggers, and what is news. */
import { type ApiClient, createClient } from '#shared/client.ts'
import type { EngineEvent } from '#shared/events.ts'
import type { TriggerState } from '#shared/triggers.ts'
import { followEngine } from './engine-events.ts'
import type { EngineRecord } from './engine-record.ts'
import { keptRuns, RunList } from './run-list.ts'

/** Every call ends by then, whatever becomes of the engine. */
const callTimeoutMs = 10_000
/** More open alerts than so many are a matter for the page of alerts. */
const newsOfAlerts = 5
const noTriggers: TriggerState = { paused: false, triggers: [] }

interface LinkParts {
  onEvent(event: EngineEvent): void
  /** Something that menus and icons show is different now. */
  onChange(): void
}

export class EngineLink {
  readonly runs = new RunList()
  readonly #parts: LinkParts
  #triggers = noTriggers
  #client: ApiClient | undefined
  #stopFollowing: () => void = () => undefined

  constructor(parts: LinkParts) {
    this.#parts = parts
  }

  get triggers(): TriggerState {
    return this.#triggers
  }

  connect(engine: EngineRecord): void {
    this.disconnect()
    this.#client = clientOf(engine)
    this.#stopFollowing = followEngine(engine, {
      onEvent: (event) => this.#take(event),
      onConnected: () => void Promise.all([this.#readRuns(), this.#readTriggers(), this.#readAlerts()]),
    })
  }

  /** The engine is gone: nothing is known to be under way. */
  disconnect(): void {
    this.#stopFollowing()
    this.#stopFollowing = () => undefined
    this.#client = undefined
    this.runs.replace([])
    this.#triggers = noTriggers
    this.#parts.onChange()
  }

  async pauseTriggers(paused: boolean): Promise<void> {
    await this.#ask(async (client) => {
      this.#triggers = await client.call('pauseTriggers', { body: { paused } })
    })
  }

  /** After the machine slept: the clock jumped. */
  async rereadTriggers(): Promise<void> {
    await this.#ask((client) => client.call('rereadTriggers'))
  }

  #take(event: EngineEvent): void {
    // The list comes first: the news tells a run by the name that stands there.
    if (event.type === 'run-changed') this.runs.take(event.run)
    this.#parts.onEvent(event)
    if (event.type === 'run-changed') this.#parts.onChange()
    if (event.type === 'triggers-changed' || event.type === 'project-changed') void this.#readTriggers()
  }

  #readRuns(): Promise<void> {
    return this.#ask(async (client) => {
      const { items } = await client.call('listRuns', { query: { limit: keptRuns } })
      if (client === this.#client) this.runs.replace(items)
    })
  }

  #readTriggers(): Promise<void> {
    return this.#ask(async (client) => {
      const triggers = await client.call('listTriggers')
      if (client === this.#client) this.#triggers = triggers
    })
  }

  /** What was raised while nobody listened is news as well. */
  #readAlerts(): Promise<void> {
    return this.#ask(async (client) => {
      const query = { state: 'open', acknowledged: 'no', limit: newsOfAlerts } as const
      const { items } = await client.call('listAlerts', { query })
      if (client !== this.#client) return
      for (const alert of items.reverse()) {
        this.#parts.onEvent({ type: 'alert-changed', at: alert.changedAt, change: 'raised', alert })
      }
    })
  }

  /** What fails leaves things as they were: the next event or the next connection brings them up to date. */
  async #ask(question: (client: ApiClient) => Promise<unknown>): Promise<void> {
    if (this.#client === undefined) return
    await question(this.#client).then(
      () => this.#parts.onChange(),
      () => undefined,
    )
  }
}

function clientOf({ controlUrl, token }: EngineRecord): ApiClient {
  return createClient((path, init) =>
    fetch(controlUrl + path, {
      ...init,
      headers: { ...init.headers, authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(callTimeoutMs),
    }),
  )
}
