import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { Trigger } from '#shared/triggers.ts'
import { EmptyNote } from '../../components/empty.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { Panel } from '../../components/page.tsx'
import { type Column, Table } from '../../components/table.tsx'
import { Moment } from '../../components/time.tsx'
import { NextOf } from '../triggers/next-of.tsx'
import { useTriggers } from './queries.ts'

const shownTriggers = 5

/** What will run by itself next. */
export function SchedulesPanel({ projectId }: { projectId: string | undefined }) {
  const { t } = useTranslation()
  const triggers = useTriggers()
  return (
    <Panel
      title={triggers.data?.paused ? t('overview.schedulesPaused') : t('overview.schedules')}
      flush
      actions={
        <Button component={Link} href="/triggers" variant="subtle" size="compact-xs">
          {t('common.showAll')}
        </Button>
      }
    >
      <Loaded query={triggers} lines={2}>
        {(state) => {
          const shown = state.triggers.filter((trigger) => projectId === undefined || trigger.projectId === projectId)
          if (shown.length === 0) return <EmptyNote>{t('overview.noSchedules')}</EmptyNote>
          return <SchedulesTable triggers={shown.slice(0, shownTriggers)} />
        }}
      </Loaded>
    </Panel>
  )
}

function SchedulesTable({ triggers }: { triggers: readonly Trigger[] }) {
  const { t } = useTranslation()
  const columns: Column<Trigger>[] = [
    {
      key: 'pipeline',
      label: t('runs.pipeline'),
      wraps: true,
      cell: ({ projectId, pipeline, id, label }) => (
        <>
          <Link href={`/pipelines/${projectId}/${encodeURIComponent(pipeline)}`}>{pipeline}</Link>
          <div>
            <Link href={`/triggers/${id}`}>
              <code className="mono">{label}</code>
            </Link>
          </div>
        </>
      ),
    },
    { key: 'next', label: t('overview.next'), wraps: true, cell: (trigger) => <NextOf trigger={trigger} /> },
    {
      key: 'last',
      label: t('overview.last'),
      cell: ({ lastAt, lastRunId }) =>
        lastAt === null || lastRunId === null ? (
          '–'
        ) : (
          <Link href={`/runs/${lastRunId}`}>
            <Moment at={lastAt} />
          </Link>
        ),
    },
  ]
  return <Table label={t('overview.schedules')} columns={columns} rows={triggers} rowKey={({ id }) => id} />
}
