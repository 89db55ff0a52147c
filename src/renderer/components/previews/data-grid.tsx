// biome-ignore-all lint/a11y/useSemanticElements: a table element cannot leave out the columns that are out of view
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid has the focus, and names its active cell
// biome-ignore-all lint/a11y/useKeyWithClickEvents: the keys of cells are those of the grid
import { useVirtualizer, type VirtualItem } from '@tanstack/react-virtual'
import { type KeyboardEvent, type RefObject, useEffect, useId, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { TableColumn } from '#shared/data.ts'
import type { Json } from '#shared/runs.ts'
import { useFormat } from '../../lib/format.ts'
import { type CellText, isNumeric } from './cell-text.ts'
import { useDataFormat } from './data-format.ts'
import styles from './data-grid.module.css'
import { type Cell, cellAfter } from './row-windows.ts'

const rowHeightPx = 26
const headHeightPx = 44
const numberCharPx = 8

export interface GridColumn extends TableColumn {
  readonly widthPx: number
  /** Of all rows; undefined until the statistics are there. */
  readonly missingShare?: number | undefined
}

export interface DataGridProps {
  label: string
  columns: readonly GridColumn[]
  /** Index of the first row in the whole table, e.g. 500,000 in the second window. */
  firstRow: number
  count: number
  /** By its index in the whole table; undefined while it is on its way. */
  rowAt: (row: number) => readonly Json[] | undefined
  cellText: (value: Json | undefined, column: GridColumn) => CellText
  /** The cell that keys act on; its row counts within the window. */
  active: Cell | undefined
  onActive: (cell: Cell) => void
  onCopy: () => void
  onRange: (from: number, to: number) => void
}

/**
 * Cells of a table of any length and width: only those in view exist. It fills its parent and scrolls within. The grid
 * is one stop of the Tab key; the arrows, Home, End and the page keys move the active cell, with Ctrl to the end.
 */
export function DataGrid(props: DataGridProps) {
  const { label, columns, firstRow, count, active, onActive, onCopy, onRange } = props
  const id = useId()
  const scroller = useRef<HTMLDivElement>(null)
  const { t } = useTranslation()
  // The heading of the column has its place also where the numbers are short.
  const widest = Math.max(String(firstRow + count).length, t('preview.row').length)
  const numberPx = widest * numberCharPx + 24
  const { rows, cells, width } = useWindows(props, scroller, numberPx)
  const items = rows.getVirtualItems()
  const [from, to] = [items[0]?.index ?? 0, items.at(-1)?.index ?? 0]
  useEffect(() => onRange(firstRow + from, firstRow + to), [firstRow, from, to, onRange])

  function onKeyDown(event: KeyboardEvent) {
    const jump = event.ctrlKey || event.metaKey
    if (jump && event.key === 'c' && active !== undefined && window.getSelection()?.isCollapsed !== false) onCopy()
    const pageRows = Math.max(Math.floor((scroller.current?.clientHeight ?? 0) / rowHeightPx) - 3, 1)
    const size = { rows: count, columns: columns.length, pageRows, jump }
    const next = active === undefined ? { row: from, column: 0 } : cellAfter(active, event.key, size)
    if (next === undefined || (active === undefined && !event.key.startsWith('Arrow'))) return
    event.preventDefault()
    onActive(next)
  }
  const inView = active !== undefined && items.some(({ index }) => index === active.row)
  return (
    <div
      ref={scroller}
      className={styles.grid}
      role="grid"
      tabIndex={0}
      aria-label={label}
      aria-rowcount={firstRow + count + 1}
      aria-colcount={columns.length + 1}
      aria-activedescendant={inView ? `${id}-${active.row}-${active.column}` : undefined}
      onKeyDown={onKeyDown}
    >
      <Head columns={columns} cells={cells.getVirtualItems()} widthPx={width} numberPx={numberPx} />
      <div role="rowgroup" className={styles.body} style={{ height: rows.getTotalSize(), width }}>
        {items.map((item) => (
          <BodyRow key={item.key} {...props} id={id} item={item} cells={cells.getVirtualItems()} numberPx={numberPx} />
        ))}
      </div>
    </div>
  )
}

/** The rows and columns in view; brings the active cell there. */
function useWindows(props: DataGridProps, scroller: RefObject<HTMLDivElement | null>, numberPx: number) {
  const { columns, count, active, firstRow } = props
  const rows = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeightPx,
    overscan: 8,
    scrollPaddingEnd: headHeightPx,
  })
  const cells = useVirtualizer({
    horizontal: true,
    count: columns.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => columns[index]?.widthPx ?? 0,
    overscan: 2,
    scrollPaddingEnd: numberPx,
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new page or query brings other widths
  useEffect(() => cells.measure(), [columns])
  // biome-ignore lint/correctness/useExhaustiveDependencies: another window begins at its top
  useEffect(() => rows.scrollToOffset(0), [firstRow])
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a move of the active cell scrolls, not the scroll itself
  useEffect(() => {
    if (active === undefined) return
    rows.scrollToIndex(active.row)
    cells.scrollToIndex(active.column)
  }, [firstRow, active?.row, active?.column])
  return { rows, cells, width: cells.getTotalSize() + numberPx }
}

interface HeadProps {
  columns: readonly GridColumn[]
  cells: readonly VirtualItem[]
  widthPx: number
  numberPx: number
}

function Head({ columns, cells, widthPx, numberPx }: HeadProps) {
  const { t } = useTranslation()
  return (
    <div role="rowgroup" className={styles.head} style={{ width: widthPx, height: headHeightPx }}>
      <div role="row" aria-rowindex={1} className={styles.headRow}>
        <div role="columnheader" aria-colindex={1} className={styles.number} style={{ width: numberPx }}>
          {t('preview.row')}
        </div>
        {cells.map(({ index, start, size }) => {
          const column = columns[index]
          return column && <ColumnHead key={index} column={column} index={index} left={start + numberPx} width={size} />
        })}
      </div>
    </div>
  )
}

function ColumnHead(props: { column: GridColumn; index: number; left: number; width: number }) {
  const { column, index, left, width } = props
  const { t } = useTranslation()
  const format = useDataFormat()
  const { missingShare } = column
  return (
    <div
      role="columnheader"
      aria-colindex={index + 2}
      className={styles.columnHead}
      data-numeric={isNumeric(column.type) || undefined}
      style={{ left, width }}
    >
      <span className={styles.name}>{column.name}</span>
      <span className={styles.type}>
        {column.storageType.toLowerCase()}
        {missingShare !== undefined && missingShare > 0 && (
          <span className={styles.missingShare}>
            {t('preview.missingShare', { share: format.share(missingShare) })}
          </span>
        )}
      </span>
    </div>
  )
}

interface BodyRowProps extends DataGridProps {
  id: string
  item: VirtualItem
  cells: readonly VirtualItem[]
  numberPx: number
}

function BodyRow(props: BodyRowProps) {
  const { id, item, cells, columns, firstRow, rowAt, cellText, active, onActive, numberPx } = props
  const format = useFormat()
  const row = rowAt(firstRow + item.index)
  return (
    <div
      role="row"
      aria-rowindex={firstRow + item.index + 2}
      className={styles.row}
      data-active={active?.row === item.index || undefined}
      style={{ transform: `translateY(${item.start}px)`, height: item.size }}
    >
      <div role="rowheader" aria-colindex={1} className={styles.number} style={{ width: numberPx }}>
        {format.integer(firstRow + item.index + 1)}
      </div>
      {cells.map(({ index, start, size }) => {
        const column = columns[index]
        if (column === undefined) return null
        const chosen = active?.row === item.index && active.column === index
        return (
          <div
            key={index}
            id={`${id}-${item.index}-${index}`}
            role="gridcell"
            aria-colindex={index + 2}
            aria-selected={chosen}
            className={styles.cell}
            data-numeric={isNumeric(column.type) || undefined}
            style={{ left: start + numberPx, width: size }}
            onClick={() => onActive({ row: item.index, column: index })}
          >
            {row === undefined ? <span className={styles.coming} /> : <Value {...cellText(row[index], column)} />}
          </div>
        )
      })}
    </div>
  )
}

/** Missing values and empty texts say so, in a look that no value has. */
export function Value({ text, look }: CellText) {
  const { t } = useTranslation()
  if (look === 'value') return text
  return <span className={styles[look]}>{t(`preview.${look}`)}</span>
}
