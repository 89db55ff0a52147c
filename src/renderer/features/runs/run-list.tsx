import { Button } from '@mantine/core'
import { useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { RunListItem } from '#shared/run-list.ts'
import { EmptyNote } from '../../components/empty.tsx'
import { VirtualTable } from '../../components/virtual-table.tsx'
import { useFormat } from '../../lib/format.ts'
import { useProjects } from '../../lib/queries.ts'
import { MetricChoice } from './metric-choice.tsx'
import { usePipelineDefaults, useRunFacets, type useRunTable } from './queries.ts'
import { runColumns } from './run-columns.tsx'
import { nextSort } from './run-filter.ts'
import styles from './run-list.module.css'
import { SelectionBar } from './selection-bar.tsx'
import type { RunFilterState } from './use-run-filter.ts'
import { type Choice, useActiveRow, useChoice, useFreshTop, useListKeys, usePaging } from './use-run-list.ts'

const proposedMetrics = 2

interface RunListProps {
  state: RunFilterState
  table: ReturnType<typeof useRunTable>
  onSearch: () => void
}

export function RunList({ state, table, onSearch }: RunListProps) {
  const { t } = useTranslation()
  const { rows, total, pages, behind, refresh } = table
  const choice = useChoice(rows)
  const view = JSON.stringify(state.view)
  const [active, setActive] = useActiveRow(rows, view)
  const { top, onRange } = usePaging(pages, rows.length)
  const [round, setRound] = useState(0)
  const [shownView, setShownView] = useState(view)
  if (!pages.isPlaceholderData && shownView !== view) setShownView(view)
  const { metrics, columns } = useColumns(state, rows, choice.select)
  const resting = top && active === undefined
  useFreshTop(resting, behind, refresh)
  useListKeys({ rows, active, setActive, choice, onSearch })
  function restart() {
    setActive(undefined)
    setRound(round + 1)
    refresh()
  }
  return (
    <div className={styles.panel}>
      <div className={styles.count}>
        <span aria-live="polite">{t('runs.count', { count: total })}</span>
        <SelectionBar runs={rows} selected={choice.ids} onClear={choice.clear} />
        <Keys />
        <MetricChoice {...metrics} onChange={(shown) => state.change({ metrics: shown })} />
      </div>
      {behind > 0 && !resting && (
        <Button className={styles.news ?? ''} size="compact-sm" radius="xl" onClick={restart}>
          {t('runs.newRuns', { count: behind })}
        </Button>
      )}
      {rows.length === 0 && <EmptyNote>{t('runs.noMatch')}</EmptyNote>}
      <div className={`${styles.table} ${pages.isPlaceholderData ? styles.stale : ''}`}>
        <VirtualTable
          // Another list, or one begun anew, is shown from its top.
          key={`${round} ${shownView}`}
          label={t('runs.title')}
          columns={columns}
          count={rows.length + (pages.hasNextPage ? 1 : 0)}
          rowAt={(index) => rows[index]}
          rowKey={(run) => run.id}
          selected={(run) => choice.ids.has(run.id)}
          onRange={onRange}
          activeIndex={active}
        />
      </div>
    </div>
  )
}

/** The same columns as long as nothing in them changed: rows that are drawn already then stay as they are. */
function useColumns(state: RunFilterState, rows: readonly RunListItem[], onSelect: Choice['select']) {
  const { t } = useTranslation()
  const format = useFormat()
  const projects = useProjects()
  const facets = useRunFacets()
  const { filter, change } = state
  const { sort, ascending } = filter
  const defaults = usePipelineDefaults(useSameList([...new Set(rows.map((run) => run.projectId))]))
  const known = facets.data?.metrics
  const shown = useSameList(filter.metrics ?? proposedMetricsOf(rows, known ?? []))
  const projectNames = useMemo(() => new Map(projects.data?.map(({ id, name }) => [id, name])), [projects.data])
  const columns = useMemo(
    () =>
      runColumns({
        t,
        format,
        sort: { sort, ascending },
        metrics: shown,
        projectName: (id) => projectNames.get(id) ?? '',
        defaults,
        onSelect,
        onSort: (by) => change(nextSort({ sort, ascending }, by)),
      }),
    [t, format, sort, ascending, shown, projectNames, defaults, onSelect, change],
  )
  return { columns, metrics: { known: [...new Set([...(known ?? []), ...shown])], shown } }
}

/** The list of the last time, where this one says the same. */
function useSameList(list: readonly string[]): readonly string[] {
  const last = useRef(list)
  if (JSON.stringify(last.current) !== JSON.stringify(list)) last.current = list
  return last.current
}

/** Those of the first rows that have any, else of any run. */
function proposedMetricsOf(rows: readonly RunListItem[], known: readonly string[]): string[] {
  const first = rows.find(({ metrics }) => Object.keys(metrics).length > 0)
  return [...new Set([...Object.keys(first?.metrics ?? {}), ...known])].slice(0, proposedMetrics)
}

function Keys() {
  const { t } = useTranslation()
  return (
    <span className={`${styles.keys} ${styles.push}`}>
      <kbd>j</kbd> <kbd>k</kbd> {t('runs.keyMove')} · <kbd>x</kbd> {t('runs.keySelect')} · <kbd>c</kbd>{' '}
      {t('runs.keyCompare')} · <kbd>/</kbd> {t('runs.keySearch')}
    </span>
  )
}
