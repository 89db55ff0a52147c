/**
 * Empties the outbox: a few deliveries at once, those of one alert to one receiver in their order. Each attempt is noted
 * after it was made, so that a kill repeats one rather than loses it; receivers tell by the id of the delivery.
 */
import { randomInt } from 'node:crypto'
import type { Alert, AlertDelivery, WebhookTest } from '#shared/alerts.ts'
import type { Clock } from '../../kernel/clock.ts'
import { EsteiraError } from '../../kernel/errors.ts'
import type { EventBus } from '../../kernel/events.ts'
import { newId } from '../../kernel/ids.ts'
import type { Logger } from '../../kernel/logger.ts'
import type { AlertStore } from './alert-store.ts'
import { waitAfter } from './back-off.ts'
import { tellByCommand } from './command-sender.ts'
import type { DueDelivery, Outbox } from './outbox.ts'
import { sendToWebhook } from './webhook-sender.ts'
import type { Webhooks } from './webhooks.ts'

const atOnce = 4
/** A timer does not run while the machine sleeps: so it is never long. */
const longestWaitMs = 30_000
const maxDetailCharacters = 500

export interface DelivererOptions {
  readonly alerts: AlertStore
  readonly outbox: Outbox
  readonly webhooks: Webhooks
  /** @throws EsteiraError `project-not-found` */
  readonly project: (id: string) => Promise<{ readonly path: string; readonly trusted: boolean }>
  readonly events: EventBus
  readonly clock: Clock
  readonly logger: Logger
}

/** Trying again would change nothing. */
class NeverDelivered extends Error {}

interface Attempt {
  readonly ok: boolean
  readonly detail: string
  readonly isFinal: boolean
}

export class Deliverer {
  readonly #options: DelivererOptions
  readonly #underWay = new Map<string, Promise<void>>()
  readonly #stop = new AbortController()
  #timer: NodeJS.Timeout | undefined
  #running = false

  constructor(options: DelivererOptions) {
    this.#options = options
  }

  start(): void {
    this.#running = true
    this.wake()
  }

  /** Returns once nothing is under way; what was is tried again after the next start. */
  async stop(): Promise<void> {
    this.#running = false
    clearTimeout(this.#timer)
    this.#stop.abort()
    await Promise.all(this.#underWay.values())
  }

  /** Something may be due. */
  wake(): void {
    if (!this.#running) return
    clearTimeout(this.#timer)
    const { outbox, clock } = this.#options
    const now = clock()
    const isFree = (delivery: DueDelivery) => !this.#underWay.has(delivery.id)
    for (const delivery of outbox.due(now, atOnce + this.#underWay.size).filter(isFree)) {
      if (this.#underWay.size >= atOnce) break
      this.#underWay.set(delivery.id, this.#deliver(delivery))
    }
    const next = outbox.nextAt()
    if (next === undefined) return
    // While all hands are full, the end of one wakes this again.
    const waitMs = next <= now ? longestWaitMs : Math.min(longestWaitMs, next - now)
    this.#timer = setTimeout(() => this.wake(), waitMs).unref()
  }

  /** Asks a webhook at once, to see whether it takes what it is sent. @throws EsteiraError `webhook-not-found` */
  async testWebhook(name: string): Promise<WebhookTest> {
    const { webhooks, clock } = this.#options
    const target = webhooks.target(name)
    const at = clock()
    const deliveryId = newId(at)
    const body = JSON.stringify({ id: deliveryId, type: 'test', at: new Date(at).toISOString() })
    const started = performance.now()
    const answer = await sendToWebhook(target, { deliveryId, body, at, signal: this.#stop.signal }).then(
      (status) => ({ ok: true, detail: `The receiver answered ${status}.` }),
      (error: unknown) => ({ ok: false, detail: messageOf(error) }),
    )
    return { ...answer, latencyMs: Math.round(performance.now() - started) }
  }

  async #deliver(delivery: DueDelivery): Promise<void> {
    try {
      const attempt = await this.#attempt(delivery)
      if (!this.#stop.signal.aborted) this.#settle(delivery, attempt)
    } catch (error) {
      this.#options.logger.error('a delivery of an alert could not be noted', { delivery: delivery.id, error })
    } finally {
      this.#underWay.delete(delivery.id)
      this.wake()
    }
  }

  async #attempt(delivery: DueDelivery): Promise<Attempt> {
    try {
      return { ok: true, detail: await this.#send(delivery), isFinal: true }
    } catch (error) {
      return { ok: false, detail: messageOf(error), isFinal: error instanceof NeverDelivered }
    }
  }

  async #send({ id, receiver, body, projectId }: DueDelivery): Promise<string> {
    const { webhooks, project, clock } = this.#options
    const { signal } = this.#stop
    switch (receiver.kind) {
      case 'webhook': {
        const target = webhooks.target(receiver.name)
        return `The receiver answered ${await sendToWebhook(target, { deliveryId: id, body, at: clock(), signal })}.`
      }
      case 'command': {
        const { path, trusted } = await project(projectId)
        if (!trusted) throw new NeverDelivered('The project folder is not trusted to run code.')
        return await tellByCommand({ command: receiver.command, folder: path, body, signal })
      }
      case 'desktop':
        return ''
      default:
        return receiver satisfies never
    }
  }

  #settle(delivery: DueDelivery, { ok, detail, isFinal }: Attempt): void {
    const { alerts, outbox, clock, logger } = this.#options
    const { id, alertId, receiver } = delivery
    const at = clock()
    const attempt = delivery.attempts + 1
    const wait = ok || isFinal ? null : waitAfter(receiver.kind, attempt, randomInt(1_000) / 1_000)
    const nextAt = wait === null ? null : at + wait
    const state: AlertDelivery['state'] = ok ? 'delivered' : nextAt === null ? 'failed' : 'pending'
    const said = detail.slice(0, maxDetailCharacters)
    alerts.transaction(() => {
      outbox.settle(id, state, ok ? null : said, nextAt ?? at)
      alerts.addEvent(alertId, at, { kind: 'delivery', deliveryId: id, receiver, attempt, ok, detail: said, nextAt })
    })
    if (state === 'failed')
      logger.warning('an alert could not be delivered', { alert: alertId, receiver: receiver.kind })
    this.#publish(alertId)
  }

  #publish(alertId: string): void {
    const { alerts, events, clock } = this.#options
    const alert: Alert | undefined = alerts.find(alertId)
    if (alert !== undefined) events.publish({ type: 'alert-changed', at: clock(), change: 'delivery', alert })
  }
}

function messageOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof EsteiraError ? error.cause : error
  if (cause instanceof EsteiraError) return [cause.message, cause.context.next].filter(Boolean).join(' ')
  return cause instanceof Error ? cause.message : String(cause)
}
