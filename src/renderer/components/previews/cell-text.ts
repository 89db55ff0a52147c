/** How a value of a table is written in a cell, and what is copied of it. Pure. */

import type { Json } from '#shared/runs.ts'
import type { ColumnType } from '#shared/statistics.ts'

export type CellLook = 'value' | 'missing' | 'empty'

export interface CellText {
  readonly text: string
  /** A missing value, an empty text and a value must never look alike. */
  readonly look: CellLook
}

const instant = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-]\d\d:\d\d)?$/

/** A cell without its look for people: what goes on the clipboard and into CSV. A missing value is an empty text. */
export function plainText(value: Json | undefined): string {
  if (value === null || value === undefined) return ''
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

/** Digits are not grouped, because codes and years are numbers too; the decimal sign is that of the language. */
export function createCellText(language: string): (value: Json | undefined, type: ColumnType) => CellText {
  const number = new Intl.NumberFormat(language, { useGrouping: false, maximumSignificantDigits: 17 })
  return (value, type) => {
    if (value === null || value === undefined) return { text: '', look: 'missing' }
    if (value === '') return { text: '', look: 'empty' }
    if (typeof value === 'number') return { text: number.format(value), look: 'value' }
    if (type === 'timestamp' && typeof value === 'string') return { text: shortInstant(value), look: 'value' }
    return { text: plainText(value), look: 'value' }
  }
}

/** ISO 8601 without what says nothing: `2001-01-01 06:30`, `2001-01-01`. The time is UTC, as the engine sees it. */
export function shortInstant(iso: string): string {
  const [, day, time = '', fraction = '', zone = ''] = instant.exec(iso) ?? []
  if (day === undefined) return iso
  const utc = zone === '' || zone === 'Z' || zone === '+00:00' ? '' : zone
  const parts = /^\.0+$/.test(fraction) ? '' : fraction
  if (time === '00:00:00' && parts === '' && utc === '') return day
  const short = time.endsWith(':00') && parts === '' ? time.slice(0, 5) : time + parts
  return `${day} ${short}${utc}`
}

/** Numbers stand right-aligned, so that their sizes can be compared down a column. */
export function isNumeric(type: ColumnType): boolean {
  return type === 'integer' || type === 'number'
}

const needsQuotes = /[",\r\n]/

/** One line of CSV as RFC 4180 has it. An empty text is quoted, so that it stays apart from a missing value. */
export function csvLine(values: readonly (Json | undefined)[]): string {
  return values
    .map((value) => {
      const text = plainText(value)
      return value === '' || needsQuotes.test(text) ? `"${text.replaceAll('"', '""')}"` : text
    })
    .join(',')
}

/** One line as spreadsheets take it from the clipboard, which know no tabs and line ends within a cell. */
export function tsvLine(values: readonly (Json | undefined)[]): string {
  return values.map((value) => plainText(value).replace(/[\t\r\n]+/g, ' ')).join('\t')
}
