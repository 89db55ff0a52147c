/** Readings in the language of the page: values with their units, limits, intervals. */
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Limit, Reading, ReadingUnit } from '#shared/monitors.ts'
import { useFormat } from '../../lib/format.ts'

export function useReadingWords() {
  const { t } = useTranslation()
  const format = useFormat()
  return useMemo(() => {
    const value = (number: number | null, unit: ReadingUnit): string => {
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
    const limit = (bound: Limit | null, unit: ReadingUnit): string => {
      const { above, below } = bound ?? {}
      const parts = [
        ...(above === undefined ? [] : [t('monitoring.above', { value: value(above, unit) })]),
        ...(below === undefined ? [] : [t('monitoring.below', { value: value(below, unit) })]),
      ]
      return parts.length === 0 ? '–' : parts.join(', ')
    }
    const interval = ({ interval: between, unit }: Pick<Reading, 'interval' | 'unit'>): string =>
      between === undefined
        ? ''
        : t('monitoring.between', { low: value(between.low, unit), high: value(between.high, unit) })
    /** What an axis of such values is called. */
    const axis = (unit: ReadingUnit, metric?: string): string =>
      unit === 'metric' && metric !== undefined ? metric : t(`monitoring.units.${unit}`)
    return { value, limit, interval, axis }
  }, [t, format])
}
