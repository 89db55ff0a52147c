import { Progress, Tabs } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { Run } from '#shared/runs.ts'
import { Loaded } from '../../components/loaded.tsx'
import { Page } from '../../components/page.tsx'
import { ProblemAlert } from '../../components/problem-alert.tsx'
import { StatusMark } from '../../components/status.tsx'
import { Duration, Moment } from '../../components/time.tsx'
import { isEnded } from '../../lib/cache-updates.ts'
import { useRun } from '../../lib/queries.ts'
import { useSearchParam } from '../../lib/use-search-param.ts'
import { LineageLink } from '../lineage/lineage-link.tsx'
import { GanttChart } from './gantt-chart.tsx'
import { ReproduceTab } from './reproduce/reproduce-tab.tsx'
import { RunAbout } from './run-about.tsx'
import { RunActions } from './run-actions.tsx'
import { pipelineHref, shortRunId } from './run-id.ts'
import { RunLog } from './run-log.tsx'
import { RunMetrics } from './run-metrics.tsx'
import styles from './run-page.module.css'
import { RunRecordFacts } from './run-record.tsx'
import { StepPanel } from './step/step-panel.tsx'
import { StepGraph } from './step-graph.tsx'
import { StepsTable } from './steps-table.tsx'

/** A run as it happens: graph, steps, log, metrics. What is selected stands in the address. */
export default function RunPage({ id }: { id: string }) {
  const { t } = useTranslation()
  const run = useRun(id)
  const title = run.data === undefined ? t('common.run') : `${run.data.pipeline} ${shortRunId(run.data.id)}`
  return (
    <Page
      fill
      title={title}
      mark={run.data && <StatusMark status={run.data.status} pill />}
      crumbs={[{ label: t('runs.title'), href: '/runs' }]}
      actions={
        run.data && (
          <>
            <LineageLink of={run.data.id} />
            <RunActions run={run.data} />
          </>
        )
      }
    >
      <Loaded query={run} lines={8}>
        {(data) => <RunView run={data} />}
      </Loaded>
    </Page>
  )
}

function RunView({ run }: { run: Run }) {
  const { t } = useTranslation()
  const [selected, setSelected] = useSearchParam('step')
  const step = run.steps.find((each) => each.name === selected)
  return (
    <>
      <RunHead run={run} />
      {run.error !== null && <ProblemAlert problem={run.error} />}
      <div className={styles.columns}>
        <section className={styles.graph} aria-label={t('run.graph')}>
          <StepGraph
            label={t('run.graph')}
            steps={run.steps.map((execution) => ({ ...execution, execution }))}
            selected={step?.name}
            onSelect={setSelected}
          />
        </section>
        <div className={styles.side}>
          {step !== undefined && <StepPanel run={run} step={step} onClose={() => setSelected(undefined)} />}
          <RunTabs run={run} selected={step?.name} onSelect={setSelected} />
        </div>
      </div>
    </>
  )
}

function RunHead({ run }: { run: Run }) {
  const { t } = useTranslation()
  const running = !isEnded(run.status)
  return (
    <div className={styles.facts}>
      <span>
        {t('common.started')}{' '}
        <strong>{run.startedAt === null ? t('common.notYet') : <Moment at={run.startedAt} />}</strong>
      </span>
      <span>
        {t('common.duration')}{' '}
        <strong>
          <Duration startedAt={run.startedAt} finishedAt={run.finishedAt} />
        </strong>
      </span>
      <span>
        {t('runs.pipeline')} <Link href={pipelineHref(run)}>{run.pipeline}</Link>
      </span>
      <span className={styles.progress}>
        <strong>{t('run.stepsDone', { done: run.stepsDone, total: run.stepsTotal })}</strong>
        {running && (
          <Progress
            w={140}
            value={(100 * run.stepsDone) / Math.max(1, run.stepsTotal)}
            aria-label={t('run.stepsDone', { done: run.stepsDone, total: run.stepsTotal })}
          />
        )}
      </span>
    </div>
  )
}

interface RunTabsProps {
  run: Run
  selected: string | undefined
  onSelect: (step: string | undefined) => void
}

const tabs = ['steps', 'timeline', 'log', 'metrics', 'about', 'reproduce'] as const

function RunTabs({ run, selected, onSelect }: RunTabsProps) {
  const { t } = useTranslation()
  const [tab, setTab] = useSearchParam('tab')
  const shown = tabs.find((each) => each === tab) ?? 'steps'
  return (
    <Tabs
      className={styles.tabs}
      value={shown}
      onChange={(value) => setTab(value === 'steps' || value === null ? undefined : value)}
      keepMounted={false}
    >
      <Tabs.List>
        {tabs.map((each) => (
          <Tabs.Tab key={each} value={each}>
            {t(`run.${each}`)}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      <Tabs.Panel value="steps" className={styles.tab}>
        <StepsTable run={run} selected={selected} onSelect={onSelect} />
      </Tabs.Panel>
      <Tabs.Panel value="timeline" className={styles.tab}>
        <GanttChart run={run} selected={selected} onSelect={onSelect} />
      </Tabs.Panel>
      <Tabs.Panel value="log" className={styles.tab}>
        <RunLog run={run} step={selected} onStep={onSelect} />
      </Tabs.Panel>
      <Tabs.Panel value="metrics" className={`${styles.tab} ${styles.padded}`}>
        <RunMetrics run={run} />
      </Tabs.Panel>
      <Tabs.Panel value="about" className={`${styles.tab} ${styles.padded} ${styles.about}`}>
        <RunAbout run={run} />
        <RunRecordFacts runId={run.id} ended={isEnded(run.status)} />
      </Tabs.Panel>
      <Tabs.Panel value="reproduce" className={`${styles.tab} ${styles.padded}`}>
        <ReproduceTab run={run} />
      </Tabs.Panel>
    </Tabs>
  )
}
