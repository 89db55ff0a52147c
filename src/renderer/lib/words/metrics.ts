/** Metrics as sentences name them. Pure. */
import { isKnownMetric } from '#shared/metrics.ts'
import type { Speech } from './speech.ts'

/** One that this version does not know keeps the name it was given. */
export function metricName({ t }: Pick<Speech, 't'>, metric: string): string {
  return isKnownMetric(metric) ? t(`metricNames.${metric}`) : metric
}
