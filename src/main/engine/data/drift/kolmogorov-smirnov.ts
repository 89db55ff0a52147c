import type { DriftMeasure } from './measure.ts'
import { numericCells } from './numeric-cells.ts'
import { kolmogorovTail } from './significance.ts'

/**
 * The two-sample Kolmogorov-Smirnov test, as a p-value: how likely samples of the same distribution differ as much in the
 * share of values up to some number. Finite values only. Where values are counted in bins, the largest difference is
 * looked for at the edges alone, which makes the test more careful, never less.
 */
export const kolmogorovSmirnov: DriftMeasure = {
  name: 'kolmogorov-smirnov',
  displayName: 'Kolmogorov-Smirnov test',
  types: ['integer', 'number'],
  drifts: 'below',
  defaultThreshold: 0.01,
  source: 'N. V. Smirnov (1939), with the asymptotic distribution of A. N. Kolmogorov (1933)',
  compute(current, reference) {
    const cells = numericCells(current, reference)
    return cells && samePValue(cells.current, cells.reference)
  },
  chance: (_current, _reference, probability) => probability,
}

/** The p-value for counts in the same ascending cells; null where a sample has no value. */
export function samePValue(current: readonly number[], reference: readonly number[]): number | null {
  const n = current.reduce((sum, count) => sum + count, 0)
  const m = reference.reduce((sum, count) => sum + count, 0)
  if (n === 0 || m === 0) return null
  let largest = 0
  let [a, b] = [0, 0]
  for (const [index, count] of current.entries()) {
    a += count / n
    b += (reference[index] ?? 0) / m
    largest = Math.max(largest, Math.abs(a - b))
  }
  return kolmogorovTail(largest * Math.sqrt((n * m) / (n + m)))
}
