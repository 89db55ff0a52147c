import type { ColumnType } from '#shared/statistics.ts'
import type { Column } from '../tables/columns.ts'
import { quantile } from './preparation/scaling.ts'
import { labelsOf } from './target.ts'

export interface Slice {
  readonly value: string
  readonly rows: Uint32Array
}

/** Beyond these, the values with the fewest rows are left out. */
const maxSlices = 50

/** Numbers and instants with more values than this are cut into quarters. */
const maxNumericValues = 20

/** Two columns crossed have more values, each with fewer rows. */
const maxCrossedSlices = 200

export interface SliceColumn {
  readonly column: Column
  readonly type: ColumnType
}

/** The rows of each value of a column, the most frequent first; `(missing)` for the rows without one. */
export function sliceRows(column: Column, type: ColumnType): Slice[] {
  return grouped(labels(column, type).map(shownLabel), maxSlices)
}

/** The rows of each pair of values of two columns, as `a × b`. */
export function crossedRows(first: SliceColumn, second: SliceColumn): Slice[] {
  const others = labels(second.column, second.type)
  const crossed = labels(first.column, first.type).map(
    (label, row) => `${shownLabel(label)} × ${shownLabel(others[row] ?? null)}`,
  )
  return grouped(crossed, maxCrossedSlices)
}

function shownLabel(label: string | null): string {
  return label ?? '(missing)'
}

function grouped(values: readonly string[], most: number): Slice[] {
  const groups = new Map<string, number[]>()
  values.forEach((value, row) => {
    const group = groups.get(value)
    if (group === undefined) groups.set(value, [row])
    else group.push(row)
  })
  return [...groups]
    .sort(([valueA, rowsA], [valueB, rowsB]) => rowsB.length - rowsA.length || (valueA < valueB ? -1 : 1))
    .slice(0, most)
    .map(([value, rows]) => ({ value, rows: Uint32Array.from(rows) }))
}

function labels(column: Column, type: ColumnType): (string | null)[] {
  if (column.kind === 'text' || new Set(column.values).size <= maxNumericValues)
    return instantsAsText(labelsOf(column, type), type)
  const sorted = column.values.filter(Number.isFinite).sort()
  const edges = [0, 0.25, 0.5, 0.75, 1].map((share) => quantile(sorted, share))
  const shown = (value: number): string =>
    type === 'timestamp' ? new Date(value).toISOString() : String(Number(value.toPrecision(6)))
  return Array.from(column.values, (value) => {
    if (!Number.isFinite(value)) return null
    const quarter = edges.slice(1, -1).filter((edge) => value >= edge).length
    return `${shown(edges[quarter] ?? 0)} to ${shown(edges[quarter + 1] ?? 0)}`
  })
}

function instantsAsText(values: (string | null)[], type: ColumnType): (string | null)[] {
  return type === 'timestamp'
    ? values.map((value) => (value === null ? null : new Date(Number(value)).toISOString()))
    : values
}
