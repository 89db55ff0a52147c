import type { ComponentType, SVGProps } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { TimelineEntry } from '#shared/timeline.ts'
import {
  AlertIcon,
  BellIcon,
  CheckIcon,
  CrossIcon,
  DataIcon,
  EndpointIcon,
  RunIcon,
  TagIcon,
  TriggerIcon,
  UndoIcon,
} from '../../components/icons.tsx'
import { LongText } from '../../components/long-text.tsx'
import { Moment } from '../../components/time.tsx'
import { useFormat } from '../../lib/format.ts'
import { EvidenceList } from '../triggers/evidence-list.tsx'
import { evidencePath } from './evidence-path.ts'
import styles from './timeline.module.css'
import { useTimelineWords } from './use-words.ts'

type Icon = ComponentType<SVGProps<SVGSVGElement> & { size?: number }>

interface EntryProps {
  entry: TimelineEntry
  /** What led to it, where that is shown as well. */
  cause: TimelineEntry | undefined
}

export function Entry({ entry, cause }: EntryProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const words = useTimelineWords()
  const [title, text] = words.entry(entry)
  const Icon = iconOf(entry)
  const isClosed = entry.kind === 'decision' && entry.conditions.length + entry.holds.length > 0
  return (
    <li className={styles.entry} id={anchorOf(entry.id)} data-tone={toneOf(entry)}>
      <span className={styles.icon}>
        <Icon size={15} />
      </span>
      <div className={styles.body}>
        <div className={styles.head}>
          <span className={styles.kind}>{t(`timeline.kind.${entry.kind}`)}</span>
          <Link href={evidencePath(entry)} className={styles.title}>
            {title}
          </Link>
          <span className={styles.when} title={format.dateTime(entry.at)}>
            <Moment at={entry.at} />
          </span>
        </div>
        {text !== '' && (
          <p className={styles.text}>
            <LongText text={text} />
          </p>
        )}
        {isClosed && <EvidenceList conditions={entry.conditions} holds={entry.holds} />}
        {cause !== undefined && (
          <a className={styles.cause} href={`#${anchorOf(cause.id)}`} onClick={(event) => jump(event, cause.id)}>
            {t('timeline.follows', { what: words.entry(cause)[0] })}
          </a>
        )}
      </div>
    </li>
  )
}

function anchorOf(id: string): string {
  return `entry-${id.replaceAll(/[^\w-]/g, '-')}`
}

/** The address of the page is that of what it shows: a jump within it leaves it as it is. */
function jump(event: { preventDefault(): void }, id: string): void {
  event.preventDefault()
  const place = document.getElementById(anchorOf(id))
  place?.scrollIntoView({ block: 'center' })
  place?.querySelector('a')?.focus({ preventScroll: true })
}

function iconOf(entry: TimelineEntry): Icon {
  switch (entry.kind) {
    case 'reading':
      return DataIcon
    case 'alert':
      return entry.change === 'cleared' || entry.change === 'acknowledged' ? CheckIcon : BellIcon
    case 'act':
      return UndoIcon
    case 'decision':
      return TriggerIcon
    case 'run':
      return RunIcon
    case 'gate':
      return entry.blessed ? CheckIcon : CrossIcon
    case 'alias':
      return TagIcon
    case 'revision':
      return EndpointIcon
    case 'rollout':
      return entry.action === 'roll-back' || entry.action === 'abort' ? AlertIcon : EndpointIcon
    default:
      return entry satisfies never
  }
}

function toneOf(entry: TimelineEntry): 'good' | 'warn' | 'bad' | undefined {
  switch (entry.kind) {
    case 'reading':
      return entry.reading.status === 'critical' ? 'bad' : entry.reading.status === 'warning' ? 'warn' : 'good'
    case 'alert':
      return entry.change === 'cleared' ? 'good' : entry.severity === 'critical' ? 'bad' : 'warn'
    case 'act':
      return entry.outcome === 'refused' ? 'warn' : undefined
    case 'decision':
      return entry.outcome === 'failed' ? 'bad' : entry.outcome === 'held' ? 'warn' : undefined
    case 'run':
      return entry.status === 'failed' ? 'bad' : entry.status === 'succeeded' ? 'good' : undefined
    case 'gate':
      return entry.blessed ? 'good' : 'bad'
    case 'rollout':
      return entry.action === 'promote' ? 'good' : entry.action === 'roll-back' ? 'bad' : undefined
    case 'alias':
    case 'revision':
      return undefined
    default:
      return entry satisfies never
  }
}
