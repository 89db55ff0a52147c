import { Button, NumberInput, Select } from '@mantine/core'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Backtest, Matrix, ReplayResult, ReplaySettings } from '#shared/backtest.ts'
import { backtestCsv } from '#shared/backtest-export.ts'
import { chosenMetric, metricsOf, replayAll } from '#shared/backtest-replay.ts'
import { Chart } from '../../components/chart.tsx'
import { Panel } from '../../components/page.tsx'
import { ProblemAlert } from '../../components/problem-alert.tsx'
import { showToast } from '../../components/toast.tsx'
import { problemOf } from '../../lib/api.ts'
import { useFormat } from '../../lib/format.ts'
import { saveText } from '../../lib/save-text.ts'
import { useSearchParam } from '../../lib/use-search-param.ts'
import styles from './backtest.module.css'
import { EvidencePanel } from './evidence-panel.tsx'
import { PolicyEditor } from './policy-editor.tsx'
import { useChangeBacktest } from './queries.ts'
import { replayOption, replayTable } from './replay-chart.ts'
import { type Cell, MarkLegend, SpanGrid } from './span-grid.tsx'
import { TotalsTable } from './totals-table.tsx'

/** Policies over a computed matrix. Every change is replayed at once, in the page: nothing is computed again. */
export function ReplayView({ backtest, matrix }: { backtest: Backtest; matrix: Matrix }) {
  const { t } = useTranslation()
  const [settings, setSettings] = useState<ReplaySettings>(backtest.settings)
  const [selected, select] = useSelectedCell()
  const metric = chosenMetric(matrix, settings)
  const results = useMemo(() => replayAll(matrix, settings), [matrix, settings])
  const { spans } = backtest
  return (
    <div className={styles.stack}>
      <Holes matrix={matrix} />
      <Panel
        title={t('backtest.policies')}
        actions={<Saving backtest={backtest} settings={settings} results={results} />}
      >
        <PolicyEditor
          policies={settings.policies}
          metric={metric}
          seen={seenIn(matrix, metric)}
          onChange={(policies) => setSettings({ ...settings, policies })}
        />
        <Rules settings={settings} metrics={metricsOf(matrix)} metric={metric} onChange={setSettings} />
        <PolicyProblems results={results} />
      </Panel>
      <Panel title={t('backtest.totals')} flush>
        <TotalsTable results={results} spans={spans} metric={metric} />
      </Panel>
      <Panel title={t('backtest.chart', { metric })}>
        <ReplayChart results={results} spans={spans} metric={metric} />
        <MarkLegend />
      </Panel>
      <div className={styles.columns}>
        <Panel title={t('backtest.spanBySpan')} flush>
          <SpanGrid results={results} spans={spans} metric={metric} selected={selected} onSelect={select} />
        </Panel>
        <EvidencePanel results={results} spans={spans} metric={metric} selected={selected} />
      </div>
    </div>
  )
}

/** In the address, so that one can show another what happened. */
function useSelectedCell(): [Cell | undefined, (cell: Cell) => void] {
  const [text, setText] = useSearchParam('cell')
  const [policy, span] = (text ?? '').split('-').map(Number)
  const cell = Number.isInteger(policy) && Number.isInteger(span) ? { policy: policy ?? 0, span: span ?? 0 } : undefined
  return [text === undefined ? undefined : cell, ({ policy, span }) => setText(`${policy}-${span}`)]
}

function ReplayChart({
  results,
  spans,
  metric,
}: {
  results: readonly ReplayResult[]
  spans: Backtest['spans']
  metric: string
}) {
  const { t } = useTranslation()
  const format = useFormat()
  const request = useMemo(
    () => ({
      results,
      spans,
      metric,
      words: {
        span: t('backtest.scoredSpan'),
        compute: t('backtest.computeAxis'),
        decision: (decision: keyof typeof decisions) => t(decisions[decision]),
      },
      number: format.metric,
      short: format.short,
      seconds: (seconds: number) => format.duration(seconds * 1_000),
    }),
    [results, spans, metric, t, format],
  )
  const option = useMemo(() => replayOption(request), [request])
  const headings = [
    t('backtest.policy'),
    t('backtest.scoredSpan'),
    metric,
    t('backtest.decided'),
    t('backtest.champion'),
    t('backtest.compute'),
  ]
  return (
    <Chart
      title={t('backtest.chartTitle', { metric })}
      label={t('backtest.chartLabel', { metric })}
      option={option}
      heightPx={420}
      table={replayTable(request, headings)}
    />
  )
}

const decisions = {
  initial: 'backtest.decision_initial',
  promoted: 'backtest.decision_promoted',
  kept: 'backtest.decision_kept',
  failed: 'backtest.decision_failed',
  'nothing-new': 'backtest.decision_nothing-new',
  cooldown: 'backtest.decision_cooldown',
  budget: 'backtest.decision_budget',
  quiet: 'backtest.decision_quiet',
} as const

interface SavingProps {
  backtest: Backtest
  settings: ReplaySettings
  results: readonly ReplayResult[]
}

function Saving({ backtest, settings, results }: SavingProps) {
  const { t } = useTranslation()
  const change = useChangeBacktest()
  const isChanged = JSON.stringify(settings) !== JSON.stringify(backtest.settings)
  const isNamed = settings.policies.every(({ name }) => name.trim() !== '')
  const { matrix } = backtest
  const shown = {
    ...backtest,
    settings,
    results: [...results],
    metric: matrix === null ? null : chosenMetric(matrix, settings),
  }
  const fileName = `backtest-${backtest.pipeline}-${backtest.id.slice(-6)}`
  return (
    <>
      {change.error !== null && <span role="alert">{problemOf(change.error).detail}</span>}
      <Button
        size="xs"
        variant="default"
        disabled={!isChanged || !isNamed}
        loading={change.isPending}
        onClick={() =>
          change.mutate(
            { params: { id: backtest.id }, body: settings },
            { onSuccess: () => showToast({ text: t('backtest.saved') }) },
          )
        }
      >
        {t('backtest.save')}
      </Button>
      <Button size="xs" variant="default" onClick={() => saveText(`${fileName}.csv`, 'text/csv', backtestCsv(shown))}>
        CSV
      </Button>
      <Button
        size="xs"
        variant="default"
        onClick={() => saveText(`${fileName}.json`, 'application/json', JSON.stringify(shown, null, 2))}
      >
        JSON
      </Button>
    </>
  )
}

interface RulesProps {
  settings: ReplaySettings
  metrics: readonly string[]
  metric: string
  onChange: (settings: ReplaySettings) => void
}

/** What holds for every policy. */
function Rules({ settings, metrics, metric, onChange }: RulesProps) {
  const { t, i18n } = useTranslation()
  const { gate, labelDelaySpans } = settings
  return (
    <div className={styles.rules}>
      <Select
        size="xs"
        w={150}
        label={t('backtest.compareBy')}
        data={[...metrics]}
        value={metric}
        allowDeselect={false}
        onChange={(value) => onChange({ ...settings, metric: value })}
      />
      <Select
        size="xs"
        w={300}
        label={t('backtest.gate')}
        data={[
          { value: 'better', label: t('backtest.gateBetter') },
          { value: 'none', label: t('backtest.gateNone') },
        ]}
        value={gate.mode}
        allowDeselect={false}
        onChange={(value) => onChange({ ...settings, gate: { ...gate, mode: value === 'none' ? 'none' : 'better' } })}
      />
      <NumberInput
        size="xs"
        w={150}
        label={t('backtest.minimumGain')}
        value={gate.minimumGain}
        min={0}
        step={0.001}
        allowNegative={false}
        disabled={gate.mode === 'none'}
        decimalSeparator={i18n.language === 'pt-BR' ? ',' : '.'}
        onChange={(value) =>
          typeof value === 'number' && onChange({ ...settings, gate: { ...gate, minimumGain: value } })
        }
      />
      <NumberInput
        size="xs"
        w={190}
        label={t('backtest.labelDelay')}
        value={labelDelaySpans}
        min={0}
        max={35}
        allowDecimal={false}
        allowNegative={false}
        onChange={(value) => typeof value === 'number' && onChange({ ...settings, labelDelaySpans: value })}
      />
    </div>
  )
}

function PolicyProblems({ results }: { results: readonly ReplayResult[] }) {
  const problems = results.flatMap(({ policy, problems: all }) => all.map((problem) => ({ policy, problem })))
  return problems.map(({ policy, problem }) => (
    <ProblemAlert
      key={`${policy.name} ${problem.found}`}
      problem={{
        type: 'about:blank',
        status: 422,
        title: '',
        code: 'parameter-invalid',
        detail: problem.message,
        where: policy.name,
        found: problem.found,
        allowed: problem.allowed.join(', '),
      }}
    />
  ))
}

/** Spans without rows and trainings that failed. */
function Holes({ matrix }: { matrix: Matrix }) {
  const { t } = useTranslation()
  const ofSpans = matrix.spans.flatMap(({ label, problem }) =>
    problem === null ? [] : t('backtest.holeSpan', { span: label, problem }),
  )
  const ofModels = matrix.models.flatMap(({ through, problem }) =>
    problem === null ? [] : t('backtest.holeModel', { span: matrix.spans[through]?.label ?? '', problem }),
  )
  const holes = [...ofSpans, ...ofModels]
  if (holes.length === 0) return null
  return (
    <Panel title={t('backtest.holes')}>
      <ul className={styles.holes}>
        {holes.map((hole) => (
          <li key={hole}>{hole}</li>
        ))}
      </ul>
    </Panel>
  )
}

function seenIn(matrix: Matrix, metric: string) {
  const range = (values: readonly number[]): readonly [number, number] | undefined =>
    values.length === 0 ? undefined : [Math.min(...values), Math.max(...values)]
  return {
    drift: range(matrix.drifts.flatMap(({ value }) => value ?? [])),
    score: range(matrix.scores.flatMap(({ metrics }) => metrics[metric] ?? [])),
  }
}
