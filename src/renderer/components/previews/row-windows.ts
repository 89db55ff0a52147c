/** Which rows and columns of a large table exist on the page. Pure. */
import type { TableColumn } from '#shared/data.ts'
import type { Json } from '#shared/runs.ts'
import { plainText } from './cell-text.ts'

/** A page that is higher than some 17 million pixels scrolls wrongly in Firefox: longer tables come in windows. */
export const windowRows = 500_000
/** Rows asked for at once. */
export const blockRows = 200

export interface RowWindow {
  /** Index of its first row in the table. */
  readonly start: number
  readonly count: number
}

/** The window that holds a row. */
export function windowOf(row: number, total: number): RowWindow {
  const last = Math.max(total - 1, 0)
  const start = Math.floor(Math.min(Math.max(row, 0), last) / windowRows) * windowRows
  return { start, count: Math.min(windowRows, total - start) }
}

/** The first rows of the blocks that hold rows `from` to `to`, both ends included, of a table of `total` rows. */
export function blocksOf(from: number, to: number, total: number): number[] {
  if (total === 0) return []
  const first = Math.floor(Math.max(from, 0) / blockRows)
  const last = Math.floor(Math.min(to, total - 1) / blockRows)
  return Array.from({ length: Math.max(last - first + 1, 0) }, (_, index) => (first + index) * blockRows)
}

/** What a person types to go to a row: 1-based, digits may be grouped. Undefined where it is no row of the table. */
export function rowOfText(text: string, total: number): number | undefined {
  const digits = text.replace(/[\s.,_\u00a0\u202f]/g, '')
  if (!/^\d{1,12}$/.test(digits)) return undefined
  const row = Number(digits)
  return row >= 1 && row <= total ? row - 1 : undefined
}

const charPx = 8.2
const paddingPx = 22
const narrowestPx = 64
const widestPx = 320
/** Types and shares of missing values stand below the name, in smaller letters. */
const headCharPx = 6.4

/** As wide as what the column holds in the rows at hand, within bounds. */
export function columnWidths(columns: readonly TableColumn[], rows: readonly (readonly Json[])[]): number[] {
  return columns.map(({ name, storageType }, index) => {
    const longest = rows.reduce((most, row) => Math.max(most, plainText(row[index]).length), 0)
    const content = Math.max(name.length, longest) * charPx
    const width = Math.max(content, (storageType.length + 6) * headCharPx) + paddingPx
    return Math.round(Math.min(Math.max(width, narrowestPx), widestPx))
  })
}

export interface Cell {
  readonly row: number
  readonly column: number
}

/** Where a key leads from a cell; undefined where the key moves nothing. Indices count from 0 within the window. */
export function cellAfter(
  cell: Cell,
  key: string,
  { rows, columns, pageRows, jump }: { rows: number; columns: number; pageRows: number; jump: boolean },
): Cell | undefined {
  const to = (row: number, column: number): Cell => ({
    row: Math.min(Math.max(row, 0), Math.max(rows - 1, 0)),
    column: Math.min(Math.max(column, 0), Math.max(columns - 1, 0)),
  })
  switch (key) {
    case 'ArrowUp':
      return to(jump ? 0 : cell.row - 1, cell.column)
    case 'ArrowDown':
      return to(jump ? rows - 1 : cell.row + 1, cell.column)
    case 'ArrowLeft':
      return to(cell.row, jump ? 0 : cell.column - 1)
    case 'ArrowRight':
      return to(cell.row, jump ? columns - 1 : cell.column + 1)
    case 'PageUp':
      return to(cell.row - pageRows, cell.column)
    case 'PageDown':
      return to(cell.row + pageRows, cell.column)
    case 'Home':
      return to(jump ? 0 : cell.row, 0)
    case 'End':
      return to(jump ? rows - 1 : cell.row, columns - 1)
    default:
      return undefined
  }
}
