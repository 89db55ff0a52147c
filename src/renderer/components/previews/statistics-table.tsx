import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { ColumnStatistics } from '#shared/statistics.ts'
import { type VirtualColumn, VirtualTable } from '../virtual-table.tsx'
import { useDataFormat } from './data-format.ts'
import { SmallDistribution } from './small-distribution.tsx'
import styles from './statistics.module.css'
import { nextSort, quantile, type Sort, type SortKey, type StatisticsRow } from './statistics-rows.ts'

interface StatisticsTableProps {
  rows: readonly StatisticsRow[]
  compared: boolean
  sort: Sort
  onSort: (sort: Sort) => void
  selected: string | undefined
  onSelect: (column: string) => void
}

const rowHeightPx = 50

/** One row per column of the data. Where two samples are compared, the other's figure stands below the first. */
export function StatisticsTable({ rows, compared, sort, onSort, selected, onSelect }: StatisticsTableProps) {
  const { t } = useTranslation()
  const columns = useColumns(compared, sort, onSort, selected, onSelect)
  return (
    <VirtualTable
      label={t('preview.statistics')}
      columns={columns}
      count={rows.length}
      rowAt={(index) => rows[index]}
      rowKey={(row) => row.column.name}
      selected={(row) => row.column.name === selected}
      onRowClick={(row) => onSelect(row.column.name)}
      rowHeightPx={rowHeightPx}
    />
  )
}

function useColumns(
  compared: boolean,
  sort: Sort,
  onSort: StatisticsTableProps['onSort'],
  selected: string | undefined,
  onSelect: StatisticsTableProps['onSelect'],
) {
  const { t } = useTranslation()
  const format = useDataFormat()
  return useMemo(() => {
    const sortable = (key: SortKey, label: string) => ({
      label: (
        <button type="button" className={styles.sort} onClick={() => onSort(nextSort(sort, key))}>
          {label}
          {sort.key === key && <span aria-hidden="true">{sort.descending ? ' ↓' : ' ↑'}</span>}
        </button>
      ),
      sorted: sort.key === key ? (sort.descending ? ('descending' as const) : ('ascending' as const)) : undefined,
    })
    const figures = (of: (column: ColumnStatistics) => number | undefined) => (row: StatisticsRow) => {
      const text = (column: ColumnStatistics) => {
        const value = of(column)
        return value === undefined ? '' : format.figure(value, column.type)
      }
      return <Pair first={text(row.column)} other={row.other && text(row.other)} />
    }
    const all: (VirtualColumn<StatisticsRow> | false)[] = [
      {
        key: 'name',
        widthPx: 170,
        ...sortable('name', t('preview.column')),
        cell: ({ column }) => (
          <NameCell column={column} selected={column.name === selected} onSelect={() => onSelect(column.name)} />
        ),
      },
      {
        key: 'distribution',
        label: t('preview.distribution'),
        widthPx: 156,
        cell: ({ column, other }) => <SmallDistribution column={column} other={other} />,
      },
      {
        key: 'missing',
        widthPx: 96,
        numeric: true,
        ...sortable('missing', t('preview.missing')),
        cell: (row) => (
          <Pair
            first={format.share(row.missingShare)}
            other={row.otherMissingShare === undefined ? undefined : format.share(row.otherMissingShare)}
          />
        ),
      },
      {
        key: 'distinct',
        widthPx: 96,
        numeric: true,
        ...sortable('distinct', t('preview.distinct')),
        cell: ({ column, other }) => (
          <Pair
            first={format.figure(column.distinct, 'integer')}
            other={other && format.figure(other.distinct, 'integer')}
          />
        ),
      },
      compared && {
        key: 'divergence',
        widthPx: 110,
        numeric: true,
        ...sortable('divergence', t('preview.divergence')),
        cell: ({ divergence }) => (divergence === undefined ? '–' : format.ratio(divergence)),
      },
      {
        key: 'min',
        label: t('preview.min'),
        widthPx: 150,
        numeric: true,
        cell: figures(({ numeric }) => numeric?.min),
      },
      {
        key: 'median',
        label: t('preview.median'),
        widthPx: 150,
        numeric: true,
        cell: figures(({ numeric }) => numeric && quantile(numeric.quantiles, 0.5)),
      },
      {
        key: 'mean',
        label: t('preview.mean'),
        widthPx: 150,
        numeric: true,
        cell: figures(({ numeric }) => numeric?.mean),
      },
      {
        key: 'max',
        label: t('preview.max'),
        widthPx: 150,
        numeric: true,
        cell: figures(({ numeric }) => numeric?.max),
      },
      {
        key: 'top',
        label: t('preview.topValue'),
        widthPx: 150,
        cell: ({ column, other }) => <Pair first={topValue(column)} other={other && topValue(other)} />,
      },
    ]
    return all.filter((column) => column !== false)
  }, [t, format, compared, sort, onSort, selected, onSelect])
}

const topValue = (column: ColumnStatistics) => column.categorical?.topValues[0]?.value ?? ''

function NameCell(props: { column: ColumnStatistics; selected: boolean; onSelect: () => void }) {
  const { column, selected, onSelect } = props
  const { t } = useTranslation()
  return (
    <span className={styles.nameCell}>
      <button type="button" className={styles.name} aria-pressed={selected} onClick={onSelect}>
        {column.name}
      </button>
      <span className={styles.type}>{t(`preview.types.${column.type}`)}</span>
    </span>
  )
}

/** A figure, and below it that of the other sample, in its colour. */
function Pair({ first, other }: { first: string; other?: string | undefined }) {
  if (other === undefined) return first
  return (
    <span className={styles.pair}>
      <span data-series="0">{first}</span>
      <span data-series="1">{other}</span>
    </span>
  )
}
