import { additiveChance } from './additive-chance.ts'
import { countedCells, distributionsOf } from './distribution.ts'
import type { DriftMeasure } from './measure.ts'

/** Stands for an empty cell, whose logarithm would be infinite; the value that credit scoring commonly uses. */
const emptyShare = 0.0001

/** Population stability index: Σ (p - q) · ln(p / q), 0 for equal distributions, without upper bound. */
export const populationStabilityIndex: DriftMeasure = {
  name: 'population-stability-index',
  displayName: 'Population stability index',
  types: ['integer', 'number', 'text', 'boolean'],
  drifts: 'above',
  defaultThreshold: 0.25,
  source: 'N. Siddiqi, "Credit Risk Scorecards" (2006); by its rule of thumb 0.1 is a slight, 0.25 a major change',
  compute(current, reference) {
    const shares = distributionsOf(current, reference)
    return shares && stabilityIndex(shares.current, shares.reference)
  },
  // Near equality the index is Σ (p - q)² / p.
  chance(current, reference, probability) {
    const cells = countedCells(current, reference)
    return cells === null ? 0 : additiveChance(cells, { term, scale: 1 }, probability)
  },
}

export function stabilityIndex(p: readonly number[], q: readonly number[]): number {
  return p.reduce((index, share, cell) => index + term(share, q[cell] ?? 0), 0)
}

function term(share: number, other: number): number {
  if (share === other) return 0
  const a = Math.max(share, emptyShare)
  const b = Math.max(other, emptyShare)
  return (a - b) * Math.log(a / b)
}
