import { useTranslation } from 'react-i18next'
import { latencyQuantile } from '#shared/latency-histogram.ts'
import type { ArmFigures, LabelFigure, Rollout } from '#shared/rollout.ts'
import { type Column, Table } from '../../components/table.tsx'
import { useFormat } from '../../lib/format.ts'

interface Row {
  readonly name: string
  readonly version: number
  readonly figures: ArmFigures
  readonly label: LabelFigure | null
}

/** Both versions side by side, since the step began. */
export function ArmsTable({ rollout }: { rollout: Rollout }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { figures, stable, version } = rollout
  const rows: Row[] = [
    {
      name: t('rollouts.stable'),
      version: stable.version,
      figures: figures.stable,
      label: figures.labels?.stable ?? null,
    },
    { name: t('rollouts.candidate'), version, figures: figures.candidate, label: figures.labels?.candidate ?? null },
  ]
  const latency = (share: number) => (row: Row) => {
    const ms = latencyQuantile(row.figures.latencies, share)
    return ms === null ? '–' : t('rollouts.milliseconds', { value: format.short(ms) })
  }
  const columns: Column<Row>[] = [
    { key: 'name', label: t('rollouts.side'), cell: ({ name }) => name },
    { key: 'version', label: t('common.version'), numeric: true, cell: (row) => row.version },
    {
      key: 'requests',
      label: t('rollouts.requests'),
      numeric: true,
      cell: (row) => format.integer(row.figures.requests),
    },
    {
      key: 'errors',
      label: t('rollouts.errors'),
      numeric: true,
      cell: ({ figures: { requests, errors } }) =>
        requests === 0 ? '–' : `${format.integer(errors)} (${format.share(errors / requests)})`,
    },
    { key: 'p50', label: t('endpoints.p50'), numeric: true, cell: latency(0.5) },
    { key: 'p99', label: t('endpoints.p99'), numeric: true, cell: latency(0.99) },
  ]
  if (rows.some(({ label }) => label !== null)) {
    columns.push({
      key: 'label',
      label: t('rollouts.labelMetric'),
      numeric: true,
      cell: ({ label }) =>
        label === null
          ? '–'
          : t('rollouts.labelOf', {
              value: format.metric(label.value),
              low: format.metric(label.low),
              high: format.metric(label.high),
              rows: format.integer(label.rows),
            }),
    })
  }
  return <Table label={t('rollouts.figures')} columns={columns} rows={rows} rowKey={({ name }) => name} />
}
