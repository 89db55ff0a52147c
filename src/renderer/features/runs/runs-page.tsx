import { Button } from '@mantine/core'
import { useMemo, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { Empty } from '../../components/empty.tsx'
import { RunIcon } from '../../components/icons.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { Page } from '../../components/page.tsx'
import { useRunTable } from './queries.ts'
import { narrows, toQuery } from './run-filter.ts'
import { RunFilters } from './run-filters.tsx'
import styles from './run-list.module.css'
import { RunList } from './run-list.tsx'
import { RunViews } from './run-views.tsx'
import { useRunFilter } from './use-run-filter.ts'

/** All runs of the home: found, sorted, chosen and compared. */
export default function RunsPage() {
  const { t } = useTranslation()
  const state = useRunFilter()
  const { filter, projectId } = state
  const searchBox = useRef<HTMLInputElement>(null)
  const query = useMemo(() => toQuery(filter, projectId, Date.now()), [filter, projectId])
  const table = useRunTable(query)
  const none = table.pages.data !== undefined && table.rows.length === 0
  if (none && !narrows(filter) && filter.sort === 'newest' && projectId === undefined) return <NoRuns />
  return (
    <Page fill title={t('runs.title')}>
      <div className={styles.page}>
        <RunViews state={state} />
        <RunFilters state={state} searchBox={searchBox} />
        <Loaded query={table.pages} lines={10}>
          {() => <RunList state={state} table={table} onSearch={() => searchBox.current?.focus()} />}
        </Loaded>
      </div>
    </Page>
  )
}

function NoRuns() {
  const { t } = useTranslation()
  const [, navigate] = useLocation()
  return (
    <Page title={t('runs.title')}>
      <Empty icon={<RunIcon size={32} />} title={t('runs.emptyTitle')} text={t('runs.emptyText')}>
        <Button onClick={() => navigate('/pipelines')}>{t('runs.goToPipelines')}</Button>
      </Empty>
    </Page>
  )
}
