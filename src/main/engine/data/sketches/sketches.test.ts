import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Statistics } from '#shared/statistics.ts'
import { parquetSource, type Tables, withTables } from '../../tables/duckdb.ts'
import { computeStatistics } from '../statistics.ts'
import { type SpanSketches, sketchRelation } from './compute.ts'
import { distinctOf, emptyRegisters, mergeRegisters } from './distinct.ts'
import { mergeMonths } from './months.ts'
import { packAscending, packNumbers, unpackAscending, unpackNumbers } from './pack.ts'
import { type ColumnSketch, mergeSketches, statisticsOfSketch } from './sketch.ts'
import { readSketch, writeSketch } from './stored-sketch.ts'

const flights = parquetSource(
  [1, 2].map((month) =>
    join(import.meta.dirname, `../../../../../resources/samples/flight-delay/data/flights-2001-0${month}.parquet`),
  ),
)

function merged(spans: readonly SpanSketches[]): Statistics {
  const rows = spans.reduce((sum, span) => sum + span.rows, 0)
  const names = new Set(spans.flatMap(({ columns }) => columns.map(({ name }) => name)))
  const columns = [...names].map((name) =>
    statisticsOfSketch(mergeSketches(spans.flatMap((span) => span.columns.filter((one) => one.name === name))), rows),
  )
  return { rows, columns }
}

async function sketched(sql: string, time?: string): Promise<SpanSketches[]> {
  return await withTables((tables) => sketchRelation(tables, sql, time))
}

async function oneColumn(tables: Tables, sql: string): Promise<ColumnSketch> {
  const [span] = await sketchRelation(tables, sql, undefined)
  const [column] = span?.columns ?? []
  if (column === undefined) throw new Error('one column is expected')
  return column
}

describe('L1.7: sketches by day', () => {
  it('merged again say what the statistics of all rows say', async () => {
    const [spans, exact] = await withTables(async (tables) => [
      await sketchRelation(tables, `from ${flights}`, 'date'),
      await computeStatistics(tables, `from ${flights}`),
    ])
    expect(spans).toHaveLength(59)
    expect(spans[0]?.span).toBe(Date.UTC(2001, 0, 1))
    const all = merged(spans)
    expect(all.rows).toBe(exact.rows)
    for (const column of exact.columns) {
      const found = all.columns.find(({ name }) => name === column.name)
      expect(found).toMatchObject({ type: column.type, storageType: column.storageType, missing: column.missing })
      expect(Math.abs((found?.distinct ?? 0) / column.distinct - 1)).toBeLessThan(0.2)
      if (column.categorical) expect(found?.categorical).toEqual(column.categorical)
      if (column.numeric === undefined) continue
      const { min, max, zeros, nan, infinite, mean, stdDev } = column.numeric
      expect(found?.numeric).toMatchObject({ min, max, zeros, nan, infinite })
      expect((found?.numeric?.mean ?? 0) / mean).toBeCloseTo(1, 9)
      expect((found?.numeric?.stdDev ?? 0) / stdDev).toBeCloseTo(1, 6)
      const total = found?.numeric?.histogram.counts.reduce((sum, count) => sum + count, 0)
      expect(total).toBe(exact.rows - column.missing)
      if (column.type === 'timestamp') continue
      for (const [index, quantile] of column.numeric.quantiles.entries()) {
        expect(Math.abs((found?.numeric?.quantiles[index] ?? 0) - quantile)).toBeLessThanOrEqual(
          Math.abs(quantile) / 64,
        )
      }
    }
  })

  it('say the same by month', async () => {
    const spans = await sketched(`from ${flights}`, 'date')
    const months = mergeMonths(spans)
    expect(months.map(({ span, rows }) => [span, rows])).toEqual([
      [Date.UTC(2001, 0, 1), 40_000],
      [Date.UTC(2001, 1, 1), 40_000],
    ])
    const rounded = (statistics: Statistics) =>
      statistics.columns.map(({ numeric, ...rest }) => ({
        ...rest,
        numeric: numeric && { ...numeric, mean: 0, stdDev: 0 },
      }))
    expect(rounded(merged(months))).toEqual(rounded(merged(spans)))
  })

  it('hold every row once, those without a time in a span of their own', async () => {
    const spans = await sketched(
      `select case when range % 10 > 0 then timestamp '2020-01-01' + to_hours(range) end as at, range as x from range(100)`,
      'at',
    )
    expect(spans.map(({ span, rows }) => [span, rows])).toEqual([
      [null, 10],
      ...[21, 22, 21, 22, 4].map((rows, day) => [Date.UTC(2020, 0, 1 + day), rows]),
    ])
    expect(await sketched('select 1 as x from range(7)')).toMatchObject([{ span: null, rows: 7 }])
    expect(await sketched('select 1 as x where false')).toEqual([])
  })

  it('tell missing, NaN, infinite and zero apart, and keep types', async () => {
    const [span] = await sketched(
      `select unnest([1.5, 0, null, 'nan'::double, 'inf'::double]) as x, unnest(['a', 'b', null, 'a', 'a']) as t,
        null::integer as gone, unnest([true, false, true, null, true]) as b, [1] as list`,
    )
    const [x, t, gone, b, list] = span?.columns ?? []
    expect(x).toMatchObject({ present: 4, numbers: { finite: 2, nan: 1, infinite: 1, zeros: 1, min: 0, max: 1.5 } })
    expect(t?.texts).toMatchObject({
      values: new Map([
        ['a', 3],
        ['b', 1],
      ]),
      error: 0,
      sumLength: 4,
    })
    expect(gone).toMatchObject({ type: 'integer', present: 0 })
    expect(b?.texts?.values).toEqual(
      new Map([
        ['true', 3],
        ['false', 1],
      ]),
    )
    expect(list).toMatchObject({ type: 'other', present: 5 })
    for (const column of span?.columns ?? []) expect(readSketch(writeSketch(column))).toEqual(column)
  })

  it('merge into the same, in whatever order and grouping', async () => {
    const value = fc.oneof(fc.integer({ min: -50, max: 50 }), fc.double({ noNaN: true, min: -1e9, max: 1e9 }))
    const part = fc.array(fc.option(value), { minLength: 1, maxLength: 25 })
    await withTables(async (tables) => {
      const make = async (values: readonly (number | null)[]) =>
        await oneColumn(tables, `select unnest([${values.map((each) => each ?? 'null').join(', ')}]::double[]) as x`)
      await fc.assert(
        fc.asyncProperty(part, part, part, async (a, b, c) => {
          const [x, y, z] = [await make(a), await make(b), await make(c)]
          const all = mergeSketches([x, y, z])
          const same = (other: ColumnSketch) => {
            const { mean = 0, squares = 0, ...exact } = other.numbers ?? {}
            const { mean: m = 0, squares: s = 0, ...expected } = all.numbers ?? {}
            expect({ ...other, numbers: exact }).toEqual({ ...all, numbers: expected })
            expect(Math.abs(mean - m)).toBeLessThanOrEqual(1e-9 * (1 + Math.abs(m)))
            expect(Math.abs(squares - s)).toBeLessThanOrEqual(1e-9 * (1 + s))
          }
          same(mergeSketches([mergeSketches([x, y]), z]))
          same(mergeSketches([x, mergeSketches([y, z])]))
          same(mergeSketches([z, y, x]))
          same(await make([...a, ...b, ...c]))
        }),
        { numRuns: 15 },
      )
    })
  }, 60_000)

  it('keep the thousand most frequent texts, and say by how much a count may be too low', async () => {
    // Values 0 to 1,499; each is 1, 2 or 3 times there, in turn.
    const sql = 'select (v % 1500)::varchar as t from range(1500) r(v), range(3) n(k) where k <= v % 3'
    const [span] = await sketched(sql)
    const [column] = span?.columns ?? []
    if (column?.texts === undefined) throw new Error('texts are expected')
    expect(column.texts.values.size).toBe(1_000)
    expect(column.texts.error).toBe(1)
    const twice = mergeSketches([column, column])
    expect(twice.texts?.error).toBe(2)
    const statistics = statisticsOfSketch(twice, 6_000)
    expect(Math.abs(statistics.distinct / 1_500 - 1)).toBeLessThan(0.2)
    expect(twice.present).toBe(6_000)
  })

  it('take columns that appear, vanish and change their type between spans', async () => {
    const sketches = await Promise.all(
      ['select 1 as x, 2 as y', 'select 1.5 as x', "select 'a' as x", 'select null::varchar as x'].map((sql) =>
        sketched(sql),
      ),
    )
    const of = (...parts: number[]) => merged(parts.flatMap((part) => sketches[part] ?? []))
    expect(of(0, 1).columns).toMatchObject([
      { name: 'x', type: 'number', missing: 0 },
      { name: 'y', missing: 1 },
    ])
    expect(of(0, 2).columns[0]).toMatchObject({ type: 'other', missing: 0 })
    expect(of(0, 2).columns[0]?.numeric).toBeUndefined()
    // Without a value there is no type to disagree about.
    expect(of(0, 3).columns[0]).toMatchObject({ type: 'integer', missing: 1 })
  })
})

describe('different values', () => {
  it('are estimated within the stated error, and merging does not count twice', () => {
    const random = (seed: number) => Math.abs(Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ (seed << 7)) >>> 0
    const of = (from: number, to: number) => {
      const registers = emptyRegisters()
      for (let value = from; value < to; value++) {
        const hash = random(random(value) + value)
        const level = Math.min(Math.clz32(((hash >>> 8) | 1) & -((hash >>> 8) | 1)) ^ 31, 23) + 1
        registers[hash & 255] = Math.max(registers[hash & 255] ?? 0, level)
      }
      return registers
    }
    expect(distinctOf(emptyRegisters())).toBe(0)
    const [a, b] = [of(0, 3_000), of(1_500, 4_500)]
    expect(mergeRegisters(a, a)).toEqual(a)
    expect(mergeRegisters(a, b)).toEqual(of(0, 4_500))
  })

  it('are counted by DuckDB within three standard errors', async () => {
    for (const count of [10, 500, 5_000, 100_000]) {
      const [span] = await sketched(`select range * 0.37 as x from range(${count}), range(2) t(twice)`)
      const column = span?.columns[0]
      const estimate = distinctOf(column?.registers ?? emptyRegisters())
      expect(Math.abs(estimate / count - 1), String(count)).toBeLessThan(0.2)
    }
  })
})

describe('packed numbers', () => {
  it('come back as they were', () => {
    const safe = fc.integer({ min: -(2 ** 50), max: 2 ** 50 })
    fc.assert(
      fc.property(fc.array(safe), (numbers) => {
        expect(unpackNumbers(packNumbers(numbers))).toEqual(numbers)
        const ascending = [...numbers].map((number) => Math.floor(number / 1_000)).sort((a, b) => a - b)
        expect(unpackAscending(packAscending(ascending))).toEqual(ascending)
      }),
    )
  })
})
