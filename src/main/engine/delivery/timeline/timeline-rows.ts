/** What is stored of an endpoint's story, each kind from where it is kept anyway. */
import { z } from 'zod'
import { type AlertEvent, alertEventSchema } from '#shared/alerts.ts'
import { rolloutEvidenceSchema, rolloutKindSchema } from '#shared/rollout.ts'
import type { TimelineEntry } from '#shared/timeline.ts'
import { conditionEvidenceSchema, holdSchema } from '#shared/triggers.ts'
import { actorOfAlert } from '../../monitoring/alerts/roll-back-act.ts'
import { judgementColumn, judgementSql, withoutNoGate } from '../../registry/judgement.ts'
import { jsonColumn } from '../../store/json-column.ts'
import type { Store } from '../../store/store.ts'

/** Of the entries of each kind those at this time or beyond it, the nearest first. */
export interface Bounds {
  readonly endpoint: string
  readonly from: number
  readonly order: 'newest' | 'oldest'
  readonly limit: number
}

const actorOfRun = 'run '

/** The alerts of the endpoint; decisions about them; runs that those started, that trained its models or that deployed to it. */
const scope = `WITH
  of_alert AS (SELECT id FROM alert WHERE endpoint = $endpoint),
  of_model AS (SELECT DISTINCT model FROM revision WHERE endpoint = $endpoint),
  about_alert AS (
    SELECT d.id, d.run_id FROM decision d
    WHERE d.conditions LIKE '%"kind":"alert"%' AND EXISTS (
      SELECT 1 FROM json_each(d.conditions) c JOIN of_alert o ON o.id = json_extract(c.value, '$.alert.id')
      WHERE json_extract(c.value, '$.met') = 1)),
  of_run AS (
    SELECT run_id AS id FROM model_version WHERE model IN (SELECT model FROM of_model)
    UNION SELECT run_id FROM about_alert WHERE run_id IS NOT NULL
    UNION SELECT substr(actor, ${actorOfRun.length + 1}) FROM revision
      WHERE endpoint = $endpoint AND actor LIKE '${actorOfRun}%')`

function page(select: string, at: string, { order }: Bounds): string {
  const [beyond, direction] = order === 'newest' ? ['<=', 'DESC'] : ['>=', 'ASC']
  return `${scope} SELECT * FROM (${select}) WHERE ${at} ${beyond} $from ORDER BY ${at} ${direction} LIMIT $limit`
}

type Source = (store: Store, bounds: Bounds) => TimelineEntry[]
const parametersOf = ({ endpoint, from, limit }: Bounds) => ({ endpoint, from, limit })

const alertRow = z.object({
  id: z.number(),
  at: z.number(),
  kind: z.string(),
  detail: jsonColumn(z.looseObject({})),
  alertId: z.string(),
  monitor: z.string(),
  check: z.string(),
  worst: z.enum(['warning', 'critical']),
  /** Of the event that raised the alert. */
  raisedBy: z.number().nullable(),
})

const alerts: Source = (store, bounds) => {
  const select = `SELECT e.id, e.at, e.kind, e.detail, a.id AS alertId, a.monitor, a.check_name AS "check", a.worst,
      (SELECT min(r.id) FROM alert_event r WHERE r.alert_id = a.id) AS raisedBy
    FROM alert_event e JOIN alert a ON a.id = e.alert_id
    WHERE a.endpoint = $endpoint AND e.kind <> 'delivery'`
  return store.all(alertRow, page(select, 'at', bounds), parametersOf(bounds)).flatMap(entriesOfAlert)
}

function entriesOfAlert({
  detail,
  alertId,
  monitor,
  check,
  worst,
  raisedBy,
  ...row
}: z.output<typeof alertRow>): TimelineEntry[] {
  const event: AlertEvent = alertEventSchema.parse({ ...detail, ...row })
  const { id, at } = event
  const raised = raisedBy === null || raisedBy === id ? null : alertEntryId(raisedBy)
  const alert = { kind: 'alert' as const, id: alertEntryId(id), at, follows: raised, alertId, monitor, check }
  switch (event.kind) {
    case 'raised':
    case 'escalated':
    case 'eased':
    case 'cleared': {
      const { reading } = event
      const severity = event.kind === 'cleared' ? worst : event.severity
      const told = { ...alert, change: event.kind, severity, reason: reading?.reason ?? '' }
      if (reading === null) return [told]
      const read = { kind: 'reading' as const, id: `reading ${id}`, at, follows: raised, alertId, reading }
      return [read, { ...told, reading, follows: read.id }]
    }
    case 'acknowledged':
      return [{ ...alert, change: event.kind, severity: worst, reason: event.note }]
    case 'acted': {
      const { act, outcome, revision, reason, refusal } = event
      const why = { reason, ...(refusal !== undefined && { refusal }) }
      return [{ kind: 'act', id: `act ${id}`, at, follows: raised, alertId, act, outcome, revision, ...why }]
    }
    case 'delivery':
      return []
    default:
      return event satisfies never
  }
}

const alertEntryId = (event: number) => `alert ${event}`

const decisionRow = z.object({
  id: z.number(),
  at: z.number(),
  triggerId: z.string(),
  label: z.string(),
  outcome: z.enum(['started', 'started-late', 'fired', 'skipped', 'failed', 'not-met', 'held', 'watching']),
  conditions: jsonColumn(z.array(conditionEvidenceSchema)),
  holds: jsonColumn(z.array(holdSchema)),
  runId: z.string().nullable(),
})

const decisions: Source = (store, bounds) => {
  const select = `SELECT id, at, trigger_id AS triggerId, label, outcome, conditions, holds, run_id AS runId FROM decision
    WHERE id IN (SELECT id FROM about_alert) OR run_id IN (SELECT id FROM of_run)`
  return store.all(decisionRow, page(select, 'at', bounds), parametersOf(bounds)).map((row) => {
    const alert = row.conditions.flatMap((found) => (found.kind === 'alert' && found.met ? [found.alert?.id] : []))[0]
    return {
      kind: 'decision',
      ...row,
      id: decisionEntryId(row.id),
      follows: alert === undefined ? null : raisedEntry(store, alert),
    }
  })
}

const decisionEntryId = (id: number) => `decision ${id}`

/** The entry of the event that raised an alert. */
function raisedEntry(store: Store, alertId: string): string | null {
  const row = store.get(
    z.object({ id: z.number().nullable() }),
    'SELECT min(id) AS id FROM alert_event WHERE alert_id = $alertId',
    {
      alertId,
    },
  )
  return row === undefined || row.id === null ? null : alertEntryId(row.id)
}

const runRow = z.object({
  runId: z.string(),
  at: z.number(),
  pipeline: z.string(),
  status: z.enum(['queued', 'running', 'succeeded', 'failed', 'cancelled']),
  startedBy: z.string(),
  startedAt: z.number().nullable(),
  finishedAt: z.number().nullable(),
  decisionId: z.number().nullable(),
})

const runs: Source = (store, bounds) => {
  const select = `SELECT r.id AS runId, max(r.created_at, coalesce((SELECT min(d.at) FROM decision d WHERE d.run_id = r.id), 0)) AS at,
      r.pipeline, r.status, r.started_by AS startedBy,
      r.started_at AS startedAt, r.finished_at AS finishedAt,
      (SELECT min(d.id) FROM decision d WHERE d.run_id = r.id) AS decisionId
    FROM run r JOIN of_run o ON o.id = r.id`
  return store.all(runRow, page(select, 'at', bounds), parametersOf(bounds)).map(({ decisionId, ...row }) => ({
    kind: 'run',
    ...row,
    id: runEntryId(row.runId),
    follows: decisionId === null ? null : decisionEntryId(decisionId),
  }))
}

const runEntryId = (id: string) => `run ${id}`

const gateRow = z.object({
  runId: z.string(),
  step: z.string(),
  at: z.number(),
  blessed: z.literal([0, 1]),
  reason: z.string().nullable(),
  gate: judgementColumn,
  model: z.string().nullable(),
  version: z.number().nullable(),
})

const gates: Source = (store, bounds) => {
  const select = `SELECT s.run_id AS runId, s.name AS step, s.finished_at AS at,
      json_extract(s.step_values, '$.blessed') AS blessed, json_extract(s.step_values, '$.reason') AS reason,
      ${judgementSql({ model: 'v.model', version: 'v.version', reason: "json_extract(s.step_values, '$.reason')" })} AS gate,
      v.model, v.version
    FROM step_execution s JOIN of_run o ON o.id = s.run_id
    LEFT JOIN model_version v ON v.run_id = s.run_id AND v.model IN (SELECT model FROM of_model)
    WHERE s.finished_at IS NOT NULL AND json_type(s.step_values, '$.blessed') IN ('true', 'false')
    GROUP BY s.run_id, s.name`
  return store.all(gateRow, page(select, 'at', bounds), parametersOf(bounds)).map((row) => ({
    kind: 'gate',
    ...withoutNoGate(row),
    id: `gate ${row.runId}/${row.step}`,
    follows: runEntryId(row.runId),
    blessed: row.blessed === 1,
    reason: row.reason ?? '',
  }))
}

const aliasRow = z.object({
  id: z.string(),
  at: z.number(),
  model: z.string(),
  alias: z.string(),
  fromVersion: z.number().nullable(),
  toVersion: z.number().nullable(),
  actor: z.string(),
  reason: z.string(),
  gate: judgementColumn,
  runId: z.string().nullable(),
  /** What took a version back: the last entry of a rollout, or a revision. */
  ended: z.string().nullable(),
  answers: z.number().nullable(),
})

const aliases: Source = (store, bounds) => {
  const select = `SELECT id, at, model, alias, from_version AS fromVersion, to_version AS toVersion, actor, reason,
      ${judgementSql({ model: 'm.model', version: 'm.to_version', reason: 'm.reason' })} AS gate, run_id AS runId, (SELECT max(id) FROM rollout_entry e WHERE e.rollout_id = m.rollout_id) AS ended,
      (SELECT max(number) FROM revision v WHERE m.endpoint = $endpoint AND v.endpoint = $endpoint
        AND v.created_at <= m.at) AS answers
    FROM alias_move m WHERE model IN (SELECT model FROM of_model)`
  return store.all(aliasRow, page(select, 'at', bounds), parametersOf(bounds)).map((found) => {
    const { runId, ended, answers, ...row } = found
    return { kind: 'alias', ...withoutNoGate(row), id: `alias ${row.id}`, follows: causeOfMove(store, found) }
  })
}

function causeOfMove(store: Store, { runId, ended, answers, actor }: z.output<typeof aliasRow>): string | null {
  if (runId !== null) return runEntryId(runId)
  if (ended !== null) return rolloutEntryId(ended)
  return answers === null ? causeOf(store, actor) : revisionEntryId(answers)
}

/** What an actor such as `run <id>` or `alert <id>` stands for. */
function causeOf(store: Store, actor: string): string | null {
  if (actor.startsWith(actorOfRun)) return runEntryId(actor.slice(actorOfRun.length))
  return actor.startsWith(actorOfAlert) ? raisedEntry(store, actor.slice(actorOfAlert.length)) : null
}

const revisionRow = z.object({
  at: z.number(),
  number: z.number(),
  model: z.string(),
  version: z.number(),
  rollout: rolloutKindSchema.nullable(),
  actor: z.string(),
  reason: z.string(),
  gate: judgementColumn,
})

const revisions: Source = (store, bounds) => {
  const select = `SELECT v.created_at AS at, v.number, v.model, v.version, v.actor, v.reason,
      ${judgementSql({ model: 'v.model', version: 'v.version', reason: 'v.reason' })} AS gate,
      json_extract(r.spec, '$.kind') AS rollout
    FROM revision v LEFT JOIN rollout r ON r.revision_id = v.id WHERE v.endpoint = $endpoint`
  return store.all(revisionRow, page(select, 'at', bounds), parametersOf(bounds)).map((row) => ({
    kind: 'revision',
    ...withoutNoGate(row),
    id: revisionEntryId(row.number),
    follows: causeOf(store, row.actor),
  }))
}

const revisionEntryId = (number: number) => `revision ${number}`

const rolloutRow = z.object({
  id: z.string(),
  at: z.number(),
  rolloutId: z.string(),
  action: z.enum(['start', 'step', 'promote', 'roll-back', 'abort']),
  fromShare: z.number(),
  toShare: z.number(),
  actor: z.string(),
  reason: z.string(),
  evidence: jsonColumn(rolloutEvidenceSchema.pick({ checks: true, result: true })),
  before: z.string().nullable(),
  rollout: rolloutKindSchema,
  number: z.number(),
  model: z.string(),
  version: z.number(),
})

const rollouts: Source = (store, bounds) => {
  const select = `SELECT e.id, e.at, e.rollout_id AS rolloutId, e.action, e.from_share AS fromShare,
      e.to_share AS toShare, e.actor, e.reason,
      json_object('checks', json(e.evidence -> '$.checks'), 'result', json(e.evidence -> '$.result')) AS evidence, json_extract(r.spec, '$.kind') AS rollout, v.number, v.model, v.version,
      (SELECT max(b.id) FROM rollout_entry b WHERE b.rollout_id = e.rollout_id AND b.id < e.id) AS before
    FROM rollout_entry e JOIN rollout r ON r.id = e.rollout_id JOIN revision v ON v.id = r.revision_id
    WHERE r.endpoint = $endpoint`
  return store.all(rolloutRow, page(select, 'at', bounds), parametersOf(bounds)).map(({ before, ...row }) => ({
    kind: 'rollout',
    ...row,
    id: rolloutEntryId(row.id),
    follows: before === null ? revisionEntryId(row.number) : rolloutEntryId(before),
  }))
}

const rolloutEntryId = (id: string) => `rollout ${id}`

export const timelineSources: readonly Source[] = [alerts, decisions, runs, gates, aliases, revisions, rollouts]
