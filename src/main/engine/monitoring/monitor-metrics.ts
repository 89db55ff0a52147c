/** The newest readings of monitors in the Prometheus text format. */
import type { Reading } from '#shared/monitors.ts'
import { escapeLabel, metricFamily } from '../kernel/prometheus-text.ts'
import { severityOf } from './reading-store.ts'

export function monitorMetrics(readings: readonly Reading[]): string {
  const samples = (values: readonly Reading[], value: (reading: Reading) => number) =>
    values.map((reading) => ({ labels: labelsOf(reading), value: value(reading) }))
  const concluded = readings.filter(({ value }) => value !== null)
  return [
    metricFamily(
      'esteira_monitor_value',
      'gauge',
      'Value of the newest reading of a check, in its own unit; left out where nothing was concluded.',
      samples(concluded, ({ value }) => value ?? Number.NaN),
    ),
    metricFamily(
      'esteira_monitor_status',
      'gauge',
      'Status of the newest reading of a check: 0 no data, 1 ok, 2 warning, 3 critical.',
      samples(readings, ({ status }) => severityOf(status)),
    ),
    metricFamily(
      'esteira_monitor_reading_timestamp_seconds',
      'gauge',
      'When the newest reading of a check was made.',
      samples(readings, ({ at }) => at / 1_000),
    ),
  ].join('')
}

function labelsOf({ projectId, monitor, check, kind, endpoint, estimate }: Reading): string {
  const labels = { project: projectId, endpoint, monitor, check, kind, estimate: String(estimate) }
  return Object.entries(labels)
    .map(([name, value]) => `${name}="${escapeLabel(value)}"`)
    .join(',')
}
