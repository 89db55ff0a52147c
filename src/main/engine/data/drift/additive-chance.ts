/** What chance reaches in measures that add something up over the cells of a distribution. Pure. */
import { chiSquareLimit } from './significance.ts'

interface Counts {
  readonly current: readonly number[]
  readonly reference: readonly number[]
}

export interface AdditiveMeasure {
  /** What a cell adds, given its share of both samples. */
  readonly term: (current: number, reference: number) => number
  /** Near equality a cell adds this much times a chi-square variable, times 1/n + 1/m. */
  readonly scale: number
}

/** With so many rows of the smaller sample expected in a cell, the chi-square form is near enough. */
const manyExpected = 20

/**
 * What the sum exceeds with the given probability when both samples come from the same distribution. Where a cell holds few
 * rows, all ways to share them out between the samples are gone through; the sum is then taken as a scaled chi-square
 * variable of the same mean and variance (F. E. Satterthwaite 1946).
 */
export function additiveChance({ current, reference }: Counts, measure: AdditiveMeasure, probability: number): number {
  const [n, m] = [total(current), total(reference)]
  if (n === 0 || m === 0) return 0
  const asymptotic = measure.scale * (1 / n + 1 / m)
  const share = Math.min(n, m) / (n + m)
  const known = new Map<number, Moments>()
  const sum = { mean: 0, variance: 0 }
  for (const [cell, count] of current.entries()) {
    const rows = count + (reference[cell] ?? 0)
    if (rows === 0) continue
    if (rows * share >= manyExpected) {
      // All cells together hold all rows: what a cell adds is the less free the more of them it holds.
      const free = 1 - rows / (n + m)
      sum.mean += free * asymptotic
      sum.variance += 2 * free * asymptotic ** 2
      continue
    }
    const moments = known.get(rows) ?? momentsOf(rows, n, m, measure)
    known.set(rows, moments)
    sum.mean += moments.mean
    sum.variance += moments.variance
  }
  const { mean, variance } = sum
  if (variance <= 0) return mean
  return (variance / (2 * mean)) * chiSquareLimit(probability, (2 * mean * mean) / variance)
}

interface Moments {
  readonly mean: number
  readonly variance: number
}

/** Of the term of a cell with so many rows, each of which belongs to the smaller sample by chance. */
function momentsOf(rows: number, n: number, m: number, { term }: AdditiveMeasure): Moments {
  const smaller = Math.min(n, m)
  const share = smaller / (n + m)
  const expected = rows * share
  const most = Math.min(rows, smaller, Math.ceil(expected + 10 * Math.sqrt(expected) + 20))
  let probability = (1 - share) ** rows
  let [first, second] = [0, 0]
  for (let small = 0; small <= most; small++) {
    const value = n <= m ? term(small / n, (rows - small) / m) : term((rows - small) / n, small / m)
    first += probability * value
    second += probability * value * value
    probability *= ((rows - small) / (small + 1)) * (share / (1 - share))
  }
  return { mean: first, variance: Math.max(second - first * first, 0) }
}

function total(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0)
}
