import { additiveChance } from './additive-chance.ts'
import { countedCells, distributionsOf } from './distribution.ts'
import type { DriftMeasure } from './measure.ts'

/**
 * Jensen-Shannon divergence with logarithms of base 2: 0 for equal distributions, 1 for disjoint ones.
 * The default threshold is what two normal distributions reach whose means differ by half a standard deviation.
 */
export const jensenShannonDivergence: DriftMeasure = {
  name: 'jensen-shannon-divergence',
  displayName: 'Jensen-Shannon divergence',
  types: ['integer', 'number', 'text', 'boolean'],
  drifts: 'above',
  defaultThreshold: 0.05,
  source: 'J. Lin, "Divergence measures based on the Shannon entropy", IEEE Trans. Information Theory 37 (1991)',
  compute(current, reference) {
    const shares = distributionsOf(current, reference)
    return shares && jensenShannon(shares.current, shares.reference)
  },
  // Near equality the divergence is Σ (p - q)² / (8 ln 2 · (p + q) / 2).
  chance(current, reference, probability) {
    const cells = countedCells(current, reference)
    return cells === null ? 0 : additiveChance(cells, { term, scale: 1 / (8 * Math.LN2) }, probability)
  },
}

export function jensenShannon(p: readonly number[], q: readonly number[]): number {
  const divergence = p.reduce((sum, share, index) => sum + term(share, q[index] ?? 0), 0)
  // Rounding may leave equal distributions a hair below 0 and disjoint ones above 1.
  return Math.min(Math.max(divergence, 0), 1)
}

function term(a: number, b: number): number {
  const middle = (a + b) / 2
  return (a > 0 ? (a / 2) * Math.log2(a / middle) : 0) + (b > 0 ? (b / 2) * Math.log2(b / middle) : 0)
}
