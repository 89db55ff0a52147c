import { useVirtualizer } from '@tanstack/react-virtual'
import { memo, type ReactNode, useEffect, useRef } from 'react'
import type { Column } from './table.tsx'
import styles from './virtual-table.module.css'

export interface VirtualColumn<Row> extends Omit<Column<Row>, 'label' | 'cell'> {
  label: ReactNode
  widthPx: number
  cell: (row: Row, selected: boolean) => ReactNode
  /** For screen readers, where the column is sorted by. */
  sorted?: 'ascending' | 'descending' | undefined
}

interface VirtualTableProps<Row> {
  /** Names the table for screen readers. */
  label: string
  columns: readonly VirtualColumn<Row>[]
  /** How many rows there are in all. At most some 500,000: a page cannot be higher. */
  count: number
  /** Undefined while it is on its way. */
  rowAt: (index: number) => Row | undefined
  rowKey: (row: Row) => string
  selected?: (row: Row) => boolean
  onRowClick?: (row: Row) => void
  /** Called with the rows in view, from first to last, so that they can be fetched. */
  onRange?: (from: number, to: number) => void
  rowHeightPx?: number
  /** The row that the keyboard is at: it is kept in view. */
  activeIndex?: number | undefined
}

/** Above and below what is seen: enough for a wheel's turn; each of them is drawn anew at every jump. */
const overscanRows = 6
const defaultRowHeightPx = 32

/** A table of any length: only the rows in view exist. It fills the height of its parent and scrolls within. */
export function VirtualTable<Row>(props: VirtualTableProps<Row>) {
  const { label, columns, count, rowAt, rowKey, onRange, rowHeightPx = defaultRowHeightPx, activeIndex } = props
  const scroller = useRef<HTMLDivElement>(null)
  const virtualizer = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeightPx,
    overscan: overscanRows,
  })
  const items = virtualizer.getVirtualItems()
  const from = items[0]?.index ?? 0
  const to = items.at(-1)?.index ?? 0
  useEffect(() => {
    if (count > 0) onRange?.(from, to)
  }, [count, from, to, onRange])
  useEffect(() => {
    if (activeIndex !== undefined) virtualizer.scrollToIndex(activeIndex)
  }, [activeIndex, virtualizer])
  const above = items[0]?.start ?? 0
  const below = virtualizer.getTotalSize() - (items.at(-1)?.end ?? 0)
  const width = columns.reduce((sum, column) => sum + column.widthPx, 0)
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className={styles.scroller} ref={scroller} tabIndex={0} aria-label={label}>
      <table className={styles.table} aria-label={label} aria-rowcount={count + 1} style={{ minWidth: width }}>
        <colgroup>
          {columns.map((column) => (
            <col key={column.key} style={{ width: column.widthPx }} />
          ))}
        </colgroup>
        <thead>
          <tr aria-rowindex={1}>
            {columns.map((column) => (
              <th key={column.key} scope="col" data-numeric={column.numeric} aria-sort={column.sorted}>
                {column.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <Spacer heightPx={above} columns={columns.length} />
          {items.map(({ index }) => {
            const row = rowAt(index)
            return (
              <MemoRow
                key={row === undefined ? `row-${index}` : rowKey(row)}
                columns={columns}
                onRowClick={props.onRowClick}
                selected={row !== undefined && props.selected?.(row) === true}
                row={row}
                index={index}
                active={index === activeIndex}
                heightPx={rowHeightPx}
              />
            )
          })}
          <Spacer heightPx={below} columns={columns.length} />
        </tbody>
      </table>
    </section>
  )
}

function Spacer({ heightPx, columns }: { heightPx: number; columns: number }) {
  if (heightPx <= 0) return null
  return (
    // biome-ignore lint/a11y/noAriaHiddenOnFocusable: a row of a table is not focusable
    <tr aria-hidden="true" className={styles.spacer}>
      <td colSpan={columns} style={{ height: heightPx }} />
    </tr>
  )
}

interface BodyRowProps<Row> {
  columns: VirtualTableProps<Row>['columns']
  onRowClick: VirtualTableProps<Row>['onRowClick'] | undefined
  selected: boolean
  row: Row | undefined
  index: number
  active: boolean
  heightPx: number
}

function BodyRow<Row>({ row, index, active, heightPx, columns, selected, onRowClick }: BodyRowProps<Row>) {
  return (
    <tr
      aria-rowindex={index + 2}
      style={{ height: heightPx }}
      data-active={active || undefined}
      data-selected={selected || undefined}
      data-clickable={onRowClick !== undefined || undefined}
      onClick={row === undefined ? undefined : () => onRowClick?.(row)}
    >
      {columns.map((column) => (
        <td key={column.key} data-numeric={column.numeric}>
          {row === undefined ? <span className={styles.coming} /> : column.cell(row, selected)}
        </td>
      ))}
    </tr>
  )
}

/** While scrolling, only the rows that come into view are drawn. `memo` forgets the type of the row, so it is said again. */
const MemoRow = memo(BodyRow) as typeof BodyRow
