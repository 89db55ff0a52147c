/** What is still to be told, to whom and when. Written with what it tells; emptied by the deliverer. */
import { z } from 'zod'
import { receiverSchema } from '#shared/alert-rules.ts'
import { type AlertDelivery, alertDeliverySchema, type Receiver } from '#shared/alerts.ts'
import { canonicalJson } from '../../kernel/canonical-json.ts'
import { jsonColumn } from '../../store/json-column.ts'
import type { Store } from '../../store/store.ts'

const deliveryRow = z.object({
  ...alertDeliverySchema.shape,
  receiver: jsonColumn(receiverSchema),
  nextAt: z.number(),
})
const columns = `id, alert_id AS alertId, receiver, about, state, attempts, created_at AS createdAt, next_at AS nextAt,
  problem`

/** One before it, of the same alert to the same receiver, is not settled. */
const waitsForAnother = `EXISTS (SELECT 1 FROM alert_delivery e WHERE e.alert_id = d.alert_id
  AND e.receiver = d.receiver AND e.state = 'pending' AND e.id < d.id)`

export interface NewDelivery {
  readonly id: string
  readonly alertId: string
  readonly receiver: Receiver
  readonly about: AlertDelivery['about']
  /** What is sent, as JSON text: every attempt sends the same. */
  readonly body: string
  readonly at: number
}

export interface DueDelivery extends AlertDelivery {
  readonly body: string
  readonly projectId: string
}

export class Outbox {
  readonly #store: Store

  constructor(store: Store) {
    this.#store = store
  }

  add({ id, alertId, receiver, about, body, at }: NewDelivery): void {
    this.#store.run(
      `INSERT INTO alert_delivery (id, alert_id, receiver, about, body, created_at, next_at)
       VALUES ($id, $alertId, $receiver, $about, $body, $at, $at)`,
      { id, alertId, receiver: canonicalJson(receiver), about, body, at },
    )
  }

  /** Of each alert and receiver the first that waits, where its time has come: what came later waits for it. */
  due(now: number, limit: number): DueDelivery[] {
    return this.#store
      .all(
        deliveryRow.extend({ body: z.string(), projectId: z.string() }),
        `SELECT d.id, d.alert_id AS alertId, d.receiver, d.about, d.state, d.attempts, d.created_at AS createdAt,
           d.next_at AS nextAt, d.problem, d.body, a.project_id AS projectId
         FROM alert_delivery d JOIN alert a ON a.id = d.alert_id
         WHERE d.state = 'pending' AND d.next_at <= $now AND NOT (${waitsForAnother})
         ORDER BY d.next_at, d.id LIMIT $limit`,
        { now, limit },
      )
      .map(described)
  }

  /** When the next one is due; undefined where none waits. */
  nextAt(): number | undefined {
    const row = this.#store.get(
      z.object({ at: z.number().nullable() }),
      `SELECT min(d.next_at) AS at FROM alert_delivery d WHERE d.state = 'pending' AND NOT (${waitsForAnother})`,
    )
    return row?.at ?? undefined
  }

  settle(id: string, state: AlertDelivery['state'], problem: string | null, nextAt: number): void {
    this.#store.run(
      `UPDATE alert_delivery SET state = $state, attempts = attempts + 1, problem = $problem, next_at = $nextAt
       WHERE id = $id`,
      { id, state, problem, nextAt },
    )
  }

  /** Tries one again that was given up, with all its attempts. Returns whether there was one. */
  retry(id: string, now: number): boolean {
    return (
      this.#store.run(
        `UPDATE alert_delivery SET state = 'pending', attempts = 0, next_at = $now WHERE id = $id AND state = 'failed'`,
        { id, now },
      ) > 0
    )
  }

  /** Everyone who was told, or is still to be told, of an alert. */
  receiversOf(alertId: string): Receiver[] {
    return this.#store
      .all(
        z.object({ receiver: jsonColumn(receiverSchema) }),
        'SELECT DISTINCT receiver FROM alert_delivery WHERE alert_id = $alertId ORDER BY receiver',
        { alertId },
      )
      .map(({ receiver }) => receiver)
  }

  find(id: string): AlertDelivery | undefined {
    const row = this.#store.get(deliveryRow, `SELECT ${columns} FROM alert_delivery WHERE id = $id`, { id })
    return row && described(row)
  }

  /** Oldest first. */
  ofAlert(alertId: string): AlertDelivery[] {
    return this.#store
      .all(deliveryRow, `SELECT ${columns} FROM alert_delivery WHERE alert_id = $alertId ORDER BY id`, { alertId })
      .map(described)
  }
}

function described<Row extends z.output<typeof deliveryRow>>(
  row: Row,
): Omit<Row, 'nextAt'> & { nextAt: number | null } {
  return { ...row, nextAt: row.state === 'pending' ? row.nextAt : null }
}
