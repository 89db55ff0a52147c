import { ActionIcon } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { BacktestSummary } from '#shared/backtest.ts'
import { Empty, EmptyNote } from '../../components/empty.tsx'
import { HistoryIcon, TrashIcon } from '../../components/icons.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { Page, Panel } from '../../components/page.tsx'
import { type Column, Table } from '../../components/table.tsx'
import { Moment } from '../../components/time.tsx'
import { useProjectScope } from '../../lib/project-scope.ts'
import { useProjects } from '../../lib/queries.ts'
import styles from './backtest.module.css'
import { BacktestStatus } from './backtest-status.tsx'
import { NewBacktest } from './new-backtest.tsx'
import { useBacktests, useDeleteBacktest } from './queries.ts'

/** Where a back-test is begun, and those that there are. */
export default function BacktestsPage() {
  const { t } = useTranslation()
  const [projectId] = useProjectScope()
  const projects = useProjects()
  const backtests = useBacktests(projectId)
  return (
    <Page title={t('backtest.title')} crumbs={[{ label: t('backtest.triggers'), href: '/triggers' }]}>
      <p className={styles.intro}>{t('backtest.intro')}</p>
      <Loaded query={projects}>
        {(all) => {
          const available = all.filter(({ available, pipelines }) => available && pipelines.length > 0)
          if (available.length === 0) {
            return (
              <Empty icon={<HistoryIcon size={32} />} title={t('backtest.emptyTitle')} text={t('backtest.emptyText')} />
            )
          }
          return (
            <Panel title={t('backtest.new')}>
              <NewBacktest projects={available} />
            </Panel>
          )
        }}
      </Loaded>
      <Panel title={t('backtest.earlier')} flush>
        <Loaded query={backtests}>
          {({ items }) =>
            items.length === 0 ? <EmptyNote>{t('backtest.noneYet')}</EmptyNote> : <BacktestsTable items={items} />
          }
        </Loaded>
      </Panel>
    </Page>
  )
}

function BacktestsTable({ items }: { items: readonly BacktestSummary[] }) {
  const { t } = useTranslation()
  const remove = useDeleteBacktest()
  const columns: Column<BacktestSummary>[] = [
    {
      key: 'pipeline',
      label: t('backtest.pipeline'),
      cell: ({ id, pipeline }) => (
        <Link href={`/triggers/backtest/${id}`}>
          {pipeline} <span className="mono muted">{id.slice(-6)}</span>
        </Link>
      ),
    },
    { key: 'status', label: t('common.status'), cell: ({ status }) => <BacktestStatus status={status} /> },
    {
      key: 'history',
      label: t('backtest.history'),
      cell: ({ matrixSettings: { from, to, span } }) =>
        t('backtest.historyFacts', { from, to, span: t(`backtest.span_${span}`, { defaultValue: span }) }),
    },
    {
      key: 'policies',
      label: t('backtest.policies'),
      wraps: true,
      cell: ({ settings }) => settings.policies.map(({ name }) => name).join(', '),
    },
    { key: 'created', label: t('common.created'), cell: ({ createdAt }) => <Moment at={createdAt} /> },
    {
      key: 'remove',
      label: '',
      cell: ({ id, pipeline, status }) => (
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={t('backtest.removeOne', { name: `${pipeline} ${id.slice(-6)}` })}
          disabled={status === 'running'}
          onClick={() => remove.mutate({ params: { id } })}
        >
          <TrashIcon size={14} />
        </ActionIcon>
      ),
    },
  ]
  return <Table label={t('backtest.earlier')} columns={columns} rows={items} rowKey={({ id }) => id} />
}
