/** Readings in the language of the page: values with their units, limits, and why a reading is what it is. Pure. */
import type { AlertReading } from '#shared/alerts.ts'
import type { Limit, Reading, ReadingPart, ReadingUnit } from '#shared/monitors.ts'
import type { Nothing, PartNote, SampleOf } from '#shared/reading-words.ts'
import { measureName } from './drift-measures.ts'
import { metricName } from './metrics.ts'
import { capitalised, type Speech } from './speech.ts'

export function readingWords({ t, format }: Speech) {
  function value(number: number | null, unit: ReadingUnit): string {
    if (number === null) return '–'
    switch (unit) {
      case 'requests-per-minute':
        return t('monitoring.perMinute', { value: format.short(number) })
      case 'milliseconds':
        return t('monitoring.milliseconds', { value: format.short(number) })
      case 'share':
        return format.share(number)
      case 'count':
        return format.integer(number)
      case 'distance':
      case 'metric':
        return format.metric(number)
      default:
        return unit satisfies never
    }
  }

  /** A limit has the digits that a person wrote. */
  function limitValue(bound: number, unit: ReadingUnit): string {
    return unit === 'distance' || unit === 'metric' ? format.exact(bound) : value(bound, unit)
  }

  function limit(bound: Limit | null, unit: ReadingUnit): string {
    const { above, below } = bound ?? {}
    const parts = [
      ...(above === undefined ? [] : [t('monitoring.above', { value: limitValue(above, unit) })]),
      ...(below === undefined ? [] : [t('monitoring.below', { value: limitValue(below, unit) })]),
    ]
    return parts.length === 0 ? '–' : parts.join(', ')
  }

  function interval({ interval: between, unit }: Pick<Reading, 'interval' | 'unit'>): string {
    if (between === undefined) return ''
    return t('monitoring.between', { low: value(between.low, unit), high: value(between.high, unit) })
  }

  /** What an axis of such values is called. */
  function axis(unit: ReadingUnit, metric?: string): string {
    return unit === 'metric' && metric !== undefined ? metric : t(`monitoring.units.${unit}`)
  }

  /** Why the status is what it is, in one sentence. */
  function reason(reading: AlertReading): string {
    const { status, value: found, limits, unit } = reading
    if (status === 'no-data') return noData(reading)
    if (found === null) return reading.reason
    if (status === 'ok') {
      const isLimited = limits.warning !== null || limits.critical !== null
      return t(isLimited ? 'reading.within' : 'reading.unlimited', { found: finding(reading, found) })
    }
    const { above, below } = limits[status] ?? {}
    const isAbove = above !== undefined && found > above
    const crossed = isAbove ? above : below
    if (crossed === undefined) return reading.reason
    const told = { found: finding(reading, found) + confidence(reading), limit: limitValue(crossed, unit) }
    return t(isAbove ? 'reading.above' : 'reading.below', told)
  }

  /** Old readings do not tell what they lack, save in English. */
  function noData({ kind, rows, minRows, nothing: why, reason: told }: AlertReading): string {
    if (kind !== 'traffic' && minRows !== undefined && rows < minRows) {
      const few = t('reading.fewRows', { count: rows, rows: format.integer(rows), minRows: format.integer(minRows) })
      return rows === 0 && why !== undefined ? `${few} ${nothing(why)}` : few
    }
    return why === undefined ? told : nothing(why)
  }

  function finding({ kind, unit, metric = '' }: AlertReading, found: number): string {
    const figures = { value: value(found, unit) }
    switch (kind) {
      case 'traffic':
        return t('reading.found.traffic', { value: format.short(found) })
      case 'performance':
      case 'estimated-performance':
        return capitalised(t(`reading.found.${kind}`, { ...figures, metric: metricName({ t }, metric) }))
      case 'drift':
        return t(unit === 'count' ? 'reading.found.driftColumns' : 'reading.found.drift', figures)
      default:
        return t(`reading.found.${kind}`, figures)
    }
  }

  function confidence(reading: AlertReading): string {
    if (reading.interval === undefined) return ''
    const share = format.percent(reading.interval.confidence)
    return ` ${t('reading.confidence', { interval: interval(reading), share })}`
  }

  function nothing(why: Nothing): string {
    switch (why.kind) {
      case 'no-metric':
        return t('reading.nothing.no-metric', { metric: metricName({ t }, why.metric) })
      case 'no-reference':
        return t('reading.nothing.no-reference', { sample: sample(why.sample) })
      case 'problem':
        return why.problem
      case 'no-evaluation':
        return t('reading.nothing.no-evaluation', why)
      case 'no-environment':
        return t('reading.nothing.no-environment', why)
      case 'no-known-input':
        return t('reading.nothing.no-known-input', why)
      default:
        return t(`reading.nothing.${why.kind}`)
    }
  }

  function sample(of: SampleOf): string {
    if (of.kind === 'requests' || of.kind === 'requests-before') return t(`reading.sample.${of.kind}`)
    return t(`reading.sample.${of.kind}`, of)
  }

  /** What there is to say of a part beside its value. */
  function detail({ note, detail: told = '' }: ReadingPart): string {
    return note === undefined ? told : noteText(note)
  }

  function noteText(note: PartNote): string {
    switch (note.kind) {
      case 'drift': {
        const figure = note.value === null ? '–' : format.short(note.value)
        const measure = measureName({ t }, note.measure)
        return t('reading.note.drift', { measure, value: figure, limit: format.short(note.limit) })
      }
      case 'reads': {
        const { fresh, stale, missing } = note
        return t('reading.note.reads', {
          fresh: format.integer(fresh),
          stale: format.integer(stale),
          missing: format.integer(missing),
        })
      }
      case 'anomaly':
        return t(`anomaly.types.${note.type}.text`)
      default:
        return note satisfies never
    }
  }

  return { value, limit, interval, axis, reason, sample, detail }
}
