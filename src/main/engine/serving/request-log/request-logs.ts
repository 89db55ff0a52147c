/** How the requests of endpoints are logged, as stored, and how the log is doing. The inference thread writes it. */
import { z } from 'zod'
import {
  defaultRequestLogSettings,
  type RequestLogSettings,
  type RequestLogState,
  requestLogSettingsSchema,
} from '#shared/requests.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { EventBus } from '../../kernel/events.ts'
import type { Logger } from '../../kernel/logger.ts'
import { jsonColumn } from '../../store/json-column.ts'
import type { Store } from '../../store/store.ts'

interface Parts {
  readonly store: Store
  readonly events: EventBus
  readonly clock: Clock
  readonly logger: Pick<Logger, 'warning' | 'info'>
  readonly endpoints: () => { get(name: string): unknown; list(): { readonly name: string }[] }
  /** Makes the inference server keep to it from the next request on. */
  readonly log: (endpoint: string, settings: RequestLogSettings) => Promise<void>
}

export class RequestLogs {
  readonly #parts: Parts
  #state: RequestLogState = { trouble: null, dropped: 0 }

  constructor(parts: Parts) {
    this.#parts = parts
  }

  get state(): RequestLogState {
    return this.#state
  }

  /** @throws EsteiraError `endpoint-not-found` */
  settings(endpoint: string): RequestLogSettings {
    this.#parts.endpoints().get(endpoint)
    const row = z.object({ settings: jsonColumn(requestLogSettingsSchema) })
    const sql = 'SELECT settings FROM request_log WHERE endpoint = $endpoint'
    return this.#parts.store.get(row, sql, { endpoint })?.settings ?? defaultRequestLogSettings
  }

  /** Only what is given changes. @throws EsteiraError `endpoint-not-found` */
  async change(endpoint: string, change: Partial<RequestLogSettings>): Promise<RequestLogSettings> {
    const before = this.settings(endpoint)
    const settings = requestLogSettingsSchema.parse({ ...before, ...JSON.parse(JSON.stringify(change)) })
    this.#parts.store.run(
      `INSERT INTO request_log (endpoint, settings) VALUES ($endpoint, $settings)
       ON CONFLICT (endpoint) DO UPDATE SET settings = excluded.settings`,
      { endpoint, settings: JSON.stringify(settings) },
    )
    await this.#parts.log(endpoint, settings)
    return settings
  }

  /** Tells the inference server the settings of every endpoint: before it listens. */
  async restore(): Promise<void> {
    for (const { name } of this.#parts.endpoints().list()) await this.#parts.log(name, this.settings(name))
  }

  /** What the inference thread says of its log: once when trouble begins, once when it ends. */
  receive(state: RequestLogState): void {
    const { logger, events, clock } = this.#parts
    const { trouble, dropped } = state
    if (trouble !== null) logger.warning('requests cannot be logged', { kind: trouble.kind, message: trouble.message })
    else logger.info('requests are logged again', { dropped })
    this.#state = state
    events.publish({ type: 'request-log-changed', at: clock(), state })
  }
}
