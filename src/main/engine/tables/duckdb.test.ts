import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { EsteiraError } from '../kernel/errors.ts'
import { parquetSource, withTables } from './duckdb.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'esteira-tables-'))
})
afterAll(async () => {
  await rm(folder, { recursive: true })
})

async function failureOf(work: Promise<unknown>): Promise<EsteiraError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (error instanceof EsteiraError) return error
  throw new Error(`An EsteiraError was expected, not ${String(error)}`)
}

describe('rows', () => {
  it('gives JSON-safe values', async () => {
    const sql = `select 9007199254740991 as big, 12.5::decimal(9, 2) as exact, true as yes, null::integer as gone,
      timestamp '2001-02-03 04:05:06.789' as at, date '2001-02-03' as day, timestamptz '2001-02-03 04:00:00+02' as zoned,
      'infinity'::timestamp as never, 'nan'::double as nan, [1::bigint, 2] as list, { 'a': 1::bigint } as record,
      time '10:30' as clock`
    const rows = await withTables((tables) => tables.rows(sql, z.unknown()))
    expect(JSON.parse(JSON.stringify(rows))).toEqual([
      {
        big: 9007199254740991,
        exact: 12.5,
        yes: true,
        gone: null,
        at: '2001-02-03T04:05:06.789Z',
        day: '2001-02-03',
        zoned: '2001-02-03T02:00:00.000Z',
        never: null,
        nan: null,
        list: [1, 2],
        record: { a: 1 },
        clock: '10:30:00',
      },
    ])
  })
})

describe('columns', () => {
  it('reads every type into its in-memory form', async () => {
    const sql = `select * from (values
      (1::bigint, 0.5, true, 'é', timestamp '1970-01-02', date '1970-01-02', [1]),
      (null, 'nan'::double, null, null, 'infinity'::timestamp, null, null)
    ) t("a b", number, flag, text, "at", day, list)`
    const batch = await withTables((tables) => tables.columns(sql))
    expect(batch.length).toBe(2)
    expect(Object.fromEntries(batch.types)).toEqual({
      'a b': 'integer',
      number: 'number',
      flag: 'boolean',
      text: 'text',
      at: 'timestamp',
      day: 'timestamp',
      list: 'other',
    })
    const values = Object.fromEntries([...batch.columns].map(([name, column]) => [name, [...column.values]]))
    expect(values).toEqual({
      'a b': [1, Number.NaN],
      number: [0.5, Number.NaN],
      flag: [1, Number.NaN],
      text: ['é', null],
      at: [86_400_000, Number.NaN],
      day: [86_400_000, Number.NaN],
      list: ['[1]', null],
    })
  })

  it('keeps the order over many chunks and row groups', async () => {
    const sql = "select range as n, 'v' || range % 7 as text from range(300000) order by n desc"
    const batch = await withTables((tables) => tables.columns(sql))
    expect(batch.length).toBe(300_000)
    const n = batch.columns.get('n')?.values
    const text = batch.columns.get('text')?.values
    for (const row of [0, 1, 2047, 2048, 122_880, 299_999]) {
      expect(n?.[row]).toBe(299_999 - row)
      expect(text?.[row]).toBe(`v${(299_999 - row) % 7}`)
    }
  })

  it('gives empty columns for no rows', async () => {
    const batch = await withTables((tables) => tables.columns('select 1 as a where false'))
    expect(batch.length).toBe(0)
    expect(batch.columns.get('a')?.values).toHaveLength(0)
  })
})

describe('writeParquet', () => {
  it('gives the same bytes for the same rows, whatever the number of threads', async () => {
    const sql = "select range as n, 'v' || hash(range) % 1000 as text, hash(range) / 1e19 as x from range(400000)"
    const hashes: string[] = []
    for (const threads of [1, 2, 4]) {
      const path = join(folder, `out-${threads}`)
      const written = await withTables((tables) => tables.writeParquet(sql, path), { threads })
      expect(written).toEqual({ rows: 400_000 })
      hashes.push(
        createHash('sha256')
          .update(await readFile(path))
          .digest('hex'),
      )
    }
    expect(new Set(hashes).size).toBe(1)
  })
})

describe('restrict', () => {
  it('keeps SQL inside the allowed files, for good', async () => {
    const inside = join(folder, 'inside')
    const outside = join(folder, 'outside')
    await withTables(async (tables) => {
      await tables.writeParquet('select 1 as a', inside)
      await tables.writeParquet('select 2 as a', outside)
      await tables.restrict({ files: [inside] })
      expect(await tables.count(parquetSource(inside))).toBe(1)
      expect((await failureOf(tables.count(parquetSource(outside)))).message).toMatch(/Cannot access file/)
      expect((await failureOf(tables.run(`copy (select 1) to '${outside}'`))).message).toMatch(/Cannot access file/)
      expect((await failureOf(tables.run('set enable_external_access = true'))).message).toMatch(/locked|cannot/i)
      expect((await failureOf(tables.run('install httpfs'))).code).toMatch(/query-failed|dataset-unreadable/)
    })
  })
})

describe('checkQuery', () => {
  it.each([
    ['select 1; select 2', /2 statements/],
    ['create table t (a int)', /Only a query/],
    ["copy (select 1) to 'x'", /Only a query/],
    ['select 1) t; drop table t; select (1', /syntax error/],
    ['selec 1', /syntax error/],
    [' ', /empty/],
    ['-- nothing', /empty/],
  ])('refuses %j', async (sql, message) => {
    await withTables(async (tables) => {
      const error = await failureOf(tables.checkQuery(sql, 'esteira.yaml'))
      expect(error.code).toBe('query-failed')
      expect(error.context.where).toBe('esteira.yaml')
      expect(error.message).toMatch(message)
    })
  })

  it.each(['select 1', 'from x -- a comment', 'with t as (select 1) select * from t;\n', 'select 1 /* ) */'])(
    'accepts %j',
    async (sql) => {
      await withTables((tables) => tables.checkQuery(sql, 'esteira.yaml'))
    },
  )
})

describe('failures', () => {
  it("carry the first line of DuckDB's message and the candidates", async () => {
    const error = await failureOf(withTables((tables) => tables.run('select delai from (select 1 as delay)')))
    expect(error.code).toBe('query-failed')
    expect(error.message).toBe('Referenced column "delai" not found in FROM clause!')
    expect(error.context.allowed).toContain('delay')
  })

  it('name an unreadable file', async () => {
    const path = join(folder, 'broken.parquet')
    await writeFile(path, 'this is no Parquet file at all')
    const error = await failureOf(withTables((tables) => tables.count(parquetSource(path))))
    expect(error.code).toBe('dataset-unreadable')
    expect(error.message).toContain('broken.parquet')
  })

  it('reject with the reason of the signal when a query is interrupted', async () => {
    const reason = new Error('stop')
    const signal = AbortSignal.any([AbortSignal.timeout(60_000), abortAfter(100, reason)])
    const startedAt = performance.now()
    const work = withTables((tables) => tables.run('select sum(sqrt(range)) from range(100000000000)'), { signal })
    await expect(work).rejects.toBe(reason)
    expect(performance.now() - startedAt).toBeLessThan(10_000)
  })
})

function abortAfter(delayMs: number, reason: Error): AbortSignal {
  const controller = new AbortController()
  setTimeout(() => controller.abort(reason), delayMs)
  return controller.signal
}
