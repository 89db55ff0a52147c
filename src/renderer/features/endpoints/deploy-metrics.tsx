import { useTranslation } from 'react-i18next'
import type { ModelVersion } from '#shared/models.ts'
import { type Column, Table } from '../../components/table.tsx'
import { useFormat } from '../../lib/format.ts'
import { type MetricRow, metricRows } from '../models/compare.ts'
import styles from '../models/models.module.css'
import { Difference } from '../models/slices-table.tsx'

/** What the candidate scores beside what answers now. Each was scored on the test rows of its own run. */
export function DeployMetrics({ now, candidate }: { now: ModelVersion; candidate: ModelVersion }) {
  const { t } = useTranslation()
  const format = useFormat()
  const shown = (value: number | undefined) => (value === undefined ? '–' : format.metric(value))
  const columns: Column<MetricRow>[] = [
    { key: 'name', label: t('models.metric'), cell: ({ name }) => name },
    {
      key: 'now',
      label: t('endpoints.versionNow', { version: now.version }),
      numeric: true,
      cell: ({ values }) => shown(values[0]),
    },
    {
      key: 'candidate',
      label: t('models.versionName', { version: candidate.version }),
      numeric: true,
      cell: ({ values }) => shown(values[1]),
    },
    {
      key: 'difference',
      label: t('endpoints.difference'),
      numeric: true,
      cell: ({ name, differences }) => <Difference metric={name} value={differences[1]} />,
    },
  ]
  const rows = metricRows([now.metrics, candidate.metrics])
  return (
    <div>
      <Table label={t('common.metrics')} columns={columns} rows={rows} rowKey={({ name }) => name} />
      <p className={styles.words}>{t('models.ownRows')}</p>
    </div>
  )
}
