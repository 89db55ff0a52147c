import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { Trigger } from '#shared/triggers.ts'
import { type Column, Table } from '../../components/table.tsx'
import { Moment } from '../../components/time.tsx'
import { useProjects } from '../../lib/queries.ts'
import { RunLink } from './evidence-list.tsx'
import { NextOf } from './next-of.tsx'
import { NoDecision, OutcomeMark } from './outcome-mark.tsx'
import styles from './triggers.module.css'

export function TriggersTable({ triggers }: { triggers: readonly Trigger[] }) {
  const { t } = useTranslation()
  const names = new Map(useProjects().data?.map(({ id, name }) => [id, name]))
  const columns: Column<Trigger>[] = [
    {
      key: 'trigger',
      label: t('triggers.trigger'),
      wraps: true,
      cell: ({ id, label }) => (
        <Link href={`/triggers/${id}`} className={styles.label}>
          {label}
        </Link>
      ),
    },
    {
      key: 'pipeline',
      label: t('runs.pipeline'),
      cell: ({ projectId, pipeline }) => (
        <>
          <Link href={`/pipelines/${projectId}/${encodeURIComponent(pipeline)}`}>{pipeline}</Link>{' '}
          <span className="muted">{names.get(projectId) ?? projectId}</span>
        </>
      ),
    },
    { key: 'next', label: t('triggers.next'), wraps: true, cell: (trigger) => <NextOf trigger={trigger} /> },
    {
      key: 'decision',
      label: t('triggers.lastDecision'),
      cell: ({ decision }) =>
        decision === null ? (
          <NoDecision />
        ) : (
          <>
            <OutcomeMark outcome={decision.outcome} />{' '}
            <span className="muted">
              <Moment at={decision.lastAt} />
            </span>
          </>
        ),
    },
    {
      key: 'run',
      label: t('triggers.lastRun'),
      cell: ({ lastRunId }) => (lastRunId === null ? '–' : <RunLink id={lastRunId} />),
    },
  ]
  return <Table label={t('triggers.title')} columns={columns} rows={triggers} rowKey={({ id }) => id} />
}
