import { useTranslation } from 'react-i18next'
import tableStyles from '../../components/table.module.css'
import { useFormat } from '../../lib/format.ts'
import { improvement } from './compare.ts'
import type { SliceOrder, SliceRow } from './evaluation.ts'
import styles from './models.module.css'

interface SlicesTableProps {
  rows: readonly SliceRow[]
  metric: string
  order: SliceOrder
  descending: boolean
  onSort: (order: SliceOrder) => void
}

/** Sorted by its headers. */
export function SlicesTable({ rows, metric, order, descending, onSort }: SlicesTableProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const headers: { order: SliceOrder; label: string; numeric?: boolean }[] = [
    { order: 'column', label: t('models.slice') },
    { order: 'rows', label: t('models.rows'), numeric: true },
    { order: 'metric', label: metric, numeric: true },
    { order: 'difference', label: t('models.toOverall'), numeric: true },
  ]
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className={styles.limited} tabIndex={0} aria-label={t('models.slices')}>
      <table className={tableStyles.table} aria-label={t('models.slices')}>
        <thead>
          <tr>
            {headers.map((header) => (
              <th
                key={header.order}
                scope="col"
                data-numeric={header.numeric}
                aria-sort={header.order !== order ? undefined : descending ? 'descending' : 'ascending'}
              >
                <button type="button" className={styles.sort} onClick={() => onSort(header.order)}>
                  {header.label} {header.order === order && (descending ? '↓' : '↑')}
                </button>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={`${row.column} ${row.value}`}>
              <td data-wraps>
                <span className="muted">{row.column} =</span> {row.value}
              </td>
              <td data-numeric>{format.integer(row.rows)}</td>
              <td data-numeric>{row.metric === undefined ? '–' : format.metric(row.metric)}</td>
              <td data-numeric>
                <Difference metric={metric} value={row.difference} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

/** With its sign; coloured by whether it is for the better, which the sign and the metric say too. */
export function Difference({ metric, value }: { metric: string; value: number | undefined }) {
  const format = useFormat()
  if (value === undefined) return '–'
  const better = improvement(metric, value) ?? 0
  const tone = better > 0 ? styles.better : better < 0 ? styles.worse : undefined
  return <span className={tone}>{format.signed(value)}</span>
}
