import { countedCells } from './distribution.ts'
import type { DriftMeasure } from './measure.ts'
import { joinRare } from './rare-cells.ts'
import { chiSquareTail } from './significance.ts'

/**
 * Pearson's chi-square test of homogeneity, as a p-value: how likely samples of the same distribution differ as much. With
 * many rows it finds differences too small to matter; a distance is then the better question.
 */
export const chiSquare: DriftMeasure = {
  name: 'chi-square',
  displayName: 'Chi-square test',
  types: ['text', 'boolean'],
  drifts: 'below',
  defaultThreshold: 0.01,
  source: 'K. Pearson (1900); values of which fewer than five are expected count together (W. G. Cochran 1954)',
  compute(current, reference) {
    const cells = countedCells(current, reference)
    return cells && homogeneity(cells)
  },
  chance: (_current, _reference, probability) => probability,
}

/** The p-value of the test for a table of two rows; 1 where there is but one kind of value. */
export function homogeneity(counts: { current: readonly number[]; reference: readonly number[] }): number {
  const { current, reference } = joinRare(counts)
  const rows = [current, reference].map((row) => row.reduce((sum, count) => sum + count, 0))
  const total = (rows[0] ?? 0) + (rows[1] ?? 0)
  let statistic = 0
  for (const [index, count] of current.entries()) {
    const other = reference[index] ?? 0
    for (const [row, observed] of [count, other].entries()) {
      const expected = ((rows[row] ?? 0) * (count + other)) / total
      if (expected > 0) statistic += (observed - expected) ** 2 / expected
    }
  }
  return current.length < 2 ? 1 : chiSquareTail(statistic, current.length - 1)
}
