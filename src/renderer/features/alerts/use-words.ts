/** What happened to an alert, in the language of the page. */
import { useTranslation } from 'react-i18next'
import type { AlertEvent, Receiver } from '#shared/alerts.ts'
import { useFormat } from '../../lib/format.ts'
import { ledgerWords } from '../../lib/words/ledger.ts'
import { readingWords } from '../../lib/words/readings.ts'
import { useWords } from '../../lib/words/speech.ts'

type Event<Kind extends AlertEvent['kind']> = Extract<AlertEvent, { kind: Kind }>

export function useAlertWords() {
  const { t } = useTranslation()
  const format = useFormat()
  const readings = useWords(readingWords)
  const ledger = useWords(ledgerWords)

  function receiver(told: Receiver): string {
    switch (told.kind) {
      case 'desktop':
        return t('alerts.receiver.desktop')
      case 'webhook':
        return t('alerts.receiver.webhook', { name: told.name })
      case 'command':
        return t('alerts.receiver.command', { command: told.command.join(' ') })
      default:
        return told satisfies never
    }
  }

  /** What happened, and what there is to say of it. */
  function event(found: AlertEvent): [title: string, text: string] {
    switch (found.kind) {
      case 'raised':
      case 'escalated':
      case 'eased':
        return [t(`alerts.event.${found.kind}_${found.severity}`), readings.reason(found.reading)]
      case 'acknowledged':
        return [t('alerts.event.acknowledged', { name: found.by }), found.note]
      case 'cleared':
        return [
          t('alerts.event.cleared'),
          found.reading === null ? t('alerts.event.gone') : readings.reason(found.reading),
        ]
      case 'delivery':
        return delivery(found)
      case 'acted':
        return found.outcome === 'done'
          ? [t('alerts.event.rolledBack', { revision: found.revision ?? '' }), ledger.act(found)]
          : [t('alerts.event.notRolledBack'), ledger.act(found)]
      default:
        return found satisfies never
    }
  }

  function delivery({ ok, receiver: told, attempt, detail, nextAt }: Event<'delivery'>): [string, string] {
    const whom = receiver(told)
    if (ok) return [t('alerts.event.told', { whom }), detail]
    const next = nextAt === null ? t('alerts.event.givenUp') : t('alerts.event.nextAt', { at: format.time(nextAt) })
    return [t('alerts.event.notTold', { whom, attempt }), [detail, next].join(' ')]
  }

  return { event, receiver }
}
