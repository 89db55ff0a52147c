/** Evaluations as tables and charts show them: pure functions. */
import type { Metrics, SliceEvaluation } from '#shared/models.ts'

export interface ConfusionCell {
  readonly count: number
  /** Of the rows of this actual class; 0 where there are none. */
  readonly share: number
  /** Whether it holds what was predicted rightly. */
  readonly right: boolean
}

/** counts[actual][predicted] with the share of each row. */
export function confusionCells(counts: readonly (readonly number[])[]): ConfusionCell[][] {
  return counts.map((row, actual) => {
    const total = row.reduce((sum, count) => sum + count, 0)
    return row.map((count, predicted) => ({
      count,
      share: total === 0 ? 0 : count / total,
      right: actual === predicted,
    }))
  })
}

/** The share of the last class among all rows: where a precision-recall curve of mere chance runs. */
export function positiveShare(counts: readonly (readonly number[])[]): number {
  const totals = counts.map((row) => row.reduce((sum, count) => sum + count, 0))
  const all = totals.reduce((sum, total) => sum + total, 0)
  return all === 0 ? 0 : (totals.at(-1) ?? 0) / all
}

export interface SliceRow extends SliceEvaluation {
  readonly metric: number | undefined
  /** To the overall value. */
  readonly difference: number | undefined
}

export type SliceOrder = 'column' | 'rows' | 'metric' | 'difference'

/** By the order asked for; what has no value comes last. */
export function sliceRows(
  slices: readonly SliceEvaluation[],
  overall: Metrics,
  metric: string,
  order: SliceOrder,
  descending: boolean,
): SliceRow[] {
  const whole = overall[metric]
  const rows = slices.map((slice) => {
    const value = slice.metrics[metric]
    return {
      ...slice,
      metric: value,
      difference: value === undefined || whole === undefined ? undefined : value - whole,
    }
  })
  const sign = descending ? -1 : 1
  return rows.sort((a, b) => {
    if (order === 'column') return sign * (a.column.localeCompare(b.column) || a.value.localeCompare(b.value))
    const [first, second] = [a[order], b[order]]
    if (first === undefined || second === undefined) return Number(first === undefined) - Number(second === undefined)
    return sign * (first - second)
  })
}
