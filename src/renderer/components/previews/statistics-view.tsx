import { Select, TextInput } from '@mantine/core'
import { type ReactNode, useDeferredValue, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Statistics } from '#shared/statistics.ts'
import { EmptyNote } from '../empty.tsx'
import { ColumnDetails } from './column-details.tsx'
import styles from './statistics.module.css'
import { columnsOnlyIn, type Sort, sortedRows, sortKeys, statisticsRows } from './statistics-rows.ts'
import { StatisticsTable } from './statistics-table.tsx'

/** Statistics with the words for what they are of. */
export interface NamedStatistics {
  readonly name: string
  readonly statistics: Statistics
}

interface StatisticsViewProps {
  statistics: Statistics
  /** Of what, where another stands over it. */
  name?: string
  /** Laid over the first: distributions as densities, and the differences in figures. */
  other?: NamedStatistics | undefined
  /** The selected column and the order, where they stand in the address; else they are the view's own. */
  selection?: readonly [string | undefined, (column: string | undefined) => void]
  order?: readonly [Sort, (sort: Sort) => void]
  /** Stands at the end of the line above. */
  actions?: ReactNode
}

/** What data looks like, column by column: a sortable table, and the selected column at large. It fills its parent. */
export function StatisticsView({ statistics, name, other, selection, order, actions }: StatisticsViewProps) {
  const { t } = useTranslation()
  const ownSelection = useState<string | undefined>()
  const ownOrder = useState<Sort>({ key: 'index', descending: false })
  const [selected, setSelected] = selection ?? ownSelection
  const [sort, setSort] = order ?? ownOrder
  const [filter, setFilter] = useState('')
  const wanted = useDeferredValue(filter)
  const rows = useMemo(() => statisticsRows(statistics, other?.statistics), [statistics, other])
  const shown = useMemo(() => sortedRows(rows, wanted, sort), [rows, wanted, sort])
  const row = rows.find(({ column }) => column.name === selected) ?? shown[0]
  const additional = other === undefined ? [] : columnsOnlyIn(statistics, other.statistics)
  const names: [string, string] = [name ?? t('preview.thisData'), other?.name ?? '']
  return (
    <div className={styles.view}>
      <div className={styles.bar}>
        <TextInput
          size="xs"
          w={200}
          aria-label={t('preview.filterColumns')}
          placeholder={t('preview.filterColumns')}
          value={filter}
          onChange={(event) => setFilter(event.currentTarget.value)}
        />
        <SortSelect sort={sort} onSort={setSort} compared={other !== undefined} />
        <span className="muted">
          {t('preview.size', { rows: statistics.rows, columns: t('preview.columns', { count: rows.length }) })}
        </span>
        {actions !== undefined && <div className={styles.actions}>{actions}</div>}
      </div>
      {additional.length > 0 && (
        <p className={styles.note}>{t('preview.onlyInOther', { name: names[1], columns: additional.join(', ') })}</p>
      )}
      <div className={styles.parts}>
        <div className={styles.table}>
          {shown.length === 0 ? (
            <EmptyNote>{t('preview.noneFound')}</EmptyNote>
          ) : (
            <StatisticsTable
              rows={shown}
              compared={other !== undefined}
              sort={sort}
              onSort={setSort}
              selected={row?.column.name}
              onSelect={setSelected}
            />
          )}
        </div>
        {row !== undefined && (
          <ColumnDetails row={row} rows={statistics.rows} otherRows={other?.statistics.rows} names={names} />
        )}
      </div>
    </div>
  )
}

/** The orders that are asked for most, also where the headers are out of view. */
function SortSelect(props: { sort: Sort; onSort: (sort: Sort) => void; compared: boolean }) {
  const { sort, onSort, compared } = props
  const { t } = useTranslation()
  return (
    <Select
      size="xs"
      w={200}
      aria-label={t('preview.order')}
      value={sort.key}
      data={sortKeys
        .filter((key) => compared || key !== 'divergence')
        .map((key) => ({ value: key, label: t(`preview.orders.${key}`) }))}
      onChange={(next) => {
        const key = sortKeys.find((each) => each === next)
        if (key !== undefined) onSort({ key, descending: key !== 'index' && key !== 'name' })
      }}
    />
  )
}
