import { distributionsOf } from './distribution.ts'
import type { DriftMeasure } from './measure.ts'

/**
 * L-infinity distance: the largest change in the share of any one value, from 0 to 1. Missing counts as a value, and
 * so do all values together that the reference did not keep.
 * Source: TensorFlow Data Validation, `infinity_norm` of skew and drift comparators (there without missing values).
 */
export const lInfinity: DriftMeasure = {
  name: 'l-infinity',
  displayName: 'L-infinity distance',
  types: ['text', 'boolean'],
  drifts: 'above',
  defaultThreshold: 0.1,
  compute(current, reference) {
    const shares = distributionsOf(current, reference)
    return shares && largestDifference(shares.current, shares.reference)
  },
}

export function largestDifference(p: readonly number[], q: readonly number[]): number {
  return p.reduce((largest, share, index) => Math.max(largest, Math.abs(share - (q[index] ?? 0))), 0)
}
