import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { AlertDelivery, AlertDetails, AlertEvent } from '#shared/alerts.ts'
import { AlertIcon, CheckIcon, CrossIcon, UndoIcon } from '../../components/icons.tsx'
import { Moment } from '../../components/time.tsx'
import { showToast } from '../../components/toast.tsx'
import { problemOf } from '../../lib/api.ts'
import styles from './alerts.module.css'
import { useRetryDelivery } from './queries.ts'
import { useAlertWords } from './use-words.ts'

/** All that became of an alert, the newest first. */
export function AlertHistory({ alert: { events, history } }: { alert: AlertDetails }) {
  const { t } = useTranslation()
  return (
    <ol className={styles.timeline} aria-label={t('alerts.history')}>
      {events.toReversed().map((event) => (
        <Entry
          key={event.id}
          event={event}
          delivery={deliveryOf(event, history)}
          isLast={isLastAttempt(event, events)}
        />
      ))}
    </ol>
  )
}

function deliveryOf(event: AlertEvent, history: readonly AlertDelivery[]): AlertDelivery | undefined {
  return event.kind === 'delivery' ? history.find(({ id }) => id === event.deliveryId) : undefined
}

function isLastAttempt(event: AlertEvent, events: readonly AlertEvent[]): boolean {
  if (event.kind !== 'delivery') return false
  return events.findLast((each) => each.kind === 'delivery' && each.deliveryId === event.deliveryId) === event
}

interface EntryProps {
  event: AlertEvent
  delivery: AlertDelivery | undefined
  isLast: boolean
}

function Entry({ event, delivery, isLast }: EntryProps) {
  const words = useAlertWords()
  const [title, text] = words.event(event)
  return (
    <li className={styles.entry}>
      <div className={styles.entryHead}>
        <span className={styles.severity} data-tone={toneOf(event)}>
          <EventIcon event={event} />
          {title}
        </span>
        <span className={styles.when}>
          <Moment at={event.at} />
        </span>
      </div>
      {text !== '' && <p className={styles.text}>{text}</p>}
      {isLast && delivery?.state === 'failed' && <Retry delivery={delivery} />}
    </li>
  )
}

function Retry({ delivery: { id } }: { delivery: AlertDelivery }) {
  const { t } = useTranslation()
  const retry = useRetryDelivery()
  const again = () =>
    retry.mutate({ params: { id } }, { onError: (error) => showToast({ text: problemOf(error).detail, tone: 'bad' }) })
  return (
    <Button variant="default" size="compact-sm" loading={retry.isPending} onClick={again}>
      {t('alerts.tryAgain')}
    </Button>
  )
}

function toneOf(event: AlertEvent): 'warning' | 'critical' | 'cleared' | undefined {
  switch (event.kind) {
    case 'raised':
    case 'escalated':
    case 'eased':
      return event.severity
    case 'cleared':
      return 'cleared'
    case 'delivery':
      return event.ok ? undefined : 'warning'
    case 'acted':
      return event.outcome === 'refused' ? 'warning' : undefined
    case 'acknowledged':
      return undefined
    default:
      return event satisfies never
  }
}

function EventIcon({ event }: { event: AlertEvent }) {
  switch (event.kind) {
    case 'raised':
    case 'escalated':
    case 'eased':
      return event.severity === 'critical' ? <CrossIcon size={14} /> : <AlertIcon size={14} />
    case 'cleared':
    case 'acknowledged':
      return <CheckIcon size={14} />
    case 'delivery':
      return event.ok ? <CheckIcon size={14} /> : <AlertIcon size={14} />
    case 'acted':
      return <UndoIcon size={14} />
    default:
      return event satisfies never
  }
}
