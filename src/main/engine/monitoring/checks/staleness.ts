/** Whether served features were fresh, from how often each view was. Pure. */
import type { CheckSpec, ReadingPart } from '#shared/monitors.ts'
import { isPartBad } from './judge.ts'
import { noEvidence, type Outcome } from './outcome.ts'
import { wilsonInterval } from './proportion.ts'
import { noteText } from './words.ts'

/** How the reads of one feature view ended. */
export interface ViewReads {
  readonly view: string
  readonly fresh: number
  readonly stale: number
  readonly missing: number
}

export function stalenessOutcome(
  views: readonly ViewReads[],
  { spec, minRows }: { spec: CheckSpec & { kind: 'feature-staleness' }; minRows: number },
): Outcome {
  const sum = (key: 'fresh' | 'stale' | 'missing') => views.reduce((total, view) => total + view[key], 0)
  const figures = { fresh: sum('fresh'), stale: sum('stale'), missing: sum('missing') }
  const rows = figures.fresh + figures.stale + figures.missing
  return {
    value: rows === 0 ? null : (figures.stale + figures.missing) / rows,
    nothing: { kind: 'no-feature-read' },
    unit: 'share',
    interval: wilsonInterval(figures.stale + figures.missing, rows),
    rows,
    parts: views.map((view) => partOf(view, spec, minRows)),
    evidence: { ...noEvidence, currentRows: rows, figures },
  }
}

function partOf({ view, fresh, stale, missing }: ViewReads, spec: CheckSpec, minRows: number): ReadingPart {
  const rows = fresh + stale + missing
  const interval = wilsonInterval(stale + missing, rows)
  const value = rows === 0 ? null : (stale + missing) / rows
  const note = { kind: 'reads' as const, fresh, stale, missing }
  return {
    name: view,
    value,
    ...(interval !== undefined && { interval }),
    rows,
    bad: rows >= minRows && isPartBad(spec, value, interval),
    detail: noteText(note),
    note,
  }
}
