/** The first pass of statistics: aggregates of many columns together, and the SQL by which a column is read. */
import { z } from 'zod'
import { epochMsExpression } from '../tables/column-types.ts'
import { type DescribedColumn, quoteIdentifier, subquery, type Tables } from '../tables/duckdb.ts'

/** Beyond this, sums of squares overflow: such numbers count as infinite. */
export const largestNumber = 1e150

export interface Summary {
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

export const emptySummary: Summary = {
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

export interface SummarizedColumn extends DescribedColumn {
  readonly summary: Summary
}

export const isNumeric = ({ type }: DescribedColumn) => type === 'integer' || type === 'number' || type === 'timestamp'
export const isCategorical = ({ type }: DescribedColumn) => type === 'text' || type === 'boolean'

/** The column as DOUBLE (epoch ms for instants), or as VARCHAR where it is categorical. */
export function valueExpression({ name, type }: DescribedColumn): string {
  const column = quoteIdentifier(name)
  if (type === 'timestamp') return epochMsExpression(column)
  return type === 'integer' || type === 'number' ? `${column}::DOUBLE` : `${column}::VARCHAR`
}

export function finiteFilter({ type }: DescribedColumn, value: string): string {
  return type === 'number' ? `filter (abs(${value}) <= ${largestNumber})` : ''
}

export async function summarize(
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
