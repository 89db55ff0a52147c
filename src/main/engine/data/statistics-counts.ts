/** The second pass of statistics: rows counted by the values of each column, or by the bins that they lie in. */
import { subquery, type Tables } from '../tables/duckdb.ts'
import { binEdges } from './histogram.ts'
import { binKeySql, finestBits } from './sketches/number-bins.ts'
import {
  isCategorical,
  isNumeric,
  largestNumber,
  type SummarizedColumn,
  type Summary,
  valueExpression,
} from './statistics-summaries.ts'

/** Up to this many different numbers, every value is counted and all that follows is exact. */
const maxCountedNumbers = 20_000

/** What a column is counted by in the second pass: its values, the number of its bin, or nothing. */
type Counting = 'values' | 'bins' | 'none'

export function countingOf(column: SummarizedColumn): Counting {
  if (isCategorical(column)) return 'values'
  if (!isNumeric(column) || column.summary.finite === 0) return 'none'
  return column.summary.distinct <= maxCountedNumbers ? 'values' : 'bins'
}

/** What the rows are counted by. A column may be counted twice, one after the other: by its own bins, and by the grid. */
export interface CountingKey {
  readonly column: SummarizedColumn
  readonly expression: string
}

export function keysOf(column: SummarizedColumn): CountingKey[] {
  const key = { column, expression: keyExpression(column) }
  return hasGridKey(column) ? [key, { column, expression: gridExpression(column) }] : [key]
}

/** Of fewer numbers each value is counted, and its place in the grid is known. Instants are not compared by their bins. */
export function hasGridKey(column: SummarizedColumn): boolean {
  return countingOf(column) === 'bins' && column.type !== 'timestamp'
}

function gridExpression(column: SummarizedColumn): string {
  const value = valueExpression(column)
  return `case when abs(${value}) <= ${largestNumber} then ${binKeySql(value, gridBits(column.summary))} end`
}

/** Some hundred bins over the range, wherever it lies, at least. */
export function gridBits({ min, max }: Summary): number {
  const [low, high] = [min ?? 0, max ?? 0]
  const offset = Math.max(Math.abs(low), Math.abs(high)) / (high - low || 1)
  return Math.min(finestBits, 9 + Math.max(0, Math.ceil(Math.log2(offset))))
}

/** Fills the table `counts`: column `k<i>` the value or bin, `part` the index of the key, `n` the rows. */
export async function countValues(tables: Tables, sql: string, counted: readonly CountingKey[]): Promise<void> {
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
