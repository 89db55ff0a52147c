/** Each measure against numbers from SciPy 1.17, or worked out by hand. */
import { describe, expect, it } from 'vitest'
import { chiSquare, homogeneity } from './chi-square.ts'
import { driftMeasures } from './index.ts'
import { jensenShannon } from './jensen-shannon-divergence.ts'
import { kolmogorovSmirnov, samePValue } from './kolmogorov-smirnov.ts'
import { largestCountDifference, normalizedAbsoluteDifference } from './normalized-absolute-difference.ts'
import { stabilityIndex } from './population-stability-index.ts'
import { chiSquareLimit, chiSquareTail, kolmogorovTail, normalLimit } from './significance.ts'
import { numbersColumn, textsColumn } from './testing/sample.ts'
import { movedDistance, wasserstein } from './wasserstein.ts'

const numbers = (...values: number[]) => ({ rows: values.length, statistics: numbersColumn('x', values) })
const texts = (counts: Record<string, number>) => {
  const values = Object.entries(counts).flatMap(([value, count]) => new Array<string>(count).fill(value))
  return { rows: values.length, statistics: textsColumn('x', values) }
}

describe('what chance reaches', () => {
  it('has the tails and quantiles of SciPy', () => {
    expect(chiSquareTail(3.84, 1)).toBeCloseTo(0.050_043_521_248_705, 12)
    expect(chiSquareTail(10, 4)).toBeCloseTo(0.040_427_681_994_513, 12)
    expect(chiSquareTail(30, 10)).toBeCloseTo(0.000_856_641_210_775, 12)
    expect(chiSquareTail(120, 100)).toBeCloseTo(0.084_406_681_093_694, 11)
    expect(chiSquareTail(0, 3)).toBe(1)
    expect(chiSquareLimit(0.01, 1)).toBeCloseTo(6.634_896_601, 7)
    expect(chiSquareLimit(0.01, 9)).toBeCloseTo(21.665_994_333, 7)
    expect(chiSquareLimit(0.001, 19)).toBeCloseTo(43.820_195_965, 7)
    expect(chiSquareLimit(0.0005, 100)).toBeCloseTo(153.166_951, 4)
    expect(normalLimit(0.1)).toBeCloseTo(1.281_551_565_5, 8)
    expect(normalLimit(0.025)).toBeCloseTo(1.959_963_984_5, 8)
    expect(normalLimit(0.000_001)).toBeCloseTo(4.753_424_308_8, 7)
    expect(normalLimit(0.9)).toBeCloseTo(-1.281_551_565_5, 8)
    expect(kolmogorovTail(0.3)).toBeCloseTo(0.999_990_694_198_7, 10)
    expect(kolmogorovTail(0.8)).toBeCloseTo(0.544_142_411_574_2, 10)
    expect(kolmogorovTail(1.628)).toBeCloseTo(0.009_975_522_431_2, 10)
    expect(kolmogorovTail(2)).toBeCloseTo(0.000_670_925_255_8, 10)
  })
})

describe('L1.7: the measures of value skew', () => {
  it('chi-square: the p-values of chi2_contingency without correction', () => {
    expect(homogeneity({ current: [50, 30, 20], reference: [400, 350, 250] })).toBeCloseTo(0.149_117_388_268_05, 10)
    const far = homogeneity({ current: [10, 20, 30, 40], reference: [40, 30, 20, 10] })
    expect(far).toBeCloseTo(1.065_509_033_4e-8, 15)
    // The two rare values count together, as 1 and 5.
    const rare = homogeneity({ current: [50, 30, 20, 1, 0], reference: [400, 350, 250, 3, 2] })
    expect(rare).toBeCloseTo(0.240_326_152_272_2, 10)
    const column = chiSquare.compute(texts({ a: 50, b: 30, c: 20 }), texts({ a: 400, b: 350, c: 250 }))
    expect(column).toBeCloseTo(0.149_117_388_268_05, 10)
    expect(homogeneity({ current: [7], reference: [9] })).toBe(1)
  })

  it('Wasserstein: wasserstein_distance by the deviation of the reference', () => {
    // 1 / 1.6583123951777
    expect(wasserstein.compute(numbers(1, 3, 5), numbers(2, 2, 4, 6))).toBeCloseTo(0.603_022_689_155_527, 12)
    const [a, b] = [numbers(1, 2, 2, 3, 3, 3, 4, 4, 5, 9), numbers(2, 3, 3, 4, 4, 4, 5, 5, 6, 6, 7, 8)]
    expect(wasserstein.compute(a, b)).toBeCloseTo(0.818_817_615_287_2, 12)
    expect(wasserstein.compute(numbers(1, 2), numbers(5, 5))).toBeNull()
    // Bins: uniform over [0, 1] against uniform over [0.5, 1.5] is half a unit away.
    const cells = { from: [0, 0.5, 1], to: [0.5, 1, 1.5], current: [5, 5, 0], reference: [0, 5, 5] }
    expect(movedDistance(cells)).toBeCloseTo(0.5, 12)
  })

  it('Kolmogorov-Smirnov: the asymptotic p-value of ks_2samp', () => {
    expect(samePValue([30, 10], [20, 40])).toBeCloseTo(0.000_480_738_952_832, 12)
    const [a, b] = [numbers(1, 2, 2, 3, 3, 3, 4, 4, 5, 9), numbers(2, 3, 3, 4, 4, 4, 5, 5, 6, 6, 7, 8)]
    expect(kolmogorovSmirnov.compute(a, b)).toBeCloseTo(0.516_071_527_438_996, 10)
    expect(samePValue([0], [4])).toBeNull()
  })

  it('Jensen-Shannon divergence and population stability index', () => {
    const [p, q] = [
      [0.1, 0.2, 0.3, 0.4],
      [0.25, 0.25, 0.25, 0.25],
    ]
    expect(jensenShannon(p, q)).toBeCloseTo(0.040_201_582_346_142, 12)
    expect(stabilityIndex(p, q)).toBeCloseTo(0.228_217_409_573_392, 12)
  })

  it('normalized absolute difference: |30 - 50| of 200 rows', () => {
    expect(largestCountDifference([30, 70], [50, 50])).toBeCloseTo(0.1, 12)
    expect(normalizedAbsoluteDifference.compute(texts({ a: 30, b: 70 }), texts({ a: 50, b: 50 }))).toBeCloseTo(0.1, 12)
  })

  it('say what they are for and where they come from', () => {
    for (const { types, source, drifts, defaultThreshold } of driftMeasures) {
      expect(types.length).toBeGreaterThan(0)
      expect(source.length).toBeGreaterThan(10)
      expect(drifts === 'below' ? defaultThreshold <= 0.05 : defaultThreshold >= 0.05).toBe(true)
    }
  })
})
