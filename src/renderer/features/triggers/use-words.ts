/** Conditions, evidence and restraints in the language of the page. */
import { useTranslation } from 'react-i18next'
import { durationText } from '#shared/durations.ts'
import type { ConditionEvidence, Hold, LeafCondition, Restraints } from '#shared/triggers.ts'
import { useFormat } from '../../lib/format.ts'
import { readingWords } from '../../lib/words/readings.ts'
import { useWords } from '../../lib/words/speech.ts'

type Evidence<Kind extends ConditionEvidence['kind']> = Extract<ConditionEvidence, { kind: Kind }>

export function useTriggerWords() {
  const { t } = useTranslation()
  const format = useFormat()
  const readings = useWords(readingWords)
  const figure = (value: number | null) => (value === null ? '–' : format.metric(value))
  const count = (value: number | null) => (value === null ? '–' : format.integer(value))

  function condition(leaf: LeafCondition): string {
    switch (leaf.kind) {
      case 'schedule':
        return t('triggers.condition.schedule', leaf)
      case 'new-data': {
        const { dataset, minRows, debounceMs } = leaf
        return t('triggers.condition.new-data', { dataset, rows: count(minRows), debounce: durationText(debounceMs) })
      }
      case 'performance':
        return t('triggers.condition.performance', { ...leaf, side: t(`triggers.side.${leaf.side}`) })
      case 'drift':
        return t('triggers.condition.drift', leaf)
      case 'after':
        return t('triggers.condition.after', leaf)
      case 'alert': {
        const { monitor, check, severity } = leaf
        const kind = t(`triggers.alertSeverity.${severity}`)
        return check === null
          ? t('triggers.condition.alertAny', { monitor, kind })
          : t('triggers.condition.alert', { monitor, check, kind })
      }
      case 'reading': {
        const { about, monitor, check, limit } = leaf
        const asked = {
          monitor,
          limit,
          side: t(`triggers.side.${leaf.side}`),
          what: t(`triggers.ofProduction.${about}`),
        }
        return check === null
          ? t('triggers.condition.readingAny', asked)
          : t('triggers.condition.reading', { ...asked, check })
      }
      default:
        return leaf satisfies never
    }
  }

  /** The first line says what was found; the others add to it. */
  function evidence(found: ConditionEvidence): string[] {
    switch (found.kind) {
      case 'schedule': {
        const at = found.plannedAt === null ? '' : format.dateTime(found.plannedAt)
        return [t(`triggers.evidence.schedule.${found.reason}`, { at })]
      }
      case 'new-data':
        return newData(found)
      case 'performance':
      case 'drift':
        return ofChampion(found)
      case 'after':
        return [
          t(`triggers.evidence.after.${found.reason}`, { pipeline: found.pipeline, project: found.project ?? '' }),
        ]
      case 'alert':
        return ofAlert(found)
      case 'reading':
        return ofReading(found)
      default:
        return found satisfies never
    }
  }

  function ofAlert({ monitor, alert, reason }: Evidence<'alert'>): string[] {
    if (alert === null) return [t('triggers.evidence.alert.none-open', { monitor })]
    const { check, raisedAt } = alert
    const found = alert.reading === undefined ? alert.reason : readings.reason(alert.reading)
    return [t(`triggers.evidence.alert.${reason}`, { monitor, check, at: format.dateTime(raisedAt) }), found]
  }

  function ofReading({ about, monitor, reading, limit, reason, problem }: Evidence<'reading'>): string[] {
    if (reason === 'unreadable') return [t('triggers.evidence.reading.unreadable', { monitor, problem: problem ?? '' })]
    if (reading === null || reason === 'none-yet') return [t('triggers.evidence.reading.none-yet', { monitor })]
    const { check, version, value, metric, estimate, rows, from, to } = reading
    const what = metric ?? t(`triggers.ofProduction.${about}`)
    const figures = { what, monitor, check, version: version ?? '–', value: figure(value), limit, rows: count(rows) }
    return [
      t(`triggers.evidence.reading.${reason}`, figures),
      t('triggers.evidence.readFrom', { from: format.dateTime(from), to: format.dateTime(to) }),
      ...(estimate ? [t('triggers.evidence.estimated')] : []),
    ]
  }

  function newData(found: Evidence<'new-data'>): string[] {
    const { dataset, rows, minRows, reason, problem, from, to, lateRows, files } = found
    const isFound = rows !== null && rows > 0
    return [
      t(`triggers.evidence.newData.${reason}`, {
        dataset,
        rows: count(rows),
        minRows: count(minRows),
        problem: problem ?? '',
      }),
      ...(isFound && from !== null && to !== null ? [t('triggers.evidence.span', { from, to })] : []),
      ...(lateRows > 0 ? [t('triggers.evidence.late', { rows: count(lateRows) })] : []),
      ...(files.length > 0 ? [t('triggers.evidence.files', { files: files.join(', ') })] : []),
    ]
  }

  function ofChampion(found: Evidence<'performance'> | Evidence<'drift'>): string[] {
    const { model, version, dataset, value, limit, rows, from, to, reason, problem } = found
    const figures = {
      model,
      version: version ?? '–',
      dataset,
      value: figure(value),
      limit,
      rows: count(rows),
      problem: problem ?? '',
    }
    const [first] =
      found.kind === 'performance'
        ? [t(`triggers.evidence.performance.${reason}`, { ...figures, metric: found.metric })]
        : [t(`triggers.evidence.drift.${reason}`, figures)]
    const columns =
      found.kind === 'drift' ? found.columns.map((moved) => `${moved.column} ${format.short(moved.value)}`) : []
    return [
      first,
      ...(from !== null && to !== null ? [t('triggers.evidence.rowsFrom', { from, to })] : []),
      ...(columns.length > 0 ? [t('triggers.evidence.mostMoved', { columns: columns.join(', ') })] : []),
    ]
  }

  function hold(held: Hold): string {
    const until = 'until' in held ? format.dateTime(held.until) : ''
    switch (held.kind) {
      case 'cooldown':
      case 'quiet-hours':
        return t(`triggers.hold.${held.kind}`, { until })
      case 'budget':
        return t(`triggers.hold.budget_${held.unit}`, { until, limit: held.limit, used: format.short(held.used) })
      case 'overlap':
        return t('triggers.hold.overlap')
      default:
        return held satisfies never
    }
  }

  function restraints({ cooldownMs, quietHours, budget, overlap, timeZone }: Restraints): string[] {
    return [
      ...(cooldownMs === null ? [] : [t('triggers.restraint.cooldown', { span: durationText(cooldownMs) })]),
      ...(quietHours === null ? [] : [t('triggers.restraint.quietHours', { ...quietHours, timeZone })]),
      ...(budget?.runs == null ? [] : [t('triggers.restraint.runs', { limit: budget.runs })]),
      ...(budget?.minutes == null ? [] : [t('triggers.restraint.minutes', { limit: budget.minutes })]),
      ...(overlap ? [t('triggers.restraint.overlap')] : []),
    ]
  }

  return { condition, evidence, hold, restraints }
}
