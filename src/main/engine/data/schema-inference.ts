/** A schema from what data looks like. Conservative: the data itself satisfies it. Pure. */
import { type DatasetSchema, datasetSchemaSchema, type SchemaColumn } from '#shared/schema.ts'
import type { ColumnStatistics, NumericStatistics, Statistics } from '#shared/statistics.ts'
import { namesIdentifier } from './column-advice.ts'
import { patternOf } from './validation/semantic.ts'

/** A text column with more different values, or with fewer rows for each on average, is taken as open. */
const maxDomainValues = 100
const minRowsPerValue = 10
/** So few values are all meant: not one other value is allowed. With more, a rare newcomer is normal. */
const maxClosedValues = 20
const openDomainMass = 0.99
/** With fewer rows, different values say nothing about an identifier. */
const minIdentifierRows = 20
/** The least number of rows, as a share of those that were seen. */
const leastRowShare = 0.5

export interface InferenceOptions {
  /** Not expected in the environment SERVING. */
  readonly target?: string | undefined
  /** Also the ranges of numbers and the number of rows, which people know better than one sample does. */
  readonly limits?: boolean | undefined
}

/**
 * Types, presence where nothing is missing, the values of columns with few of them, the form of codes, identifiers that never
 * repeat. Ranges of numbers are left to people unless asked for.
 */
export function inferSchema(statistics: Statistics, options: InferenceOptions = {}): DatasetSchema {
  const columns = statistics.columns.map((column): [string, SchemaColumn] => {
    const inferred = inferColumn(column, statistics.rows, options)
    return [column.name, column.name === options.target ? { ...inferred, notIn: ['SERVING'] } : inferred]
  })
  const least = Math.floor(roundedTo(statistics.rows * leastRowShare, 'down'))
  return {
    ...datasetSchemaSchema.parse({ columns: {} }),
    ...(options.limits && least > 0 && { rows: { min: least } }),
    columns: Object.fromEntries(columns),
  }
}

function inferColumn(column: ColumnStatistics, rows: number, { limits = false }: InferenceOptions): SchemaColumn {
  const present = rows - column.missing
  const closed = isClosed(column, present)
  const pattern = closed ? undefined : patternOf(column)
  const identifier = isIdentifier(column, present)
  const ranged = limits && !identifier && column.type !== 'timestamp'
  const domain = {
    ...(closed && { values: column.categorical?.topValues.map(({ value }) => value).sort() }),
    ...(pattern !== undefined && { pattern }),
    ...(ranged && column.numeric && rangeOf(column.numeric, column.type)),
    ...((column.numeric?.nan ?? 0) > 0 && { allowNan: true }),
    ...((column.numeric?.infinite ?? 0) > 0 && { allowInfinite: true }),
  }
  const many = closed && (column.categorical?.topValues.length ?? 0) > maxClosedValues
  return {
    type: column.type,
    ...(present > 0 && { presence: column.missing === 0 ? { minFraction: 1, minCount: 1 } : { minCount: 1 } }),
    ...(Object.keys(domain).length > 0 && { domain }),
    ...(many && { minDomainMass: openDomainMass }),
    // What numbers the rows moves on with every row, as time does.
    ...(identifier && { unique: { minFraction: 1 }, drift: false, skew: false }),
  }
}

function isClosed({ type, distinct, categorical }: ColumnStatistics, present: number): boolean {
  const count = categorical?.topValues.length ?? 0
  return (
    type === 'text' && count > 0 && count === distinct && count <= maxDomainValues && present / count >= minRowsPerValue
  )
}

/** Different in every row, counted exactly, and named like one: measurements may happen to be all different. */
function isIdentifier({ name, type, distinct }: ColumnStatistics, present: number): boolean {
  return (
    (type === 'text' || type === 'integer') &&
    present >= minIdentifierRows &&
    distinct === present &&
    namesIdentifier(name)
  )
}

/** What was seen, rounded outwards to two digits; numbers that are never negative stay so. */
function rangeOf({ min, max }: NumericStatistics, type: ColumnStatistics['type']): { min: number; max: number } {
  const [low, high] = [roundedTo(min, 'down'), roundedTo(max, 'up')]
  return type === 'integer' ? { min: Math.floor(low), max: Math.ceil(high) } : { min: low, max: high }
}

const digits = 2

/** To two digits, towards minus or plus infinity; never past the number itself. */
function roundedTo(value: number, direction: 'down' | 'up'): number {
  if (value === 0 || !Number.isFinite(value)) return value
  const step = 10 ** (Math.floor(Math.log10(Math.abs(value))) - digits + 1)
  const steps = direction === 'down' ? Math.floor(value / step) : Math.ceil(value / step)
  const rounded = Number((steps * step).toPrecision(digits + 1))
  const isPast = direction === 'down' ? rounded > value : rounded < value
  return isPast || !Number.isFinite(rounded) ? value : rounded
}
