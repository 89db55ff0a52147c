import { distributionsOf } from './distribution.ts'
import type { DriftMeasure } from './measure.ts'

/** Stands for an empty cell, whose logarithm would be infinite; the value that credit scoring commonly uses. */
const emptyShare = 0.0001

/**
 * Population stability index: Σ (p - q) · ln(p / q), 0 for equal distributions, without upper bound.
 * Source: N. Siddiqi, "Credit Risk Scorecards" (2006); by its rule of thumb 0.1 is a slight, 0.25 a major change.
 */
export const populationStabilityIndex: DriftMeasure = {
  name: 'population-stability-index',
  displayName: 'Population stability index',
  types: ['integer', 'number', 'text', 'boolean'],
  drifts: 'above',
  defaultThreshold: 0.25,
  compute(current, reference) {
    const shares = distributionsOf(current, reference)
    return shares && stabilityIndex(shares.current, shares.reference)
  },
}

export function stabilityIndex(p: readonly number[], q: readonly number[]): number {
  return p.reduce((index, share, cell) => {
    const other = q[cell] ?? 0
    if (share === other) return index
    const a = Math.max(share, emptyShare)
    const b = Math.max(other, emptyShare)
    return index + (a - b) * Math.log(a / b)
  }, 0)
}
