/** Equal-width histograms and quantiles of counted values. Pure. */
import type { Histogram } from '#shared/statistics.ts'

/** Fine enough to keep a shape when outliers stretch the range. */
const histogramBins = 100

/** A value and how often it occurs. */
export interface CountedValue {
  readonly value: number
  readonly count: number
}

/** The edges of equal-width bins over [min, max]; a single bin where the range is too narrow to divide, as for a constant. */
export function binEdges(min: number, max: number, bins: number = histogramBins): number[] {
  const width = (max - min) / bins
  if (min + width === min || max - width === max) return [min, max]
  return Array.from({ length: bins + 1 }, (_, index) => (index === bins ? max : Math.min(min + index * width, max)))
}

/** `values` in any order, all within [min, max]. */
export function histogramOf(values: readonly CountedValue[], min: number, max: number): Histogram {
  const edges = binEdges(min, max)
  const counts = new Array<number>(edges.length - 1).fill(0)
  for (const { value, count } of values) {
    const bin = binOf(value, min, max, counts.length)
    counts[bin] = (counts[bin] ?? 0) + count
  }
  return { edges, counts }
}

function binOf(value: number, min: number, max: number, bins: number): number {
  if (bins === 1) return 0
  return Math.min(Math.floor((value - min) / ((max - min) / bins)), bins - 1)
}

/** The smallest values with at least the given shares of all at or below them (as SQL's `percentile_disc`). `sorted` ascends. */
export function quantilesOf(sorted: readonly CountedValue[], positions: readonly number[]): number[] {
  const total = sorted.reduce((sum, { count }) => sum + count, 0)
  const quantiles: number[] = []
  let index = 0
  let below = sorted[0]?.count ?? 0
  for (const position of positions) {
    while (below < position * total && index < sorted.length - 1) {
      index++
      below += sorted[index]?.count ?? 0
    }
    quantiles.push(sorted[index]?.value ?? Number.NaN)
  }
  return quantiles
}

/** Mean and population standard deviation, in two passes for accuracy. */
export function momentsOf(values: readonly CountedValue[]): { mean: number; stdDev: number } {
  const total = values.reduce((sum, { count }) => sum + count, 0)
  const mean = values.reduce((sum, { value, count }) => sum + value * (count / total), 0)
  const variance = values.reduce((sum, { value, count }) => sum + (value - mean) ** 2 * (count / total), 0)
  return { mean, stdDev: Math.sqrt(variance) }
}
