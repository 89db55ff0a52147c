/** Where measurements work, and how they tell times. */
import type { DatasetSpec } from '#shared/projects.ts'
import { EsteiraError, nearestName } from '../../kernel/errors.ts'
import type { DescribedColumn, Tables } from '../../tables/duckdb.ts'

export interface MeasureScope {
  /** Opens DuckDB for one piece of the work. */
  readonly open: <T>(work: (tables: Tables) => Promise<T>) => Promise<T>
  /** An existing folder for temporary files. */
  readonly scratchPath: string
  readonly signal: AbortSignal
}

/** UTC, so that texts sort as the instants do. */
export function instantText(expression: string): string {
  return `strftime(${expression}, '%Y-%m-%d %H:%M:%S.%f')`
}

/** Midnight is the day alone. */
export function shortInstant(text: string): string {
  return text.replace(/ 00:00:00(\.0+)?$/, '')
}

/** @throws EsteiraError `column-not-found`, `dataset-unreadable` where the column holds no times */
export function timeColumn(
  columns: readonly DescribedColumn[],
  name: NonNullable<DatasetSpec['time']>,
): DescribedColumn {
  const found = columns.find((column) => column.name === name)
  const known = columns.map((column) => column.name)
  if (found === undefined) {
    const nearest = nearestName(name, known)
    throw new EsteiraError('column-not-found', `The dataset has no column "${name}" for the time.`, {
      where: 'esteira.yaml',
      allowed: known.join(', '),
      ...(nearest !== undefined && { nearest }),
    })
  }
  if (found.type === 'timestamp') return found
  throw new EsteiraError('dataset-unreadable', `The column "${name}" holds no dates or times.`, {
    where: 'esteira.yaml',
    found: found.storageType,
    next: 'Convert it in the query of the dataset, e.g. with strptime or to_timestamp, or leave "time" out.',
  })
}
