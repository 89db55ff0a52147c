/** Alerts of monitors: readings come in, and what follows is stored with them, to be told and done after. */
import { type AlertRule, type AlertRuleSpec, alertRuleOf } from '#shared/alert-rules.ts'
import type {
  Alert,
  AlertDelivery,
  AlertDetails,
  AlertListQuery,
  AlertPage,
  AlertReading,
  Receiver,
} from '#shared/alerts.ts'
import type { Reading } from '#shared/monitors.ts'
import type { Clock } from '../../kernel/clock.ts'
import { EsteiraError } from '../../kernel/errors.ts'
import type { EventBus } from '../../kernel/events.ts'
import { newId } from '../../kernel/ids.ts'
import type { AlertStore, CheckPlace } from './alert-store.ts'
import { type AlertChange, takeReading } from './hysteresis.ts'
import type { Outbox } from './outbox.ts'

export interface AlertsOptions {
  readonly alerts: AlertStore
  readonly outbox: Outbox
  readonly events: EventBus
  readonly clock: Clock
  /** Something waits to be told or done. */
  readonly onWork: () => void
}

/** The rules of a monitor, as its file has them. */
export interface AlertingMonitor {
  readonly alerts: readonly AlertRuleSpec[]
}

export class Alerts {
  readonly #options: AlertsOptions

  constructor(options: AlertsOptions) {
    this.#options = options
  }

  /**
   * Takes in a reading. To be called in the transaction that stores it: then a kill neither loses what follows from it
   * nor lets it follow twice. The function returned tells listeners, and is called after the commit.
   */
  observe(reading: Reading, monitor: AlertingMonitor): () => void {
    const { alerts } = this.#options
    const rule = alertRuleOf(monitor.alerts, reading.check)
    const change = alerts.transaction(() => {
      const before = alerts.memory(reading)
      const { memory, change } = takeReading(before, reading, rule)
      if (memory !== before) alerts.remember(reading, memory)
      return change === null ? null : { change, id: this.#change(change, reading, rule, memory.open ?? 'warning') }
    })
    if (change === null) return () => undefined
    return () => {
      this.#publish(change.id, change.change)
      this.#options.onWork()
    }
  }

  /**
   * Checks that a project no longer asks: their open alerts end, and what is remembered of them is forgotten.
   * @param isAsked whether the check is still in the monitor files
   */
  forgetGone(projectId: string, isAsked: (monitor: string, check: string) => boolean): void {
    const { alerts, clock } = this.#options
    const gone = alerts.remembered(projectId).filter(({ monitor, check }) => !isAsked(monitor, check))
    for (const place of gone) {
      const ended = alerts.transaction(() => this.#end(place, clock()))
      if (ended !== undefined) this.#publish(ended, 'cleared')
    }
    if (gone.length > 0) this.#options.onWork()
  }

  list(query: AlertListQuery): AlertPage {
    return this.#options.alerts.page(query)
  }

  /** @throws EsteiraError `alert-not-found` */
  get(id: string): AlertDetails {
    const { alerts, outbox } = this.#options
    return { ...this.#known(id), events: alerts.events(id), history: outbox.ofAlert(id) }
  }

  /** Open alerts of a monitor, oldest first. */
  openOfMonitor(projectId: string, monitor: string): Alert[] {
    return this.#options.alerts.openOfMonitor(projectId, monitor)
  }

  /**
   * Notes that a person has seen to it. Acknowledging again replaces who and what.
   * @throws EsteiraError `alert-not-found`, `conflict` (it is over)
   */
  acknowledge(id: string, { by, note }: { by: string; note: string }): AlertDetails {
    const { alerts, clock } = this.#options
    if (this.#known(id).state === 'cleared') {
      throw new EsteiraError('conflict', 'The alert is over: there is nothing left to acknowledge.', { where: id })
    }
    const at = clock()
    alerts.transaction(() => {
      alerts.acknowledge(id, { at, by, note })
      alerts.addEvent(id, at, { kind: 'acknowledged', by, note })
    })
    this.#publish(id, 'acknowledged')
    return this.get(id)
  }

  /** Tries a delivery again that was given up. @throws EsteiraError `not-found`, `conflict` (it was not given up) */
  retry(deliveryId: string): AlertDelivery {
    const { outbox, clock, onWork } = this.#options
    const delivery = outbox.find(deliveryId)
    if (delivery === undefined) throw new EsteiraError('not-found', `There is no delivery "${deliveryId}".`)
    if (!outbox.retry(deliveryId, clock())) {
      throw new EsteiraError('conflict', 'Only a delivery that was given up is tried again.', { found: delivery.state })
    }
    this.#publish(delivery.alertId, 'delivery')
    onWork()
    return outbox.find(deliveryId) ?? delivery
  }

  #known(id: string): Alert {
    const found = this.#options.alerts.find(id)
    if (found !== undefined) return found
    throw new EsteiraError('alert-not-found', `There is no alert "${id}".`, { found: id, next: 'List the alerts.' })
  }

  #change(change: AlertChange, reading: Reading, rule: AlertRule, severity: Alert['severity']): string {
    const { alerts, clock } = this.#options
    const kept = keptOf(reading)
    const at = clock()
    if (change === 'raised') {
      const { projectId, monitor, check, endpoint } = reading
      const desktop = rule.notify.some(({ receiver }) => receiver.kind === 'desktop')
      const id = newId(at)
      alerts.insert({ id, projectId, monitor, check, endpoint, severity, raisedAt: at, desktop }, kept)
      this.#note(id, change, { kept, severity, rule, at })
      return id
    }
    const open = alerts.openOf(reading)
    if (open === undefined) throw new Error(`the check ${reading.check} remembers an alert that is not there`)
    if (change === 'cleared') alerts.clear(open.id, 'recovered', at, kept)
    else alerts.setSeverity(open.id, severity, at, kept)
    this.#note(open.id, change, { kept, severity: change === 'cleared' ? open.severity : severity, rule, at })
    return open.id
  }

  /** History, deliveries and acts of one change. */
  #note(
    id: string,
    change: AlertChange,
    { kept, severity, rule, at }: { kept: AlertReading; severity: Alert['severity']; rule: AlertRule; at: number },
  ): void {
    const { alerts } = this.#options
    if (change === 'cleared') alerts.addEvent(id, at, { kind: change, because: 'recovered', reading: kept })
    else alerts.addEvent(id, at, { kind: change, severity, reading: kept })
    const alert = this.#known(id)
    for (const { receiver, severity: least } of rule.notify) {
      // The desktop hears of it by the event. Who was told that it is critical is told as well that it no longer is.
      if (receiver.kind === 'desktop' || (least === 'critical' && alert.worst !== 'critical')) continue
      this.#send(id, change, receiver, at)
    }
    if (rule.rollBack && severity === 'critical' && change !== 'cleared') alerts.planAct(id, 'roll-back')
  }

  /** Returns the alert that was open, which is over now. */
  #end(place: CheckPlace, at: number): string | undefined {
    const { alerts } = this.#options
    const open = alerts.openOf(place)
    alerts.forget(place)
    if (open === undefined) return undefined
    alerts.clear(open.id, 'gone', at, null)
    alerts.addEvent(open.id, at, { kind: 'cleared', because: 'gone', reading: null })
    // Its rule is gone as well: those who were told before are told the end.
    for (const receiver of this.#options.outbox.receiversOf(open.id)) this.#send(open.id, 'cleared', receiver, at)
    return open.id
  }

  #send(alertId: string, about: AlertChange, receiver: Receiver, at: number): void {
    const id = newId(at)
    const body = JSON.stringify(deliveryBody(id, about, this.#known(alertId), at))
    this.#options.outbox.add({ id, alertId, receiver, about, body, at })
  }

  #publish(id: string, change: AlertChange | 'acknowledged' | 'delivery' | 'acted'): void {
    const { events, clock } = this.#options
    events.publish({ type: 'alert-changed', at: clock(), change, alert: this.#known(id) })
  }
}

function keptOf({ parts: _, ...reading }: Reading): AlertReading {
  return reading
}

/** What receivers get: documented in docs/alerts.md. */
function deliveryBody(id: string, change: AlertChange, alert: Alert, at: number) {
  const { desktop: _, deliveries: __, reading, ...told } = alert
  return { id, type: `alert.${change}`, at: new Date(at).toISOString(), alert: told, reading }
}
