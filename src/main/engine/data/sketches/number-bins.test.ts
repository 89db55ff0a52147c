import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { withTables } from '../../tables/duckdb.ts'
import {
  alignBins,
  binEnd,
  binKey,
  binKeySql,
  binQuantiles,
  binStart,
  binsOfValues,
  binValue,
  coarserKeySql,
  finestBits,
  maxBins,
  mergeBins,
} from './number-bins.ts'

const number = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e150, max: 1e150 }),
  fc.integer({ min: -3_000, max: 3_000 }),
  fc.double({ noNaN: true, min: 1_990, max: 2_020 }),
)
const counted = fc.array(fc.record({ value: number, count: fc.integer({ min: 1, max: 9 }) }), { maxLength: 400 })
const many = fc
  .integer({ min: 1, max: 2_000 })
  .map((length) => Array.from({ length }, (_, index) => ({ value: Math.sinh(index / 90 - 8), count: 1 + (index % 3) })))
const sketch = fc.oneof(counted, many).map(binsOfValues)

describe('bins of numbers', () => {
  it('hold the number between their ends, and keys rise with numbers', () => {
    fc.assert(
      fc.property(number, number, fc.integer({ min: -2, max: finestBits }), (a, b, bits) => {
        const key = binKey(a, bits)
        const slack = Math.abs(a) * 1e-12 + 1e-300
        expect(binStart(key, bits)).toBeLessThanOrEqual(a + slack)
        expect(binEnd(key, bits)).toBeGreaterThanOrEqual(a - slack)
        if (a < b) expect(key).toBeLessThanOrEqual(binKey(b, bits))
      }),
    )
  })

  it('are as wide as stated: 2^-bits of the number', () => {
    expect([binStart(binKey(1_000, 3), 3), binEnd(binKey(1_000, 3), 3)]).toEqual([960, 1_024])
    expect([binStart(binKey(-5, 1), 1), binEnd(binKey(-5, 1), 1)]).toEqual([-6, -4])
    expect([binStart(0, 4), binEnd(0, 4), binKey(0, 4), binValue(0, 4)]).toEqual([0, 0, 0, 0])
    expect(binValue(binKey(17, 10), 10)).toBe(17)
    expect(binValue(binKey(-17, 10), 10)).toBe(-17)
  })

  it('have the same keys in SQL, and in coarser grids too', async () => {
    const values = fc.sample(number, { numRuns: 300, seed: 5 })
    const bits = 9
    const rows = await withTables((tables) =>
      tables.rows(
        `select v, ${binKeySql('v', bits)} as key, ${coarserKeySql(binKeySql('v', bits), 3)} as coarse
          from (select unnest([${values.map((value) => `'${value}'::DOUBLE`).join(', ')}]) as v)`,
        z.object({ v: z.number(), key: z.number(), coarse: z.number() }),
      ),
    )
    for (const { v, key, coarse } of rows) {
      expect(key).toBe(binKey(v, bits) + 0)
      expect(coarse).toBe(binKey(v, bits - 3) + 0)
    }
  })
})

describe('merging bins', () => {
  it('is associative and commutative, exactly, and loses no value', () => {
    fc.assert(
      fc.property(sketch, sketch, sketch, (a, b, c) => {
        const all = mergeBins([a, b, c])
        expect(mergeBins([mergeBins([a, b]), c])).toEqual(all)
        expect(mergeBins([a, mergeBins([b, c])])).toEqual(all)
        expect(mergeBins([c, b, a])).toEqual(all)
        const total = (...sketches: (typeof a)[]) => sketches.flatMap(({ counts }) => counts).reduce((x, y) => x + y, 0)
        expect(total(all)).toBe(total(a, b, c))
        expect(all.keys.length).toBeLessThanOrEqual(maxBins)
      }),
      { numRuns: 60 },
    )
  })

  it('equals the sketch of all values at once', () => {
    fc.assert(
      fc.property(many, counted, (a, b) => {
        expect(mergeBins([binsOfValues(a), binsOfValues(b)])).toEqual(binsOfValues([...a, ...b]))
      }),
      { numRuns: 40 },
    )
  })

  it('keeps quantiles within 2^-bits of their size', () => {
    const values = Array.from({ length: 50_000 }, (_, index) => Math.exp(((index * 7_919) % 50_000) / 5_000))
    const parts = [0, 1, 2].map((part) =>
      binsOfValues(values.filter((_, i) => i % 3 === part).map((value) => ({ value, count: 1 }))),
    )
    const merged = mergeBins(parts)
    const sorted = values.toSorted((x, y) => x - y)
    for (const [index, quantile] of binQuantiles(merged, [0.01, 0.25, 0.5, 0.9, 0.999]).entries()) {
      const exact = sorted[Math.ceil(([0.01, 0.25, 0.5, 0.9, 0.999][index] ?? 0) * sorted.length) - 1] ?? 0
      expect(Math.abs(quantile - exact) / exact).toBeLessThanOrEqual(2 ** -merged.bits)
    }
    expect(merged.bits).toBeGreaterThanOrEqual(5)
  })

  it('brings two sketches onto the same keys', () => {
    const fine = binsOfValues([{ value: 3, count: 2 }])
    const coarse = { bits: 1, keys: [binKey(3, 1)], counts: [5] }
    expect(alignBins(fine, coarse)).toEqual({ bits: 1, keys: [binKey(3, 1)], a: [2], b: [5] })
  })
})
