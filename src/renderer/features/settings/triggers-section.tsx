import { Switch } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { Trigger, TriggerState } from '#shared/triggers.ts'
import { EmptyNote } from '../../components/empty.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { Panel } from '../../components/page.tsx'
import { type Column, Table } from '../../components/table.tsx'
import { Moment } from '../../components/time.tsx'
import { call } from '../../lib/api.ts'
import { useFormat } from '../../lib/format.ts'
import { useProjects } from '../../lib/queries.ts'
import { queryKeys } from '../../lib/query-keys.ts'
import { useTakeBack, useTriggers } from './queries.ts'
import { SettingRow } from './setting-row.tsx'

export function TriggersSection() {
  const { t } = useTranslation()
  const triggers = useTriggers()
  return (
    <Panel title={t('settings.section.triggers')} flush>
      <Loaded query={triggers} lines={2}>
        {(state) => (
          <>
            <PausedRow paused={state.paused} />
            {state.triggers.length === 0 ? (
              <EmptyNote>{t('settings.noTriggers')}</EmptyNote>
            ) : (
              <TriggersTable triggers={state.triggers} />
            )}
          </>
        )}
      </Loaded>
    </Panel>
  )
}

function PausedRow({ paused }: { paused: boolean }) {
  const { t } = useTranslation()
  const id = useId()
  const client = useQueryClient()
  const takeBack = useTakeBack()
  async function pause(wanted: boolean) {
    const state = await call('pauseTriggers', { body: { paused: wanted } })
    client.setQueryData<TriggerState>(queryKeys.triggers, state)
  }
  return (
    <SettingRow label={t('settings.pause')} hint={t('settings.pauseHint')} htmlFor={id}>
      <Switch
        id={id}
        checked={paused}
        onChange={(event) => {
          const wanted = event.currentTarget.checked
          const text = t(wanted ? 'settings.paused' : 'settings.resumed')
          void takeBack(
            text,
            () => pause(wanted),
            () => pause(!wanted),
          )
        }}
      />
    </SettingRow>
  )
}

function TriggersTable({ triggers }: { triggers: readonly Trigger[] }) {
  const { t } = useTranslation()
  const format = useFormat()
  const names = new Map(useProjects().data?.map(({ id, name }) => [id, name]))
  const columns: Column<Trigger>[] = [
    {
      key: 'pipeline',
      label: t('runs.pipeline'),
      cell: ({ projectId, pipeline }) => (
        <Link href={`/pipelines/${projectId}/${encodeURIComponent(pipeline)}`}>{pipeline}</Link>
      ),
    },
    { key: 'project', label: t('common.project'), cell: ({ projectId }) => names.get(projectId) ?? projectId },
    {
      key: 'trigger',
      label: t('triggers.trigger'),
      wraps: true,
      cell: ({ id, label }) => (
        <Link href={`/triggers/${id}`}>
          <code className="mono">{label}</code>
        </Link>
      ),
    },
    {
      key: 'next',
      label: t('settings.next'),
      cell: ({ nextAt }) => (nextAt === null ? '–' : format.dateTime(nextAt)),
    },
    { key: 'last', label: t('settings.last'), wraps: true, cell: (trigger) => <LastDecision trigger={trigger} /> },
  ]
  return <Table label={t('settings.section.triggers')} columns={columns} rows={triggers} rowKey={({ id }) => id} />
}

/** The last run, or why there was none. */
function LastDecision({ trigger: { decision } }: { trigger: Trigger }) {
  const { t } = useTranslation()
  if (decision === null) return <span className="muted">{t('common.notYet')}</span>
  const outcome = t(`triggers.outcome.${decision.outcome}`)
  return (
    <>
      {decision.runId === null ? outcome : <Link href={`/runs/${decision.runId}`}>{outcome}</Link>}{' '}
      <Moment at={decision.lastAt} />
      {decision.problem !== null && <div className="muted">{decision.problem.detail}</div>}
    </>
  )
}
