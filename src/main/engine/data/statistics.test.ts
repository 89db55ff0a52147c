import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ColumnStatistics, Statistics } from '#shared/statistics.ts'
import { statisticsSchema } from '#shared/statistics.ts'
import { parquetSource, withTables } from '../tables/duckdb.ts'
import { binEdges, histogramOf, momentsOf, quantilesOf } from './histogram.ts'
import { computeStatistics } from './statistics.ts'

const flights = join(import.meta.dirname, '../../../../resources/samples/flight-delay/data')

async function statisticsOf(sql: string, threads?: number): Promise<Statistics> {
  return await withTables((tables) => computeStatistics(tables, sql), { threads })
}

function column(statistics: Statistics, name: string): ColumnStatistics {
  const found = statistics.columns.find((candidate) => candidate.name === name)
  if (found === undefined) throw new Error(`There is no column ${name}.`)
  return found
}

describe('computeStatistics', () => {
  it('describes numbers, missing and non-finite ones apart', async () => {
    const statistics = await statisticsOf(`
      select unnest([1, 2, 2, 0, null, 'nan'::double, 'inf'::double, '-inf'::double, 3]) as x`)
    expect(statistics.rows).toBe(9)
    expect(column(statistics, 'x')).toEqual({
      name: 'x',
      type: 'number',
      storageType: 'DOUBLE',
      missing: 1,
      distinct: 4,
      numeric: {
        min: 0,
        max: 3,
        mean: 1.6,
        stdDev: expect.closeTo(1.019_803_9, 6),
        zeros: 1,
        nan: 1,
        infinite: 2,
        quantiles: [0, 0, 0, 0, 1, 2, 2, 3, 3, 3, 3],
        histogram: { edges: expect.any(Array), counts: expect.any(Array) },
        values: [
          { value: 0, count: 1 },
          { value: 1, count: 1 },
          { value: 2, count: 2 },
          { value: 3, count: 1 },
        ],
        bins: { bits: 20, keys: expect.any(Array), counts: [1, 1, 2, 1] },
      },
    })
  })

  it('describes text and booleans exactly, empty texts included', async () => {
    const statistics = await statisticsOf(`select unnest(['a', 'bb', 'bb', '', null]) as t,
      unnest([true, false, null, true, true]) as b`)
    expect(column(statistics, 't')).toMatchObject({ missing: 1, distinct: 3 })
    expect(column(statistics, 't').categorical).toEqual({
      topValues: [
        { value: 'bb', count: 2 },
        { value: '', count: 1 },
        { value: 'a', count: 1 },
      ],
      minLength: 0,
      maxLength: 2,
      avgLength: 1.25,
    })
    expect(column(statistics, 'b').categorical?.topValues).toEqual([
      { value: 'true', count: 3 },
      { value: 'false', count: 1 },
    ])
  })

  it('sees instants as epoch milliseconds', async () => {
    const statistics = await statisticsOf(`select unnest([date '1970-01-02', date '1970-01-04', null]) as d,
      unnest([timestamptz '1970-01-01 00:00:01+00', null, 'infinity']) as t`)
    expect(column(statistics, 'd')).toMatchObject({ type: 'timestamp', missing: 1, distinct: 2 })
    expect(column(statistics, 'd').numeric).toMatchObject({ min: 86_400_000, max: 3 * 86_400_000, mean: 172_800_000 })
    expect(column(statistics, 't')).toMatchObject({ missing: 2, numeric: { min: 1_000, max: 1_000 } })
  })

  it('takes columns that are constant, always missing, or of no usable type', async () => {
    const statistics = await statisticsOf(`select 7 as constant, null::double as gone, null::varchar as silent,
      [1, 2] as list, 'nan'::double as nan, 1e300 as huge from range(3)`)
    expect(column(statistics, 'constant').numeric?.histogram).toEqual({ edges: [7, 7], counts: [3] })
    expect(column(statistics, 'gone')).toEqual({
      name: 'gone',
      type: 'number',
      storageType: 'DOUBLE',
      missing: 3,
      distinct: 0,
    })
    expect(column(statistics, 'silent').categorical?.topValues).toEqual([])
    expect(column(statistics, 'list')).toMatchObject({ type: 'other', missing: 0 })
    expect(column(statistics, 'nan')).toMatchObject({ missing: 0 })
    expect(column(statistics, 'nan').numeric).toBeUndefined()
    expect(statisticsSchema.safeParse(statistics).success).toBe(true)
  })

  it('takes no rows at all', async () => {
    const statistics = await statisticsOf("select 1 as a, 'x' as t where false")
    expect(statistics).toMatchObject({
      rows: 0,
      columns: [
        { name: 'a', missing: 0 },
        { name: 't', missing: 0 },
      ],
    })
  })

  it('keeps the thousand most frequent texts of many, and counts all', async () => {
    const sql = "select 'v' || (range % 5000) as t from range(12000)"
    const { topValues } = column(await statisticsOf(sql), 't').categorical ?? { topValues: [] }
    expect(topValues).toHaveLength(1_000)
    expect(topValues[0]).toEqual({ value: 'v0', count: 3 })
    expect(column(await statisticsOf(sql), 't').distinct).toBe(5_000)
  })

  it('handles more columns than one pass counts', async () => {
    const columns = Array.from({ length: 70 }, (_, index) => `range % ${index + 1} as c${index}`)
    const statistics = await statisticsOf(`select ${columns.join(', ')} from range(1000)`)
    for (const index of [0, 31, 32, 63, 64, 69]) expect(column(statistics, `c${index}`).distinct).toBe(index + 1)
  })

  it('agrees with DuckDB on many different numbers', async () => {
    const sql = 'select sin(range) * 1000 as x from range(100000)'
    const { numeric } = column(await statisticsOf(sql), 'x')
    expect(numeric?.histogram.counts.reduce((sum, count) => sum + count, 0)).toBe(100_000)
    expect(numeric?.quantiles[5]).toBeCloseTo(0, 0)
    expect(numeric?.mean).toBeCloseTo(0, 1)
    expect(numeric?.stdDev).toBeCloseTo(1000 / Math.sqrt(2), 1)
    expect(numeric?.values).toBeUndefined()
  })

  it('takes a range too narrow to divide', async () => {
    const { numeric } = column(
      await statisticsOf('select 1e9 + range * 1.2e-7 as x from range(30000) where range in (0, 1)'),
      'x',
    )
    expect(numeric?.histogram.counts).toEqual([2])
    const many = await statisticsOf('select range * 5e-324 as x from range(30000)')
    expect(column(many, 'x').numeric?.histogram.counts.reduce((sum, count) => sum + count, 0)).toBe(30_000)
  })

  it('is the same whatever the number of threads', async () => {
    const sql = `from ${parquetSource([1, 2, 3].map((month) => join(flights, `flights-2001-0${month}.parquet`)))}`
    const results = await Promise.all([1, 2, 3, 2].map((threads) => statisticsOf(sql, threads)))
    for (const result of results) expect(result).toEqual(results[0])
    expect(results[0]?.rows).toBe(120_000)
  })
})

describe('histogram', () => {
  const counted = fc.array(
    fc.record({ value: fc.double({ min: -1e150, max: 1e150, noNaN: true }), count: fc.integer({ min: 1, max: 9 }) }),
    { minLength: 1, maxLength: 50 },
  )

  it('loses no value and has ascending edges', () => {
    fc.assert(
      fc.property(counted, (values) => {
        const numbers = values.map(({ value }) => value)
        const [min, max] = [Math.min(...numbers), Math.max(...numbers)]
        const { edges, counts } = histogramOf(values, min, max)
        expect(counts.reduce((sum, count) => sum + count, 0)).toBe(values.reduce((sum, { count }) => sum + count, 0))
        expect(edges).toEqual(edges.toSorted((a, b) => a - b))
        // Whether a zero is negative is nobody's business.
        expect([edges[0], edges.at(-1)].map((edge) => (edge ?? 0) + 0)).toEqual([min + 0, max + 0])
      }),
    )
  })

  it('has quantiles and moments as counted by hand', () => {
    const values = [
      { value: 1, count: 2 },
      { value: 4, count: 1 },
      { value: 10, count: 1 },
    ]
    expect(quantilesOf(values, [0, 0.5, 0.51, 0.75, 0.76, 1])).toEqual([1, 1, 4, 4, 10, 10])
    expect(momentsOf(values)).toEqual({ mean: 4, stdDev: Math.sqrt(13.5) })
    expect(binEdges(0, 1, 4)).toEqual([0, 0.25, 0.5, 0.75, 1])
  })
})
