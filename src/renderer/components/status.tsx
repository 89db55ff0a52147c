/** State by icon and word, never by colour alone. */
import type { ComponentType, SVGProps } from 'react'
import { useTranslation } from 'react-i18next'
import type { Endpoint } from '#shared/models.ts'
import type { ReadingStatus } from '#shared/monitors.ts'
import type { RunStatus, StepStatus } from '#shared/runs.ts'
import { AlertIcon, CheckIcon, CrossIcon, ProgressIcon, QueueIcon, SkipIcon, SlashIcon, WaitIcon } from './icons.tsx'
import styles from './status.module.css'

export type Status =
  | RunStatus
  | StepStatus
  | Endpoint['state']
  | ReadingStatus
  | 'blessed'
  | 'rejected'
  | 'ungated'
  | 'asked'
  | 'unavailable'
type Tone = 'good' | 'bad' | 'active' | 'warn' | 'neutral'
type Icon = ComponentType<SVGProps<SVGSVGElement> & { size?: number }>

const looks: Record<Status, { tone: Tone; icon: Icon }> = {
  queued: { tone: 'neutral', icon: QueueIcon },
  waiting: { tone: 'neutral', icon: WaitIcon },
  running: { tone: 'active', icon: ProgressIcon },
  succeeded: { tone: 'good', icon: CheckIcon },
  failed: { tone: 'bad', icon: CrossIcon },
  skipped: { tone: 'neutral', icon: SkipIcon },
  cancelled: { tone: 'warn', icon: SlashIcon },
  ready: { tone: 'good', icon: CheckIcon },
  loading: { tone: 'active', icon: ProgressIcon },
  empty: { tone: 'neutral', icon: WaitIcon },
  blessed: { tone: 'good', icon: CheckIcon },
  rejected: { tone: 'bad', icon: CrossIcon },
  asked: { tone: 'warn', icon: AlertIcon },
  ungated: { tone: 'neutral', icon: WaitIcon },
  ok: { tone: 'good', icon: CheckIcon },
  warning: { tone: 'warn', icon: AlertIcon },
  critical: { tone: 'bad', icon: CrossIcon },
  'no-data': { tone: 'neutral', icon: WaitIcon },
  unavailable: { tone: 'warn', icon: AlertIcon },
}

export function toneClass(status: Status): string {
  return styles[looks[status].tone] ?? ''
}

export function StatusIcon({ status, size = 15 }: { status: Status; size?: number }) {
  const { icon: Icon } = looks[status]
  const turning = status === 'running' || status === 'loading'
  return <Icon size={size} className={turning ? styles.turning : undefined} strokeWidth={2.4} />
}

interface StatusMarkProps {
  status: Status
  /** With a ground of its own, for a title. */
  pill?: boolean
  /** Where another word says it better. */
  text?: string
}

export function StatusMark({ status, pill = false, text }: StatusMarkProps) {
  const { t } = useTranslation()
  return (
    <span className={`${styles.mark} ${toneClass(status)}`} data-pill={pill || undefined} data-status={status}>
      <StatusIcon status={status} />
      {text ?? t(`status.${status}`)}
    </span>
  )
}
