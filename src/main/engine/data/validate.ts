/** Data held against its schema: what is broken, and what has moved. Pure. The names and the meaning of anomalies follow TFDV. */
import type { Anomaly, Comparison } from '#shared/anomalies.ts'
import type { DatasetSchema, SchemaColumn } from '#shared/schema.ts'
import { sentence } from '#shared/sentences.ts'
import type { ColumnStatistics, Statistics } from '#shared/statistics.ts'
import { EsteiraError, nearestName } from '../kernel/errors.ts'
import { anomaly } from './validation/anomaly.ts'
import { typeAnomalies, typeFits } from './validation/column-type.ts'
import {
  notCounted,
  numberAnomalies,
  presenceAnomalies,
  semanticAnomalies,
  uniqueAnomalies,
  valueAnomalies,
} from './validation/column-values.ts'
import { freshnessAnomalies, relativeRowAnomalies, rowAnomalies } from './validation/dataset.ts'
import { checkAnomalies, manyValuesAnomalies, patternAnomalies, unanswered } from './validation/row-anomalies.ts'
import { distinctRuleId, needsAllValues, needsExactDistinct, type RowFacts } from './validation/row-rules.ts'
import { compareValues } from './validation/value-skew.ts'

export interface ValidationOptions {
  /** Default: the first that the schema knows. */
  readonly environment?: string | undefined
  /** What the rows answered to `rowRules`; where it is missing, rules that need it are anomalies themselves. */
  readonly facts?: RowFacts | undefined
  /** The span before: drift, and rows relative to it. */
  readonly previous?: Statistics | undefined
  /** Serving where training data is checked, training where requests are: skew. */
  readonly counterpart?: Statistics | undefined
  /** The time at which freshness is judged; without it, it is not. */
  readonly nowMs?: number | undefined
  /** The column of the dataset that says when a row happened. */
  readonly timeColumn?: string | undefined
}

export interface Findings {
  readonly anomalies: Anomaly[]
  /** Every comparison that was made, moved or not. */
  readonly comparisons: Comparison[]
}

/**
 * Every place where the data departs from the schema: first the dataset, then its columns in the order of the schema, then
 * unknown columns, then columns whose values moved.
 * @throws EsteiraError `invalid-usage` for an environment that the schema does not know
 */
export function validateData(statistics: Statistics, schema: DatasetSchema, options: ValidationOptions = {}): Findings {
  const environment = knownEnvironment(schema, options.environment)
  const { facts, previous, counterpart, nowMs, timeColumn } = options
  const found = new Map(statistics.columns.map((column) => [column.name, column]))
  const expected = Object.entries(schema.columns).filter(([, column]) => !column.notIn?.includes(environment))
  const drift = previous && compareValues(statistics, previous, schema, { comparator: 'drift', environment })
  const skew = counterpart && compareValues(statistics, counterpart, schema, { comparator: 'skew', environment })
  return {
    anomalies: [
      ...rowAnomalies(statistics.rows, schema),
      ...relativeRowAnomalies(statistics.rows, previous?.rows, schema),
      ...(nowMs === undefined ? [] : freshnessAnomalies(statistics, schema, { nowMs, timeColumn })),
      ...checkAnomalies(undefined, schema.checks, statistics.rows, facts),
      ...expected.flatMap(([name, column]) => {
        const statistic = found.get(name)
        return statistic
          ? columnAnomalies(statistic, column, statistics.rows, facts)
          : missingColumn(name, column, [...found.keys()])
      }),
      ...newColumns(statistics, schema),
      ...(drift?.anomalies ?? []),
      ...(skew?.anomalies ?? []),
    ],
    comparisons: [...(drift?.comparisons ?? []), ...(skew?.comparisons ?? [])],
  }
}

/** The anomalies alone. */
export function validateStatistics(
  statistics: Statistics,
  schema: DatasetSchema,
  options: ValidationOptions = {},
): Anomaly[] {
  return validateData(statistics, schema, options).anomalies
}

/** @throws EsteiraError `invalid-usage` */
export function knownEnvironment(schema: DatasetSchema, wanted: string | undefined): string {
  const environment = wanted ?? schema.environments[0] ?? 'TRAINING'
  if (schema.environments.includes(environment)) return environment
  const nearest = nearestName(environment, schema.environments)
  throw new EsteiraError('invalid-usage', `The schema does not know the environment "${environment}".`, {
    allowed: schema.environments.join(', '),
    ...(nearest !== undefined && { nearest }),
  })
}

function missingColumn(name: string, column: SchemaColumn, known: readonly string[]): Anomaly[] {
  if (column.presence === undefined) return []
  const nearest = nearestName(name, known)
  const hint = nearest === undefined ? '' : ` The nearest name in the data is "${nearest}".`
  return [
    anomaly('SCHEMA_MISSING_COLUMN', name, {
      short: 'Column missing',
      description: `The column "${name}" is in the schema but not in the data.${hint}`,
      expected: sentence('column-of-type', { type: column.type }),
      found: sentence('no-such-column', {}),
    }),
  ]
}

function newColumns(statistics: Statistics, schema: DatasetSchema): Anomaly[] {
  if (schema.newColumns === 'ignore') return []
  return statistics.columns
    .filter(({ name }) => !Object.hasOwn(schema.columns, name))
    .map((column) =>
      anomaly('SCHEMA_NEW_COLUMN', column.name, {
        severity: schema.newColumns === 'warning' ? 'WARNING' : 'ERROR',
        short: 'New column',
        description: `The column "${column.name}" is in the data but not in the schema.`,
        expected: sentence('schema-columns-only', {}),
        found: sentence('column-of-type', { type: column.type }),
      }),
    )
}

function columnAnomalies(
  statistic: ColumnStatistics,
  column: SchemaColumn,
  rows: number,
  facts: RowFacts | undefined,
): Anomaly[] {
  const { name } = statistic
  const present = rows - statistic.missing
  const presence = presenceAnomalies(name, column, present, rows)
  // An all-missing column has no type of its own to judge.
  if (present === 0) return presence
  if (!typeFits(statistic.type, column.type)) return [...presence, ...typeAnomalies(statistic, column, facts)]
  return [
    ...presence,
    ...differentValues(statistic, column, rows, facts),
    ...(needsAllValues(statistic, column)
      ? manyValuesAnomalies(statistic, column, present, facts)
      : valueAnomalies(statistic, column, present)),
    ...patternAnomalies(statistic, column, present, facts),
    ...semanticAnomalies(statistic, column),
    ...numberAnomalies(statistic, column),
    ...checkAnomalies(name, column.checks, rows, facts),
  ]
}

function differentValues(
  statistic: ColumnStatistics,
  column: SchemaColumn,
  rows: number,
  facts: RowFacts | undefined,
): Anomaly[] {
  const { name, type, storageType, distinct, missing } = statistic
  if (column.unique === undefined) return []
  if (type === 'other') return [notCounted(name, storageType)]
  if (!needsExactDistinct(statistic, column, rows)) return uniqueAnomalies(name, column, distinct, rows - missing)
  const fact = facts?.[distinctRuleId(name)]
  if (fact === undefined) return [unanswered(name, 'unique')]
  return uniqueAnomalies(name, column, fact.faulty, rows - missing)
}
