import { Button, Switch } from '@mantine/core'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import type { RunComparison } from '#shared/run-list.ts'
import type { Run } from '#shared/runs.ts'
import { Empty, EmptyNote } from '../../components/empty.tsx'
import { RunIcon } from '../../components/icons.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { Page, Panel } from '../../components/page.tsx'
import { useSearchParam } from '../../lib/use-search-param.ts'
import styles from './compare/compare.module.css'
import { CurvesChart, ParallelChart } from './compare/compare-charts.tsx'
import { MetricsTable, ValuesTable } from './compare/compare-table.tsx'
import { comparisonOf, parallelOf } from './compare/comparison.ts'
import type { Difference } from './differences.ts'
import { useRunComparison } from './queries.ts'

const fewestAxes = 2

/** Several runs side by side: what was different, and what came of it. */
export default function CompareRunsPage() {
  const { t } = useTranslation()
  const [, navigate] = useLocation()
  const [ids = ''] = useSearchParam('ids')
  const wanted = useMemo(() => ids.split(',').filter((id) => id !== ''), [ids])
  const comparison = useRunComparison(wanted)
  return (
    <Page title={t('compare.title', { count: wanted.length })} crumbs={[{ label: t('runs.title'), href: '/runs' }]}>
      {wanted.length === 0 ? (
        <Empty icon={<RunIcon size={32} />} title={t('compare.emptyTitle')} text={t('compare.emptyText')}>
          <Button onClick={() => navigate('/runs')}>{t('compare.goToRuns')}</Button>
        </Empty>
      ) : (
        <Loaded query={comparison} lines={10}>
          {(data) => <ComparisonView data={data} />}
        </Loaded>
      )}
    </Page>
  )
}

function ComparisonView({ data }: { data: RunComparison }) {
  const { t } = useTranslation()
  const [all, setAll] = useSearchParam('show')
  const runs = useMemo(() => data.runs.map(({ run }) => run), [data])
  const comparison = useMemo(() => comparisonOf(data), [data])
  const parallel = useMemo(() => parallelOf(comparison, runs.length), [comparison, runs.length])
  const { metrics, curves } = comparison
  const origins = useNamedOrigins(comparison.origins)
  const shown = (differences: readonly Difference[]) => differences.filter(({ differs }) => differs || all === 'all')
  return (
    <div className={styles.stack}>
      <div className={styles.bar}>
        <Switch
          label={t('compare.onlyDifferences')}
          checked={all !== 'all'}
          onChange={(event) => setAll(event.currentTarget.checked ? undefined : 'all')}
        />
      </div>
      <Panel title={t('common.metrics')} flush>
        {metrics.length === 0 ? (
          <EmptyNote>{t('run.noMetrics')}</EmptyNote>
        ) : (
          <MetricsTable label={t('common.metrics')} runs={runs} metrics={metrics} />
        )}
      </Panel>
      <ValuesPanel title={t('pipelines.parameters')} runs={runs} differences={shown(comparison.parameters)} />
      <ValuesPanel title={t('compare.options')} runs={runs} differences={shown(comparison.options)} />
      <ValuesPanel title={t('compare.origins')} runs={runs} differences={shown(origins)} />
      {parallel.axes.length >= fewestAxes && <ParallelChart parallel={parallel} runs={runs} />}
      {curves.length > 0 && (
        <section className={styles.charts} aria-label={t('run.curves')}>
          {curves.map((group) => (
            <CurvesChart key={`${group.step} ${group.name}`} group={group} runs={runs} />
          ))}
        </section>
      )}
    </div>
  )
}

interface ValuesPanelProps {
  title: string
  runs: readonly Run[]
  differences: readonly Difference[]
}

function ValuesPanel({ title, runs, differences }: ValuesPanelProps) {
  const { t } = useTranslation()
  return (
    <Panel title={title} flush>
      {differences.length === 0 ? (
        <EmptyNote>{t('compare.noDifference')}</EmptyNote>
      ) : (
        <ValuesTable label={title} runs={runs} differences={differences} />
      )}
    </Panel>
  )
}

/** What code and data a run had, in the words of the page; what is left are outputs of steps. */
function useNamedOrigins(origins: readonly Difference[]): Difference[] {
  const { t } = useTranslation()
  const names: Readonly<Record<string, string>> = {
    pipeline: t('runs.pipeline'),
    pipelineVersion: t('run.pipelineVersion'),
    commit: t('run.commit'),
    uncommitted: t('compare.uncommitted'),
    seed: t('run.seed'),
    startedBy: t('runs.startedBy'),
  }
  return origins.map((each) => ({ ...each, name: names[each.name] ?? t('compare.dataOf', { name: each.name }) }))
}
