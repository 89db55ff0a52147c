import { useTranslation } from 'react-i18next'
import type { ModelVersionDetails } from '#shared/models.ts'
import { type Column, Table } from '../../components/table.tsx'
import { useFormat } from '../../lib/format.ts'
import { type MetricRow, metricRows } from './compare.ts'
import styles from './models.module.css'

/** Test and validation side by side, and the version that the gate compared with on the same rows. */
export function MetricsTable({ version }: { version: ModelVersionDetails }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { evaluation, manifest, metrics, verdict } = version
  const against = verdict?.against
  const shown = (value: number | undefined) => (value === undefined ? '–' : format.metric(value))
  const testLabel = (count: number) => t('models.testRows', { count, rows: format.integer(count) })
  const training = evaluation?.content.training
  const rows = metricRows([
    evaluation?.content.metrics ?? metrics,
    manifest.validationMetrics,
    against?.metrics ?? {},
    training?.metrics ?? {},
  ])
  const columns: Column<MetricRow>[] = [
    { key: 'name', label: t('models.metric'), cell: ({ name }) => name },
    {
      key: 'test',
      label: evaluation === null ? t('models.registered') : testLabel(evaluation.content.rows),
      numeric: true,
      cell: ({ values }) => <span className={styles.best}>{shown(values[0])}</span>,
    },
    { key: 'validation', label: t('models.validation'), numeric: true, cell: ({ values }) => shown(values[1]) },
  ]
  if (training !== undefined) {
    columns.push({
      key: 'training',
      label: t('gate.training'),
      numeric: true,
      cell: ({ values }) => shown(values[3]),
    })
  }
  if (against !== undefined) {
    const label = t('models.comparedVersion', { alias: against.alias, version: against.version })
    columns.push({ key: 'against', label, numeric: true, cell: ({ values }) => shown(values[2]) })
  }
  return (
    <>
      <Table label={t('common.metrics')} columns={columns} rows={rows} rowKey={({ name }) => name} />
      {training !== undefined && training.rows < training.of && (
        <p className={styles.note}>
          {t('gate.trainingSample', { rows: format.integer(training.rows), of: format.integer(training.of) })}
        </p>
      )}
    </>
  )
}
