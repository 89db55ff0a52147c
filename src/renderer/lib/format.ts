/** Numbers, dates and durations as the language of the page writes them. */
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'

const secondMs = 1_000
const minuteMs = 60 * secondMs
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

/** Smaller numbers would be a row of zeros. */
const tiny = 1e-4

export interface Format {
  integer(value: number): string
  /** A metric: four significant digits, so that close versions can be told apart. */
  metric(value: number): string
  percent(fraction: number): string
  /** A probability, with one decimal. */
  share(fraction: number): string
  /** At most three significant digits, for the axes of charts. */
  short(value: number): string
  /** A difference, with its sign. */
  signed(value: number): string
  /** Milliseconds as `340ms`, `12.3s`, `3m 5s`, `2h 14m`. */
  duration(milliseconds: number): string
  dateTime(instant: number): string
  /** With seconds, for log lines. */
  time(instant: number): string
  /** `5 min. ago`; the date once it is more than a week away. */
  relative(instant: number, now: number): string
}

export function createFormat(language: string): Format {
  const integer = new Intl.NumberFormat(language, { maximumFractionDigits: 0 })
  const metric = new Intl.NumberFormat(language, { minimumSignificantDigits: 4, maximumSignificantDigits: 4 })
  const scientific = new Intl.NumberFormat(language, { notation: 'scientific', maximumSignificantDigits: 4 })
  const share = new Intl.NumberFormat(language, {
    style: 'percent',
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
  })
  const short = new Intl.NumberFormat(language, { maximumSignificantDigits: 3 })
  const signed = new Intl.NumberFormat(language, { maximumSignificantDigits: 3, signDisplay: 'exceptZero' })
  const percent = new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 0 })
  const dateTime = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' })
  const time = new Intl.DateTimeFormat(language, { timeStyle: 'medium' })
  const relative = new Intl.RelativeTimeFormat(language, { numeric: 'auto', style: 'short' })
  const unit = (name: string, value: number, digits = 0) =>
    new Intl.NumberFormat(language, {
      style: 'unit',
      unit: name,
      unitDisplay: 'narrow',
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
    }).format(value)

  return {
    integer: (value) => integer.format(value),
    metric(value) {
      if (Number.isInteger(value)) return integer.format(value)
      return Math.abs(value) < tiny ? scientific.format(value) : metric.format(value)
    },
    percent: (fraction) => percent.format(fraction),
    share: (fraction) => share.format(fraction),
    short: (value) => short.format(value),
    signed: (value) => signed.format(value),
    duration(milliseconds) {
      const ms = Math.max(0, milliseconds)
      if (ms < secondMs) return unit('millisecond', Math.round(ms))
      if (ms < minuteMs) return unit('second', Math.floor(ms / 100) / 10, 1)
      const [large, small, sizeMs, partMs] =
        ms < hourMs
          ? (['minute', 'second', minuteMs, secondMs] as const)
          : (['hour', 'minute', hourMs, minuteMs] as const)
      return `${unit(large, Math.floor(ms / sizeMs))} ${unit(small, Math.floor((ms % sizeMs) / partMs))}`
    },
    dateTime: (instant) => dateTime.format(instant),
    time: (instant) => time.format(instant),
    relative(instant, now) {
      const ago = instant - now
      const size = Math.abs(ago)
      if (size > 7 * dayMs) return dateTime.format(instant)
      if (size < minuteMs) return relative.format(Math.round(ago / secondMs), 'second')
      if (size < hourMs) return relative.format(Math.round(ago / minuteMs), 'minute')
      if (size < dayMs) return relative.format(Math.round(ago / hourMs), 'hour')
      return relative.format(Math.round(ago / dayMs), 'day')
    },
  }
}

export function useFormat(): Format {
  const { i18n } = useTranslation()
  return useMemo(() => createFormat(i18n.language), [i18n.language])
}
