import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { RunSummary } from '#shared/runs.ts'
import { MetricList } from '../../components/metric-list.tsx'
import { StatusMark } from '../../components/status.tsx'
import { type Column, Table } from '../../components/table.tsx'
import { Duration, Moment } from '../../components/time.tsx'
import { useFormat } from '../../lib/format.ts'
import { shortRunId } from './run-id.ts'

const shownMetrics = 1

/** A few runs, for a panel. */
export function RunsTable({ runs }: { runs: readonly RunSummary[] }) {
  const { t } = useTranslation()
  const format = useFormat()
  const columns: Column<RunSummary>[] = [
    { key: 'status', label: t('common.status'), cell: (run) => <StatusMark status={run.status} /> },
    {
      key: 'pipeline',
      label: t('runs.pipeline'),
      cell: (run) => (
        <Link href={`/runs/${run.id}`}>
          {run.pipeline} <span className="mono muted">{shortRunId(run.id)}</span>
        </Link>
      ),
    },
    { key: 'started', label: t('common.started'), cell: (run) => <Moment at={run.startedAt ?? run.createdAt} /> },
    {
      key: 'duration',
      label: t('common.duration'),
      numeric: true,
      cell: (run) => <Duration startedAt={run.startedAt} finishedAt={run.finishedAt} />,
    },
    {
      key: 'steps',
      label: t('runs.steps'),
      numeric: true,
      cell: (run) => `${format.integer(run.stepsDone)}/${format.integer(run.stepsTotal)}`,
    },
    {
      key: 'metrics',
      label: t('common.metrics'),
      cell: (run) => <MetricList metrics={run.metrics} limit={shownMetrics} />,
    },
  ]
  return <Table label={t('runs.title')} columns={columns} rows={runs} rowKey={(run) => run.id} />
}
