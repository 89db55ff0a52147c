import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { Column } from '../../tables/columns.ts'
import { quoteText, type Tables, withTables } from '../../tables/duckdb.ts'
import { fitPreparation, loadPreparedRows, prepareOptionsSchema } from '../prepare.ts'
import { rowsToBatch } from '../rows.ts'
import { applyPreparation } from './apply.ts'
import { datePart, usefulDateParts } from './dates.ts'
import { openDeriver } from './expressions.ts'
import { fitFeatures } from './fit.ts'
import { defaultCategorical, defaultNumeric } from './options.ts'
import { preparationSchema } from './preparation.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'esteira-preparation-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const rowSchema = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]))
type Row = z.output<typeof rowSchema>

const sqlTypes = {
  amount: 'DOUBLE',
  count: 'BIGINT',
  'name é "q"': 'VARCHAR',
  flag: 'BOOLEAN',
  moment: 'TIMESTAMP',
  late: 'BOOLEAN',
}

async function writeRows(tables: Tables, rows: readonly Row[], path: string): Promise<void> {
  const columns = JSON.stringify([sqlTypes])
  await tables.writeParquet(
    `select unnest(from_json(${quoteText(JSON.stringify(rows))}, ${quoteText(columns)}), recursive := true)`,
    path,
  )
}

const missing = <T>(value: fc.Arbitrary<T>) => fc.option(value, { freq: 5 })
const instant = fc.date({ min: new Date('1950-01-01'), max: new Date('2050-01-01'), noInvalidDate: true })
const rowArbitrary: fc.Arbitrary<Row> = fc.record({
  amount: missing(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e12, max: 1e12 })),
  count: missing(fc.maxSafeInteger()),
  'name é "q"': missing(
    fc.oneof(fc.constantFrom('a', 'b', "it's", '', 'ß\u0000x'), fc.string({ unit: 'grapheme', maxLength: 4 })),
  ),
  flag: missing(fc.boolean()),
  moment: missing(instant.map((date) => date.toISOString().slice(0, -1))),
  late: fc.boolean(),
})

describe('rows encode in training as they do in serving', () => {
  const options = prepareOptionsSchema.parse({
    target: 'late',
    features: {
      amount: { kind: 'numeric', scale: 'quantile' },
      moment: { kind: 'date', parts: ['hour', 'weekday', 'day-of-year', 'month', 'year', 'days'] },
    },
    expressions: {
      ratio: 'amount / nullif(count, 0)',
      initial: `upper(left("name é ""q""", 1))`,
      minute: 'minute(moment)',
      positive: 'amount > 0',
    },
  })

  test('bit for bit, one JSON row at a time', async () => {
    await withTables(async (tables) => {
      let file = 0
      await fc.assert(
        fc.asyncProperty(fc.array(rowArbitrary, { minLength: 4, maxLength: 12 }), async (generated) => {
          const rows = generated.map((row, index) => ({ ...row, late: index % 2 === 0 }))
          const path = join(folder, `${file++}.parquet`)
          await writeRows(tables, rows, path)
          const { preparation, signature } = await fitPreparation(tables, path, options)
          const stored = preparationSchema.parse(JSON.parse(JSON.stringify(preparation)))
          const together = applyPreparation(preparation, (await loadPreparedRows(tables, path, preparation)).batch)
          const deriver = await openDeriver(stored)
          try {
            for (const [index, { late: _, ...row }] of rows.entries()) {
              const request: unknown = JSON.parse(JSON.stringify(row))
              const alone = applyPreparation(stored, await deriver.derive(rowsToBatch(signature, [request])))
              expect(alone.codes.map((codes) => codes[0])).toEqual(together.codes.map((codes) => codes[index]))
              expect(alone.numeric).toEqual(
                together.numeric.slice(index * together.width, (index + 1) * together.width),
              )
            }
          } finally {
            await deriver.dispose()
          }
        }),
        { numRuns: 12 },
      )
    })
  })
})

const numeric = (...values: number[]): Column => ({ kind: 'numeric', values: Float64Array.from(values) })
const text = (...values: (string | null)[]): Column => ({ kind: 'text', values })
const batchOf = (x: Column) => ({ length: x.values.length, columns: new Map([['x', x]]) })

function encode(
  column: Column,
  type: 'number' | 'text' | 'timestamp' | 'boolean',
  options?: Parameters<typeof fitFeatures>[1][number]['options'],
  applied = column,
) {
  const features = fitFeatures(batchOf(column), [{ column: 'x', type, options }])
  const preparation = {
    formatVersion: 1 as const,
    inputs: [],
    expressions: [],
    features,
    target: { name: 'y', mean: 0, deviation: 1 },
  }
  const { numeric: values, codes, width } = applyPreparation(preparation, batchOf(applied))
  return {
    values: Array.from(values, (value) => Number(value.toFixed(4)) + 0),
    codes: codes.map((list) => [...list]),
    width,
  }
}

describe('numbers', () => {
  test('are standardised, missing ones filled by the median and told apart', () => {
    const deviation = Math.sqrt(2 / 3)
    expect(encode(numeric(1, 2, 3, Number.NaN), 'number')).toMatchObject({
      width: 2,
      values: [-1 / deviation, 0, 0, 0, 1 / deviation, 0, 0, 1].map((value) => Number(value.toFixed(4)) + 0),
    })
  })
  test('beyond the range of training count as its widened limit', () => {
    const { values } = encode(numeric(0, 4), 'number', { ...defaultNumeric, scale: 'min-max' }, numeric(-100, 2, 100))
    expect(values).toEqual([-0.25, 0.5, 1.25])
  })
  test('with long tails are ranked, equal ones in the middle of their share', () => {
    const column = numeric(...Array.from({ length: 99 }, (_, index) => index + 1), 1e9)
    const { values } = encode(column, 'number', undefined, numeric(-5, 1, 50.5, 1e9, 1e12))
    const edge = Number((0.5 * Math.sqrt(12)).toFixed(4))
    expect(values).toEqual([-edge, -edge, 0, edge, edge])
  })
  test('keep a constant column harmless', () => {
    expect(encode(numeric(0.1, 0.1, 0.1), 'number').values).toEqual([0, 0, 0])
  })
  test.each([
    ['mean' as const, 2],
    [7, 7],
  ])('are filled by %s', (impute, filled) => {
    const options = { ...defaultNumeric, impute, missingIndicator: false, scale: 'none' as const, clip: false }
    expect(encode(numeric(1, 1, 4, Number.NaN), 'number', options).values).toEqual([1, 1, 4, filled])
  })
})

describe('categories', () => {
  test('get codes by frequency; 0 is unseen, 1 missing', () => {
    const column = text('b', 'a', 'a', null, 'rare', 'b', 'a')
    expect(encode(column, 'text', undefined, text('a', 'b', null, 'rare', 'new')).codes).toEqual([[2, 3, 1, 0, 0]])
  })
  test('are limited to the most frequent', () => {
    const options = { ...defaultCategorical, maxCategories: 1, minCount: 1 }
    expect(encode(text('b', 'a', 'a'), 'text', options).codes).toEqual([[0, 2, 2]])
  })
  test('may be numbers', () => {
    expect(encode(numeric(3, 3, 1.5, 1.5, 1.5), 'number', { ...defaultCategorical, minCount: 1 }).codes).toEqual([
      [3, 3, 2, 2, 2],
    ])
  })
})

describe('dates', () => {
  const instantMs = Date.UTC(2001, 2, 1, 18, 30)
  test.each([
    ['hour', 18.5],
    ['weekday', 3],
    ['day-of-month', 1],
    ['month', 3],
    ['day-of-year', 59],
    ['year', 2001],
    ['days', 11_382 + 18.5 / 24],
  ] as const)('have the part %s', (part, value) => {
    expect(datePart(instantMs, part)).toBeCloseTo(value, 10)
  })
  test('before 1970 too', () => {
    expect([datePart(Date.UTC(1969, 11, 31, 23), 'hour'), datePart(Date.UTC(1969, 11, 31, 23), 'weekday')]).toEqual([
      23, 2,
    ])
  })
  test('give the parts that their span can tell', () => {
    const days = (count: number, hour = 0) =>
      Float64Array.from({ length: count }, (_, day) => Date.UTC(2001, 0, day + 1, hour))
    expect(usefulDateParts(days(5, 6))).toEqual(['hour'])
    expect(usefulDateParts(days(30))).toEqual(['weekday'])
    expect(usefulDateParts(days(800))).toEqual(['weekday', 'day-of-year', 'year'])
    expect(usefulDateParts(Float64Array.of(Number.NaN))).toEqual([])
  })
  test('are given as cycles, where midnight is near midnight', () => {
    const column = numeric(Date.UTC(2001, 0, 1, 6), Number.NaN)
    const sines = [0.25, 0.5, 0.75].flatMap((turn) => [Math.sin(2 * Math.PI * turn), Math.cos(2 * Math.PI * turn)])
    expect(encode(column, 'timestamp', { kind: 'date', parts: ['hour'] }).values).toEqual(
      [...sines, 0, 0, 0, 0, 0, 0].map((value) => Number(value.toFixed(4)) + 0),
    )
  })
})

describe('wrong options', () => {
  const prepare = async (options: object) =>
    await withTables(async (tables) => {
      const path = join(folder, 'options.parquet')
      const rows = [true, false, true].map((late) => ({
        amount: 1,
        count: 2,
        'name é "q"': 'a',
        flag: true,
        moment: '2001-01-01T00:00:00',
        late,
      }))
      await writeRows(tables, rows, path)
      return await fitPreparation(tables, path, prepareOptionsSchema.parse(options))
    })
  test.each([
    ['a target that is not there', { target: 'lat' }, 'column-not-found', 'late'],
    ['a feature that is not there', { target: 'late', features: ['amont'] }, 'column-not-found', 'amount'],
    ['an exclusion that is not there', { target: 'late', exclude: ['amounts'] }, 'column-not-found', 'amount'],
    [
      'an expression of a column that is not there',
      { target: 'late', expressions: { e: 'amonut + 1' } },
      'column-not-found',
      'amount',
    ],
    [
      'an expression that reads the target',
      { target: 'late', expressions: { e: 'not late' } },
      'parameter-invalid',
      undefined,
    ],
    [
      'an expression over all rows',
      { target: 'late', expressions: { e: 'avg(amount) over ()' } },
      'query-failed',
      undefined,
    ],
    ['an expression with a subquery', { target: 'late', expressions: { e: '(select 1)' } }, 'query-failed', undefined],
    ['an expression that is no SQL', { target: 'late', expressions: { e: 'amount +' } }, 'query-failed', undefined],
    ['an aggregate', { target: 'late', expressions: { e: 'avg(amount)' } }, 'query-failed', undefined],
    [
      'a text as number',
      { target: 'late', features: { 'name é "q"': { kind: 'numeric' } } },
      'parameter-invalid',
      undefined,
    ],
    ['no feature left', { target: 'late', features: ['amount'], exclude: ['amount'] }, 'parameter-invalid', undefined],
  ])('%s', async (_, options, code, nearest) => {
    await expect(prepare(options)).rejects.toMatchObject({
      code,
      ...(nearest !== undefined && { context: { nearest } }),
    })
  })
})
