/** Divides a table into rows that satisfy a schema and rows that do not, with the reasons: what only single rows can break. */
import { z } from 'zod'
import type { AnomalyType } from '#shared/anomalies.ts'
import type { DatasetSchema, SchemaCheck, SchemaColumn } from '#shared/schema.ts'
import type { ColumnType } from '#shared/statistics.ts'
import { EsteiraError } from '../kernel/errors.ts'
import { type DescribedColumn, parquetSource, quoteIdentifier, quoteText, type Tables } from '../tables/duckdb.ts'
import { faultCondition } from './example-rows.ts'
import { typeFits } from './validation/column-type.ts'
import { problemOf } from './validation/row-facts.ts'
import { checkOf, failing } from './validation/row-rules.ts'

/** Why a row is put aside: what it breaks, and the condition that it then meets. */
export interface RowReason {
  readonly words: string
  readonly condition: string
  /** What a person wrote and may be wrong. */
  readonly sql?: string
  readonly pattern?: string
  /** Looks at other rows too. */
  readonly windowed?: boolean
}

export interface Divided {
  readonly rows: number
  readonly good: number
  readonly quarantined: number
  /** Reason to rows, most frequent first. */
  readonly reasons: readonly { readonly reason: string; readonly rows: number }[]
}

/** The column of quarantined rows that says why. */
export const reasonsColumn = 'quarantine_reasons'
const rowNumber = 'file_row_number'

/**
 * Writes the good rows, in their order and with columns as the schema types them where a text kept a column from it, and the
 * others with their reasons. The number of rows is proved: none is lost, none is in both.
 * @param tables restricted to the files: a schema holds SQL that a person wrote
 * @throws EsteiraError `schema-invalid` where a check of the schema cannot be used
 */
export async function divideRows(
  tables: Tables,
  path: string,
  { schema, environment }: { schema: DatasetSchema; environment: string },
  output: { good: string; quarantined: string },
): Promise<Divided> {
  const source = parquetSource(path, { rowNumbers: true })
  const columns = (await tables.describe(`from ${source}`)).filter(({ name }) => name !== rowNumber)
  const casts = castsOf(columns, schema, environment)
  await tables.run(`create temp view typed as select ${typedColumns(casts)} from ${source}`)
  const reasons = rowReasons(columns, schema, environment)
  await refuseUnusable(tables, reasons)
  const why = quoteIdentifier(freeName(columns))
  const list = reasons.map(({ words, condition }) => `case when ${condition} then ${quoteText(words)} end`)
  await tables.run(
    `create temp view flagged as select *, ${list.length === 0 ? "''" : `concat_ws('; ', ${list.join(', ')})`} as ${why} from typed`,
  )
  const order = reasons.some(({ windowed }) => windowed) ? ` order by ${rowNumber}` : ''
  const raw = casts.map(({ name }) => rawName(name))
  const good = `select * exclude (${[rowNumber, why, ...raw].join(', ')}) from flagged where ${why} = ''${order}`
  const asGiven = casts.map(({ name }) => `${rawName(name)} as ${quoteIdentifier(name)}`)
  const replaced = asGiven.length === 0 ? '' : ` replace (${asGiven.join(', ')})`
  const bad = `select * exclude (${[rowNumber, ...raw].join(', ')})${replaced} from flagged where ${why} <> ''${order}`
  const counts = {
    rows: await tables.count(parquetSource(path)),
    good: (await tables.writeParquet(good, output.good)).rows,
    quarantined: (await tables.writeParquet(bad, output.quarantined)).rows,
  }
  if (counts.good + counts.quarantined !== counts.rows) {
    throw new Error(`${counts.rows} rows were given, but ${counts.good} and ${counts.quarantined} were written.`)
  }
  return { ...counts, reasons: await countReasons(tables, output.quarantined, why) }
}

async function refuseUnusable(tables: Tables, reasons: readonly RowReason[]): Promise<void> {
  for (const { words, sql, pattern } of reasons) {
    const rule = { id: words, kind: 'check', ...(sql && { sql }), ...(pattern && { pattern }) } as const
    const problem = await problemOf(tables, 'typed', rule)
    if (problem === undefined) continue
    throw new EsteiraError('schema-invalid', `${words} cannot be used: ${problem}`, {
      found: sql ?? pattern ?? words,
      next: 'Mend the rule in the schema: a check is a condition in SQL over the columns, a pattern a regular expression (RE2).',
    })
  }
}

async function countReasons(tables: Tables, path: string, name: string): Promise<Divided['reasons']> {
  return await tables.rows(
    `select reason, count(*) as rows from (select unnest(string_split(${name}, '; ')) as reason from ${parquetSource(path)})
      group by reason order by rows desc, reason limit ${maxReasons}`,
    z.object({ reason: z.string(), rows: z.number() }),
  )
}
const maxReasons = 100

/** Every rule of the schema that one row alone can break. Rules about shares and counts are for the whole to keep. Pure. */
export function rowReasons(
  columns: readonly DescribedColumn[],
  schema: DatasetSchema,
  environment: string,
): RowReason[] {
  const ofColumns = columns.flatMap((found) => {
    const expected = Object.hasOwn(schema.columns, found.name) ? schema.columns[found.name] : undefined
    return expected === undefined || expected.notIn?.includes(environment) ? [] : columnReasons(found, expected, schema)
  })
  return [...checkReasons(undefined, schema.checks), ...ofColumns]
}

function columnReasons(found: DescribedColumn, expected: SchemaColumn, schema: DatasetSchema): RowReason[] {
  const { name } = found
  const cast = castOf(found, expected)
  if (!typeFits(found.type, expected.type) && cast === undefined) return []
  const typed: DescribedColumn = { ...found, type: expected.type }
  const reason = (type: AnomalyType): RowReason[] => {
    const condition = faultCondition({ type, column: name }, [typed], schema)
    return condition === undefined ? [] : [{ words: `${type} ${name}`, condition }]
  }
  const { domain = {}, presence, minDomainMass = 1 } = expected
  const { pattern } = domain
  const outside = minDomainMass < 1 ? [] : reason('ENUM_TYPE_UNEXPECTED_STRING_VALUES')
  const whole = expected.type !== 'number'
  return [
    ...(presence?.minFraction === 1 ? [missingReason(name, cast)] : []),
    ...(cast === undefined ? [] : [misfitReason(name, found.type, expected.type)]),
    ...outside.map((one) => (pattern === undefined ? one : { ...one, pattern })),
    ...(domain.min === undefined ? [] : reason(whole ? 'INT_TYPE_SMALL_INT' : 'FLOAT_TYPE_SMALL_FLOAT')),
    ...(domain.max === undefined ? [] : reason(whole ? 'INT_TYPE_BIG_INT' : 'FLOAT_TYPE_BIG_FLOAT')),
    ...(whole || domain.allowNan ? [] : reason('FLOAT_TYPE_HAS_NAN')),
    ...(whole || domain.allowInfinite ? [] : reason('FLOAT_TYPE_HAS_INF')),
    ...(expected.unique?.minFraction === 1 ? [repeatedReason(name)] : []),
    ...checkReasons(name, expected.checks),
  ]
}

function missingReason(name: string, cast: string | undefined): RowReason {
  const column = cast === undefined ? quoteIdentifier(name) : rawName(name)
  return { words: `FEATURE_TYPE_LOW_FRACTION_PRESENT ${name}`, condition: `${column} is null` }
}

/** A value that none of the expected type can be made of. */
function misfitReason(name: string, found: ColumnType, expected: ColumnType): RowReason {
  const condition = `${rawName(name)} is not null and ${quoteIdentifier(name)} is null`
  return { words: `${misfit(found, expected)} ${name}`, condition }
}

function misfit(found: ColumnType, expected: ColumnType): AnomalyType {
  if (found !== 'text') return 'UNEXPECTED_DATA_TYPE'
  const names = { integer: 'INT_TYPE_NOT_INT_STRING', number: 'FLOAT_TYPE_STRING_NOT_FLOAT' } as const
  if (expected === 'integer' || expected === 'number') return names[expected]
  return expected === 'boolean' ? 'BOOL_TYPE_UNEXPECTED_STRING' : 'UNEXPECTED_DATA_TYPE'
}

/** Rows after the first of the same value. */
function repeatedReason(name: string): RowReason {
  const column = quoteIdentifier(name)
  const place = `row_number() over (partition by ${column} order by ${rowNumber})`
  return {
    words: `FEATURE_TYPE_LOW_UNIQUE ${name}`,
    condition: `${column} is not null and ${place} > 1`,
    windowed: true,
  }
}

/** Checks that every row must meet; a row that makes one fail to be answered does not meet it. */
function checkReasons(column: string | undefined, checks: Readonly<Record<string, SchemaCheck>> = {}): RowReason[] {
  return Object.entries(checks).flatMap(([name, check]) => {
    const { sql, minFraction = 1, severity = 'error' } = checkOf(check)
    if (minFraction < 1 || severity === 'warning') return []
    const words = `CUSTOM_VALIDATION ${column === undefined ? '' : `${column}: `}${name}`
    return [{ words, condition: `coalesce(try(${failing(sql)}), true)`, sql }]
  })
}

interface Cast {
  readonly name: string
  /** The value as the schema types it, null where it cannot be. */
  readonly expression: string
}

function castsOf(columns: readonly DescribedColumn[], schema: DatasetSchema, environment: string): Cast[] {
  return columns.flatMap((found) => {
    const expected = Object.hasOwn(schema.columns, found.name) ? schema.columns[found.name] : undefined
    if (expected === undefined || expected.notIn?.includes(environment)) return []
    const expression = castOf(found, expected)
    return expression === undefined ? [] : [{ name: found.name, expression }]
  })
}

/** How good values of a column of another type become the expected one; undefined where it fits, or is wrong as a whole. */
function castOf(found: DescribedColumn, expected: SchemaColumn): string | undefined {
  const name = quoteIdentifier(found.name)
  if (typeFits(found.type, expected.type)) return undefined
  if (found.type !== 'text' && !(found.type === 'number' && expected.type === 'integer')) return undefined
  switch (expected.type) {
    case 'integer': {
      // "3.0" is a whole number, "3.5" is not rounded to one.
      const number = `try_cast(${name} as DOUBLE)`
      return `case when ${number} = trunc(${number}) then try_cast(${number} as BIGINT) end`
    }
    case 'number':
      return `try_cast(${name} as DOUBLE)`
    case 'timestamp':
      return `try_cast(${name} as TIMESTAMP)`
    case 'boolean':
      return `try_cast(${name} as BOOLEAN)`
    default:
      return undefined
  }
}

/** All columns, those that are cast beside what they were. */
function typedColumns(casts: readonly Cast[]): string {
  if (casts.length === 0) return '*'
  const typed = casts.map(({ name, expression }) => `${expression} as ${quoteIdentifier(name)}`)
  const raw = casts.map(({ name }) => `${quoteIdentifier(name)} as ${rawName(name)}`)
  return `* replace (${typed.join(', ')}), ${raw.join(', ')}`
}

function rawName(name: string): string {
  return quoteIdentifier(`${name} (as given)`)
}

function freeName(columns: readonly DescribedColumn[]): string {
  let name = reasonsColumn
  while (columns.some((column) => column.name === name)) name = `${name}_`
  return name
}
