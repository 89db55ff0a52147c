import { Button, NumberInput, Select, TextInput } from '@mantine/core'
import { type SubmitEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import type { BacktestDefaults, BacktestInput } from '#shared/backtest.ts'
import type { Project } from '#shared/projects.ts'
import { PlayIcon } from '../../components/icons.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { ProblemAlert } from '../../components/problem-alert.tsx'
import { problemOf } from '../../lib/api.ts'
import { useProjectScope } from '../../lib/project-scope.ts'
import { useSearchParam } from '../../lib/use-search-param.ts'
import styles from './backtest.module.css'
import { PolicyEditor } from './policy-editor.tsx'
import { useBacktestDefaults, useStartBacktest } from './queries.ts'
import { useNamedPolicies } from './use-named-policies.ts'

const spanLengths = ['month', 'quarter', 'year', 'week', 'day'] as const

/** Which pipeline, over which history, by which policies. What is not known is read off the pipeline and its data. */
export function NewBacktest({ projects }: { projects: readonly Project[] }) {
  const { t } = useTranslation()
  const [scope] = useProjectScope()
  const [chosen, setChosen] = useSearchParam('pipeline')
  const choices = projects.flatMap(({ id, name, pipelines }) =>
    pipelines.map((pipeline) => ({ value: `${id}/${pipeline}`, label: `${pipeline} · ${name}`, id, pipeline })),
  )
  const preferred = choices.filter(({ id }) => scope === undefined || id === scope)
  const current =
    choices.find(({ value }) => value === chosen) ??
    preferred.find(({ pipeline }) => pipeline === 'train') ??
    preferred[0] ??
    choices[0]
  const defaults = useBacktestDefaults(current?.id ?? '', current?.pipeline ?? '')
  if (current === undefined) return null
  return (
    <div className={styles.stack}>
      <Select
        size="xs"
        w={320}
        label={t('backtest.pipeline')}
        data={choices.map(({ value, label }) => ({ value, label }))}
        value={current.value}
        allowDeselect={false}
        onChange={(value) => setChosen(value ?? undefined)}
      />
      <Loaded query={defaults} lines={5}>
        {(known) => (
          <BacktestForm key={current.value} projectId={current.id} pipeline={current.pipeline} defaults={known} />
        )}
      </Loaded>
    </div>
  )
}

interface FormProps {
  projectId: string
  pipeline: string
  defaults: BacktestDefaults
}

function BacktestForm({ projectId, pipeline, defaults }: FormProps) {
  const { t } = useTranslation()
  const [, navigate] = useLocation()
  const start = useStartBacktest()
  const [from, setFrom] = useState(defaults.from ?? '')
  const [to, setTo] = useState(defaults.to ?? '')
  const [span, setSpan] = useState(defaults.span)
  const [windowFrom, setWindowFrom] = useState(defaults.window?.from ?? '')
  const [windowTo, setWindowTo] = useState(defaults.window?.to ?? '')
  const [initialSpans, setInitialSpans] = useState(1)
  const [trainingSpans, setTrainingSpans] = useState<number | null>(null)
  const [policies, setPolicies] = useState(useNamedPolicies(defaults.policies))
  const isReady = from !== '' && to !== '' && windowFrom !== '' && windowTo !== ''

  function submit(event: SubmitEvent) {
    event.preventDefault()
    const body: BacktestInput = {
      projectId,
      pipeline,
      from,
      to,
      span,
      window: { from: windowFrom, to: windowTo },
      initialSpans,
      trainingSpans,
      policies,
      startedBy: 'gui',
    }
    start.mutate({ body }, { onSuccess: ({ id }) => navigate(`/triggers/backtest/${id}`) })
  }
  return (
    <form onSubmit={submit} className={styles.stack}>
      {defaults.notes.length > 0 && (
        <ul className={styles.notes}>
          {defaults.notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
      <div className={styles.rules}>
        <TextInput
          size="xs"
          w={150}
          type="date"
          label={t('backtest.from')}
          value={from}
          onChange={(event) => setFrom(event.currentTarget.value)}
        />
        <TextInput
          size="xs"
          w={150}
          type="date"
          label={t('backtest.to')}
          value={to}
          onChange={(event) => setTo(event.currentTarget.value)}
        />
        <Select
          size="xs"
          w={120}
          label={t('backtest.span')}
          data={spanLengths.map((value) => ({ value, label: t(`backtest.span_${value}`) }))}
          value={span}
          allowDeselect={false}
          onChange={(value) => setSpan(value ?? 'month')}
        />
        <NumberInput
          size="xs"
          w={170}
          label={t('backtest.initialSpans')}
          value={initialSpans}
          min={1}
          allowDecimal={false}
          onChange={(value) => typeof value === 'number' && setInitialSpans(value)}
        />
        <NumberInput
          size="xs"
          w={165}
          label={t('backtest.trainingSpans')}
          placeholder={t('backtest.allSoFar')}
          value={trainingSpans ?? ''}
          min={1}
          allowDecimal={false}
          onChange={(value) => setTrainingSpans(typeof value === 'number' ? value : null)}
        />
        <ParameterSelect
          label={t('backtest.windowFrom')}
          parameters={defaults.parameters}
          value={windowFrom}
          onChange={setWindowFrom}
        />
        <ParameterSelect
          label={t('backtest.windowTo')}
          parameters={defaults.parameters}
          value={windowTo}
          onChange={setWindowTo}
        />
      </div>
      <PolicyEditor policies={policies} metric={defaults.metric} onChange={setPolicies} />
      {start.error !== null && <ProblemAlert problem={problemOf(start.error)} />}
      <div className={styles.line}>
        <Button
          type="submit"
          size="xs"
          leftSection={<PlayIcon size={13} />}
          loading={start.isPending}
          disabled={!isReady}
        >
          {t('backtest.start')}
        </Button>
        <span className="muted">{t('backtest.startHint')}</span>
      </div>
    </form>
  )
}

interface ParameterSelectProps {
  label: string
  parameters: readonly string[]
  value: string
  onChange: (value: string) => void
}

function ParameterSelect({ label, parameters, value, onChange }: ParameterSelectProps) {
  return (
    <Select
      size="xs"
      w={165}
      label={label}
      data={[...parameters]}
      value={value === '' ? null : value}
      allowDeselect={false}
      onChange={(chosen) => onChange(chosen ?? '')}
    />
  )
}
