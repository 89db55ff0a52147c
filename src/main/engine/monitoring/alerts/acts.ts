/** Carries out what alerts ask for, one after another. What a kill cut off is found in the ledger, or done after the next start. */
import type { ActRefusal, Alert, AlertAct } from '#shared/alerts.ts'
import { ledgerText } from '#shared/ledger-reasons.ts'
import type { Revision } from '#shared/models.ts'
import type { Clock } from '../../kernel/clock.ts'
import { EsteiraError } from '../../kernel/errors.ts'
import type { EventBus } from '../../kernel/events.ts'
import type { Logger } from '../../kernel/logger.ts'
import type { AlertStore } from './alert-store.ts'
import { actorOfAlert, decideRollBack } from './roll-back-act.ts'

/** How an endpoint is rolled back: whatever splits its traffic ends as well. */
export interface RollBackPort {
  /** Newest first. @throws EsteiraError `endpoint-not-found` */
  revisions(endpoint: string): readonly Revision[]
  /** Whether the actor has ended a rollout there: then a version was taken back without a new revision. */
  hasEndedRollout(endpoint: string, actor: string): boolean
  rollBack(request: { endpoint: string; to: number; actor: string; reason: string }): Promise<Revision>
}

export interface ActsOptions {
  readonly alerts: AlertStore
  readonly endpoints: RollBackPort
  readonly events: EventBus
  readonly clock: Clock
  readonly logger: Logger
}

interface Outcome {
  readonly outcome: 'done' | 'refused'
  readonly revision: number | null
  readonly reason: string
  readonly refusal?: ActRefusal
}

export class AlertActs {
  readonly #options: ActsOptions
  #last: Promise<void> = Promise.resolve()
  #running = false

  constructor(options: ActsOptions) {
    this.#options = options
  }

  start(): void {
    this.#running = true
    this.wake()
  }

  async stop(): Promise<void> {
    this.#running = false
    await this.#last
  }

  /** Something may be to be done. */
  wake(): void {
    if (this.#running) this.#last = this.#last.then(() => this.#workOff())
  }

  async #workOff(): Promise<void> {
    for (const { alertId, act } of this.#options.alerts.plannedActs()) {
      if (!this.#running) return
      const alert = this.#options.alerts.find(alertId)
      if (alert !== undefined) this.#settle(alert, act, await this.#rollBack(alert))
    }
  }

  async #rollBack(alert: Alert): Promise<Outcome> {
    const { endpoints, logger } = this.#options
    const { id, endpoint, monitor, check, reading } = alert
    try {
      const revisions = endpoints.revisions(endpoint)
      if (endpoints.hasEndedRollout(endpoint, actorOfAlert + id)) {
        const reason = ledgerText({ kind: 'withdrawn' })
        return { outcome: 'done', revision: revisions[0]?.number ?? null, reason }
      }
      const decision = decideRollBack(alert, revisions)
      switch (decision.kind) {
        case 'done':
          return { outcome: 'done', revision: decision.revision.number, reason: decision.revision.reason }
        case 'refused':
          return { outcome: 'refused', revision: null, reason: decision.reason, refusal: decision.refusal }
        case 'roll-back': {
          const reason = ledgerText({ kind: 'alert', monitor, check, read: reading.reason })
          const made = await endpoints.rollBack({ endpoint, to: decision.to.number, actor: actorOfAlert + id, reason })
          return { outcome: 'done', revision: made.number, reason: made.reason }
        }
        default:
          return decision satisfies never
      }
    } catch (error) {
      if (!(error instanceof EsteiraError)) logger.error('an alert could not roll back', { alert: id, error })
      return { outcome: 'refused', revision: null, reason: error instanceof Error ? error.message : String(error) }
    }
  }

  #settle(alert: Alert, act: AlertAct, outcome: Outcome): void {
    const { alerts, events, clock, logger } = this.#options
    const at = clock()
    alerts.transaction(() => {
      alerts.settleAct(alert.id, act, outcome.outcome)
      alerts.addEvent(alert.id, at, { kind: 'acted', act, ...outcome })
    })
    if (outcome.outcome === 'refused')
      logger.warning('an alert did not roll back', { alert: alert.id, reason: outcome.reason })
    const now = alerts.find(alert.id)
    if (now !== undefined) events.publish({ type: 'alert-changed', at, change: 'acted', alert: now })
  }
}
