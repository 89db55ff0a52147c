import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { durationText } from '#shared/durations.ts'
import type { MonitorState } from '#shared/monitors.ts'
import { RetryIcon } from '../../components/icons.tsx'
import { Panel } from '../../components/page.tsx'
import { ProblemAlert } from '../../components/problem-alert.tsx'
import { StatusMark } from '../../components/status.tsx'
import { Moment } from '../../components/time.tsx'
import { problemOf } from '../../lib/api.ts'
import { useSearchParam } from '../../lib/use-search-param.ts'
import { CheckView } from './check-view.tsx'
import { ChecksTable } from './checks-table.tsx'
import styles from './monitoring.module.css'
import { useLook } from './queries.ts'

/** One monitor: what it asks, what it found last, and the history of the check that is chosen. */
export function MonitorView({ monitor }: { monitor: MonitorState }) {
  const { t } = useTranslation()
  const [asked, ask] = useSearchParam('check')
  const look = useLook()
  const chosen = monitor.checks.find(({ name }) => name === asked) ?? monitor.checks[0]
  const { projectId, name } = monitor
  return (
    <>
      <Panel
        flush
        title={
          <span className={styles.title}>
            {t('monitoring.monitorNamed', { name })} <StatusMark status={monitor.status} pill />
          </span>
        }
        actions={
          <Button
            variant="default"
            size="xs"
            leftSection={<RetryIcon size={13} />}
            loading={look.isPending || monitor.looking !== null}
            onClick={() => look.mutate({ params: { id: projectId, name } })}
          >
            {t('monitoring.lookNow')}
          </Button>
        }
      >
        <About monitor={monitor} />
        {look.error !== null && <ProblemAlert problem={problemOf(look.error)} />}
        <ChecksTable monitor={monitor} chosen={chosen?.name} onChoose={ask} />
      </Panel>
      {chosen !== undefined && <CheckView key={`${name} ${chosen.name}`} monitor={monitor} check={chosen} />}
    </>
  )
}

function About({ monitor }: { monitor: MonitorState }) {
  const { t } = useTranslation()
  const { description, owner, file, everyMs, lastLookAt, nextLookAt } = monitor
  return (
    <div className={styles.about}>
      {description !== '' && <p>{description}</p>}
      <p className="muted">
        <code className="mono">{file}</code>
        {owner !== '' && <span>{owner}</span>}
        <span>{t('monitoring.every', { duration: durationText(everyMs) })}</span>
        <span>
          {lastLookAt === null ? (
            t('monitoring.neverLooked')
          ) : (
            <>
              {t('monitoring.lastLook')} <Moment at={lastLookAt} />
            </>
          )}
        </span>
        {nextLookAt !== null && (
          <span>
            {t('monitoring.nextLook')} <Moment at={nextLookAt} />
          </span>
        )}
      </p>
    </div>
  )
}
