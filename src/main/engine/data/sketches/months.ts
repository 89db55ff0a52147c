/** Stretches of days, and the sketches of months. Pure. */
import type { DriftHistory } from '#shared/drift.ts'
import type { SpanSketches } from './compute.ts'
import { type ColumnSketch, mergeSketches } from './sketch.ts'

/** The first day (UTC) of the week, from Monday on, or month that the day lies in; epoch ms. */
export function stretchStart(day: number, by: DriftHistory['by']): number {
  const date = new Date(day)
  switch (by) {
    case 'day':
      return day
    case 'week':
      return day - ((date.getUTCDay() + 6) % 7) * dayMs
    case 'month':
      return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1)
  }
}

/** The first day after it. */
export function stretchEnd(start: number, by: DriftHistory['by']): number {
  const date = new Date(start)
  switch (by) {
    case 'day':
      return start + dayMs
    case 'week':
      return start + 7 * dayMs
    case 'month':
      return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1)
  }
}

const dayMs = 86_400_000

/** Of the days that have a time. */
export function mergeMonths(days: readonly SpanSketches[]): SpanSketches[] {
  const months = new Map<number, SpanSketches[]>()
  for (const day of days) {
    if (day.span === null) continue
    const start = stretchStart(day.span, 'month')
    months.set(start, [...(months.get(start) ?? []), day])
  }
  return [...months].map(([span, parts]) => ({
    span,
    rows: parts.reduce((sum, { rows }) => sum + rows, 0),
    columns: mergeColumns(parts.flatMap(({ columns }) => columns)),
  }))
}

/** Those of one name together, in the order in which they first come. */
export function mergeColumns(sketches: readonly ColumnSketch[]): ColumnSketch[] {
  const byName = new Map<string, ColumnSketch[]>()
  for (const sketch of sketches) {
    const known = byName.get(sketch.name)
    if (known === undefined) byName.set(sketch.name, [sketch])
    else known.push(sketch)
  }
  return [...byName.values()].map(mergeSketches)
}
