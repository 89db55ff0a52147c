/** Statistics held against a schema. Pure. The names and the meaning of anomalies follow TFDV. */
import type { Anomaly, AnomalyType } from '#shared/anomalies.ts'
import type { DatasetSchema, SchemaColumn } from '#shared/schema.ts'
import type { ColumnStatistics, ColumnType, Statistics } from '#shared/statistics.ts'
import { EsteiraError, nearestName } from '../kernel/errors.ts'
import { comparable } from './schema.ts'

/** Values shown of an unexpected kind. */
const maxExamples = 10

/**
 * Every place where the statistics depart from the schema: first the dataset, then its columns in the order of the
 * schema, then unknown columns. Severity ERROR, except for new columns where the schema says otherwise.
 * @throws EsteiraError `invalid-usage` for an environment that the schema does not know
 */
export function validateStatistics(
  statistics: Statistics,
  schema: DatasetSchema,
  options: { environment?: string } = {},
): Anomaly[] {
  const environment = options.environment ?? schema.environments[0] ?? 'TRAINING'
  if (!schema.environments.includes(environment)) throw unknownEnvironment(environment, schema.environments)
  const found = new Map(statistics.columns.map((column) => [column.name, column]))
  const expected = Object.entries(schema.columns).filter(([, column]) => !column.notIn?.includes(environment))
  return [
    ...rowAnomalies(statistics.rows, schema),
    ...expected.flatMap(([name, column]) => {
      const statistic = found.get(name)
      return statistic
        ? columnAnomalies(statistic, column, statistics.rows)
        : missingColumn(name, column, [...found.keys()])
    }),
    ...newColumns(statistics, schema),
  ]
}

interface Details {
  readonly short: string
  readonly description: string
  readonly expected: string
  readonly found: string
  readonly examples?: readonly string[]
}

function anomaly(type: AnomalyType, column: string | undefined, details: Details): Anomaly {
  const { examples = [], ...rest } = details
  return { type, severity: 'ERROR', ...(column !== undefined && { column }), ...rest, examples: [...examples] }
}

function rowAnomalies(rows: number, { rows: limits }: DatasetSchema): Anomaly[] {
  const anomalies: Anomaly[] = []
  const found = `${rows} rows`
  if (limits?.min !== undefined && rows < limits.min) {
    const details = { short: 'Too few rows', expected: `at least ${limits.min} rows`, found }
    const description = `The dataset has ${rows} rows, fewer than ${limits.min}.`
    anomalies.push(anomaly('DATASET_LOW_NUM_EXAMPLES', undefined, { ...details, description }))
  }
  if (limits?.max !== undefined && rows > limits.max) {
    const details = { short: 'Too many rows', expected: `at most ${limits.max} rows`, found }
    const description = `The dataset has ${rows} rows, more than ${limits.max}.`
    anomalies.push(anomaly('DATASET_HIGH_NUM_EXAMPLES', undefined, { ...details, description }))
  }
  return anomalies
}

function missingColumn(name: string, column: SchemaColumn, known: readonly string[]): Anomaly[] {
  if (column.presence === undefined) return []
  const nearest = nearestName(name, known)
  const hint = nearest === undefined ? '' : ` The nearest name in the data is "${nearest}".`
  return [
    anomaly('SCHEMA_MISSING_COLUMN', name, {
      short: 'Column missing',
      description: `The column "${name}" is in the schema but not in the data.${hint}`,
      expected: `a column of type ${column.type}`,
      found: 'no such column',
    }),
  ]
}

function newColumns(statistics: Statistics, schema: DatasetSchema): Anomaly[] {
  if (schema.newColumns === 'ignore') return []
  return statistics.columns
    .filter(({ name }) => !Object.hasOwn(schema.columns, name))
    .map((column) => ({
      ...anomaly('SCHEMA_NEW_COLUMN', column.name, {
        short: 'New column',
        description: `The column "${column.name}" is in the data but not in the schema.`,
        expected: 'only columns of the schema',
        found: `a column of type ${column.type}`,
      }),
      severity: schema.newColumns === 'warning' ? ('WARNING' as const) : ('ERROR' as const),
    }))
}

function columnAnomalies(statistic: ColumnStatistics, column: SchemaColumn, rows: number): Anomaly[] {
  const present = rows - statistic.missing
  const presence = presenceAnomalies(statistic.name, column, present, rows)
  // An all-missing column has no type of its own to judge.
  if (present === 0) return presence
  if (!typeFits(statistic.type, column.type)) return [...presence, wrongType(statistic, column)]
  return [
    ...presence,
    ...uniqueAnomalies(statistic, column),
    ...valueAnomalies(statistic, column, present),
    ...numberAnomalies(statistic, column),
  ]
}

function typeFits(found: ColumnType, expected: ColumnType): boolean {
  return found === expected || (found === 'integer' && expected === 'number')
}

function wrongType(statistic: ColumnStatistics, column: SchemaColumn): Anomaly {
  const examples = statistic.categorical?.topValues.slice(0, maxExamples).map(({ value }) => value) ?? []
  return anomaly('UNEXPECTED_DATA_TYPE', statistic.name, {
    short: 'Unexpected type',
    description: `The column "${statistic.name}" is of type ${statistic.type} where ${column.type} is expected.`,
    expected: column.type,
    found: `${statistic.type} (${statistic.storageType})`,
    examples,
  })
}

function presenceAnomalies(name: string, column: SchemaColumn, present: number, rows: number): Anomaly[] {
  const { minFraction, minCount } = column.presence ?? {}
  const fraction = rows === 0 ? 0 : present / rows
  if (rows > 0 && present === 0 && ((minFraction ?? 0) > 0 || (minCount ?? 0) > 0)) {
    return [
      anomaly('FEATURE_TYPE_NOT_PRESENT', name, {
        short: 'No values',
        description: `Every value of the column "${name}" is missing.`,
        expected: 'at least one value',
        found: 'none',
      }),
    ]
  }
  const anomalies: Anomaly[] = []
  if (minFraction !== undefined && rows > 0 && fraction < minFraction) {
    anomalies.push(
      anomaly('FEATURE_TYPE_LOW_FRACTION_PRESENT', name, {
        short: 'Too many missing values',
        description: `The column "${name}" has values in ${present} of ${rows} rows; ${rows - present} are missing.`,
        expected: `a share of at least ${minFraction}`,
        found: String(Number(fraction.toPrecision(6))),
      }),
    )
  }
  if (minCount !== undefined && present < minCount) {
    anomalies.push(
      anomaly('FEATURE_TYPE_LOW_NUMBER_PRESENT', name, {
        short: 'Too few values',
        description: `The column "${name}" has ${present} values, fewer than ${minCount}.`,
        expected: `at least ${minCount} values`,
        found: String(present),
      }),
    )
  }
  return anomalies
}

function uniqueAnomalies({ name, distinct }: ColumnStatistics, { unique }: SchemaColumn): Anomaly[] {
  const description = `The column "${name}" has ${distinct} different values.`
  const found = String(distinct)
  if (unique?.min !== undefined && distinct < unique.min) {
    const expected = `at least ${unique.min} different values`
    return [
      anomaly('FEATURE_TYPE_LOW_UNIQUE', name, { short: 'Too few different values', description, expected, found }),
    ]
  }
  if (unique?.max !== undefined && distinct > unique.max) {
    const expected = `at most ${unique.max} different values`
    return [
      anomaly('FEATURE_TYPE_HIGH_UNIQUE', name, { short: 'Too many different values', description, expected, found }),
    ]
  }
  return []
}

function valueAnomalies(statistic: ColumnStatistics, column: SchemaColumn, present: number): Anomaly[] {
  const domain = column.domain?.values
  if (domain === undefined || statistic.categorical === undefined) return []
  const allowed = new Set(domain)
  const unexpected = statistic.categorical.topValues.filter(({ value }) => !allowed.has(value))
  const count = unexpected.reduce((sum, value) => sum + value.count, 0)
  const mass = column.minDomainMass ?? 1
  if (count === 0 || (present - count) / present >= mass) return []
  const type = statistic.type === 'boolean' ? 'BOOL_TYPE_UNEXPECTED_STRING' : 'ENUM_TYPE_UNEXPECTED_STRING_VALUES'
  const share = ((100 * count) / present).toPrecision(2)
  const kinds = unexpected.length === 1 ? 'one unexpected value' : `${unexpected.length} unexpected values`
  return [
    anomaly(type, statistic.name, {
      short: 'Unexpected values',
      description: `The column "${statistic.name}" has ${kinds}, in ${count} rows (${share} %).`,
      expected: `${mass === 1 ? '' : `a share of ${mass} `}among ${domain.length} values: ${list(domain)}`,
      found: list(unexpected.map(({ value }) => value)),
      examples: unexpected.slice(0, maxExamples).map(({ value }) => value),
    }),
  ]
}

function list(values: readonly string[]): string {
  const shown = values.slice(0, maxExamples).join(', ')
  return values.length > maxExamples ? `${shown}, … (${values.length})` : shown
}

function numberAnomalies(statistic: ColumnStatistics, { domain = {}, type }: SchemaColumn): Anomaly[] {
  const { name, numeric } = statistic
  if (numeric === undefined) return []
  const shown = (value: number) => (type === 'timestamp' ? new Date(value).toISOString() : String(value))
  const whole = type !== 'number'
  const anomalies: Anomaly[] = []
  if (domain.min !== undefined && numeric.min < comparable(domain.min)) {
    anomalies.push(
      anomaly(whole ? 'INT_TYPE_SMALL_INT' : 'FLOAT_TYPE_SMALL_FLOAT', name, {
        short: 'Too small',
        description: `The column "${name}" has values below ${domain.min}.`,
        expected: `at least ${domain.min}`,
        found: shown(numeric.min),
        examples: [shown(numeric.min)],
      }),
    )
  }
  if (domain.max !== undefined && numeric.max > comparable(domain.max)) {
    anomalies.push(
      anomaly(whole ? 'INT_TYPE_BIG_INT' : 'FLOAT_TYPE_BIG_FLOAT', name, {
        short: 'Too large',
        description: `The column "${name}" has values above ${domain.max}.`,
        expected: `at most ${domain.max}`,
        found: shown(numeric.max),
        examples: [shown(numeric.max)],
      }),
    )
  }
  return [...anomalies, ...nonFiniteAnomalies(name, numeric, domain)]
}

function nonFiniteAnomalies(
  name: string,
  { nan, infinite }: { nan: number; infinite: number },
  { allowNan, allowInfinite }: { allowNan?: boolean | undefined; allowInfinite?: boolean | undefined },
): Anomaly[] {
  const anomalies: Anomaly[] = []
  const expected = 'finite numbers'
  if (nan > 0 && !allowNan) {
    const description = `The column "${name}" has ${nan} values that are not a number.`
    anomalies.push(
      anomaly('FLOAT_TYPE_HAS_NAN', name, { short: 'Not a number', description, expected, found: `${nan} NaN` }),
    )
  }
  if (infinite > 0 && !allowInfinite) {
    const description = `The column "${name}" has ${infinite} infinite values.`
    const found = `${infinite} infinite`
    anomalies.push(anomaly('FLOAT_TYPE_HAS_INF', name, { short: 'Infinite numbers', description, expected, found }))
  }
  return anomalies
}

function unknownEnvironment(environment: string, known: readonly string[]): EsteiraError {
  const nearest = nearestName(environment, known)
  return new EsteiraError('invalid-usage', `The schema does not know the environment "${environment}".`, {
    allowed: known.join(', '),
    ...(nearest !== undefined && { nearest }),
  })
}
