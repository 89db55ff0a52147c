/** What holds for the dataset as a whole: how many rows, how many more than before, how new. Pure. */
import type { Anomaly } from '#shared/anomalies.ts'
import { durationMs } from '#shared/durations.ts'
import type { DatasetSchema } from '#shared/schema.ts'
import { sentence } from '#shared/sentences.ts'
import type { Statistics } from '#shared/statistics.ts'
import { anomaly, rounded } from './anomaly.ts'

export function rowAnomalies(rows: number, { rows: limits }: DatasetSchema): Anomaly[] {
  const anomalies: Anomaly[] = []
  const found = sentence('row-count', { count: rows })
  if (limits?.min !== undefined && rows < limits.min) {
    anomalies.push(
      anomaly('DATASET_LOW_NUM_EXAMPLES', undefined, {
        short: 'Too few rows',
        description: `The dataset has ${rows} rows, fewer than ${limits.min}.`,
        expected: sentence('rows-at-least', { count: limits.min }),
        found,
        figures: { value: rows, limit: limits.min },
      }),
    )
  }
  if (limits?.max !== undefined && rows > limits.max) {
    anomalies.push(
      anomaly('DATASET_HIGH_NUM_EXAMPLES', undefined, {
        short: 'Too many rows',
        description: `The dataset has ${rows} rows, more than ${limits.max}.`,
        expected: sentence('rows-at-most', { count: limits.max }),
        found,
        figures: { value: rows, limit: limits.max },
      }),
    )
  }
  return anomalies
}

/** Rows relative to those of the span before; nothing where that is not known, or was empty. */
export function relativeRowAnomalies(rows: number, previousRows: number | undefined, schema: DatasetSchema): Anomaly[] {
  const { minFractionOfPrevious: min, maxFractionOfPrevious: max } = schema.rows ?? {}
  if (previousRows === undefined || previousRows === 0) return []
  const share = rounded(rows / previousRows)
  const common = {
    description: `The dataset has ${rows} rows where the span before had ${previousRows}: ${share} times as many.`,
    found: sentence('span-share', { value: share }),
  }
  if (min !== undefined && share < min) {
    const expected = sentence('span-at-least', { value: min })
    const details = { short: 'Fewer rows than before', expected, figures: { value: share, limit: min } }
    return [anomaly('COMPARATOR_LOW_NUM_EXAMPLES', undefined, { ...common, ...details })]
  }
  if (max !== undefined && share > max) {
    const expected = sentence('span-at-most', { value: max })
    const details = { short: 'More rows than before', expected, figures: { value: share, limit: max } }
    return [anomaly('COMPARATOR_HIGH_NUM_EXAMPLES', undefined, { ...common, ...details })]
  }
  return []
}

/**
 * Whether the newest row is new enough.
 * @param timeColumn that of the dataset, where the schema names none
 */
export function freshnessAnomalies(
  statistics: Statistics,
  { freshness }: DatasetSchema,
  { nowMs, timeColumn }: { nowMs: number; timeColumn?: string | undefined },
): Anomaly[] {
  if (freshness === undefined) return []
  const name = freshness.column ?? timeColumn
  const limitMs = durationMs(freshness.maxAge) ?? 0
  const column = statistics.columns.find((one) => one.name === name)
  const newestMs = column?.type === 'timestamp' ? column.numeric?.max : undefined
  const expected = sentence('newest-row', { span: freshness.maxAge })
  if (newestMs === undefined) {
    const what = name === undefined ? 'No column says' : `The column "${name}" does not say`
    return [
      anomaly('STATS_NOT_AVAILABLE', name, {
        rule: 'freshness',
        short: 'Freshness cannot be told',
        description: `${what} when a row happened: name a column of dates or times under "freshness" of the schema, or as "time" of the dataset.`,
        expected,
        found:
          column === undefined ? sentence('no-such-column', {}) : sentence('column-of-type', { type: column.type }),
      }),
    ]
  }
  const ageMs = nowMs - newestMs
  if (ageMs <= limitMs) return []
  const newest = new Date(newestMs).toISOString()
  return [
    anomaly('DATASET_STALE', name, {
      short: 'No new rows',
      description: `The newest row is of ${newest}, ${ageInWords(ageMs)} before it was checked.`,
      expected,
      found: newest,
      figures: { value: ageMs / msPerHour, limit: limitMs / msPerHour },
    }),
  ]
}

const msPerHour = 3_600_000
const hoursPerDay = 24

function ageInWords(ageMs: number): string {
  const hours = ageMs / msPerHour
  return hours < 2 * hoursPerDay ? `${hours.toFixed(1)} hours` : `${(hours / hoursPerDay).toFixed(1)} days`
}
