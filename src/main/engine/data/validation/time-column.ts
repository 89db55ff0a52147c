import { basename, extname } from 'node:path'
import type { DatasetSpec } from '#shared/projects.ts'
import type { Statistics } from '#shared/statistics.ts'

/**
 * The column that says when a row happened, of the dataset that a schema file is about: the one it is named after, else the
 * only one whose column is among the data. Pure.
 */
export function timeColumnFor(
  datasets: Readonly<Record<string, DatasetSpec>>,
  schemaFile: string,
  { columns }: Statistics,
): string | undefined {
  const name = basename(schemaFile, extname(schemaFile))
  const own = Object.hasOwn(datasets, name) ? datasets[name]?.time : undefined
  if (own !== undefined) return own
  const known = new Set(columns.map((column) => column.name))
  const times = new Set(
    Object.values(datasets).flatMap(({ time }) => (time !== undefined && known.has(time) ? [time] : [])),
  )
  return times.size === 1 ? [...times][0] : undefined
}
