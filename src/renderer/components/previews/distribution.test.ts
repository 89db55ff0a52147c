import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ColumnStatistics, Histogram, NumericStatistics } from '#shared/statistics.ts'
import { categories, commonEdges, densities, divergenceOf, drawnBins, jensenShannon, rebin } from './distribution.ts'

const histogram: fc.Arbitrary<Histogram> = fc
  .tuple(
    fc.integer({ min: -100, max: 100 }),
    fc.integer({ min: 1, max: 50 }),
    fc.array(fc.nat(1_000), { minLength: 1, maxLength: 20 }),
  )
  .map(([min, width, counts]) => ({
    edges: Array.from({ length: counts.length + 1 }, (_, index) => min + index * width),
    counts,
  }))
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)

describe('densities', () => {
  it('have an area of one', () => {
    fc.assert(
      fc.property(
        histogram.filter(({ counts }) => sum(counts) > 0),
        (each) => {
          const width = (each.edges[1] ?? 0) - (each.edges[0] ?? 0)
          expect(sum(densities(each)) * width).toBeCloseTo(1, 9)
        },
      ),
    )
  })
  it('are none where nothing was counted', () => {
    expect(densities({ edges: [0, 1], counts: [0] })).toEqual([0])
  })
})

describe('rebin', () => {
  it('splits a bin evenly', () => {
    expect(rebin({ edges: [0, 10], counts: [100] }, [0, 2.5, 10])).toEqual([25, 75])
  })
  it('keeps a constant whole', () => {
    expect(rebin({ edges: [5, 5], counts: [7] }, [0, 5, 10])).toEqual([0, 7])
    expect(rebin({ edges: [10, 10], counts: [7] }, [0, 5, 10])).toEqual([0, 7])
  })
  it('loses no value over common edges', () => {
    fc.assert(
      fc.property(histogram, histogram, (a, b) => {
        const edges = commonEdges(a, b)
        expect(sum(rebin(a, edges))).toBeCloseTo(sum(a.counts), 6)
        expect(sum(rebin(b, edges))).toBeCloseTo(sum(b.counts), 6)
      }),
    )
  })
})

const sample = (histogram: Histogram, values?: NumericStatistics['values']): NumericStatistics => ({
  min: histogram.edges[0] ?? 0,
  max: histogram.edges.at(-1) ?? 0,
  mean: 0,
  stdDev: 0,
  zeros: 0,
  nan: 0,
  infinite: 0,
  quantiles: [],
  histogram,
  ...(values && { values }),
})
const uniform = (from: number, to: number) =>
  sample(
    { edges: [from, to], counts: [to - from + 1] },
    Array.from({ length: to - from + 1 }, (_, index) => ({ value: from + index, count: 1 })),
  )

describe('drawnBins', () => {
  it('follow whole numbers, so that equal values look equal', () => {
    const { edges, counts } = drawnBins([uniform(1, 90)], true, 50)
    expect(edges.slice(0, 3)).toEqual([0.5, 2.5, 4.5])
    expect(new Set(counts[0])).toEqual(new Set([2]))
  })
  it('lay two samples over one grid', () => {
    const { edges, counts } = drawnBins([uniform(1, 3), uniform(3, 4)], true, 50)
    expect(edges).toEqual([0.5, 1.5, 2.5, 3.5, 4.5])
    expect(counts).toEqual([
      [1, 1, 1, 0],
      [0, 0, 1, 1],
    ])
  })
  it('merge bins that are narrower than whole numbers can fill evenly', () => {
    const edges = Array.from({ length: 101 }, (_, index) => index * 1.5)
    const counts = Array.from({ length: 100 }, (_, index) => 1 + (index % 2))
    const drawn = drawnBins([sample({ edges, counts })], true)
    expect(drawn.counts[0]).toHaveLength(25)
    expect(sum(drawn.counts[0] ?? [])).toBe(150)
    expect(drawn.edges).toHaveLength(26)
  })
  it('leave other numbers as they are', () => {
    const histogram = { edges: [0, 0.5, 1], counts: [3, 4] }
    expect(drawnBins([sample(histogram)], false)).toEqual({ edges: histogram.edges, counts: [histogram.counts] })
  })
  it('hold a constant', () => {
    expect(drawnBins([uniform(7, 7)], true)).toEqual({ edges: [6.5, 7.5], counts: [[1]] })
  })
})

describe('jensenShannon', () => {
  it('is 0 for the same, 1 for nothing in common, and 0.3113 between (1, 0) and (½, ½)', () => {
    expect(jensenShannon({ a: [0.5, 0.5], b: [0.5, 0.5] })).toBe(0)
    expect(jensenShannon({ a: [1, 0], b: [0, 1] })).toBe(1)
    expect(jensenShannon({ a: [1, 0], b: [0.5, 0.5] })).toBeCloseTo(0.311278, 6)
  })
})

const text = (values: Record<string, number>, missing = 0): ColumnStatistics => ({
  name: 'origin',
  type: 'text',
  storageType: 'VARCHAR',
  missing,
  distinct: Object.keys(values).length,
  categorical: {
    topValues: Object.entries(values).map(([value, count]) => ({ value, count })),
    minLength: 3,
    maxLength: 3,
    avgLength: 3,
  },
})

describe('categories', () => {
  it('puts two samples side by side, with what is left over', () => {
    const other = { column: text({ ATL: 20, LAX: 80 }), rows: 100 }
    const { shown, rest, otherRest } = categories(text({ ATL: 6, ORD: 3, DFW: 1 }), 10, 2, other)
    expect(shown).toEqual([
      { value: 'ATL', count: 6, share: 0.6, otherCount: 20, otherShare: 0.2 },
      { value: 'LAX', count: 0, share: 0, otherCount: 80, otherShare: 0.8 },
    ])
    expect(rest).toBeCloseTo(0.4)
    expect(otherRest).toBe(0)
  })
  it('shares are of the values that are there', () => {
    expect(categories(text({ ATL: 5 }, 5), 10, 3).shown).toEqual([{ value: 'ATL', count: 5, share: 1 }])
  })
})

describe('divergenceOf', () => {
  it('compares texts by their values', () => {
    expect(divergenceOf(text({ ATL: 10 }), 10, text({ LAX: 10 }), 10)).toBe(1)
    expect(divergenceOf(text({ ATL: 10 }), 10, text({ ATL: 20 }), 20)).toBe(0)
  })
  it('does not compare what is not there or not alike', () => {
    expect(divergenceOf(text({}, 10), 10, text({ ATL: 20 }), 20)).toBeUndefined()
    expect(
      divergenceOf(
        text({ ATL: 10 }),
        10,
        { name: 'x', type: 'other', storageType: 'BLOB', missing: 0, distinct: 5 },
        5,
      ),
    ).toBeUndefined()
  })
})
