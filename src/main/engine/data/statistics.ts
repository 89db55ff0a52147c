/**
 * The statistics of a relation, computed by DuckDB: for up to 32 columns together one pass of aggregates, then one pass
 * that counts values and histogram bins. The same rows give the same statistics, whatever the number of threads.
 */
import { z } from 'zod'
import {
  type ColumnStatistics,
  type NumericStatistics,
  quantilePositions,
  type Statistics,
} from '#shared/statistics.ts'
import { epochMsExpression } from '../tables/column-types.ts'
import { type DescribedColumn, quoteIdentifier, subquery, type Tables } from '../tables/duckdb.ts'
import { binEdges, type CountedValue, histogramOf, momentsOf, quantilesOf } from './histogram.ts'
import { binKeySql, binsOfCounts, binsOfValues, finestBits } from './sketches/number-bins.ts'

/** Up to this many different numbers, every value is counted and all that follows is exact. */
const maxCountedNumbers = 20_000
/** Up to this many different numbers, the values themselves are kept. */
const maxKeptNumbers = 100
/** The most frequent values that are kept of a text column. */
const maxTopValues = 1_000
/**
 * Columns taken together in one pass: planning time grows with the square of the aggregates, GROUPING_ID has room for 64
 * keys, and memory is better off with fewer.
 */
const columnsPerPass = 32
/** Beyond this, sums of squares overflow: such numbers count as infinite. */
const largestNumber = 1e150

/** @param sql a query, e.g. `from read_parquet('…')`; read several times, so it should be cheap and stable */
export async function computeStatistics(tables: Tables, sql: string): Promise<Statistics> {
  const columns = await tables.describe(sql)
  const rows = await tables.count(subquery(sql))
  const statistics: ColumnStatistics[] = []
  for (let start = 0; start < columns.length; start += columnsPerPass) {
    const part = columns.slice(start, start + columnsPerPass)
    const summaries = await summarize(tables, sql, part)
    if (summaries.rows !== rows) throw new Error(`${rows} rows were counted, but ${summaries.rows} were summarized.`)
    const summarized = part.map((column, index) => ({ ...column, summary: summaries.columns[index] ?? emptySummary }))
    statistics.push(...(await completePart(tables, sql, summarized, rows)))
  }
  return { rows, columns: statistics }
}

interface Summary {
  readonly present: number
  readonly distinct: number
  readonly finite: number
  readonly nan: number
  readonly zeros: number
  readonly min: number | null
  readonly max: number | null
  readonly mean: number | null
  readonly stdDev: number | null
}

const emptySummary: Summary = {
  present: 0,
  distinct: 0,
  finite: 0,
  nan: 0,
  zeros: 0,
  min: null,
  max: null,
  mean: null,
  stdDev: null,
}

interface SummarizedColumn extends DescribedColumn {
  readonly summary: Summary
}

const isNumeric = ({ type }: DescribedColumn) => type === 'integer' || type === 'number' || type === 'timestamp'
const isCategorical = ({ type }: DescribedColumn) => type === 'text' || type === 'boolean'

/** The column as DOUBLE (epoch ms for instants), or as VARCHAR where it is categorical. */
function valueExpression({ name, type }: DescribedColumn): string {
  const column = quoteIdentifier(name)
  if (type === 'timestamp') return epochMsExpression(column)
  return type === 'integer' || type === 'number' ? `${column}::DOUBLE` : `${column}::VARCHAR`
}

function finiteFilter({ type }: DescribedColumn, value: string): string {
  return type === 'number' ? `filter (abs(${value}) <= ${largestNumber})` : ''
}

async function summarize(
  tables: Tables,
  sql: string,
  columns: readonly DescribedColumn[],
): Promise<{ rows: number; columns: Summary[] }> {
  const values = columns.map((column, index) => `${valueExpression(column)} as v${index}`)
  const aggregates = columns.flatMap((column, index) => summaryAggregates(column, `v${index}`, String(index)))
  const query = `select count(*) as n, ${aggregates.join(', ')} from (select ${values.join(', ')} from ${subquery(sql)})`
  const row = await tables.row(query, z.record(z.string(), z.number().nullable()))
  const part = (name: string, index: number) => row[`${name}${index}`] ?? null
  return {
    rows: row.n ?? 0,
    columns: columns.map((_, index) => ({
      present: part('present', index) ?? 0,
      distinct: part('distinct', index) ?? 0,
      finite: part('finite', index) ?? 0,
      nan: part('nan', index) ?? 0,
      zeros: part('zeros', index) ?? 0,
      min: part('min', index),
      max: part('max', index),
      mean: part('mean', index),
      stdDev: part('std', index),
    })),
  }
}

function summaryAggregates(column: DescribedColumn, value: string, suffix: string): string[] {
  const present = `count(${value}) as present${suffix}`
  if (isCategorical(column)) return [present]
  const distinct = `approx_count_distinct(${value}) as distinct${suffix}`
  if (!isNumeric(column)) return [present, distinct]
  const filter = finiteFilter(column, value)
  return [
    present,
    distinct,
    `count(${value}) ${filter} as finite${suffix}`,
    `count_if(isnan(${value})) as nan${suffix}`,
    `count_if(${value} = 0) as zeros${suffix}`,
    `min(${value}) ${filter} as min${suffix}`,
    `max(${value}) ${filter} as max${suffix}`,
    `fsum(${value}) ${filter} / count(${value}) ${filter} as mean${suffix}`,
    `stddev_pop(${value}) ${filter} as std${suffix}`,
  ]
}

/** What a column is counted by in the second pass: its values, the number of its bin, or nothing. */
type Counting = 'values' | 'bins' | 'none'

function countingOf(column: SummarizedColumn): Counting {
  if (isCategorical(column)) return 'values'
  if (!isNumeric(column) || column.summary.finite === 0) return 'none'
  return column.summary.distinct <= maxCountedNumbers ? 'values' : 'bins'
}

async function completePart(
  tables: Tables,
  sql: string,
  part: readonly SummarizedColumn[],
  rows: number,
): Promise<ColumnStatistics[]> {
  const counted = part.filter((column) => countingOf(column) !== 'none')
  const keys = counted.flatMap(keysOf)
  if (counted.length > 0) await countValues(tables, sql, keys)
  const statistics: ColumnStatistics[] = []
  for (const column of part) {
    const { name, type, storageType, summary } = column
    const base = { name, type, storageType, missing: rows - summary.present, distinct: summary.distinct }
    const index = keys.findIndex((key) => key.column === column)
    if (index < 0) statistics.push(base)
    else if (isCategorical(column)) statistics.push({ ...base, ...(await categoricalPart(tables, index, column)) })
    else statistics.push({ ...base, ...(await numericPart(tables, sql, index, column)) })
  }
  return statistics
}

/** What the rows are counted by. A column may be counted twice, one after the other: by its own bins, and by the grid. */
interface CountingKey {
  readonly column: SummarizedColumn
  readonly expression: string
}

function keysOf(column: SummarizedColumn): CountingKey[] {
  const key = { column, expression: keyExpression(column) }
  return hasGridKey(column) ? [key, { column, expression: gridExpression(column) }] : [key]
}

/** Of fewer numbers each value is counted, and its place in the grid is known. Instants are not compared by their bins. */
function hasGridKey(column: SummarizedColumn): boolean {
  return countingOf(column) === 'bins' && column.type !== 'timestamp'
}

function gridExpression(column: SummarizedColumn): string {
  const value = valueExpression(column)
  return `case when abs(${value}) <= ${largestNumber} then ${binKeySql(value, gridBits(column.summary))} end`
}

/** Some hundred bins over the range, wherever it lies, at least. */
function gridBits({ min, max }: Summary): number {
  const [low, high] = [min ?? 0, max ?? 0]
  const offset = Math.max(Math.abs(low), Math.abs(high)) / (high - low || 1)
  return Math.min(finestBits, 9 + Math.max(0, Math.ceil(Math.log2(offset))))
}

/** Fills the table `counts`: column `k<i>` the value or bin, `part` the index of the key, `n` the rows. */
async function countValues(tables: Tables, sql: string, counted: readonly CountingKey[]): Promise<void> {
  const keys = counted.map(({ expression }, index) => `${expression} as k${index}`)
  const names = counted.map((_, index) => `k${index}`)
  // The bit of a key in GROUPING_ID is 0 where the row is grouped by it; the last key has the lowest bit.
  const which = counted.map((_, index) => `when ${idOf(index, counted.length)} then ${index}`)
  await tables.run(`create or replace temp table counts as
    select ${names.join(', ')}, count(*) as n, case grouping_id(${names.join(', ')}) ${which.join(' ')} end as part
    from (select ${keys.join(', ')} from ${subquery(sql)})
    group by grouping sets (${names.map((name) => `(${name})`).join(', ')})`)
}

function idOf(index: number, count: number): number {
  return 2 ** count - 1 - 2 ** (count - 1 - index)
}

function keyExpression(column: SummarizedColumn): string {
  const value = valueExpression(column)
  if (countingOf(column) === 'values' && column.type !== 'number') return value
  const key = countingOf(column) === 'values' ? value : binExpression(value, column.summary)
  return column.type === 'number' ? `case when abs(${value}) <= ${largestNumber} then ${key} end` : key
}

function binExpression(value: string, { min, max }: Summary): string {
  const bins = binEdges(min ?? 0, max ?? 0).length - 1
  if (bins === 1) return `case when ${value} is not null then 0 end`
  return `least(floor((${value} - (${min})) / ${((max ?? 0) - (min ?? 0)) / bins}), ${bins - 1})::INTEGER`
}

const topValueSchema = z.object({ value: z.string(), count: z.number() })
const lengthsSchema = z.object({
  total: z.number(),
  distinct: z.number(),
  minLength: z.number().nullable(),
  maxLength: z.number().nullable(),
  sumLength: z.number().nullable(),
})

async function categoricalPart(
  tables: Tables,
  index: number,
  { name, summary }: SummarizedColumn,
): Promise<Pick<ColumnStatistics, 'distinct' | 'categorical'>> {
  const key = `k${index}`
  const from = `from counts where part = ${index} and ${key} is not null`
  const topValues = await tables.rows(
    `select ${key} as value, n as count ${from} order by n desc, ${key} limit ${maxTopValues}`,
    topValueSchema,
  )
  const lengths = await tables.row(
    `select coalesce(sum(n), 0) as total, count(*) as distinct, min(length(${key})) as minLength,
      max(length(${key})) as maxLength, sum(length(${key}) * n) as sumLength ${from}`,
    lengthsSchema,
  )
  assertCounted(name, lengths.total, summary.present)
  const avgLength = lengths.total === 0 ? 0 : (lengths.sumLength ?? 0) / lengths.total
  return {
    distinct: lengths.distinct,
    categorical: { topValues, minLength: lengths.minLength ?? 0, maxLength: lengths.maxLength ?? 0, avgLength },
  }
}

const countedSchema = z.object({ value: z.number(), count: z.number() })

async function numericPart(
  tables: Tables,
  sql: string,
  index: number,
  column: SummarizedColumn,
): Promise<Pick<ColumnStatistics, 'distinct' | 'numeric'>> {
  const { summary, name } = column
  const key = `k${index}`
  const counted: CountedValue[] = await tables.rows(
    `select ${key} as value, n as count from counts where part = ${index} and ${key} is not null order by ${key}`,
    countedSchema,
  )
  assertCounted(
    name,
    counted.reduce((sum, { count }) => sum + count, 0),
    summary.finite,
  )
  const min = summary.min ?? 0
  const max = summary.max ?? 0
  const common = {
    min,
    max,
    zeros: summary.zeros,
    nan: summary.nan,
    infinite: summary.present - summary.finite - summary.nan,
  }
  if (countingOf(column) === 'values') {
    const exact = {
      ...momentsOf(counted),
      quantiles: quantilesOf(counted, quantilePositions),
      histogram: histogramOf(counted, min, max),
      ...(counted.length <= maxKeptNumbers && { values: counted }),
      ...(column.type !== 'timestamp' && { bins: binsOfValues(counted) }),
    }
    return { distinct: counted.length, numeric: { ...common, ...exact } }
  }
  const shape = await ofManyNumbers(tables, sql, column, counted)
  const bins = hasGridKey(column) && { bins: await gridBins(tables, index + 1, column) }
  return { distinct: summary.distinct, numeric: { ...common, ...shape, ...bins } }
}

async function gridBins(tables: Tables, index: number, { name, summary }: SummarizedColumn) {
  const key = `k${index}`
  const rows = await tables.rows(
    `select ${key} as value, n as count from counts where part = ${index} and ${key} is not null`,
    countedSchema,
  )
  const counts = new Map(rows.map(({ value, count }) => [value, count]))
  const total = rows.reduce((sum, { count }) => sum + count, 0)
  assertCounted(name, total, summary.finite)
  return binsOfCounts(counts, gridBits(summary))
}

type Shape = Pick<NumericStatistics, 'mean' | 'stdDev' | 'quantiles' | 'histogram'>

/** `bins` holds bin numbers instead of values. */
async function ofManyNumbers(
  tables: Tables,
  sql: string,
  column: SummarizedColumn,
  bins: readonly CountedValue[],
): Promise<Shape> {
  const { summary } = column
  const edges = binEdges(summary.min ?? 0, summary.max ?? 0)
  const counts = new Array<number>(edges.length - 1).fill(0)
  for (const { value, count } of bins) counts[value] = count
  const filter = finiteFilter(column, 'v')
  const { quantiles } = await tables.row(
    `select quantile_disc(v, [${quantilePositions.join(', ')}]) ${filter} as quantiles
      from (select ${valueExpression(column)} as v from ${subquery(sql)})`,
    z.object({ quantiles: z.array(z.number()) }),
  )
  // The order in which threads add up differs from run to run: the digits in which that shows are dropped.
  const mean = Number((summary.mean ?? 0).toPrecision(12))
  const stdDev = Number((summary.stdDev ?? 0).toPrecision(10))
  return { mean, stdDev, quantiles, histogram: { edges, counts } }
}

/** A pass that silently loses rows would make every later check worthless. */
function assertCounted(column: string, counted: number, expected: number): void {
  if (counted === expected) return
  throw new Error(`The column "${column}" has ${expected} values, but ${counted} were counted.`)
}
