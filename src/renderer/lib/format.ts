/** Numbers, dates and durations as the language of the page writes them. */
import i18next from 'i18next'
import { useSyncExternalStore } from 'react'

const secondMs = 1_000
const minuteMs = 60 * secondMs
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

const byteUnits = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const

/** Smaller numbers would be a row of zeros. */
const tiny = 1e-4

export interface Format {
  integer(value: number): string
  /** A metric: four significant digits, so that close versions can be told apart. */
  metric(value: number): string
  /** As a person wrote it, such as a limit. */
  exact(value: number): string
  /** As `metric`, but with as many digits as tell the number from the one it is compared with. */
  apart(value: number, other: number): string
  percent(fraction: number): string
  /** A probability, with one decimal. */
  share(fraction: number): string
  /** At most three significant digits, for the axes of charts. */
  short(value: number): string
  /** A difference, with its sign. */
  signed(value: number): string
  /** 1 kB is 1,000 bytes. */
  bytes(count: number): string
  /** Milliseconds as `340ms`, `12.3s`, `3m 5s`, `2h 14m`. */
  duration(milliseconds: number): string
  dateTime(instant: number): string
  /** With seconds, for log lines. */
  time(instant: number): string
  /** Day and month. */
  day(instant: number): string
  /** `5 min. ago`; the date once it is more than a week away. */
  relative(instant: number, now: number): string
}

export function createFormat(language: string): Format {
  const integer = new Intl.NumberFormat(language, { maximumFractionDigits: 0 })
  const metric = new Intl.NumberFormat(language, { minimumSignificantDigits: 4, maximumSignificantDigits: 4 })
  const exact = new Intl.NumberFormat(language, { maximumSignificantDigits: 12 })
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
  const day = new Intl.DateTimeFormat(language, { day: 'numeric', month: 'short' })
  const relative = new Intl.RelativeTimeFormat(language, { numeric: 'auto', style: 'short' })
  const units = {
    millisecond: unitFormat(language, 'millisecond'),
    second: unitFormat(language, 'second'),
    tenths: unitFormat(language, 'second', 1),
    minute: unitFormat(language, 'minute'),
    hour: unitFormat(language, 'hour'),
  }

  const metricText = (value: number) => {
    if (Number.isInteger(value)) return integer.format(value)
    return Math.abs(value) < tiny ? scientific.format(value) : metric.format(value)
  }

  return {
    integer: (value) => integer.format(value),
    exact: (value) => exact.format(value),
    metric: metricText,
    apart(value, other) {
      const text = metricText(value)
      return value !== other && text === metricText(other) ? exact.format(value) : text
    },
    percent: (fraction) => percent.format(fraction),
    share: (fraction) => share.format(fraction),
    short: (value) => short.format(value),
    signed: (value) => signed.format(value),
    bytes(count) {
      const power = Math.min(Math.floor(Math.log10(Math.max(count, 1)) / 3), byteUnits.length - 1)
      return new Intl.NumberFormat(language, {
        style: 'unit',
        unit: byteUnits[power] ?? 'byte',
        // The short form of a byte has no plural.
        unitDisplay: power === 0 ? 'long' : 'short',
        maximumFractionDigits: power === 0 ? 0 : 1,
      }).format(count / 1000 ** power)
    },
    duration(milliseconds) {
      const ms = Math.max(0, milliseconds)
      if (ms < secondMs) return units.millisecond.format(Math.round(ms))
      if (ms < minuteMs) return units.tenths.format(Math.floor(ms / 100) / 10)
      const [large, small, sizeMs, partMs] =
        ms < hourMs
          ? ([units.minute, units.second, minuteMs, secondMs] as const)
          : ([units.hour, units.minute, hourMs, minuteMs] as const)
      return `${large.format(Math.floor(ms / sizeMs))} ${small.format(Math.floor((ms % sizeMs) / partMs))}`
    },
    dateTime: (instant) => dateTime.format(instant),
    time: (instant) => time.format(instant),
    day: (instant) => day.format(instant),
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

function unitFormat(language: string, unit: string, digits = 0): Intl.NumberFormat {
  return new Intl.NumberFormat(language, {
    style: 'unit',
    unit,
    unitDisplay: 'narrow',
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  })
}

/** One for each language: making one takes about a millisecond, and every cell of a long table asks for it. */
const formats = new Map<string, Format>()

export function formatOf(language: string): Format {
  const known = formats.get(language)
  if (known !== undefined) return known
  const made = createFormat(language)
  formats.set(language, made)
  return made
}

/** Asks for the language alone: `useTranslation` makes much anew at every call, and a table calls this for every cell. */
export function useFormat(): Format {
  return formatOf(useSyncExternalStore(onLanguage, currentLanguage))
}

const currentLanguage = () => i18next.language

function onLanguage(listener: () => void): () => void {
  i18next.on('languageChanged', listener)
  return () => i18next.off('languageChanged', listener)
}
