/** Looks some features up again, in the plainest way there is, and compares: no value may come from what was not yet known. */
import { z } from 'zod'
import { parquetSource, quoteIdentifier, type Tables } from '../tables/duckdb.ts'
import { bestFirst } from './history.ts'
import { type JoinedView, labelRow, labelTime, withinTtl } from './joined-view.ts'

/** Labels that are looked up again, evenly over the table. */
const sampleRows = 50

interface Retrieval {
  /** The labels with `labelRow` and `labelTime`. */
  readonly source: string
  readonly joined: readonly JoinedView[]
  readonly outputPath: string
  readonly rows: number
}

/** Throws where a retrieved value is not the one that the rows of the view give: that would be a defect of ours. */
export async function verifyRetrieval(tables: Tables, { source, joined, outputPath, rows }: Retrieval): Promise<void> {
  const step = Math.max(1, Math.floor(rows / sampleRows))
  const output = parquetSource(outputPath, { rowNumbers: true })
  await tables.run(`create or replace temp table checked as
    select labels.*, output.* from (from ${source} where ${labelRow} % ${step} = 0) as labels
    join (select file_row_number as output_row, ${retrievedColumns(joined)} from ${output}) as output
      on output_row = ${labelRow}`)
  for (const view of joined) {
    const { differing } = await tables.row(differencesQuery(view, joined), z.object({ differing: z.number() }))
    if (differing === 0) continue
    const checked = await tables.count('checked')
    throw new Error(`${differing} of ${checked} rows have features that were not the latest known at their time.`)
  }
  await tables.run('drop table checked')
}

function retrievedColumns(joined: readonly JoinedView[]): string {
  return joined
    .flatMap(({ features }, view) =>
      features.map(({ column }, index) => `${quoteIdentifier(column)} as ${outputName(view, index)}`),
    )
    .join(', ')
}

function outputName(view: number, feature: number): string {
  return `__esteira_${view}_${feature}`
}

function differencesQuery(view: JoinedView, all: readonly JoinedView[]): string {
  const { table, entity, history, features, ttlMs } = view
  const keys = entity.map(
    ({ column }, index) => `checked.${quoteIdentifier(column)} = seen.${history.keys[index] ?? ''}`,
  )
  const order = bestFirst([...history.features.values()].map((name) => `seen.${name}`))
    .replace('event_at', 'seen.event_at')
    .replace('known_at', 'seen.known_at')
  const place = all.indexOf(view)
  const differences = features.map(({ feature }, index) => {
    const value = withinTtl(history.features.get(feature) ?? '', 'event_at', labelTime, ttlMs)
    return `${value} is distinct from ${outputName(place, index)}`
  })
  const outputs = features.map((_, index) => `checked.${outputName(place, index)}`)
  return `select count(*) as differing from (
    select checked.${labelRow}, checked.${labelTime}, ${outputs.join(', ')}, seen.*
    from checked left join ${table}_rows as seen
      on ${keys.join(' and ')} and seen.event_at <= checked.${labelTime} and seen.known_at <= checked.${labelTime}
    qualify row_number() over (partition by checked.${labelRow} order by ${order}) = 1
  ) where ${differences.join(' or ')}`
}
