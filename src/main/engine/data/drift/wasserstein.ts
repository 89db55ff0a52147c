import { type ColumnSample, type DriftMeasure, samplingVariance } from './measure.ts'
import { type NumericCells, numericCells } from './numeric-cells.ts'
import { normalLimit } from './significance.ts'

/**
 * The first Wasserstein (earth mover's) distance in standard deviations of the reference: how far, on average, values have
 * to be moved to turn one sample into the other. Finite values only. Without upper bound; not defined against a constant.
 */
export const wasserstein: DriftMeasure = {
  name: 'wasserstein',
  displayName: 'Wasserstein distance',
  types: ['integer', 'number'],
  drifts: 'above',
  defaultThreshold: 0.1,
  source: 'L. N. Vaserstein (1969); normalized by the standard deviation and held against 0.1 as in Evidently',
  compute(current, reference) {
    const cells = finiteCells(current, reference)
    const deviation = reference.statistics.numeric?.stdDev ?? 0
    return cells === null || deviation === 0 ? null : movedDistance(cells) / deviation
  },
  // √(nm/(n+m)) · (F - G) is a Brownian bridge at F; the area under its absolute value exceeds what it would be if it had
  // the same sign and size in deviations everywhere with at most the given probability.
  chance(current, reference, probability) {
    const cells = finiteCells(current, reference)
    const deviation = reference.statistics.numeric?.stdDev ?? 0
    if (cells === null || deviation === 0) return 0
    const limit = normalLimit(probability / 2) * Math.sqrt(samplingVariance(current, reference))
    return (limit * bridgeArea(cells)) / deviation
  },
}

function finiteCells(current: ColumnSample, reference: ColumnSample): NumericCells | null {
  const cells = numericCells(current, reference)
  const isEmpty = (counts: readonly number[]) => counts.every((count) => count === 0)
  return cells === null || isEmpty(cells.current) || isEmpty(cells.reference) ? null : cells
}

/** ∫ |F - G|, where F and G rise evenly within each cell. */
export function movedDistance(cells: NumericCells): number {
  const n = total(cells.current)
  const m = total(cells.reference)
  let distance = 0
  let difference = 0
  for (const [index, from] of cells.from.entries()) {
    const to = cells.to[index] ?? from
    distance += Math.abs(difference) * (from - (cells.to[index - 1] ?? from))
    const after = difference + (cells.current[index] ?? 0) / n - (cells.reference[index] ?? 0) / m
    distance += meanAbsolute(difference, after) * (to - from)
    difference = after
  }
  return distance
}

/** Of a line from a to b. */
function meanAbsolute(a: number, b: number): number {
  return a * b >= 0 ? Math.abs(a + b) / 2 : (a * a + b * b) / (2 * (Math.abs(a) + Math.abs(b)))
}

/** ∫ √(F (1 - F)) of both samples together. */
function bridgeArea(cells: NumericCells): number {
  const all = total(cells.current) + total(cells.reference)
  let area = 0
  let below = 0
  const height = (share: number) => Math.sqrt(Math.max(share * (1 - share), 0))
  for (const [index, from] of cells.from.entries()) {
    const to = cells.to[index] ?? from
    area += height(below) * (from - (cells.to[index - 1] ?? from))
    const after = below + ((cells.current[index] ?? 0) + (cells.reference[index] ?? 0)) / all
    area += height((below + after) / 2) * (to - from)
    below = after
  }
  return area
}

function total(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0)
}
