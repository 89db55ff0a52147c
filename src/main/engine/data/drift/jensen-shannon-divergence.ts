import { distributionsOf } from './distribution.ts'
import type { DriftMeasure } from './measure.ts'

/**
 * Jensen-Shannon divergence with logarithms of base 2: 0 for equal distributions, 1 for disjoint ones.
 * Source: J. Lin, "Divergence measures based on the Shannon entropy", IEEE Trans. Information Theory 37 (1991).
 * The default threshold is what two normal distributions reach whose means differ by half a standard deviation.
 */
export const jensenShannonDivergence: DriftMeasure = {
  name: 'jensen-shannon-divergence',
  displayName: 'Jensen-Shannon divergence',
  types: ['integer', 'number', 'text', 'boolean'],
  drifts: 'above',
  defaultThreshold: 0.05,
  compute(current, reference) {
    const shares = distributionsOf(current, reference)
    return shares && jensenShannon(shares.current, shares.reference)
  },
}

export function jensenShannon(p: readonly number[], q: readonly number[]): number {
  let divergence = 0
  for (const [index, a] of p.entries()) {
    const b = q[index] ?? 0
    const middle = (a + b) / 2
    if (a > 0) divergence += (a / 2) * Math.log2(a / middle)
    if (b > 0) divergence += (b / 2) * Math.log2(b / middle)
  }
  // Rounding may leave equal distributions a hair below 0 and disjoint ones above 1.
  return Math.min(Math.max(divergence, 0), 1)
}
