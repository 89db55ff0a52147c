/** The entries of a timeline in the language of the page. */
import { useTranslation } from 'react-i18next'
import type { TimelineEntry } from '#shared/timeline.ts'
import { useFormat } from '../../lib/format.ts'
import { ledgerWords } from '../../lib/words/ledger.ts'
import { readingWords } from '../../lib/words/readings.ts'
import { rolloutWords } from '../../lib/words/rollouts.ts'
import { useWords } from '../../lib/words/speech.ts'

type Of<Kind extends TimelineEntry['kind']> = Extract<TimelineEntry, { kind: Kind }>

export function useTimelineWords() {
  const { t } = useTranslation()
  const format = useFormat()
  const readings = useWords(readingWords)
  const ledger = useWords(ledgerWords)
  const decisions = useWords(rolloutWords)

  /** What happened, and what there is to say of it. */
  function entry(found: TimelineEntry): [title: string, text: string] {
    switch (found.kind) {
      case 'reading': {
        const { monitor, check } = found.reading
        return [t('timeline.reading', { monitor, check }), readings.reason(found.reading)]
      }
      case 'alert': {
        const { monitor, check, change, reading, reason } = found
        return [t(`timeline.alert.${change}`, { monitor, check }), reading ? readings.reason(reading) : reason]
      }
      case 'act':
        return [t(`timeline.act.${found.outcome}`, { revision: found.revision ?? '' }), ledger.act(found)]
      case 'decision':
        return [t('timeline.decision', { label: found.label, outcome: t(`triggers.outcome.${found.outcome}`) }), '']
      case 'run':
        return run(found)
      case 'gate':
        return [t(found.blessed ? 'timeline.blessed' : 'timeline.rejected', gateSubject(found)), ledger.reason(found)]
      case 'alias': {
        const { model, alias, fromVersion, toVersion } = found
        return [t('timeline.alias', { model, alias, from: fromVersion ?? '–', to: toVersion ?? '–' }), unlessRun(found)]
      }
      case 'revision': {
        const { number, model, version, rollout } = found
        const what = { number, model, version, rollout: rollout === null ? '' : t(`rollouts.kinds.${rollout}`) }
        return [t(rollout === null ? 'timeline.revision' : 'timeline.candidate', what), unlessRun(found)]
      }
      case 'rollout': {
        const { action, rollout, number, model, version, fromShare, toShare, actor } = found
        const what = { from: format.percent(fromShare), to: format.percent(toShare), number, model, version }
        const title =
          rollout === 'shadow' ? t(`timeline.shadow.${action}`, what) : t(`timeline.rollout.${action}`, what)
        return [title, actor.startsWith('run ') ? '' : decisions.reason(found)]
      }
      default:
        return found satisfies never
    }
  }

  function run({ pipeline, status, startedAt, finishedAt }: Of<'run'>): [string, string] {
    const took = startedAt === null || finishedAt === null ? '' : format.duration(finishedAt - startedAt)
    return [t('timeline.run', { pipeline }), [t(`status.${status}`), took].filter((part) => part !== '').join(', ')]
  }

  function gateSubject({ model, version }: Of<'gate'>) {
    return { what: model === null || version === null ? t('timeline.aModel') : `${model} ${version}` }
  }

  /** Where a run did it, the reason is that of its gate, which stands beside it. */
  function unlessRun(found: Of<'alias'> | Of<'revision'>): string {
    return found.actor.startsWith('run ') ? '' : ledger.reason(found)
  }

  return { entry }
}
