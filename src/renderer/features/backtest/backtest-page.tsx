import { Button, Progress } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { Backtest } from '#shared/backtest.ts'
import { CrossIcon } from '../../components/icons.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { Page } from '../../components/page.tsx'
import { ProblemAlert } from '../../components/problem-alert.tsx'
import { Moment } from '../../components/time.tsx'
import { useRun } from '../../lib/queries.ts'
import styles from './backtest.module.css'
import { BacktestStatus } from './backtest-status.tsx'
import { useBacktest, useCancelRun } from './queries.ts'
import { ReplayView } from './replay-view.tsx'

/** One back-test: how far its run is, then the policies beside each other. */
export default function BacktestPage({ id }: { id: string }) {
  const { t } = useTranslation()
  const backtest = useBacktest(id)
  const data = backtest.data
  return (
    <Page
      title={data === undefined ? t('backtest.one') : t('backtest.titleOf', { pipeline: data.pipeline })}
      mark={data && <BacktestStatus status={data.status} pill />}
      crumbs={[{ label: t('backtest.title'), href: '/triggers/backtest' }]}
    >
      <Loaded query={backtest} lines={8}>
        {(found) => (
          <>
            <Head backtest={found} />
            {found.status === 'running' && found.run !== null && <RunProgress runId={found.run.id} />}
            {found.problem !== null && found.status !== 'running' && <ProblemAlert problem={found.problem} />}
            {found.matrix !== null && <ReplayView key={found.id} backtest={found} matrix={found.matrix} />}
          </>
        )}
      </Loaded>
    </Page>
  )
}

function Head({ backtest }: { backtest: Backtest }) {
  const { t } = useTranslation()
  const { matrixSettings, pipeline, projectId, run, createdAt } = backtest
  const { from, to, span, initialSpans, trainingSpans } = matrixSettings
  return (
    <div className={styles.facts}>
      <span>
        {t('backtest.pipeline')}{' '}
        <Link href={`/pipelines/${projectId}/${encodeURIComponent(pipeline)}`}>{pipeline}</Link>
      </span>
      <span>{t('backtest.historyFacts', { from, to, span: t(`backtest.span_${span}`, { defaultValue: span }) })}</span>
      <span>
        {trainingSpans === null
          ? t('backtest.learnsFromAll', { count: initialSpans })
          : t('backtest.learnsFromNewest', { count: trainingSpans })}
      </span>
      {run !== null && (
        <span>
          <Link href={`/runs/${run.id}`}>{t('backtest.itsRun')}</Link>
        </span>
      )}
      <span>
        <Moment at={createdAt} />
      </span>
    </div>
  )
}

function RunProgress({ runId }: { runId: string }) {
  const { t } = useTranslation()
  const run = useRun(runId)
  const cancel = useCancelRun()
  if (run.data === undefined) return null
  const { stepsDone, stepsTotal, steps } = run.data
  const running = steps.filter(({ status }) => status === 'running').map(({ name }) => name)
  return (
    <div className={styles.progress}>
      <Progress
        flex={1}
        value={(100 * stepsDone) / stepsTotal}
        aria-label={t('backtest.progress', { done: stepsDone, total: stepsTotal })}
      />
      <span className="muted">{t('backtest.progress', { done: stepsDone, total: stepsTotal })}</span>
      <span className={styles.running}>{running.join(', ')}</span>
      <Button
        size="xs"
        variant="default"
        leftSection={<CrossIcon size={13} />}
        loading={cancel.isPending}
        onClick={() => cancel.mutate({ params: { id: runId } })}
      >
        {t('backtest.cancel')}
      </Button>
    </div>
  )
}
