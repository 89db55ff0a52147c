/** Looks into the rows of a dataset, and at how a champion does on the newest of them. Runs in a thread of its own. */
import { z } from 'zod'
import { openDataset } from '../../data/dataset.ts'
import { type DescribedColumn, quoteIdentifier, quoteText, subquery, type Tables } from '../../tables/duckdb.ts'
import type { DataMeasure } from '../signals.ts'
import type { MeasureQuestion, MeasureTasks } from './questions.ts'
import { instantText, type MeasureScope, shortInstant, timeColumn } from './times.ts'

export async function measure({ task, input }: MeasureQuestion, scope: MeasureScope): Promise<unknown> {
  if (task === 'data') return measureData(input, scope)
  // Half of what a thread takes to start is what models need.
  const { measureDrift, measurePerformance } = await import('./champion.ts')
  switch (task) {
    case 'performance':
      return measurePerformance(input, scope)
    case 'drift':
      return measureDrift(input, scope)
  }
}

const dayRow = z.object({ day: z.string(), before: z.number(), fresh: z.number() })
const spanRow = z.object({ min: z.string().nullable(), end: z.string().nullable() })

function measureData(input: MeasureTasks['data']['input'], { open, scratchPath }: MeasureScope): Promise<DataMeasure> {
  return open((tables) => countRows(tables, input, scratchPath))
}

async function countRows(
  tables: Tables,
  { spec, folder, since }: MeasureTasks['data']['input'],
  scratchPath: string,
): Promise<DataMeasure> {
  const { query, describeError } = await openDataset(tables, spec, folder, { scratchPath })
  try {
    const column = spec.time === undefined ? undefined : timeColumn(await tables.describe(query), spec.time)
    if (column === undefined) return { rows: await tables.count(subquery(query)), time: null }
    const instants = instantsOf(query, column)
    const bound = since === null ? 'false' : `t < ${quoteText(since)}::timestamp`
    const rows = await tables.count(subquery(query))
    const days = await tables.rows(
      `select strftime(t, '%Y-%m-%d') as day, count(*) filter (where ${bound}) as before,
         count(*) filter (where not (${bound})) as fresh from ${instants} group by 1`,
      dayRow,
    )
    const next = column.storageType === 'DATE' ? 'interval 1 day' : 'interval 1 microsecond'
    const { min, end } = await tables.row(
      `select ${instantText('min(t)')} as min, ${instantText(`max(t) + ${next}`)} as end from ${instants}`,
      spanRow,
    )
    if (min === null || end === null) return { rows, time: null }
    const counts = (part: 'before' | 'fresh') =>
      Object.fromEntries(days.filter((row) => row[part] > 0).map((row) => [row.day, row[part]]))
    return {
      rows,
      time: { min: shortInstant(min), end: shortInstant(end), before: counts('before'), fresh: counts('fresh') },
    }
  } catch (error) {
    throw describeError(error)
  }
}

/** The rows that have a time, as one column `t`. */
function instantsOf(query: string, { name }: DescribedColumn): string {
  const column = quoteIdentifier(name)
  return `(select ${column}::timestamp as t from ${subquery(query)} where isfinite(${column}))`
}
