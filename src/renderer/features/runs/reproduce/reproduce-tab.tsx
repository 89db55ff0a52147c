import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { Reproduction } from '#shared/reproduction.ts'
import type { Run } from '#shared/runs.ts'
import { EmptyNote } from '../../../components/empty.tsx'
import { RetryIcon, StopIcon } from '../../../components/icons.tsx'
import { Loaded } from '../../../components/loaded.tsx'
import { ProblemAlert } from '../../../components/problem-alert.tsx'
import { StatusMark } from '../../../components/status.tsx'
import { Moment } from '../../../components/time.tsx'
import { problemOf } from '../../../lib/api.ts'
import { isEnded } from '../../../lib/cache-updates.ts'
import { shortRunId } from '../run-id.ts'
import { useCancelReproduction, useReproduceRun, useReproductions } from './queries.ts'
import styles from './reproduce.module.css'
import { ReproductionReportView } from './reproduction-report.tsx'

/** Runs it again from what was recorded, and tells whether the same came out. */
export function ReproduceTab({ run }: { run: Run }) {
  const { t } = useTranslation()
  const reproductions = useReproductions(run.id)
  const reproduce = useReproduceRun(run.id)
  const cancel = useCancelReproduction(run.id)
  const error = reproduce.error ?? cancel.error
  const underWay = reproductions.data?.find(({ finishedAt }) => finishedAt === null)
  const repeats = run.startedBy === 'reproduction'
  return (
    <div className={styles.stack}>
      <p className={styles.text}>{t(repeats ? 'reproduce.isOne' : 'reproduce.text')}</p>
      {error !== null && <ProblemAlert problem={problemOf(error)} />}
      {!repeats && (
        <div className={styles.buttons}>
          <Button
            variant="default"
            leftSection={<RetryIcon size={14} />}
            disabled={!isEnded(run.status) || underWay !== undefined}
            loading={reproduce.isPending}
            onClick={() => reproduce.mutate({ params: { id: run.id } })}
          >
            {t('reproduce.start')}
          </Button>
          {underWay !== undefined && (
            <Button
              variant="default"
              leftSection={<StopIcon size={14} />}
              loading={cancel.isPending}
              onClick={() => cancel.mutate({ params: { id: underWay.id } })}
            >
              {t('run.cancel')}
            </Button>
          )}
        </div>
      )}
      <Loaded query={reproductions}>
        {(list) =>
          list.length === 0 && !repeats ? (
            <EmptyNote>{t('reproduce.none')}</EmptyNote>
          ) : (
            list.map((each, index) => <One key={each.id} reproduction={each} open={index === 0} />)
          )
        }
      </Loaded>
    </div>
  )
}

function One({ reproduction, open }: { reproduction: Reproduction; open: boolean }) {
  const { t } = useTranslation()
  const { status, report, problem, newRunId, createdAt } = reproduction
  return (
    <details className={styles.one} open={open}>
      <summary className={styles.head}>
        <Outcome reproduction={reproduction} />
        <Moment at={createdAt} />
      </summary>
      {newRunId !== null && (
        <p className={styles.text}>
          <Link href={`/runs/${newRunId}`}>
            {t('common.run')} <span className="mono">{shortRunId(newRunId)}</span>
          </Link>
        </p>
      )}
      {status === 'preparing' && <EmptyNote>{t('reproduce.preparing')}</EmptyNote>}
      {problem !== null && <ProblemAlert problem={problem} />}
      {report !== null && <ReproductionReportView report={report} />}
    </details>
  )
}

function Outcome({ reproduction: { status, report } }: { reproduction: Reproduction }) {
  const { t } = useTranslation()
  if (report !== null) {
    const identical = report.verdict === 'identical'
    return (
      <StatusMark status={identical ? 'succeeded' : 'failed'} text={t(`reproduce.verdict.${report.verdict}`)} pill />
    )
  }
  const known = {
    preparing: 'queued',
    running: 'running',
    finished: 'succeeded',
    failed: 'failed',
    cancelled: 'cancelled',
  } as const
  return <StatusMark status={known[status]} text={t(`reproduce.status.${status}`)} pill />
}
