/** Drift between windows of a dataset, from stored sketches alone. */
import type { DriftHistory, DriftReport } from '#shared/drift.ts'
import type { Statistics } from '#shared/statistics.ts'
import { driftReport, type ReportOptions } from '../drift/summary.ts'
import { mergeColumns, stretchEnd, stretchStart } from './months.ts'
import { statisticsOfSketch } from './sketch.ts'
import type { StoredSpan } from './sketch-store.ts'
import { readSketch } from './stored-sketch.ts'

/** The spans of a window, or what was stored of a model's training data. */
export type DriftSide = { readonly spans: readonly StoredSpan[] } | { readonly statistics: Statistics }

export interface WindowDriftRequest {
  readonly current: DriftSide
  readonly reference: DriftSide
  readonly words: { readonly current: string; readonly reference: string }
  readonly options: ReportOptions
}

export interface DriftHistoryRequest extends Pick<WindowDriftRequest, 'reference' | 'options'> {
  readonly spans: readonly StoredSpan[]
  readonly by: DriftHistory['by']
}

export type SpanDrift = DriftHistory['spans'][number]

/** @throws EsteiraError as `compareStatistics` */
export function windowDrift({ current, reference, words, options }: WindowDriftRequest): DriftReport {
  return driftReport(words, statisticsOf(current), statisticsOf(reference), options)
}

/** Each stretch of time against the same reference, without the distributions. Rows without a time are left out. */
export function driftHistory({ spans, reference, by, options }: DriftHistoryRequest): SpanDrift[] {
  const before = statisticsOf(reference)
  const groups = new Map<number, StoredSpan[]>()
  for (const span of spans) {
    if (span.span === null) continue
    const start = stretchStart(span.span, by)
    const known = groups.get(start)
    if (known === undefined) groups.set(start, [span])
    else known.push(span)
  }
  return [...groups].map(([start, group]) => {
    const current = statisticsOf({ spans: group })
    const { results, summary } = driftReport({ current: '', reference: '' }, current, before, {
      ...options,
      brief: true,
    })
    return {
      from: dayOf(start),
      to: dayOf(stretchEnd(start, by)),
      rows: current.rows,
      weightedDrift: summary?.weightedDrift ?? 0,
      verdict: summary?.verdict ?? 'stable',
      columns: results.map(({ target: _, weight: __, ...result }) => result),
    }
  })
}

function statisticsOf(side: DriftSide): Statistics {
  if ('statistics' in side) return side.statistics
  const rows = side.spans.reduce((sum, span) => sum + span.rows, 0)
  const columns = mergeColumns(side.spans.flatMap((span) => span.columns).map(readSketch))
  return { rows, columns: columns.map((sketch) => statisticsOfSketch(sketch, rows)) }
}

export function dayOf(instant: number): string {
  return new Date(instant).toISOString().slice(0, 10)
}
