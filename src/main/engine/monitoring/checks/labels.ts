/** Performance and missing labels, from what the labels that came say. Pure. */
import type { CheckSpec, Interval, ReadingPart } from '#shared/monitors.ts'
import { isPartBad } from './judge.ts'
import { noEvidence, type Outcome } from './outcome.ts'
import { wilsonInterval } from './proportion.ts'

/** What the labelled rows of a window, or of a part of it, score. */
export interface ScoredRows {
  readonly rows: number
  readonly labelled: number
  readonly metrics: Readonly<Record<string, { readonly value: number; readonly interval?: Interval | undefined }>>
}

export interface ScoredSlice extends ScoredRows {
  readonly slice: string
}

export function performanceOutcome(
  all: ScoredRows,
  slices: readonly ScoredSlice[],
  { spec, minRows }: { spec: CheckSpec & { kind: 'performance' }; minRows: number },
): Outcome {
  const found = all.metrics[spec.metric]
  const figures = Object.entries(all.metrics).map(([name, { value }]) => [name, value] as const)
  return {
    value: found?.value ?? null,
    nothing: all.labelled === 0 ? { kind: 'no-label' } : { kind: 'no-metric', metric: spec.metric },
    unit: 'metric',
    metric: spec.metric,
    interval: found?.interval,
    rows: all.labelled,
    parts: slices.map(({ slice, labelled, metrics }): ReadingPart => {
      const { value = null, interval } = metrics[spec.metric] ?? {}
      const bad = labelled >= minRows && isPartBad(spec, value, interval)
      return { name: slice, value, ...(interval !== undefined && { interval }), rows: labelled, bad }
    }),
    evidence: {
      ...noEvidence,
      currentRows: all.labelled,
      figures: { ...Object.fromEntries(figures), answered: all.rows },
    },
  }
}

/** @param due rows whose label should have come by now */
export function missingLabelsOutcome(due: Pick<ScoredRows, 'rows' | 'labelled'>): Outcome {
  const missing = due.rows - due.labelled
  return {
    value: due.rows === 0 ? null : missing / due.rows,
    nothing: { kind: 'no-label-due' },
    unit: 'share',
    interval: wilsonInterval(missing, due.rows),
    rows: due.rows,
    parts: [],
    evidence: { ...noEvidence, currentRows: due.rows, figures: { labelled: due.labelled, missing } },
  }
}
