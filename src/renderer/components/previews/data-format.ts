/** Figures of data as the language of the page writes them: shares, sizes, values of any column type. */
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { ColumnType } from '#shared/statistics.ts'
import { formatOf } from '../../lib/format.ts'
import { shortInstant } from './cell-text.ts'

export interface DataFormat {
  /** Three significant digits, so that one missing row in a million does not look like none. */
  share(fraction: number): string
  /** 1 kB is 1,000 bytes. */
  bytes(count: number): string
  /** Six significant digits at most; instants (epoch ms) as `2001-01-31 06:30` in UTC. */
  figure(value: number, type: ColumnType): string
  /** As `figure`, with its sign. */
  difference(value: number): string
  /** A divergence or other small ratio: three decimals. */
  ratio(value: number): string
}

const hugest = 1e12
const tiniest = 1e-4

export function createDataFormat(language: string): DataFormat {
  const share = new Intl.NumberFormat(language, { style: 'percent', maximumSignificantDigits: 3 })
  const plain = new Intl.NumberFormat(language, { maximumSignificantDigits: 6 })
  const integer = new Intl.NumberFormat(language, { maximumFractionDigits: 0 })
  const scientific = new Intl.NumberFormat(language, { notation: 'scientific', maximumSignificantDigits: 4 })
  const signed = new Intl.NumberFormat(language, { maximumSignificantDigits: 4, signDisplay: 'exceptZero' })
  const ratio = new Intl.NumberFormat(language, { minimumFractionDigits: 3, maximumFractionDigits: 3 })
  const number = (value: number) => {
    const size = Math.abs(value)
    if (size >= hugest || (size > 0 && size < tiniest)) return scientific.format(value)
    return Number.isInteger(value) ? integer.format(value) : plain.format(value)
  }
  return {
    share: (fraction) => share.format(fraction),
    bytes: formatOf(language).bytes,
    figure: (value, type) => (type === 'timestamp' ? instantText(value) : number(value)),
    difference: (value) => signed.format(value),
    ratio: (value) => ratio.format(value),
  }
}

const lastInstantMs = 8.64e15

function instantText(epochMs: number): string {
  // What lies beyond the calendar of the browser stays a number.
  if (Math.abs(epochMs) > lastInstantMs) return String(epochMs)
  return shortInstant(new Date(epochMs).toISOString())
}

export function useDataFormat(): DataFormat {
  const { i18n } = useTranslation()
  return useMemo(() => createDataFormat(i18n.language), [i18n.language])
}
