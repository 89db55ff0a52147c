import { readdir } from 'node:fs/promises'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { driftMeasureSchema } from '#shared/drift.ts'
import { withTables } from '../../tables/duckdb.ts'
import { computeStatistics } from '../statistics.ts'
import { compareStatistics, driftMeasures } from './index.ts'
import { jensenShannon, jensenShannonDivergence } from './jensen-shannon-divergence.ts'
import { largestDifference } from './l-infinity.ts'
import { rebin } from './numeric-cells.ts'
import { stabilityIndex } from './population-stability-index.ts'

async function statisticsOf(...queries: string[]) {
  return await withTables(async (tables) => {
    const all = []
    for (const sql of queries) all.push(await computeStatistics(tables, sql))
    return all
  })
}

async function measured(
  current: string,
  reference: string,
  measure: 'jensen-shannon-divergence' | 'l-infinity' | 'population-stability-index',
) {
  const [now, before] = await statisticsOf(current, reference)
  if (now === undefined || before === undefined) throw new Error('two statistics are expected')
  return compareStatistics(now, before, { measures: { x: measure } })[0]?.value
}

describe('the measures', () => {
  it('have the values worked out by hand', () => {
    // 0.5·(0.5·log2(0.5/0.7) + 0.5·log2(0.5/0.3)) + 0.5·(0.9·log2(0.9/0.7) + 0.1·log2(0.1/0.3))
    expect(jensenShannon([0.5, 0.5], [0.9, 0.1])).toBeCloseTo(0.146_793_3, 6)
    expect(largestDifference([0.2, 0.3, 0.5], [0.4, 0.25, 0.35])).toBeCloseTo(0.2, 12)
    // 0.1·ln(0.3/0.2) + (−0.1)·ln(0.7/0.8)
    expect(stabilityIndex([0.3, 0.7], [0.2, 0.8])).toBeCloseTo(0.053_899_65, 7)
    // an empty cell counts as 0.0001: 0.4999·ln(5000) + (−0.5)·ln(0.5)
    expect(stabilityIndex([0.5, 0.5], [0, 1])).toBeCloseTo(4.604_318, 5)
  })

  it('are 0 for equal and at most 1 for disjoint distributions, and symmetric', () => {
    const shares = fc
      .array(fc.integer({ min: 0, max: 1_000 }), { minLength: 4, maxLength: 4 })
      .filter((counts) => counts.some((count) => count > 0))
      .map((counts) => counts.map((count) => count / counts.reduce((sum, other) => sum + other, 0)))
    fc.assert(
      fc.property(shares, shares, (p, q) => {
        for (const measure of [jensenShannon, largestDifference, stabilityIndex]) {
          expect(measure(p, p)).toBe(0)
          expect(measure(p, q)).toBeCloseTo(measure(q, p), 9)
          expect(measure(p, q)).toBeGreaterThanOrEqual(0)
        }
        expect(jensenShannon(p, q)).toBeLessThanOrEqual(1)
      }),
    )
    expect(jensenShannon([1, 0], [0, 1])).toBe(1)
  })

  it('are all registered, one file each', async () => {
    const files = await readdir(import.meta.dirname)
    for (const name of driftMeasureSchema.options) expect(files).toContain(`${name}.ts`)
    expect(driftMeasures.map(({ name }) => name).sort()).toEqual([...driftMeasureSchema.options].sort())
  })
})

describe('rebin', () => {
  it('spreads a bin evenly over the cells that divide it', () => {
    expect(rebin({ edges: [0, 2, 4], counts: [10, 4] }, [0, 0.5, 2, 3, 4, 6])).toEqual([2.5, 7.5, 2, 2, 0])
  })

  it('keeps a point in the cell without width', () => {
    expect(rebin({ edges: [1, 1], counts: [5] }, [0, 1, 1, 2])).toEqual([0, 5, 0])
    expect(rebin({ edges: [0, 2], counts: [8] }, [0, 1, 1, 2])).toEqual([4, 0, 4])
  })
})

describe('comparing statistics', () => {
  it('compares text by shares, with missing and unseen values', async () => {
    const now = "select unnest(['a', 'a', 'b', 'new', null]) as x"
    const before = "select unnest(['a', 'a', 'b', 'b', 'b']) as x"
    // b falls from 0.6 to 0.2
    expect(await measured(now, before, 'l-infinity')).toBeCloseTo(0.4, 12)
    expect(await measured(before, before, 'l-infinity')).toBe(0)
  })

  it('compares few whole numbers value by value, whatever the range of the bins', async () => {
    const before = 'select range % 10 as x from range(10000)'
    const same = 'select case when range = 5 then 12 else range % 10 end as x from range(10000)'
    expect(await measured(same, before, 'jensen-shannon-divergence')).toBeLessThan(0.001)
  })

  it('finds a shift of the mean, and none between two halves', async () => {
    const normal = (shift: number, seed: number) =>
      `select sqrt(-2 * ln((hash(range + ${seed}) % 1000003 + 1) / 1000004)) * cos(2 * pi() * (hash(range + ${seed + 7_000_000}) % 1000003) / 1000003) + ${shift} as x from range(20000)`
    // Two unit normals one standard deviation apart have a divergence of 0.16 bits; cells lose a little of it.
    const far = await measured(normal(1, 1), normal(0, 500_000), 'jensen-shannon-divergence')
    expect(far).toBeGreaterThan(0.14)
    expect(far).toBeLessThan(0.17)
    expect(await measured(normal(0, 1), normal(0, 500_000), 'jensen-shannon-divergence')).toBeLessThan(0.002)
    expect(await measured(normal(1, 1), normal(0, 500_000), 'population-stability-index')).toBeGreaterThan(0.8)
  })

  it('does not call chance drift in small samples', async () => {
    const [now, before] = await statisticsOf(
      'select hash(range) % 1000 / 10.0 as x from range(75)',
      'select hash(range + 900) % 1000 / 10.0 as x from range(75)',
    )
    if (now === undefined || before === undefined) throw new Error('two statistics are expected')
    expect(compareStatistics(now, before)[0]).toMatchObject({ measure: 'jensen-shannon-divergence', drifted: false })
  })

  it('counts missing numbers as a cell of their own', async () => {
    const now = 'select case when range % 2 = 0 then range * 1.0 end as x from range(1000)'
    const value = await measured(now, 'select range * 1.0 as x from range(1000)', 'jensen-shannon-divergence')
    expect(value).toBeCloseTo(jensenShannon([0.5, 0.5], [1, 0]), 2)
    const gone = await measured(
      'select null::double as x from range(9)',
      'select range * 1.0 as x from range(1000)',
      'jensen-shannon-divergence',
    )
    expect(gone).toBe(1)
  })

  it('uses one fitting measure for each column and its threshold', async () => {
    const [now, before] = await statisticsOf(
      `select 'a' as t, true as b, 1.5 as n, timestamp '2001-02-01' as at, 5 as moved from range(100)`,
      `select 'a' as t, true as b, 1.5 as n, timestamp '2001-01-01' as at, 'x' as moved from range(100)`,
    )
    if (now === undefined || before === undefined) throw new Error('two statistics are expected')
    expect(compareStatistics(now, before, { thresholds: { n: 0.2 } })).toMatchObject([
      { feature: 't', measure: 'l-infinity', value: 0, threshold: 0.1, drifted: false },
      { feature: 'b', measure: 'l-infinity', value: 0, threshold: 0.1, drifted: false },
      { feature: 'n', measure: 'jensen-shannon-divergence', value: 0, threshold: 0.2, drifted: false },
      { feature: 'moved', measure: 'l-infinity', value: null, threshold: 0.1, drifted: false },
    ])
    expect(() => compareStatistics(now, before, { thresholds: { m: 1 } })).toThrow(/"m" is not in the reference data/)
    expect(() => compareStatistics(now, before, { measures: { n: 'l-infinity' } })).toThrow(/does not apply/)
    expect(
      jensenShannonDivergence.compute(
        { rows: 0, statistics: now.columns[2] ?? never() },
        { rows: 1, statistics: before.columns[2] ?? never() },
      ),
    ).toBeNull()
  })
})

function never(): never {
  throw new Error('the column is expected')
}
