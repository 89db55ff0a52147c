/** Readings of one check, for tests of what follows from them. */
import type { AlertRuleSpec } from '#shared/alert-rules.ts'
import { alertRuleSpecSchema } from '#shared/alert-rules.ts'
import type { Reading, ReadingStatus } from '#shared/monitors.ts'

/** AUC of the endpoint `flights`: a warning below 0.6, critical below 0.55. */
export function readingAt(at: number, value: number | null, more: Partial<Reading> = {}): Reading {
  return {
    id: `r${at}`,
    projectId: 'p1',
    monitor: 'flights',
    check: 'auc',
    kind: 'performance',
    endpoint: 'flights',
    at,
    from: Math.max(0, at - 1_000),
    to: at,
    model: 'flights',
    version: 2,
    value,
    unit: 'metric',
    metric: 'auc',
    estimate: false,
    rows: value === null ? 0 : 500,
    status: statusOf(value),
    reason: value === null ? 'Too few rows.' : `AUC ${value} of 500 rows.`,
    limits: { warning: { below: 0.6 }, critical: { below: 0.55 } },
    parts: [],
    ...more,
  }
}

function statusOf(value: number | null): ReadingStatus {
  if (value === null) return 'no-data'
  return value < 0.55 ? 'critical' : value < 0.6 ? 'warning' : 'ok'
}

/** A monitor with one entry in `alerts`. */
export function monitorWith(entry: Record<string, unknown> = {}): { alerts: AlertRuleSpec[] } {
  return { alerts: [alertRuleSpecSchema.parse(entry)] }
}
