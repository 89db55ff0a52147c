import type { ReactNode } from 'react'
import styles from './table.module.css'

export interface Column<Row> {
  key: string
  label: string
  numeric?: boolean
  /** Holds text that may take several lines; other cells stay on one. */
  wraps?: boolean
  cell: (row: Row) => ReactNode
}

interface TableProps<Row> {
  /** Names the table for screen readers. */
  label: string
  columns: readonly Column<Row>[]
  rows: readonly Row[]
  rowKey: (row: Row) => string
  selected?: (row: Row) => boolean
}

export function Table<Row>({ label, columns, rows, rowKey, selected }: TableProps<Row>) {
  return (
    <table className={styles.table} aria-label={label}>
      <thead>
        <tr>
          {columns.map((column) => (
            <th key={column.key} scope="col" data-numeric={column.numeric || undefined}>
              {column.label}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={rowKey(row)} data-selected={selected?.(row) || undefined}>
            {columns.map((column) => (
              <td key={column.key} data-numeric={column.numeric || undefined} data-wraps={column.wraps}>
                {column.cell(row)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}
