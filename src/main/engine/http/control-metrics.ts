import { type RunStatus, runStatusSchema } from '#shared/runs.ts'
import { metricFamily } from '../kernel/prometheus-text.ts'

/** What the engine says of itself to Prometheus. */
export function controlMetrics(engine: {
  readonly startedAt: number
  readonly now: number
  readonly runs: ReadonlyMap<RunStatus, number>
}): string {
  return [
    metricFamily('esteira_uptime_seconds', 'gauge', 'Time since the engine started.', [
      { labels: '', value: (engine.now - engine.startedAt) / 1_000 },
    ]),
    metricFamily('esteira_resident_memory_bytes', 'gauge', 'Resident memory of the engine process.', [
      { labels: '', value: process.memoryUsage.rss() },
    ]),
    metricFamily(
      'esteira_runs',
      'gauge',
      'Runs in the metadata store, by status.',
      runStatusSchema.options.map((status) => ({ labels: `status="${status}"`, value: engine.runs.get(status) ?? 0 })),
    ),
  ].join('')
}
