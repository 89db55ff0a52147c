/** Rows that show an anomaly: which ones, told by a condition in SQL; found for all anomalies together. */
import { z } from 'zod'
import type { Anomaly } from '#shared/anomalies.ts'
import type { jsonSchema } from '#shared/runs.ts'
import type { DatasetSchema, SchemaColumn } from '#shared/schema.ts'
import type { ColumnType } from '#shared/statistics.ts'
import { epochMsExpression } from '../tables/column-types.ts'
import {
  type DescribedColumn,
  parquetSource,
  quoteIdentifier,
  quoteText,
  subquery,
  type Tables,
} from '../tables/duckdb.ts'
import type { ExampleRows } from './explorer-tasks.ts'
import { comparable } from './schema.ts'

const maxRows = 10
/** The column at fault and some around it: a row of hundreds of columns shows nothing. */
const maxColumns = 12
/** Anomalies whose rows are looked for in one pass. */
const anomaliesPerPass = 100
/** Beyond it, a number counts as infinite (see statistics.ts). */
const largestNumber = 1e150
/** The column with the number of the row, from 1. */
const numberColumn = '#'

/**
 * For each anomaly the first rows at fault, null where no single row is. Reads the files twice: once for the numbers of the
 * rows, once for the rows themselves.
 * @param files Parquet
 */
export async function findExamples(
  tables: Tables,
  files: readonly string[],
  anomalies: readonly Anomaly[],
  schema: DatasetSchema,
): Promise<(ExampleRows | null)[]> {
  const source = numberedSource(files)
  const columns = (await tables.describe(`from ${source}`)).filter(({ name }) => name !== rowNumber)
  const conditions = anomalies.map((anomaly) => faultCondition(anomaly, columns, schema))
  const numbers = await rowNumbers(tables, source, conditions)
  const wanted = [...new Set(numbers.flat())]
  const rows = wanted.length === 0 ? new Map<number, Row>() : await rowsByNumber(tables, source, wanted)
  return anomalies.map(({ column }, index) => {
    const found = (numbers[index] ?? []).flatMap((number) => rows.get(number) ?? [])
    if (column === undefined || found.length === 0) return null
    const shown = [column, ...columns.map(({ name }) => name).filter((name) => name !== column)].slice(0, maxColumns)
    const positions = shown.map((name) => columns.findIndex((one) => one.name === name))
    return {
      columns: [numberColumn, ...shown],
      rows: found.map(({ number, values }) => [number, ...positions.map((position) => values[position] ?? null)]),
    }
  })
}

/**
 * The condition that the rows at fault meet; undefined where no single row is at fault, or the column cannot be told apart.
 * Pure.
 */
export function faultCondition(
  { type, column: name }: Anomaly,
  columns: readonly DescribedColumn[],
  schema: DatasetSchema,
): string | undefined {
  const found = columns.find((one) => one.name === name)
  const expected = name !== undefined && Object.hasOwn(schema.columns, name) ? schema.columns[name] : undefined
  if (found === undefined || expected === undefined) return undefined
  const column = quoteIdentifier(found.name)
  const { min, max } = expected.domain ?? {}
  switch (type) {
    case 'FEATURE_TYPE_NOT_PRESENT':
    case 'FEATURE_TYPE_LOW_FRACTION_PRESENT':
    case 'FEATURE_TYPE_LOW_NUMBER_PRESENT':
      return `${column} is null`
    case 'UNEXPECTED_DATA_TYPE':
      return otherTypeCondition(column, found.type, expected.type)
    case 'ENUM_TYPE_UNEXPECTED_STRING_VALUES':
    case 'BOOL_TYPE_UNEXPECTED_STRING':
      return outsideDomain(column, expected)
    case 'INT_TYPE_SMALL_INT':
    case 'FLOAT_TYPE_SMALL_FLOAT':
      return min === undefined ? undefined : beyond(column, found.type, `< ${comparable(min)}`)
    case 'INT_TYPE_BIG_INT':
    case 'FLOAT_TYPE_BIG_FLOAT':
      return max === undefined ? undefined : beyond(column, found.type, `> ${comparable(max)}`)
    case 'FLOAT_TYPE_HAS_NAN':
      return `isnan(${column}::DOUBLE)`
    case 'FLOAT_TYPE_HAS_INF':
      return `not isnan(${column}::DOUBLE) and abs(${column}::DOUBLE) > ${largestNumber}`
    default:
      return undefined
  }
}

function outsideDomain(column: string, { domain }: SchemaColumn): string | undefined {
  if (domain?.values === undefined) return undefined
  return `${column} is not null and ${column}::VARCHAR not in (${domain.values.map(quoteText).join(', ')})`
}

function beyond(column: string, type: ColumnType, comparison: string): string {
  if (type === 'timestamp') return `${epochMsExpression(column)} ${comparison}`
  return `abs(${column}::DOUBLE) <= ${largestNumber} and ${column}::DOUBLE ${comparison}`
}

/** Rows whose value keeps the column from having the expected type; where all values are of the other type, all of them. */
function otherTypeCondition(column: string, found: ColumnType, expected: ColumnType): string {
  const present = `${column} is not null`
  if (expected === 'integer' && found === 'number') return `${present} and ${column} <> trunc(${column})`
  const storage = { integer: 'DOUBLE', number: 'DOUBLE', timestamp: 'TIMESTAMP', boolean: 'BOOLEAN' }
  if (found !== 'text' || expected === 'text' || expected === 'other') return present
  const value = `try_cast(${column}::VARCHAR as ${storage[expected]})`
  return expected === 'integer'
    ? `${present} and (${value} is null or ${value} <> trunc(${value}))`
    : `${present} and ${value} is null`
}

const rowNumber = 'file_row_number'

/** With the number of each row, from 0: one file knows it; over several, rows are numbered as they come, in their order. */
function numberedSource(files: readonly string[]): string {
  const [only] = files
  if (files.length === 1 && only !== undefined) return parquetSource(only, { rowNumbers: true })
  return subquery(`select *, row_number() over () - 1 as ${rowNumber} from ${parquetSource(files)}`)
}

const numbersSchema = z.record(z.string(), z.array(z.number()).nullable())

async function rowNumbers(
  tables: Tables,
  source: string,
  conditions: readonly (string | undefined)[],
): Promise<number[][]> {
  const numbers: number[][] = []
  for (let start = 0; start < conditions.length; start += anomaliesPerPass) {
    const part = conditions.slice(start, start + anomaliesPerPass)
    const aggregates = part.flatMap((condition, index) =>
      condition === undefined ? [] : [`min(${rowNumber}, ${maxRows}) filter (${condition}) as a${index}`],
    )
    const found =
      aggregates.length === 0 ? {} : await tables.row(`select ${aggregates.join(', ')} from ${source}`, numbersSchema)
    numbers.push(...part.map((_, index) => found[`a${index}`] ?? []))
  }
  return numbers
}

interface Row {
  readonly number: number
  readonly values: readonly z.infer<typeof jsonSchema>[]
}

async function rowsByNumber(tables: Tables, source: string, wanted: readonly number[]): Promise<Map<number, Row>> {
  const sql = `select ${rowNumber}, * exclude (${rowNumber}) from ${source} where ${rowNumber} in (${wanted.join(', ')})`
  const { rows } = await tables.page(sql, { offset: 0, limit: wanted.length })
  return new Map(rows.map(([number, ...values]) => [Number(number), { number: Number(number) + 1, values }]))
}
