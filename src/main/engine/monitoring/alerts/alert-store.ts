/** Alerts, their history and what each check remembers, in the metadata store. */
import { z } from 'zod'
import {
  type Alert,
  type AlertAct,
  type AlertEvent,
  type AlertListQuery,
  type AlertPage,
  type AlertReading,
  alertEventSchema,
  alertReadingSchema,
  alertSchema,
} from '#shared/alerts.ts'
import { booleanColumn, jsonColumn } from '../../store/json-column.ts'
import type { Store } from '../../store/store.ts'
import { type AlertMemory, alertMemorySchema, freshAlertMemory } from './hysteresis.ts'

const alertRow = z.object({
  ...alertSchema.omit({ deliveries: true, state: true }).shape,
  acknowledged: jsonColumn(alertSchema.shape.acknowledged.unwrap()).nullable(),
  reading: jsonColumn(alertReadingSchema),
  desktop: booleanColumn,
  pending: z.number(),
  failed: z.number(),
})

const deliveriesOf = (state: 'pending' | 'failed') =>
  `(SELECT count(*) FROM alert_delivery d WHERE d.alert_id = a.id AND d.state = '${state}') AS ${state}`
const selectAlerts = `SELECT a.id, a.project_id AS projectId, a.monitor, a.check_name AS "check", a.endpoint, a.severity,
    a.worst, a.raised_at AS raisedAt, a.changed_at AS changedAt, a.cleared_at AS clearedAt,
    a.cleared_because AS clearedBecause, a.acknowledged, a.reading, a.desktop,
    ${deliveriesOf('pending')}, ${deliveriesOf('failed')}
  FROM alert a`

const eventRow = z.object({ id: z.number(), at: z.number(), kind: z.string(), detail: jsonColumn(z.looseObject({})) })

/** What a check is known by. */
export interface CheckPlace {
  readonly projectId: string
  readonly monitor: string
  readonly check: string
}

/** `Omit` that keeps the members of a union apart. */
type Without<Union, Keys extends PropertyKey> = Union extends unknown ? Omit<Union, Keys> : never
export type NewAlertEvent = Without<AlertEvent, 'id' | 'at'>

export class AlertStore {
  readonly #store: Store

  constructor(store: Store) {
    this.#store = store
  }

  transaction<T>(work: () => T): T {
    return this.#store.transaction(work)
  }

  memory({ projectId, monitor, check }: CheckPlace): AlertMemory {
    const row = this.#store.get(
      z.object({ memory: jsonColumn(alertMemorySchema) }),
      `SELECT memory FROM alert_memory
       WHERE project_id = $projectId AND monitor = $monitor AND check_name = $check`,
      { projectId, monitor, check },
    )
    return row?.memory ?? freshAlertMemory
  }

  remember({ projectId, monitor, check }: CheckPlace, memory: AlertMemory): void {
    this.#store.run(
      `INSERT INTO alert_memory (project_id, monitor, check_name, memory)
       VALUES ($projectId, $monitor, $check, $memory)
       ON CONFLICT (project_id, monitor, check_name) DO UPDATE SET memory = excluded.memory`,
      { projectId, monitor, check, memory: JSON.stringify(memory) },
    )
  }

  /** Checks of a project that are remembered. */
  remembered(projectId: string): CheckPlace[] {
    return this.#store.all(
      z.object({ projectId: z.string(), monitor: z.string(), check: z.string() }),
      `SELECT project_id AS projectId, monitor, check_name AS "check" FROM alert_memory WHERE project_id = $projectId`,
      { projectId },
    )
  }

  forget({ projectId, monitor, check }: CheckPlace): void {
    this.#store.run(
      'DELETE FROM alert_memory WHERE project_id = $projectId AND monitor = $monitor AND check_name = $check',
      { projectId, monitor, check },
    )
  }

  insert(
    alert: Pick<Alert, 'id' | 'projectId' | 'monitor' | 'check' | 'endpoint' | 'severity' | 'raisedAt' | 'desktop'>,
    reading: AlertReading,
  ): void {
    this.#store.run(
      `INSERT INTO alert (id, project_id, monitor, check_name, endpoint, severity, worst, raised_at, changed_at, reading, desktop)
       VALUES ($id, $projectId, $monitor, $check, $endpoint, $severity, $severity, $raisedAt, $raisedAt, $reading, $desktop)`,
      { ...alert, desktop: Number(alert.desktop), reading: JSON.stringify(reading) },
    )
  }

  setSeverity(id: string, severity: Alert['severity'], at: number, reading: AlertReading): void {
    this.#store.run(
      `UPDATE alert SET severity = $severity, changed_at = $at, reading = $reading,
         worst = CASE WHEN worst = 'critical' THEN worst ELSE $severity END WHERE id = $id`,
      { id, severity, at, reading: JSON.stringify(reading) },
    )
  }

  clear(id: string, because: NonNullable<Alert['clearedBecause']>, at: number, reading: AlertReading | null): void {
    this.#store.run(
      `UPDATE alert SET cleared_at = $at, changed_at = $at, cleared_because = $because,
         reading = coalesce($reading, reading) WHERE id = $id AND cleared_at IS NULL`,
      { id, at, because, reading: reading === null ? null : JSON.stringify(reading) },
    )
  }

  acknowledge(id: string, acknowledged: NonNullable<Alert['acknowledged']>): void {
    this.#store.run('UPDATE alert SET acknowledged = $acknowledged WHERE id = $id', {
      id,
      acknowledged: JSON.stringify(acknowledged),
    })
  }

  find(id: string): Alert | undefined {
    const row = this.#store.get(alertRow, `${selectAlerts} WHERE a.id = $id`, { id })
    return row && described(row)
  }

  openOf({ projectId, monitor, check }: CheckPlace): Alert | undefined {
    const row = this.#store.get(
      alertRow,
      `${selectAlerts} WHERE a.project_id = $projectId AND a.monitor = $monitor AND a.check_name = $check
         AND a.cleared_at IS NULL`,
      { projectId, monitor, check },
    )
    return row && described(row)
  }

  /** Open alerts of a monitor, oldest first. */
  openOfMonitor(projectId: string, monitor: string): Alert[] {
    return this.#store
      .all(
        alertRow,
        `${selectAlerts} WHERE a.project_id = $projectId AND a.monitor = $monitor AND a.cleared_at IS NULL ORDER BY a.id`,
        { projectId, monitor },
      )
      .map(described)
  }

  /** Newest first. @param query its cursor is the id of the last of the page before */
  page(query: AlertListQuery): AlertPage {
    const { limit, cursor, state, severity, acknowledged, project, endpoint, monitor } = query
    const rows = this.#store
      .all(
        alertRow,
        `${selectAlerts} WHERE a.id < $before
           AND ($state = 'all' OR (a.cleared_at IS NULL) = ($state = 'open'))
           AND ($critical = 0 OR a.severity = 'critical')
           AND ($acknowledged = '' OR (a.acknowledged IS NOT NULL) = ($acknowledged = 'yes'))
           AND ($project = '' OR a.project_id = $project)
           AND ($endpoint = '' OR a.endpoint = $endpoint)
           AND ($monitor = '' OR a.monitor = $monitor)
         ORDER BY a.id DESC LIMIT $limit`,
        {
          // Ids are of lower-case letters and digits.
          before: cursor ?? '~',
          state,
          critical: Number(severity === 'critical'),
          acknowledged: acknowledged ?? '',
          project: project ?? '',
          endpoint: endpoint ?? '',
          monitor: monitor ?? '',
          limit: limit + 1,
        },
      )
      .map(described)
    const items = rows.slice(0, limit)
    const last = items.at(-1)
    return { items, counts: this.#counts(), ...(rows.length > limit && last && { nextCursor: last.id }) }
  }

  addEvent(alertId: string, at: number, event: NewAlertEvent): void {
    const { kind, ...detail } = event
    this.#store.run('INSERT INTO alert_event (alert_id, at, kind, detail) VALUES ($alertId, $at, $kind, $detail)', {
      alertId,
      at,
      kind,
      detail: JSON.stringify(detail),
    })
  }

  /** Oldest first. */
  events(alertId: string): AlertEvent[] {
    return this.#store
      .all(eventRow, 'SELECT id, at, kind, detail FROM alert_event WHERE alert_id = $alertId ORDER BY id', { alertId })
      .map(({ detail, ...event }) => alertEventSchema.parse({ ...detail, ...event }))
  }

  /** Returns whether it was not planned before: an alert does a thing once. */
  planAct(alertId: string, act: AlertAct): boolean {
    return (
      this.#store.run('INSERT INTO alert_act (alert_id, act) VALUES ($alertId, $act) ON CONFLICT DO NOTHING', {
        alertId,
        act,
      }) > 0
    )
  }

  plannedActs(): { alertId: string; act: AlertAct }[] {
    return this.#store.all(
      z.object({ alertId: z.string(), act: z.enum(['roll-back']) }),
      'SELECT alert_id AS alertId, act FROM alert_act WHERE outcome IS NULL ORDER BY alert_id',
    )
  }

  settleAct(alertId: string, act: AlertAct, outcome: 'done' | 'refused'): void {
    this.#store.run('UPDATE alert_act SET outcome = $outcome WHERE alert_id = $alertId AND act = $act', {
      alertId,
      act,
      outcome,
    })
  }

  #counts(): AlertPage['counts'] {
    const counts = this.#store.get(
      alertRow.pick({}).extend({
        open: z.number(),
        critical: z.number(),
        unacknowledged: z.number(),
        undelivered: z.number(),
      }),
      `SELECT count(*) AS open, count(*) FILTER (WHERE severity = 'critical') AS critical,
         count(*) FILTER (WHERE acknowledged IS NULL) AS unacknowledged,
         (SELECT count(*) FROM alert_delivery d JOIN alert o ON o.id = d.alert_id
          WHERE d.state = 'failed' AND o.cleared_at IS NULL) AS undelivered
       FROM alert WHERE cleared_at IS NULL`,
    )
    return counts ?? { open: 0, critical: 0, unacknowledged: 0, undelivered: 0 }
  }
}

function described({ pending, failed, ...row }: z.output<typeof alertRow>): Alert {
  return { ...row, state: row.clearedAt === null ? 'open' : 'cleared', deliveries: { pending, failed } }
}
