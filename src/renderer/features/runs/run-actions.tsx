import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Run } from '#shared/runs.ts'
import { PlayIcon, RetryIcon, StopIcon } from '../../components/icons.tsx'
import { ProblemAlert } from '../../components/problem-alert.tsx'
import { problemOf } from '../../lib/api.ts'
import { isEnded } from '../../lib/cache-updates.ts'
import { useStartRun } from '../pipelines/start-run.tsx'
import { useCancelRun, useRetryRun } from './queries.ts'

/** Cancel while it runs; afterwards retry what did not succeed, or run the pipeline again. */
export function RunActions({ run }: { run: Run }) {
  const { t } = useTranslation()
  const cancel = useCancelRun(run.id)
  const retry = useRetryRun(run.id)
  const startRun = useStartRun()
  const params = { id: run.id }
  const error = cancel.error ?? retry.error
  if (!isEnded(run.status)) {
    return (
      <>
        {error !== null && <ProblemAlert problem={problemOf(error)} />}
        <Button
          variant="default"
          leftSection={<StopIcon size={14} />}
          loading={cancel.isPending}
          onClick={() => cancel.mutate({ params })}
        >
          {t('run.cancel')}
        </Button>
      </>
    )
  }
  const { projectId, pipeline, parameters } = run
  return (
    <>
      {error !== null && <ProblemAlert problem={problemOf(error)} />}
      {run.status !== 'succeeded' && (
        <Button
          leftSection={<RetryIcon size={14} />}
          loading={retry.isPending}
          onClick={() => retry.mutate({ params })}
        >
          {t('run.retry')}
        </Button>
      )}
      <Button
        variant="default"
        leftSection={<PlayIcon size={13} />}
        onClick={() => startRun.open({ projectId, pipeline, parameters })}
      >
        {t('run.runAgain')}
      </Button>
      {startRun.dialog}
    </>
  )
}
