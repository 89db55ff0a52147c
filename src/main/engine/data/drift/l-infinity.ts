import { distributionsOf } from './distribution.ts'
import { type DriftMeasure, samplingVariance } from './measure.ts'
import { normalLimit } from './significance.ts'

/**
 * L-infinity distance: the largest change in the share of any one value, from 0 to 1. Missing counts as a value, and
 * so do all values together that were not kept apart.
 */
export const lInfinity: DriftMeasure = {
  name: 'l-infinity',
  displayName: 'L-infinity distance',
  types: ['text', 'boolean'],
  drifts: 'above',
  defaultThreshold: 0.1,
  source: 'TensorFlow Data Validation, `infinity_norm` of skew and drift comparators (there without missing values)',
  compute(current, reference) {
    const shares = distributionsOf(current, reference)
    return shares && largestDifference(shares.current, shares.reference)
  },
  // Each share differs like a normal variable, but for the skew of rare values and the steps of whole rows (Cornish and
  // Fisher 1938); the value with the most room decides, with the probability divided among all of them (Bonferroni).
  chance(current, reference, probability) {
    const shares = distributionsOf(current, reference)
    if (shares === null) return 0
    const pooled = shares.current
      .map((share, index) => share * current.rows + (shares.reference[index] ?? 0) * reference.rows)
      .map((rows) => rows / (current.rows + reference.rows))
      .filter((share) => share > 0)
    const limit = normalLimit(probability / (2 * Math.max(pooled.length, 1)))
    const smaller = Math.min(current.rows, reference.rows)
    const room = (share: number) =>
      limit * Math.sqrt(share * (1 - share) * samplingVariance(current, reference)) +
      (((limit ** 2 - 1) / 6) * Math.abs(1 - 2 * share) + 0.5) / smaller
    return Math.max(0, ...pooled.map(room))
  },
}

export function largestDifference(p: readonly number[], q: readonly number[]): number {
  return p.reduce((largest, share, index) => Math.max(largest, Math.abs(share - (q[index] ?? 0))), 0)
}
