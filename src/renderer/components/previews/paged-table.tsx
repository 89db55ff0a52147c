import { Button } from '@mantine/core'
import { type ReactNode, useCallback, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { TablePage } from '#shared/data.ts'
import type { Json } from '#shared/runs.ts'
import { problemOf } from '../../lib/api.ts'
import { useFormat } from '../../lib/format.ts'
import { EmptyNote } from '../empty.tsx'
import { ProblemAlert } from '../problem-alert.tsx'
import { showToast } from '../toast.tsx'
import { createCellText, plainText, tsvLine } from './cell-text.ts'
import { DataGrid, type GridColumn, Value } from './data-grid.tsx'
import { GoToRow } from './go-to-row.tsx'
import { LongRead } from './long-read.tsx'
import styles from './paged-table.module.css'
import { type Cell, columnWidths, windowOf, windowRows } from './row-windows.ts'
import { firstBlockKey, type RowSource, useFirstRows, useRowBlocks } from './use-rows.ts'

interface PagedTableProps {
  label: string
  /** Keep it stable (useMemo): another source is another table. */
  source: RowSource
  /** Share of missing values by column, where it is known. */
  missing?: ReadonlyMap<string, number> | undefined
  /** Stands at the end of the line above the rows. */
  actions?: ReactNode
}

/** A table from the engine, read as it is scrolled through. It fills its parent. */
export function PagedTable(props: PagedTableProps) {
  const { t } = useTranslation()
  const first = useFirstRows(props.source)
  return (
    <LongRead query={first} queryKey={firstBlockKey(props.source)} what={t('preview.reading')}>
      {(page) =>
        page.columns.length === 0 ? <EmptyNote>{t('preview.noColumns')}</EmptyNote> : <Rows {...props} first={page} />
      }
    </LongRead>
  )
}

function Rows({ label, source, missing, actions, first }: PagedTableProps & { first: TablePage }) {
  const { t } = useTranslation()
  const { total } = first
  const [start, setStart] = useState(0)
  const [active, setActive] = useState<Cell>()
  const [range, setRange] = useState({ from: 0, to: 0 })
  const { rowAt, error } = useRowBlocks(source, range, total)
  const shown = windowOf(start, total)
  const onRange = useCallback((from: number, to: number) => setRange({ from, to }), [])
  const columns = useGridColumns(first, missing)
  const cellText = useCellText()
  const activeRow = active && rowAt(shown.start + active.row)
  const value = active && activeRow?.[active.column]

  function goTo(row: number) {
    const target = windowOf(row, total)
    setStart(target.start)
    setActive({ row: row - target.start, column: active?.column ?? 0 })
  }
  function page(row: number) {
    setActive(undefined)
    setStart(row)
  }
  return (
    <div className={styles.table}>
      <div className={styles.bar}>
        <span>{t('preview.size', { rows: total, columns: t('preview.columns', { count: columns.length }) })}</span>
        {total > windowRows && <WindowPager start={shown.start} count={shown.count} total={total} onStart={page} />}
        <GoToRow total={total} onRow={goTo} />
        {actions !== undefined && <div className={styles.actions}>{actions}</div>}
      </div>
      {error !== null && <ProblemAlert problem={problemOf(error)} />}
      <div className={styles.grid}>
        <DataGrid
          label={label}
          columns={columns}
          firstRow={shown.start}
          count={shown.count}
          rowAt={rowAt}
          cellText={cellText}
          active={active}
          onActive={setActive}
          onCopy={() => void copy(plainText(value), t('preview.cellCopied'))}
          onRange={onRange}
        />
      </div>
      {active !== undefined && (
        <CellBar column={columns[active.column]} row={shown.start + active.row} value={value} values={activeRow} />
      )}
    </div>
  )
}

async function copy(text: string, said: string): Promise<void> {
  await navigator.clipboard.writeText(text)
  showToast({ text: said })
}

function useGridColumns(first: TablePage, missing: PagedTableProps['missing']): GridColumn[] {
  return useMemo(() => {
    const widths = columnWidths(first.columns, first.rows)
    return first.columns.map((column, index) => ({
      ...column,
      widthPx: widths[index] ?? 0,
      missingShare: missing?.get(column.name),
    }))
  }, [first, missing])
}

export function useCellText() {
  const { i18n } = useTranslation()
  return useMemo(() => {
    const text = createCellText(i18n.language)
    return (value: Json | undefined, column: Pick<GridColumn, 'type'>) => text(value, column.type)
  }, [i18n.language])
}

interface WindowPagerProps {
  start: number
  count: number
  total: number
  onStart: (row: number) => void
}

function WindowPager({ start, count, total, onStart }: WindowPagerProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const from = format.integer(start + 1)
  const to = format.integer(start + count)
  const all = format.integer(total)
  return (
    <span className={styles.pager}>
      <Button size="compact-xs" variant="default" disabled={start === 0} onClick={() => onStart(start - windowRows)}>
        {t('preview.before')}
      </Button>
      {t('preview.window', { from, to, all })}
      <Button
        size="compact-xs"
        variant="default"
        disabled={start + count >= total}
        onClick={() => onStart(start + windowRows)}
      >
        {t('preview.after')}
      </Button>
    </span>
  )
}

interface CellBarProps {
  column: GridColumn | undefined
  row: number
  value: Json | undefined
  values: readonly Json[] | undefined
}

/** The active cell in full, and what can be taken of it. */
function CellBar({ column, row, value, values }: CellBarProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const cellText = useCellText()
  if (column === undefined) return null
  return (
    <div className={styles.cellBar}>
      <span className={styles.place}>{t('preview.place', { row: format.integer(row + 1), column: column.name })}</span>
      <span className={styles.value}>{values !== undefined && <Value {...cellText(value, column)} />}</span>
      <Button
        size="compact-xs"
        variant="default"
        disabled={values === undefined}
        onClick={() => void copy(plainText(value), t('preview.cellCopied'))}
      >
        {t('preview.copyCell')}
      </Button>
      <Button
        size="compact-xs"
        variant="default"
        disabled={values === undefined}
        onClick={() => void copy(tsvLine(values ?? []), t('preview.rowCopied'))}
      >
        {t('preview.copyRow')}
      </Button>
    </div>
  )
}
