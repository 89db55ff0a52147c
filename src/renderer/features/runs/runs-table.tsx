import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { RunSummary } from '#shared/runs.ts'
import { MetricList } from '../../components/metric-list.tsx'
import { StatusMark } from '../../components/status.tsx'
import { type Column, Table } from '../../components/table.tsx'
import { Duration, Moment } from '../../components/time.tsx'
import { useFormat } from '../../lib/format.ts'
import { useProjects } from '../../lib/queries.ts'

interface RunsTableProps {
  runs: readonly RunSummary[]
  /** Fewer columns, for a panel. */
  compact?: boolean
}

const compactMetrics = 1
const shownMetrics = 4

export function RunsTable({ runs, compact = false }: RunsTableProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const projects = useProjects()
  const projectName = (id: string) => projects.data?.find((project) => project.id === id)?.name ?? ''
  const columns: Column<RunSummary>[] = [
    { key: 'status', label: t('common.status'), cell: (run) => <StatusMark status={run.status} /> },
    {
      key: 'pipeline',
      label: t('runs.pipeline'),
      cell: (run) => (
        <Link href={`/runs/${run.id}`}>
          {run.pipeline} <span className="mono muted">{run.id.slice(-6)}</span>
        </Link>
      ),
    },
    { key: 'project', label: t('common.project'), cell: (run) => projectName(run.projectId) },
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
      cell: (run) => <MetricList metrics={run.metrics} limit={compact ? compactMetrics : shownMetrics} />,
    },
  ]
  if (!compact) columns.push({ key: 'by', label: t('runs.startedBy'), cell: (run) => run.startedBy })
  const shown = compact ? columns.filter(({ key }) => key !== 'project') : columns
  return <Table label={t('runs.title')} columns={shown} rows={runs} rowKey={(run) => run.id} />
}
