import type { TFunction } from 'i18next'
import type { ReactNode } from 'react'
import { Link } from 'wouter'
import type { RunListItem } from '#shared/run-list.ts'
import type { Parameters } from '#shared/runs.ts'
import { StatusMark } from '../../components/status.tsx'
import { Duration, Moment } from '../../components/time.tsx'
import type { VirtualColumn } from '../../components/virtual-table.tsx'
import type { Format } from '../../lib/format.ts'
import { parameterText } from '../pipelines/parameter-value.ts'
import { changedValues } from './differences.ts'
import { defaultsKey } from './queries.ts'
import type { RunSort } from './run-filter.ts'
import { shortRunId } from './run-id.ts'
import styles from './run-list.module.css'

export interface ColumnParts {
  t: TFunction
  format: Format
  sort: RunSort
  metrics: readonly string[]
  projectName: (id: string) => string
  defaults: ReadonlyMap<string, Parameters>
  /** `range`: everything from the last choice to here. */
  onSelect: (id: string, range: boolean) => void
  onSort: (sort: string) => void
}

type Column = VirtualColumn<RunListItem>

export const runLinkId = (id: string) => `run-${id}`

export function runColumns(parts: ColumnParts): Column[] {
  const { t, format, metrics, projectName } = parts
  return [
    selectColumn(parts),
    { key: 'status', label: t('common.status'), widthPx: 120, cell: (run) => <StatusMark status={run.status} /> },
    { key: 'pipeline', label: t('runs.pipeline'), widthPx: 146, cell: (run) => <RunLink run={run} /> },
    { key: 'project', label: t('common.project'), widthPx: 96, cell: (run) => projectName(run.projectId) },
    {
      ...sortable(parts, 'newest', t('common.started')),
      key: 'started',
      widthPx: 116,
      cell: (run) => <Moment at={run.startedAt ?? run.createdAt} />,
    },
    {
      ...sortable(parts, 'duration', t('common.duration')),
      key: 'duration',
      widthPx: 92,
      numeric: true,
      cell: (run) => <Duration startedAt={run.startedAt} finishedAt={run.finishedAt} />,
    },
    {
      key: 'steps',
      label: t('runs.steps'),
      widthPx: 66,
      numeric: true,
      cell: (run) => `${format.integer(run.stepsDone)}/${format.integer(run.stepsTotal)}`,
    },
    ...metrics.map((name) => metricColumn(parts, name)),
    { key: 'parameters', label: t('runs.changed'), widthPx: 170, cell: (run) => changedText(run, parts.defaults) },
    { key: 'by', label: t('runs.startedBy'), widthPx: 96, cell: (run) => run.startedBy },
  ]
}

function selectColumn({ t, onSelect }: ColumnParts): Column {
  return {
    key: 'select',
    label: <span className={styles.hidden}>{t('runs.select')}</span>,
    widthPx: 38,
    cell: ({ id }, selected) => (
      <input
        type="checkbox"
        className={styles.box}
        aria-label={t('runs.selectRun', { run: shortRunId(id) })}
        checked={selected}
        onChange={() => {}}
        onClick={(event) => {
          event.stopPropagation()
          onSelect(id, event.shiftKey)
        }}
      />
    ),
  }
}

function RunLink({ run }: { run: RunListItem }) {
  return (
    <Link href={`/runs/${run.id}`} id={runLinkId(run.id)} className={styles.link}>
      {run.pipeline} <span className="mono muted">{shortRunId(run.id)}</span>
    </Link>
  )
}

function metricColumn(parts: ColumnParts, name: string): Column {
  return {
    ...sortable(parts, `metric:${name}`, name),
    key: `metric:${name}`,
    widthPx: 90,
    numeric: true,
    cell: ({ metrics }) => {
      const value = metrics[name]
      return value === undefined ? <span className="muted">–</span> : parts.format.metric(value)
    },
  }
}

function sortable({ sort: by, onSort }: ColumnParts, sort: string, text: string): Pick<Column, 'label' | 'sorted'> {
  const sorted = by.sort === sort ? (by.ascending ? 'ascending' : 'descending') : undefined
  return {
    sorted,
    label: (
      <SortButton onClick={() => onSort(sort)} mark={sorted && (sorted === 'ascending' ? '↑' : '↓')}>
        {text}
      </SortButton>
    ),
  }
}

function SortButton({
  onClick,
  mark,
  children,
}: {
  onClick: () => void
  mark: string | undefined
  children: ReactNode
}) {
  return (
    <button type="button" className={styles.sort} onClick={onClick}>
      <span className="ellipsis">{children}</span>
      {mark !== undefined && <span aria-hidden="true">{mark}</span>}
    </button>
  )
}

function changedText(run: RunListItem, defaults: ReadonlyMap<string, Parameters>): ReactNode {
  const changed = changedValues(run.parameters, defaults.get(defaultsKey(run.projectId, run.pipeline)))
  if (changed.length === 0) return <span className="muted">–</span>
  return <span className="mono">{changed.map(([name, value]) => `${name} = ${parameterText(value)}`).join(', ')}</span>
}
