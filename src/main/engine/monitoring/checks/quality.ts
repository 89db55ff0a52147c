/** Anomalies of logged inputs against the serving environment of a schema. Pure. */
import type { Anomaly } from '#shared/anomalies.ts'
import type { DatasetSchema } from '#shared/schema.ts'
import type { Statistics } from '#shared/statistics.ts'
import { noEvidence, type Outcome } from './outcome.ts'

export const servingEnvironment = 'SERVING'

/**
 * What of the schema can be asked of requests: the columns that are inputs of the model. How many rows a dataset has, how old
 * it is and which columns it has beside them are no questions to requests.
 */
export function servingSchema(schema: DatasetSchema, inputs: readonly string[]): DatasetSchema {
  const { environments, columns } = schema
  const known = Object.entries(columns).filter(([name]) => inputs.includes(name))
  return { environments, newColumns: 'ignore', columns: Object.fromEntries(known) }
}

export function qualityOutcome(statistics: Statistics, anomalies: readonly Anomaly[]): Outcome {
  const errors = anomalies.filter(({ severity }) => severity === 'ERROR').length
  return {
    value: anomalies.length,
    unit: 'count',
    rows: statistics.rows,
    parts: anomalies.map(({ type, column, severity, description, figures }) => ({
      name: column === undefined ? type : `${column}: ${type}`,
      value: figures?.value ?? null,
      ...(figures?.faulty !== undefined && { rows: figures.faulty }),
      bad: severity === 'ERROR',
      detail: description,
      note: { kind: 'anomaly', type },
    })),
    evidence: { ...noEvidence, currentRows: statistics.rows, figures: { errors, warnings: anomalies.length - errors } },
  }
}
