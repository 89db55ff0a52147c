import { MultiSelect, Select, TextInput } from '@mantine/core'
import { type RefObject, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { metricConditionSchema } from '#shared/run-list.ts'
import { type RunStatus, runStatusSchema } from '#shared/runs.ts'
import { SearchIcon } from '../../components/icons.tsx'
import { useProjects } from '../../lib/queries.ts'
import { useRunFacets } from './queries.ts'
import { isPeriod, periodNames } from './run-filter.ts'
import styles from './run-list.module.css'
import type { RunFilterState } from './use-run-filter.ts'

/** How long after the last letter a text is asked for. */
const typingMs = 200

interface RunFiltersProps {
  state: RunFilterState
  searchBox: RefObject<HTMLInputElement | null>
}

/** Everything that narrows the list. Each choice stands in the address at once. */
export function RunFilters({ state, searchBox }: RunFiltersProps) {
  const { t } = useTranslation()
  const { filter, change } = state
  return (
    <search className={styles.bar} aria-label={t('runs.filters')}>
      <SearchField
        label={t('runs.search')}
        value={filter.search ?? ''}
        onChange={(search) => change({ search: search || undefined })}
        box={searchBox}
      />
      <PipelineField state={state} />
      <MultiSelect
        size="xs"
        w={filter.status.length > 1 ? 250 : 170}
        aria-label={t('common.status')}
        placeholder={filter.status.length === 0 ? t('runs.allStatuses') : ''}
        value={[...filter.status]}
        data={runStatusSchema.options.map((value) => ({ value, label: t(`status.${value}`) }))}
        onChange={(values) => change({ status: values.filter(isStatus) })}
      />
      <Select
        w={140}
        aria-label={t('runs.period')}
        value={filter.period ?? ''}
        data={[
          { value: '', label: t('runs.anyTime') },
          ...periodNames.map((value) => ({ value, label: t(`runs.last.${value}`) })),
        ]}
        onChange={(value) => change({ period: isPeriod(value) ? value : undefined })}
      />
      <StarterField state={state} />
      <MetricField value={filter.metric ?? ''} onChange={(metric) => change({ metric: metric || undefined })} />
    </search>
  )
}

const isStatus = (text: string): text is RunStatus => runStatusSchema.safeParse(text).success

/** Of the project at work on, which the rail chooses; all where it is not. */
function PipelineField({ state: { filter, projectId, change } }: { state: RunFilterState }) {
  const { t } = useTranslation()
  const projects = useProjects().data ?? []
  const inScope = projects.filter(({ id }) => projectId === undefined || id === projectId)
  const names = new Set(inScope.flatMap(({ pipelines }) => pipelines))
  if (filter.pipeline !== undefined) names.add(filter.pipeline)
  return (
    <Select
      aria-label={t('runs.pipeline')}
      w={150}
      value={filter.pipeline ?? ''}
      data={[{ value: '', label: t('runs.allPipelines') }, ...[...names].sort()]}
      onChange={(value) => change({ pipeline: value || undefined })}
    />
  )
}

function StarterField({ state: { filter, change } }: { state: RunFilterState }) {
  const { t } = useTranslation()
  const known = useRunFacets().data?.startedBy ?? []
  const shown =
    filter.startedBy === undefined || known.includes(filter.startedBy) ? known : [...known, filter.startedBy]
  return (
    <Select
      aria-label={t('runs.startedBy')}
      w={190}
      value={filter.startedBy ?? ''}
      data={[{ value: '', label: t('runs.anyStarter') }, ...shown]}
      onChange={(value) => change({ startedBy: value || undefined })}
    />
  )
}

interface TypedFieldProps {
  value: string
  onChange: (value: string) => void
}

/** What is typed, passed on once the typing rests; what comes from outside replaces it. */
function useTyped(value: string, onChange: (value: string) => void, fits: (text: string) => boolean) {
  const [text, setText] = useState(value)
  useEffect(() => setText(value), [value])
  useEffect(() => {
    if (text === value || !fits(text)) return
    const timer = setTimeout(() => onChange(text), typingMs)
    return () => clearTimeout(timer)
  })
  return [text, setText] as const
}

const anyText = () => true

function SearchField({
  label,
  value,
  onChange,
  box,
}: TypedFieldProps & { label: string; box: RefObject<HTMLInputElement | null> }) {
  const [text, setText] = useTyped(value, onChange, anyText)
  return (
    <TextInput
      ref={box}
      type="search"
      size="xs"
      w={250}
      aria-label={label}
      placeholder={label}
      leftSection={<SearchIcon size={14} />}
      value={text}
      onChange={(event) => setText(event.currentTarget.value)}
    />
  )
}

const fitsCondition = (text: string) => text.trim() === '' || metricConditionSchema.safeParse(text).success

function MetricField({ value, onChange }: TypedFieldProps) {
  const { t } = useTranslation()
  const [text, setText] = useTyped(value, onChange, fitsCondition)
  return (
    <TextInput
      size="xs"
      w={150}
      aria-label={t('runs.metricCondition')}
      placeholder={t('runs.metricExample')}
      aria-invalid={!fitsCondition(text)}
      error={!fitsCondition(text) && text !== value && t('runs.metricForm')}
      value={text}
      onChange={(event) => setText(event.currentTarget.value)}
    />
  )
}
