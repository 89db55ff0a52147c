import type { ComponentType } from 'react'
import { useTranslation } from 'react-i18next'
import type { DecisionOutcome } from '#shared/triggers.ts'
import { AlertIcon, CrossIcon, PlayIcon, SearchIcon, SkipIcon, StopIcon, WaitIcon } from '../../components/icons.tsx'
import styles from './triggers.module.css'

const looks: Record<DecisionOutcome, { tone: string; icon: ComponentType<{ size?: number }> }> = {
  started: { tone: 'good', icon: PlayIcon },
  'started-late': { tone: 'good', icon: PlayIcon },
  fired: { tone: 'good', icon: PlayIcon },
  skipped: { tone: 'warn', icon: SkipIcon },
  failed: { tone: 'bad', icon: AlertIcon },
  'not-met': { tone: 'neutral', icon: CrossIcon },
  held: { tone: 'warn', icon: StopIcon },
  watching: { tone: 'neutral', icon: SearchIcon },
}

/** What became of a decision, by icon and word. */
export function OutcomeMark({ outcome }: { outcome: DecisionOutcome }) {
  const { t } = useTranslation()
  const { tone, icon: Icon } = looks[outcome]
  return (
    <span className={styles.outcome} data-tone={tone}>
      <Icon size={14} />
      {t(`triggers.outcome.${outcome}`)}
    </span>
  )
}

/** Of a trigger about which nothing was decided yet. */
export function NoDecision() {
  const { t } = useTranslation()
  return (
    <span className={styles.outcome} data-tone="neutral">
      <WaitIcon size={14} />
      {t('common.notYet')}
    </span>
  )
}
