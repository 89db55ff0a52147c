import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { DatasetSpec } from '#shared/projects.ts'
import { EsteiraError } from '../kernel/errors.ts'
import { subquery, withTables } from '../tables/duckdb.ts'
import { datasetFiles, openDataset } from './dataset.ts'

let project = ''
let scratchPath = ''
beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), 'esteira-dataset-'))
  scratchPath = await mkdtemp(join(tmpdir(), 'esteira-scratch-'))
})
afterAll(async () => {
  await rm(project, { recursive: true })
  await rm(scratchPath, { recursive: true })
})

async function put(path: string, content: string | Uint8Array): Promise<string> {
  await mkdir(dirname(join(project, path)), { recursive: true })
  await writeFile(join(project, path), content)
  return path
}

const lines = (...list: string[]) => `${list.join('\n')}\n`

async function read(spec: DatasetSpec): Promise<{ types: Record<string, string>; rows: unknown[] }> {
  return await withTables(async (tables) => {
    const { query } = await openDataset(tables, spec, project, { scratchPath })
    const types = Object.fromEntries((await tables.describe(query)).map(({ name, type }) => [name, type]))
    return { types, rows: await tables.rows(`from ${subquery(query)}`, z.unknown()) }
  })
}

async function failure(spec: DatasetSpec): Promise<EsteiraError> {
  const error = await read(spec).then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (error instanceof EsteiraError) return error
  throw new Error(`An EsteiraError was expected, not ${String(error)}`)
}

describe('CSV', () => {
  const german = lines(
    'Ort;Größe in m;Betrag;Datum;Zeit;aktiv',
    'Zürich;1,5;1.234,50;23/12/2001;23.12.2001 10:30;yes',
    'Genève;2,75;NA;03/02/2001;03.02.2001 11:00;no',
    ';3,0;12.000,00;04/02/2001;NA;yes',
  )
  const types = {
    Ort: 'text',
    'Größe in m': 'number',
    Betrag: 'number',
    Datum: 'timestamp',
    Zeit: 'timestamp',
    aktiv: 'boolean',
  }
  const rows = [
    {
      Ort: 'Zürich',
      'Größe in m': 1.5,
      Betrag: 1234.5,
      Datum: '2001-12-23',
      Zeit: '2001-12-23T10:30:00.000Z',
      aktiv: true,
    },
    {
      Ort: 'Genève',
      'Größe in m': 2.75,
      Betrag: null,
      Datum: '2001-02-03',
      Zeit: '2001-02-03T11:00:00.000Z',
      aktiv: false,
    },
    { Ort: null, 'Größe in m': 3, Betrag: 12_000, Datum: '2001-02-04', Zeit: null, aktiv: true },
  ]

  it.each([
    ['UTF-8', Buffer.from(german, 'utf8')],
    ['UTF-8 with a mark', Buffer.from(`\ufeff${german}`, 'utf8')],
    ['latin-1', Buffer.from(german, 'latin1')],
    ['UTF-16', Buffer.from(`\ufeff${german}`, 'utf16le')],
    ['UTF-16 big-endian', Buffer.from(`\ufeff${german}`, 'utf16le').swap16()],
    ['UTF-16 without a mark', Buffer.from(german, 'utf16le')],
  ])('is read in %s, with decimal commas, thousands, dates and missing texts', async (name, bytes) => {
    const path = await put(`german/${name}.csv`, bytes)
    expect(await read({ path })).toEqual({ types, rows })
  })

  it.each([
    ['tabs', '\t'],
    ['pipes', '|'],
    ['semicolons', ';'],
    ['commas', ','],
  ])('finds %s', async (name, mark) => {
    const table = [
      ['first name', 'weight', 'sex'],
      ['Ann', '1.5', 'f'],
      ['Bob', '?', 'm'],
    ]
    const path = await put(`${name}.txt`, lines(...table.map((row) => row.join(mark))))
    expect((await read({ path })).rows).toEqual([
      { 'first name': 'Ann', weight: 1.5, sex: 'f' },
      { 'first name': 'Bob', weight: null, sex: 'm' },
    ])
  })

  it('keeps points that are not thousands, and lists with commas', async () => {
    const path = await put('points.csv', lines('a;b', '1.5;1,2,3', '2.25;4,5,6', '3.5;7,8,9'))
    expect((await read({ path })).rows[0]).toEqual({ a: 1.5, b: '1,2,3' })
  })

  it('is not misled by decimal commas in every value', async () => {
    const path = await put('decimal.csv', lines('x;y', '1,5;2,5', '3,25;4,75', '5,0;6,5'))
    expect((await read({ path })).rows[1]).toEqual({ x: 3.25, y: 4.75 })
  })

  it('lets a type break late, and quotes come late', async () => {
    const many = Array.from({ length: 60_000 }, (_, index) => `${index},plain`)
    const path = await put('late.csv', lines('a,b', ...many, 'x7,"with, comma"'))
    const { types: found, rows: all } = await read({ path })
    expect(found).toEqual({ a: 'text', b: 'text' })
    expect(all).toHaveLength(60_001)
    expect(all[60_000]).toEqual({ a: 'x7', b: 'with, comma' })
  })

  it('follows the options given', async () => {
    const path = await put('given.csv', lines('1~2.3.2001~-', '4~5.6.2001~x'))
    const csv = { delimiter: '~', header: false, dateFormat: '%m.%d.%Y', nullValues: ['-'] }
    expect((await read({ path, csv })).rows).toEqual([
      { column0: 1, column1: '2001-02-03', column2: null },
      { column0: 4, column1: '2001-05-06', column2: 'x' },
    ])
  })

  it('reads a folder of files by the names of their columns', async () => {
    await put('months/1.csv', lines('day,amount,note', '2001-01-01,1,', '2001-01-02,2,'))
    await put('months/2.csv', lines('note,amount,day,extra', '7,1.5,2001-02-01,a', '8,2.5,2001-02-02,b'))
    const { rows: all, types: found } = await read({ path: 'months' })
    expect(found).toEqual({ day: 'timestamp', amount: 'number', note: 'integer', extra: 'text' })
    expect(all[0]).toEqual({ day: '2001-01-01', amount: 1, note: null, extra: null })
    expect(all[3]).toEqual({ day: '2001-02-02', amount: 2.5, note: 8, extra: 'b' })
  })

  describe('of many files', () => {
    /** Two rows in each of twelve files, under one header; `special` is the last of them. */
    async function putMany(folder: string, row: (index: number) => string, special: string): Promise<string> {
      const header = 'naïve,value,note'
      for (let index = 0; index < 11; index++) {
        await put(`${folder}/${10 + index}.csv`, lines(header, row(2 * index), row(2 * index + 1)))
      }
      await put(`${folder}/99.csv`, special)
      return folder
    }
    const plain = (index: number) => `${index},${index / 2},n${index}`

    it('that are written alike gives all rows in their order, with the types of all', async () => {
      const path = await putMany('alike', plain, 'naïve,value,note\n22,11,"quoted, too"')
      const { types: found, rows: all } = await read({ path })
      expect(found).toEqual({ naïve: 'integer', value: 'number', note: 'text' })
      expect(all).toHaveLength(23)
      expect(all.slice(-2)).toEqual([
        { naïve: 21, value: 10.5, note: 'n21' },
        { naïve: 22, value: 11, note: 'quoted, too' },
      ])
    })

    it.each([
      ['another order of columns', 'note,value,naïve\nx,1.5,22\n', { naïve: 22, value: 1.5, note: 'x' }],
      ['another separator', 'naïve;value;note\n22;1.5;x\n', { naïve: 22, value: 1.5, note: 'x' }],
      ['lines that end otherwise', 'naïve,value,note\r\n22,1.5,x\r\n', { naïve: 22, value: 1.5, note: 'x' }],
      ['nothing but a header', 'naïve,value,note\n', { naïve: 21, value: 10.5, note: 'n21' }],
      ['another encoding', Buffer.from('naïve,value,note\n22,1.5,é\n', 'latin1'), { naïve: 22, value: 1.5, note: 'é' }],
    ])('of which one has %s, reads that one as well', async (name, special, last) => {
      const path = await putMany(name, plain, '-')
      await put(`${path}/99.csv`, special)
      const { types: found, rows: all } = await read({ path })
      expect(found).toEqual({ naïve: 'integer', value: 'number', note: 'text' })
      expect(all.at(-1)).toEqual(last)
    })

    it('of which one has decimal commas, reads each as it is written', async () => {
      const header = 'a;b'
      for (let index = 0; index < 10; index++) {
        await put(
          `decimals/${index}.csv`,
          lines(header, index < 9 ? '1.5;x' : '1,5;x', index < 9 ? '2.25;y' : '2,25;y'),
        )
      }
      const { types: found, rows: all } = await read({ path: 'decimals' })
      expect(found).toEqual({ a: 'number', b: 'text' })
      expect(new Set(all.map((row) => JSON.stringify(row)))).toEqual(
        new Set(['{"a":1.5,"b":"x"}', '{"a":2.25,"b":"y"}']),
      )
    })

    it('whose column is text in one alone, is text in all', async () => {
      const path = await putMany('mixed', plain, lines('naïve,value,note', 'A22,1.5,x'))
      const { types: found, rows: all } = await read({ path })
      expect(found).toMatchObject({ naïve: 'text', value: 'number' })
      expect(all[3]).toEqual({ naïve: '3', value: 1.5, note: 'n3' })
    })

    it('names the one with a row that does not fit', async () => {
      const good = Array.from({ length: 100 }, (_, index) => plain(22 + index))
      const path = await putMany('ragged', plain, lines('naïve,value,note', ...good, '23,1.5,x,more', ...good))
      const error = await failure({ path })
      expect(error.message).toBe('Line 102 of ragged/99.csv cannot be read: it has 4 values where 3 are expected.')
    })
  })

  it('names the file and the line of a row that does not fit', async () => {
    const good = Array.from({ length: 100 }, (_, index) => `${index},${index}`)
    const path = await put('bad/ragged.csv', lines('a,b', ...good, '1,2,3', ...good))
    const error = await failure({ path })
    expect(error.code).toBe('dataset-unreadable')
    expect(error.message).toBe('Line 102 of bad/ragged.csv cannot be read: it has 3 values where 2 are expected.')
    expect(error.context.found).toBe('1,2,3')
  })

  it('refuses a file that is no text', async () => {
    const bytes = Uint8Array.from({ length: 5_000 }, (_, index) => (index * 7_919) % 256)
    const error = await failure({ path: await put('bad/binary.csv', bytes) })
    expect(error.code).toBe('dataset-unreadable')
    expect(error.message).toContain('binary.csv')
  })
})

describe('other formats', () => {
  it('reads Parquet files in sorted order, whatever their extension says', async () => {
    await withTables(async (tables) => {
      await tables.writeParquet('select 2 as n, null::varchar as t', join(project, 'b.parquet'))
      await tables.writeParquet("select 'x' as t, 1 as n", join(project, 'a.parquet'))
      await tables.writeParquet('select 9 as n', join(project, 'artifact'))
    })
    expect((await read({ path: '*.parquet' })).rows).toEqual([
      { n: 1, t: 'x' },
      { n: 2, t: null },
    ])
    expect((await read({ path: 'artifact' })).rows).toEqual([{ n: 9 }])
  })

  it('reads JSON, as an array and as lines', async () => {
    const array = await put('array.json', '\ufeff[{"a": 1, "at": "2001-02-03T04:05:06Z"}, {"b": "é"}]')
    expect((await read({ path: array })).rows).toEqual([
      { a: 1, at: '2001-02-03T04:05:06.000Z', b: null },
      { a: null, at: null, b: 'é' },
    ])
    const jsonLines = await put('lines.ndjson', lines('{"a": 1}', '{"a": 2.5}'))
    expect((await read({ path: jsonLines })).rows).toEqual([{ a: 1 }, { a: 2.5 }])
  })

  it('reads a table of SQLite', async () => {
    const database = new Database(join(project, 'shop.db'))
    database.exec(`create table "my orders" (id integer, price, day text, photo blob);
      insert into "my orders" values (9007199254740991, 1, '2001-02-03', x'00'), (2, 2.5, '2001-02-04', null)`)
    database.exec('create table other (a)')
    database.close()
    expect((await read({ path: 'shop.db', table: 'my orders' })).rows).toEqual([
      { id: 9007199254740991, price: 1, day: '2001-02-03', photo: null },
      { id: 2, price: 2.5, day: '2001-02-04', photo: null },
    ])
    const error = await failure({ path: 'shop.db', table: 'my order' })
    expect([error.code, error.context.nearest]).toEqual(['dataset-unreadable', 'my orders'])
  })

  it('names a corrupt Parquet file', async () => {
    const error = await failure({ path: await put('bad/broken.parquet', 'PAR1 and then nothing of the kind PAR1') })
    expect(error.code).toBe('dataset-unreadable')
    expect(error.message).toContain('bad/broken.parquet')
    expect(error.message).not.toContain(project)
  })
})

describe('query', () => {
  it('derives columns from source', async () => {
    const path = await put('derive.csv', lines('delay', '20', '3'))
    const { rows } = await read({ path, query: 'select delay >= 15 as late from source -- no delay' })
    expect(rows).toEqual([{ late: true }, { late: false }])
  })

  it('reads nothing but the dataset', async () => {
    const path = await put('derive.csv', lines('delay', '20', '3'))
    const secret = await put('secret.csv', lines('a', '1'))
    const error = await failure({ path, query: `select * from read_csv('${join(project, secret)}')` })
    expect(error.message).toMatch(/Cannot access file/)
    expect((await failure({ path, query: 'drop view source' })).code).toBe('query-failed')
  })
})

describe('paths', () => {
  it('stay in the project', async () => {
    const outside = join(scratchPath, 'outside.csv')
    await writeFile(outside, 'a\n1\n')
    await symlink(outside, join(project, 'link.csv'))
    for (const path of ['../x.csv', outside, 'link.csv', 'months/../../x.csv', '../*.csv']) {
      expect((await failure({ path })).code, path).toBe('path-outside-project')
    }
  })

  it('that do not exist get the nearest name', async () => {
    await put('months/1.csv', 'a\n1\n')
    const error = await failure({ path: 'monhts/1.csv' })
    expect([error.code, error.context.nearest]).toEqual(['dataset-not-found', 'months'])
    expect((await failure({ path: 'months/l.csv' })).context.nearest).toBe('months/1.csv')
    expect((await failure({ path: 'nothing-*.csv' })).code).toBe('dataset-not-found')
  })

  it('may look like a pattern', async () => {
    const path = await put('data [1].csv', lines('a', '1'))
    expect(await datasetFiles({ path }, project)).toHaveLength(1)
  })

  it('of empty files are refused', async () => {
    const error = await failure({ path: await put('bad/nothing.csv', '') })
    expect(error.code).toBe('dataset-empty')
    expect(error.message).toBe('The file "bad/nothing.csv" is empty.')
  })
})
