/** Rows that show an anomaly: which ones, told by a condition in SQL; found for all anomalies together. */
import { z } from 'zod'
import type { Anomaly, AnomalyKey, AnomalyType, ExampleRows } from '#shared/anomalies.ts'
import type { jsonSchema } from '#shared/runs.ts'
import type { DatasetSchema, SchemaColumn } from '#shared/schema.ts'
import type { ColumnType } from '#shared/statistics.ts'
import { epochMsExpression } from '../tables/column-types.ts'
import { type DescribedColumn, parquetSource, quoteIdentifier, subquery, type Tables } from '../tables/duckdb.ts'
import { comparable } from './schema-bounds.ts'
import { checkOf, failing, offPattern, outsideDomain, undecodable } from './validation/row-rules.ts'

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
 * For each anomaly the first rows at fault and how many there are, null where no single row is. Reads the files twice: once for
 * the numbers of the rows, once for the rows themselves; once more for each column whose values must not repeat.
 * @param tables restricted to the files: a schema holds SQL that a person wrote
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
  const faults = await rowNumbers(tables, source, conditions)
  for (const [index, anomaly] of anomalies.entries()) {
    const column = repeatedColumn(anomaly, columns)
    if (column !== undefined) faults[index] = await repeatedRows(tables, source, column)
  }
  const wanted = [...new Set(faults.flatMap(({ numbers }) => numbers))]
  const rows = wanted.length === 0 ? new Map<number, Row>() : await rowsByNumber(tables, source, wanted)
  return anomalies.map(({ column }, index) => {
    const { numbers, total } = faults[index] ?? noRows
    const found = numbers.flatMap((number) => rows.get(number) ?? [])
    if (found.length === 0) return null
    const others = columns.map(({ name }) => name).filter((name) => name !== column)
    const shown = (column === undefined ? others : [column, ...others]).slice(0, maxColumns)
    const positions = shown.map((name) => columns.findIndex((one) => one.name === name))
    return {
      total,
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
  { type, column: name, rule }: AnomalyKey,
  columns: readonly DescribedColumn[],
  schema: DatasetSchema,
): string | undefined {
  const expected = name !== undefined && Object.hasOwn(schema.columns, name) ? schema.columns[name] : undefined
  if (type === 'CUSTOM_VALIDATION') {
    const check = (name === undefined ? schema : expected)?.checks?.[rule ?? '']
    return check === undefined ? undefined : failing(checkOf(check).sql)
  }
  const found = columns.find((one) => one.name === name)
  if (found === undefined || expected === undefined) return undefined
  return columnFault(type, found, expected)
}

/** Whether single rows are at fault, which `data/quarantine` can put aside. Shares that are asked for are for all rows to keep. */
export function isRowAnomaly(anomaly: Anomaly, schema: DatasetSchema): boolean {
  const { type, column: name, rule, severity, figures } = anomaly
  const tolerant = figures?.limit !== undefined && figures.limit < 1
  switch (type) {
    case 'CUSTOM_VALIDATION':
      return severity === 'ERROR' && !tolerant
    case 'FEATURE_TYPE_LOW_UNIQUE':
      return rule === 'minFraction' && !tolerant
    case 'FEATURE_TYPE_LOW_FRACTION_PRESENT':
      return !tolerant
    case 'ENUM_TYPE_UNEXPECTED_STRING_VALUES':
    case 'BOOL_TYPE_UNEXPECTED_STRING': {
      const mass = name !== undefined && Object.hasOwn(schema.columns, name) ? schema.columns[name]?.minDomainMass : 1
      return mass === undefined || mass === 1
    }
    case 'INT_TYPE_SMALL_INT':
    case 'INT_TYPE_BIG_INT':
    case 'INT_TYPE_NOT_INT_STRING':
    case 'FLOAT_TYPE_SMALL_FLOAT':
    case 'FLOAT_TYPE_BIG_FLOAT':
    case 'FLOAT_TYPE_STRING_NOT_FLOAT':
    case 'FLOAT_TYPE_HAS_NAN':
    case 'FLOAT_TYPE_HAS_INF':
      return true
    default:
      return false
  }
}

function columnFault(type: AnomalyType, found: DescribedColumn, expected: SchemaColumn): string | undefined {
  const column = quoteIdentifier(found.name)
  const { min, max, pattern } = expected.domain ?? {}
  switch (type) {
    case 'FEATURE_TYPE_NOT_PRESENT':
    case 'FEATURE_TYPE_LOW_FRACTION_PRESENT':
    case 'FEATURE_TYPE_LOW_NUMBER_PRESENT':
      return `${column} is null`
    case 'UNEXPECTED_DATA_TYPE':
    case 'INT_TYPE_NOT_INT_STRING':
    case 'FLOAT_TYPE_STRING_NOT_FLOAT':
      return otherTypeCondition(column, found.type, expected.type)
    case 'ENUM_TYPE_UNEXPECTED_STRING_VALUES':
    case 'BOOL_TYPE_UNEXPECTED_STRING':
      if (found.type !== expected.type) return otherTypeCondition(column, found.type, expected.type)
      if (pattern !== undefined) return offPattern(found.name, pattern)
      return expected.domain?.values === undefined ? undefined : outsideDomain(found.name, expected)
    case 'ENUM_TYPE_INVALID_UTF8':
      return undecodable(found.name)
    case 'BOOL_TYPE_SMALL_INT':
      return `${column} < 0`
    case 'BOOL_TYPE_BIG_INT':
      return `${column} > 1`
    case 'BOOL_TYPE_UNEXPECTED_FLOAT':
      return `${column} not in (0, 1)`
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

/** The first rows at fault, and how many there are in all. */
interface FaultyRows {
  readonly numbers: readonly number[]
  readonly total: number
}
const noRows: FaultyRows = { numbers: [], total: 0 }

const answerSchema = z.record(z.string(), z.union([z.number(), z.array(z.number()), z.null()]))

async function rowNumbers(
  tables: Tables,
  source: string,
  conditions: readonly (string | undefined)[],
): Promise<FaultyRows[]> {
  const faults: FaultyRows[] = []
  for (let start = 0; start < conditions.length; start += anomaliesPerPass) {
    const part = conditions.slice(start, start + anomaliesPerPass)
    const aggregates = part.flatMap((condition, index) =>
      condition === undefined
        ? []
        : [
            `min(${rowNumber}, ${maxRows}) filter (${condition}) as a${index}`,
            `count(*) filter (${condition}) as n${index}`,
          ],
    )
    const found =
      aggregates.length === 0 ? {} : await tables.row(`select ${aggregates.join(', ')} from ${source}`, answerSchema)
    faults.push(...part.map((_, index) => faultyRows(found[`a${index}`], found[`n${index}`])))
  }
  return faults
}

function faultyRows(numbers: unknown, total: unknown): FaultyRows {
  return { numbers: Array.isArray(numbers) ? numbers : [], total: typeof total === 'number' ? total : 0 }
}

/** The column of an anomaly that says that its values repeat. */
function repeatedColumn({ type, column, rule }: Anomaly, columns: readonly DescribedColumn[]): string | undefined {
  if (type !== 'FEATURE_TYPE_LOW_UNIQUE' || rule !== 'minFraction') return undefined
  return columns.find(({ name }) => name === column)?.name
}

async function repeatedRows(tables: Tables, source: string, name: string): Promise<FaultyRows> {
  const column = quoteIdentifier(name)
  const counted = `select ${rowNumber}, count(*) over (partition by ${column}) as times from ${source} where ${column} is not null`
  const { numbers, total } = await tables.row(
    `select min(${rowNumber}, ${maxRows}) as numbers, count(*) as total from (${counted}) where times > 1`,
    z.object({ numbers: z.array(z.number()).nullable(), total: z.number() }),
  )
  return { numbers: numbers ?? [], total }
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
