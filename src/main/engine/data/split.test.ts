import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { hashFile } from '../artifacts/artifact-files.ts'
import { parquetSource, withTables } from '../tables/duckdb.ts'
import { type SplitPart, type SplitRequest, splitParts, splitRows } from './split.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'esteira-split-'))
})
afterAll(async () => {
  await rm(folder, { recursive: true })
})

const base: SplitRequest = { by: 'random', test: 0.2, validation: 0.1, seed: 7 }
const rowSchema = z.record(z.string(), z.unknown())
type Row = z.infer<typeof rowSchema>

interface Split {
  readonly parts: Record<SplitPart, Row[]>
  readonly hashes: string[]
  readonly description: string
}

async function split(sql: string, request: Partial<SplitRequest> = {}, threads?: number): Promise<Split> {
  return await withTables(
    async (tables) => {
      const path = join(folder, 'data')
      await tables.writeParquet(sql, path)
      const outputs = { train: join(folder, 'a'), validation: join(folder, 'b'), test: join(folder, 'c') }
      const { description, rows } = await splitRows(tables, path, { ...base, ...request }, outputs)
      const parts: Record<SplitPart, Row[]> = { train: [], validation: [], test: [] }
      if (rows.train > 10_000) return { parts, hashes: await hashesOf(outputs), description }
      for (const part of splitParts) parts[part] = await tables.rows(`from ${parquetSource(outputs[part])}`, rowSchema)
      for (const part of splitParts) expect(parts[part]).toHaveLength(rows[part])
      return { parts, hashes: await hashesOf(outputs), description }
    },
    { threads },
  )
}

async function hashesOf(outputs: Record<SplitPart, string>): Promise<string[]> {
  return await Promise.all(splitParts.map(async (part) => (await hashFile(outputs[part])).sha256))
}

const sizes = ({ parts }: Split) => splitParts.map((part) => parts[part].length)
const valuesOf = (rows: readonly Row[], name: string) => rows.map((row) => row[name])

describe('a split by chance', () => {
  it('takes the shares asked for, every row once, in order', async () => {
    const result = await split('select range as n from range(1000)')
    expect(sizes(result)).toEqual([700, 100, 200])
    const all = splitParts.flatMap((part) => valuesOf(result.parts[part], 'n').map(Number))
    expect(all.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 1_000 }, (_, index) => index))
    const test = valuesOf(result.parts.test, 'n').map(Number)
    expect(test).toEqual(test.toSorted((a, b) => a - b))
    expect(test.reduce((sum, n) => sum + n, 0) / 200).toBeGreaterThan(420)
    expect(test.reduce((sum, n) => sum + n, 0) / 200).toBeLessThan(580)
  })

  it('depends on the seed alone', async () => {
    const sql = "select range as n, ['a', 'b', null][range % 3 + 1] as t from range(130000)"
    const first = await split(sql, { target: 't' }, 1)
    expect((await split(sql, { target: 't' }, 4)).hashes).toEqual(first.hashes)
    expect((await split(sql, { target: 't', seed: 8 })).hashes).not.toEqual(first.hashes)
  })

  it('keeps the shares of classes, and trains on every class', async () => {
    const sql = `select range as n, case when range < 15 then 'rare' when range = 15 then 'single' else 'common' end as t
      from range(150)`
    const { parts, description } = await split(sql, { target: 't' })
    const count = (part: SplitPart, value: string) => valuesOf(parts[part], 't').filter((t) => t === value).length
    expect(splitParts.map((part) => parts[part].length)).toEqual([105, 15, 30])
    expect(splitParts.map((part) => count(part, 'single'))).toEqual([1, 0, 0])
    expect(count('test', 'rare')).toBeGreaterThanOrEqual(2)
    expect(count('test', 'rare')).toBeLessThanOrEqual(4)
    expect(count('validation', 'rare')).toBeGreaterThanOrEqual(1)
    expect(description).toBe('by chance, with the same shares of t in every part')
  })

  it('does not stratify by quantities', async () => {
    expect((await split('select range / 7.0 as t from range(100)', { target: 't' })).description).toBe('by chance')
  })

  it('manages a thousand classes of two rows', async () => {
    expect(sizes(await split("select 'c' || range % 1000 as t from range(2000)", { target: 't' }))[2]).toBe(400)
  })
})

describe('a split by time', () => {
  it('tests on the newest rows and keeps an instant together', async () => {
    const sql = "select timestamp '2001-01-01' + interval (99 - range // 2) day as at from range(200)"
    const { parts, description } = await split(sql, { by: 'time', column: 'at' })
    expect(valuesOf(parts.test, 'at').at(-1)).toBe('2001-03-22T00:00:00.000Z')
    expect(splitParts.map((part) => parts[part].length)).toEqual([140, 20, 40])
    expect(description).toBe('by "at": validation from 2001-03-12 00:00:00, test from 2001-03-22 00:00:00')
  })

  it('says when too many rows share an instant', async () => {
    const sql = "select date '2001-01-01' as at from range(100)"
    await expect(split(sql, { by: 'time', column: 'at' })).rejects.toThrow(
      'The train part of the split would have no rows. Too many rows share one value of "at".',
    )
  })
})

describe('a split by group', () => {
  it('keeps groups together', async () => {
    const { parts } = await split('select range // 10 as g from range(1000)', { by: 'group', column: 'g' })
    const groups = splitParts.map((part) => new Set(valuesOf(parts[part], 'g')))
    expect(groups.map(({ size }) => size)).toEqual([70, 10, 20])
    expect(new Set(groups.flatMap((group) => [...group])).size).toBe(100)
  })

  it('puts missing groups together and needs three', async () => {
    const sql = 'select nullif(range % 4, 3) as g from range(100)'
    expect(sizes(await split(sql, { by: 'group', column: 'g' })).every((rows) => rows % 25 === 0)).toBe(true)
    await expect(split('select 1 as g from range(100)', { by: 'group', column: 'g' })).rejects.toMatchObject({
      code: 'dataset-empty',
    })
  })
})

describe('a split of columns with any name', () => {
  it.each(['random', 'time', 'group'] as const)('works by %s', async (by) => {
    const names = ['part', 'total', 'before', 'name', 'rank', 'place', 'row_number', 'test_start', 'n', 'a "b" \'c']
    const columns = names.map((name) => `range % 50 as "${name.replaceAll('"', '""')}"`)
    const sql = `select ${columns.join(', ')} from range(500)`
    for (const column of names) {
      const { parts } = await split(sql, { by, column, target: column })
      expect(parts.train.length).toBeGreaterThan(300)
      expect(Object.keys(parts.train[0] ?? {})).toEqual(names)
    }
  })
})

describe('a split that cannot be', () => {
  it('names the column or the part', async () => {
    await expect(split('select 1 as day', { by: 'time', column: 'dya' })).rejects.toMatchObject({
      code: 'column-not-found',
      context: { nearest: 'day' },
    })
    await expect(split('select range from range(4)')).rejects.toThrow(/would have no rows. There are too few rows/)
    await expect(split('select true as b from range(99)', { by: 'time', column: 'b' })).rejects.toThrow(/in time/)
  })
})
