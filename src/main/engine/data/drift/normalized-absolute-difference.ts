import { countedCells } from './distribution.ts'
import type { DriftMeasure } from './measure.ts'
import { normalLimit } from './significance.ts'

/**
 * Normalized absolute difference: the largest change in the count of any one value, as a share of the rows of both samples;
 * from 0 to 1. It looks at counts, not shares: for samples that are meant to have as many rows.
 */
export const normalizedAbsoluteDifference: DriftMeasure = {
  name: 'normalized-absolute-difference',
  displayName: 'Normalized absolute difference',
  types: ['text', 'boolean'],
  drifts: 'above',
  defaultThreshold: 0.1,
  source: 'TensorFlow Data Validation, `normalized_abs_difference` of skew and drift comparators',
  compute(current, reference) {
    const cells = countedCells(current, reference)
    return cells && largestCountDifference(cells.current, cells.reference)
  },
  // Counts differ like Poisson variables (Bonferroni over the values).
  chance(current, reference, probability) {
    const cells = countedCells(current, reference)
    if (cells === null) return 0
    const sums = cells.current.map((count, index) => count + (cells.reference[index] ?? 0))
    const used = sums.filter((sum) => sum > 0).length
    return (normalLimit(probability / (2 * Math.max(used, 1))) * Math.sqrt(Math.max(...sums))) / total(sums)
  },
}

export function largestCountDifference(current: readonly number[], reference: readonly number[]): number {
  const largest = current.reduce((most, count, index) => Math.max(most, Math.abs(count - (reference[index] ?? 0))), 0)
  return largest / (total(current) + total(reference))
}

function total(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0)
}
