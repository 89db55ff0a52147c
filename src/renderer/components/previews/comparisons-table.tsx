import { useTranslation } from 'react-i18next'
import type { Comparison } from '#shared/anomalies.ts'
import { useFormat } from '../../lib/format.ts'
import { StatusMark } from '../status.tsx'
import { type Column, Table } from '../table.tsx'
import styles from './anomalies.module.css'

/** The evidence of the second verdict: every column that was compared, the furthest first. */
export function ComparisonsTable({ comparisons }: { comparisons: readonly Comparison[] }) {
  const { t } = useTranslation()
  const format = useFormat()
  const columns: Column<Comparison>[] = [
    { key: 'column', label: t('preview.column'), cell: ({ feature }) => <code className="mono">{feature}</code> },
    {
      key: 'status',
      label: t('common.status'),
      cell: ({ drifted }) => (
        <StatusMark
          status={drifted ? 'rejected' : 'blessed'}
          text={drifted ? t('anomaly.moved') : t('anomaly.notMoved')}
        />
      ),
    },
    {
      key: 'comparator',
      label: t('anomaly.comparedWith'),
      cell: ({ comparator }) => t(`anomaly.comparator.${comparator}`),
    },
    { key: 'measure', label: t('anomaly.measure'), cell: ({ measure }) => measure },
    {
      key: 'value',
      label: t('anomaly.value'),
      numeric: true,
      cell: ({ value }) => (value === null ? t('anomaly.notComparable') : format.metric(value)),
    },
    {
      key: 'threshold',
      label: t('anomaly.threshold'),
      numeric: true,
      cell: ({ threshold }) => format.metric(threshold),
    },
  ]
  const beyond = ({ value, threshold }: Comparison) => (value ?? 0) / (threshold || 1)
  return (
    <section className={styles.comparisons} aria-label={t('anomaly.comparisons')}>
      <h3 className={styles.title}>{t('anomaly.comparisons')}</h3>
      <div className={styles.wide}>
        <Table
          label={t('anomaly.comparisons')}
          columns={columns}
          rows={comparisons.toSorted((a, b) => Number(b.drifted) - Number(a.drifted) || beyond(b) - beyond(a))}
          rowKey={({ feature, measure, comparator }) => `${comparator} ${feature} ${measure}`}
        />
      </div>
    </section>
  )
}
