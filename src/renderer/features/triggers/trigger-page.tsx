import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import type { Trigger } from '#shared/triggers.ts'
import { PlayIcon, StopIcon } from '../../components/icons.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { Page } from '../../components/page.tsx'
import { Pill } from '../../components/pill.tsx'
import { showToast } from '../../components/toast.tsx'
import { problemOf } from '../../lib/api.ts'
import { AboutTrigger } from './about-trigger.tsx'
import { CheckPanel } from './check-panel.tsx'
import { DecisionTimeline } from './decision-timeline.tsx'
import { useFire, usePause, useTrigger } from './queries.ts'
import styles from './triggers.module.css'

/** One trigger: what it waits for, what would happen now, and every decision so far. */
export default function TriggerPage({ id }: { id: string }) {
  const { t } = useTranslation()
  const trigger = useTrigger(id)
  return (
    <Page
      title={trigger.data?.label ?? t('triggers.trigger')}
      mark={trigger.data?.pausedAt != null && <Pill icon={<StopIcon size={11} />}>{t('triggers.stateOf.paused')}</Pill>}
      crumbs={[{ label: t('triggers.title'), href: '/triggers' }]}
      actions={trigger.data && <TriggerActions trigger={trigger.data} />}
    >
      <Loaded query={trigger} lines={6}>
        {(data) => (
          <div className={styles.columns}>
            <DecisionTimeline id={data.id} />
            <div className={styles.column}>
              <AboutTrigger trigger={data} />
              <CheckPanel trigger={data} />
            </div>
          </div>
        )}
      </Loaded>
    </Page>
  )
}

function TriggerActions({ trigger }: { trigger: Trigger }) {
  const { t } = useTranslation()
  const [, navigate] = useLocation()
  const fire = useFire()
  const pause = usePause()
  const isPaused = trigger.pausedAt !== null
  function fireNow() {
    fire.mutate(
      { params: { id: trigger.id }, body: { actor: 'gui' } },
      {
        onSuccess: (run) => {
          showToast({ text: t('triggers.fired') })
          navigate(`/runs/${run.id}`)
        },
        onError: (error) => showToast({ text: problemOf(error).detail, tone: 'bad' }),
      },
    )
  }
  return (
    <>
      <Button variant="default" onClick={() => pause.one(trigger, !isPaused)}>
        {t(isPaused ? 'triggers.resume' : 'triggers.pause')}
      </Button>
      <Button
        leftSection={<PlayIcon size={14} />}
        loading={fire.isPending}
        title={t('triggers.fireHint')}
        onClick={fireNow}
      >
        {t('triggers.fire')}
      </Button>
    </>
  )
}
