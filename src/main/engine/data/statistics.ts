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
import { subquery, type Tables } from '../tables/duckdb.ts'
import { binEdges, type CountedValue, histogramOf, momentsOf, quantilesOf } from './histogram.ts'
import { binsOfCounts, binsOfValues } from './sketches/number-bins.ts'
import { countingOf, countValues, gridBits, hasGridKey, keysOf } from './statistics-counts.ts'
import {
  emptySummary,
  finiteFilter,
  isCategorical,
  type SummarizedColumn,
  summarize,
  valueExpression,
} from './statistics-summaries.ts'

/** Up to this many different numbers, the values themselves are kept. */
const maxKeptNumbers = 100
/** The most frequent values that are kept of a text column. */
const maxTopValues = 1_000
/**
 * Columns taken together in one pass: planning time grows with the square of the aggregates, GROUPING_ID has room for 64
 * keys, and memory is better off with fewer.
 */
const columnsPerPass = 32

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
