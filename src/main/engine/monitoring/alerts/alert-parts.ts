/** Alerts, put together for an engine. */
import { z } from 'zod'
import type { Clock } from '../../kernel/clock.ts'
import type { EventBus } from '../../kernel/events.ts'
import type { Logger } from '../../kernel/logger.ts'
import type { Endpoints } from '../../serving/endpoints.ts'
import type { Rollouts } from '../../serving/rollout/rollouts.ts'
import type { Store } from '../../store/store.ts'
import { AlertActs, type RollBackPort } from './acts.ts'
import { AlertStore } from './alert-store.ts'
import { Alerts } from './alerts.ts'
import { Deliverer } from './deliverer.ts'
import { Outbox } from './outbox.ts'
import { Webhooks } from './webhooks.ts'

export interface AlertParts {
  readonly alerts: Alerts
  readonly webhooks: Webhooks
  readonly deliverer: Deliverer
  /** From now on alerts are delivered, and act. */
  start(): void
  stop(): Promise<void>
}

interface Needed {
  readonly store: Store
  readonly projects: { get(id: string): Promise<{ readonly path: string; readonly trusted: boolean }> }
  readonly endpoints: RollBackPort
  readonly events: EventBus
  readonly clock: Clock
  readonly logger: Logger
}

export function createAlertParts({ store, projects, ...needed }: Needed): AlertParts {
  const alerts = new AlertStore(store)
  const outbox = new Outbox(store)
  const webhooks = new Webhooks(store, needed.clock)
  const project = (id: string) => projects.get(id)
  const deliverer = new Deliverer({ ...needed, alerts, outbox, webhooks, project })
  const acts = new AlertActs({ ...needed, alerts })
  const onWork = () => {
    deliverer.wake()
    acts.wake()
  }
  return {
    alerts: new Alerts({ ...needed, alerts, outbox, onWork }),
    webhooks,
    deliverer,
    start() {
      deliverer.start()
      acts.start()
    },
    async stop() {
      await Promise.all([deliverer.stop(), acts.stop()])
    },
  }
}

/** Of endpoints, for alerts that roll back. */
export function rollBackPort(store: Store, endpoints: Endpoints, rollouts: Rollouts): RollBackPort {
  const newest = 1_000
  return {
    revisions: (endpoint) => endpoints.listAnswering(endpoint, newest),
    hasEndedRollout: (endpoint, actor) =>
      store.get(
        z.object({}),
        `SELECT 1 FROM rollout_entry e JOIN rollout r ON r.id = e.rollout_id
         WHERE r.endpoint = $endpoint AND e.actor = $actor AND e.action IN ('abort', 'roll-back')`,
        { endpoint, actor },
      ) !== undefined,
    rollBack: (request) => rollouts.rollBack(request),
  }
}
