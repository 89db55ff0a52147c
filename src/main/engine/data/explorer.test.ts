import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { DatasetSpec } from '#shared/projects.ts'
import { EsteiraError } from '../kernel/errors.ts'
import { parquetSource, withTables } from '../tables/duckdb.ts'
import { Explorer, type ExplorerOptions } from './explorer.ts'

let folder = ''
const open: Explorer[] = []
/** One for all tests that need no other: a thread takes a moment to start. */
let shared: Explorer

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'esteira-explorer-'))
  await mkdir(join(folder, 'scratch'))
  await writeFile(join(folder, 'people.csv'), 'id,name,born\n1,Ana,1990-05-01\n2,Bruno,1985-01-31\n3,,2001-12-24\n')
  await writeFile(join(folder, 'secret.csv'), 'word\nhidden\n')
  shared = createExplorer()
  open.length = 0
})
afterEach(async () => {
  await Promise.all(open.splice(0).map((explorer) => explorer.close()))
})
afterAll(async () => {
  await shared.close()
  await rm(folder, { recursive: true })
})

function createExplorer(options: Partial<ExplorerOptions> = {}): Explorer {
  const explorer = new Explorer({
    cachePath: join(folder, 'cache'),
    cacheBytes: 1e9,
    scratchPath: join(folder, 'scratch'),
    memoryLimitMb: 1_500,
    ...options,
  })
  open.push(explorer)
  return explorer
}

const people: DatasetSpec = { path: 'people.csv' }
const all = { offset: 0, limit: 100 }

function sql(
  explorer: Explorer,
  text: string,
  options: { offset?: number; limit?: number; signal?: AbortSignal } = {},
) {
  const { signal, offset = 0, limit = 100 } = options
  return explorer.ask('sql', { sql: text, folder, datasets: { people }, offset, limit }, signal)
}

async function failureOf(work: Promise<unknown>): Promise<EsteiraError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (error instanceof EsteiraError) return error
  throw new Error(`An EsteiraError was expected, not ${String(error)}`)
}

/** Makes rows long: from some megabytes on, a CSV file counts as large. */
const padding = 'text '.repeat(20)

/** Keeps a thread busy until it is interrupted. */
const endless = 'select count(*) from range(10000000) a, range(10000000) b where hash(a.range, b.range) = 1'
const failingThread = new URL('./testing/failing-thread.ts', import.meta.url)

describe('rows', () => {
  it('are paged in the order of the file, with the number of all', async () => {
    const explorer = shared
    expect(await explorer.ask('rows', { spec: people, folder, offset: 1, limit: 1 })).toEqual({
      columns: [
        { name: 'id', storageType: 'BIGINT', type: 'integer' },
        { name: 'name', storageType: 'VARCHAR', type: 'text' },
        { name: 'born', storageType: 'DATE', type: 'timestamp' },
      ],
      rows: [[2, 'Bruno', '1985-01-31']],
      offset: 1,
      total: 3,
    })
    expect((await explorer.ask('rows', { spec: people, folder, offset: 3, limit: 1 })).rows).toEqual([])
  })

  it('of a large CSV file are the same before and after its copy is made', async () => {
    const path = join(folder, 'large.csv')
    const lines = Array.from({ length: 100_000 }, (_, index) => `${index},${(index * 7919) % 1000},${padding}`)
    await writeFile(path, `n,value,text\n${lines.join('\n')}\n`)
    const explorer = createExplorer({ cachePath: join(folder, 'large-cache') })
    const request = { spec: { path: 'large.csv' }, folder, offset: 99_990, limit: 100 }
    const direct = await explorer.ask('rows', request)
    expect(direct.total).toBe(100_000)
    expect(direct.rows).toHaveLength(10)
    expect(direct.rows[9]).toEqual([99_999, (99_999 * 7919) % 1000, padding])
    await explorer.ask('statistics', { spec: { path: 'large.csv' }, folder })
    expect(await readdir(join(folder, 'large-cache'))).toHaveLength(2)
    expect(await explorer.ask('rows', request)).toEqual(direct)
  })

  it('of a large CSV file whose first rows mislead are read as a close look finds them', async () => {
    const lines = Array.from({ length: 100_000 }, (_, index) => `${index},${index > 90_000 ? 'x' : index},${padding}`)
    await writeFile(join(folder, 'misleading.csv'), `n,value,text\n${lines.join('\n')}\n`)
    const explorer = shared
    const request = { spec: { path: 'misleading.csv' }, folder, limit: 1 }
    expect((await explorer.ask('rows', { ...request, offset: 99_999 })).rows).toEqual([[99_999, 'x', padding]])
    await explorer.ask('statistics', { spec: { path: 'misleading.csv' }, folder })
    expect((await explorer.ask('rows', { ...request, offset: 0 })).rows).toEqual([[0, '0', padding]])
  })

  it('follow the file when it changes', async () => {
    const explorer = shared
    const path = join(folder, 'changing.csv')
    const request = { spec: { path: 'changing.csv' }, folder, ...all }
    await writeFile(path, 'a\n1\n')
    expect((await explorer.ask('rows', request)).rows).toEqual([[1]])
    await writeFile(path, 'a\n2\n')
    await utimes(path, 1e9, 1e9)
    expect((await explorer.ask('rows', request)).rows).toEqual([[2]])
    const spec = { ...request.spec, query: 'select a + 40 as b from source' }
    expect((await explorer.ask('rows', { ...request, spec })).rows).toEqual([[42]])
  })

  it('of a Parquet file are read where they lie', async () => {
    const path = join(folder, 'numbers.parquet')
    await withTables((tables) => tables.writeParquet('select range as n from range(200000)', path))
    const cachePath = join(folder, 'no-copies')
    const explorer = createExplorer({ cachePath })
    const page = await explorer.ask('parquetRows', { path, offset: 150_000, limit: 2 })
    expect(page).toMatchObject({ rows: [[150_000], [150_001]], total: 200_000 })
    const rows = { spec: { path: 'numbers.parquet' }, folder, offset: 199_999, limit: 5 }
    expect((await explorer.ask('rows', rows)).rows).toEqual([[199_999]])
    expect(await readdir(cachePath)).toEqual([])
  })

  it('that cannot be read say why, in terms of the file', async () => {
    await writeFile(join(folder, 'broken.parquet'), 'PAR1 and nothing that belongs there')
    const problem = await failureOf(shared.ask('rows', { spec: { path: 'broken.parquet' }, folder, ...all }))
    expect(problem.code).toBe('dataset-unreadable')
    expect(problem.message).toContain('broken.parquet')
  })

  it('are copied once, and the copies used least recently make room', async () => {
    const cachePath = join(folder, 'small-cache')
    const explorer = createExplorer({ cachePath, cacheBytes: 1 })
    await explorer.ask('rows', { spec: people, folder, ...all })
    const [first] = await readdir(cachePath)
    await explorer.ask('rows', { spec: { path: 'secret.csv' }, folder, ...all })
    const left = await readdir(cachePath)
    expect(left).toHaveLength(1)
    expect(left).not.toContain(first)
    const page = await explorer.ask('rows', { spec: people, folder, ...all })
    expect(page.total).toBe(3)
  })
})

describe('values', () => {
  it('keep what JSON numbers lose, and long texts are cut', async () => {
    const text = `select 9007199254740991::bigint as safe, 9007199254740993::bigint as big, 'nan'::double as nan,
      '-infinity'::double as low, 'infinity'::timestamp as never, date '2001-02-03' as day,
      timestamp '2001-02-03 04:05:06.789' as at, 12.5::decimal(9, 2) as exact,
      1234567890123456.78::decimal(30, 2) as long, [1::bigint, null] as list, { 'a': 'nan'::double } as record,
      repeat('é', 1500) as text, null as gone, repeat('x', 1000) as whole`
    const { rows } = await sql(shared, text)
    expect(rows).toEqual([
      [
        9007199254740991,
        '9007199254740993',
        'NaN',
        '-Infinity',
        'infinity',
        '2001-02-03',
        '2001-02-03T04:05:06.789Z',
        12.5,
        '1234567890123456.78',
        [1, null],
        { a: 'NaN' },
        `${'é'.repeat(1_000)}…`,
        null,
        'x'.repeat(1_000),
      ],
    ])
  })
})

describe('SQL', () => {
  it('sees each dataset by its name, in pages', async () => {
    const explorer = shared
    const page = await sql(explorer, 'select id, name from people order by id desc', { offset: 1, limit: 1 })
    expect(page).toMatchObject({ rows: [[2, 'Bruno']], offset: 1, total: 3 })
    expect(page.elapsedMs).toBeGreaterThanOrEqual(0)
    for (const text of [
      'describe people',
      'SUMMARIZE people',
      'from people;',
      'with a as (from PEOPLE) from a -- all',
    ]) {
      expect((await sql(explorer, text)).total).toBe(3)
    }
  })

  it('that fails says where', async () => {
    const explorer = shared
    const unknown = await failureOf(sql(explorer, 'select id,\n  nam\nfrom people'))
    expect(unknown).toMatchObject({ code: 'query-failed', context: { where: 'line 2, column 3', found: 'nam' } })
    const syntax = await failureOf(sql(explorer, 'selec 1'))
    expect(syntax).toMatchObject({
      message: 'syntax error at or near "selec".',
      context: { where: 'line 1, column 1', found: 'selec 1' },
    })
    expect((await failureOf(sql(explorer, 'from peple'))).context.found).toBe('from peple')
  })

  it('names the fault of a dataset that cannot be read, where it is used', async () => {
    const datasets = { people, gone: { path: 'gone.csv' } }
    const ask = (text: string) => shared.ask('sql', { sql: text, folder, datasets, ...all })
    expect((await failureOf(ask('from gone'))).code).toBe('dataset-not-found')
    expect((await ask("select 'gone' as word from people")).total).toBe(3)
  })

  it.each([
    "from '/etc/passwd'",
    "from read_csv('/etc/passwd')",
    "from read_text('/proc/self/environ')",
    "select content from read_blob('SECRET')",
    "from 'SECRET'",
    "from read_csv('SECRET')",
    "from glob('/*')",
    "from sniff_csv('SECRET')",
    "from parquet_metadata('SECRET')",
    "from read_csv('http://127.0.0.1:1/x.csv')",
    "from query('from read_text(''SECRET'')')",
    "from query_table('SECRET')",
    "copy people to 'SECRET'",
    "copy (select 1) to '/tmp/esteira-out.csv'",
    "attach 'SECRET' as other",
    'set enable_external_access = true',
    'reset lock_configuration',
    "pragma enable_external_access = 'true'",
    'install httpfs',
    'load httpfs',
    'create table t as select 1',
    'drop view people',
    "insert into people values (4, 'x', null)",
    'delete from people',
    'begin transaction',
    'checkpoint',
    "export database '/tmp/esteira-out'",
    'select 1; select 2',
    "select 1; copy people to 'SECRET'",
    "1) ; copy people to 'SECRET' ; from (select 1",
    'call pragma_version()',
    'explain analyze select 1',
    'prepare p as select 1',
    "import database '/tmp'",
    '',
    '-- nothing',
  ])('reaches nothing else: %s', async (text) => {
    const explorer = shared
    const problem = await failureOf(sql(explorer, text.replace('SECRET', join(folder, 'secret.csv'))))
    expect(['query-failed', 'dataset-unreadable']).toContain(problem.code)
    expect(JSON.stringify(problem.context)).not.toContain('hidden')
    expect((await sql(explorer, 'from people')).total).toBe(3)
  })

  it('is interrupted when the caller goes away, and others go on', async () => {
    const explorer = shared
    const abort = new AbortController()
    const gone = new EsteiraError('cancelled', 'The caller went away.')
    const started = performance.now()
    const slow = failureOf(sql(explorer, endless, { signal: abort.signal }))
    setTimeout(() => abort.abort(gone), 200)
    expect((await sql(explorer, 'from people')).total).toBe(3)
    expect(await slow).toBe(gone)
    expect(performance.now() - started).toBeLessThan(5_000)
    expect(await failureOf(sql(explorer, 'from people', { signal: abort.signal }))).toBe(gone)
  })

  it('has a time limit', async () => {
    const explorer = createExplorer({ timeoutMs: 700 })
    const problem = await failureOf(sql(explorer, endless))
    expect(problem).toMatchObject({ code: 'query-failed' })
    expect(problem.message).toContain('time limit of 0.7 seconds')
  })

  it('has a memory limit', async () => {
    const text = 'select list(a.range) from range(100000000) a'
    const problem = await failureOf(sql(createExplorer({ memoryLimitMb: 50 }), text))
    expect(problem.code).toBe('query-failed')
    expect(problem.message).toContain('not enough memory')
  })
})

describe('the thread', () => {
  it('is started anew after a crash; every question is answered', async () => {
    const explorer = createExplorer({ threadUrl: failingThread })
    await sql(explorer, 'from people')
    const answers = await Promise.all([
      failureOf(sql(explorer, endless)),
      failureOf(sql(explorer, "select 'crash now'")),
    ])
    expect(answers.map(({ code }) => code)).toEqual(['internal', 'internal'])
    expect((await sql(explorer, 'from people')).total).toBe(3)
  })

  it('is given up when it does not come to an end', async () => {
    const explorer = createExplorer({ threadUrl: failingThread, timeoutMs: 4_000, graceMs: 100 })
    await sql(explorer, 'from people')
    const abort = new AbortController()
    const hanging = failureOf(sql(explorer, "select 'hang now'", { signal: abort.signal }))
    const other = failureOf(sql(explorer, 'from people'))
    abort.abort(new EsteiraError('cancelled', 'Enough.'))
    expect((await hanging).code).toBe('cancelled')
    expect((await other).code).toBe('internal')
    expect((await sql(explorer, 'from people')).total).toBe(3)
  })

  it('ends when nobody asks, and starts again', async () => {
    const explorer = createExplorer({ idleMs: 50 })
    expect((await sql(explorer, 'from people')).total).toBe(3)
    await new Promise((resolve) => setTimeout(resolve, 150))
    expect((await sql(explorer, 'from people')).total).toBe(3)
  })

  it('ends with the engine, which answers what is asked', async () => {
    const explorer = createExplorer()
    const slow = failureOf(sql(explorer, endless))
    await explorer.close()
    expect((await slow).code).toBe('cancelled')
    expect((await failureOf(sql(explorer, 'from people'))).code).toBe('cancelled')
  })
})

describe('a data file', () => {
  it('is shown with how it is read', async () => {
    const path = join(folder, 'pessoas.csv')
    await writeFile(path, 'nome;altura\nAna;1,65\nJoão;1,80\n', 'latin1')
    const preview = await shared.ask('preview', { path, ...all })
    expect(preview).toMatchObject({
      path,
      bytes: 31,
      spec: { path: 'pessoas.csv', format: 'csv', csv: { delimiter: ';', header: true, decimalSeparator: ',' } },
      page: {
        rows: [
          ['Ana', 1.65],
          ['João', 1.8],
        ],
        total: 2,
      },
    })
  })

  it('of several kinds can be read', async () => {
    await writeFile(join(folder, 'rows.json'), '[{"a":1},{"a":2}]')
    const preview = await shared.ask('preview', { path: join(folder, 'rows.json'), ...all })
    expect(preview).toMatchObject({ spec: { path: 'rows.json', format: 'json' }, page: { rows: [[1], [2]], total: 2 } })
    const missing = shared.ask('preview', { path: join(folder, 'none.csv'), ...all })
    expect((await failureOf(missing)).code).toBe('dataset-not-found')
  })
})

describe('statistics', () => {
  it('are computed once for each state of the files', async () => {
    const cachePath = join(folder, 'statistics-cache')
    const explorer = createExplorer({ cachePath })
    const first = await explorer.ask('statistics', { spec: people, folder })
    expect(first.rows).toBe(3)
    expect(first.columns.map(({ name, missing }) => [name, missing])).toEqual([
      ['id', 0],
      ['name', 1],
      ['born', 0],
    ])
    const [kept] = (await readdir(cachePath)).filter((name) => name.endsWith('.json'))
    await writeFile(join(cachePath, kept ?? ''), JSON.stringify({ rows: 77, columns: [] }))
    expect((await explorer.ask('statistics', { spec: people, folder })).rows).toBe(77)
    const described = { ...people, description: 'Some people.' }
    expect((await explorer.ask('statistics', { spec: described, folder })).rows).toBe(77)
  })
})

describe('files made earlier', () => {
  it('that are unfinished are removed', async () => {
    const cachePath = join(folder, 'left-cache')
    await mkdir(cachePath)
    await writeFile(join(cachePath, 'x.parquet.part'), 'half')
    await createExplorer({ cachePath }).ask('rows', { spec: people, folder, ...all })
    expect((await readdir(cachePath)).filter((name) => name.endsWith('.part'))).toEqual([])
    const [copy = ''] = await readdir(cachePath)
    expect(await withTables((tables) => tables.count(parquetSource(join(cachePath, copy))))).toBe(3)
  })
})
