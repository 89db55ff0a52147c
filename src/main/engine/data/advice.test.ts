import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Task } from '#shared/models.ts'
import { EsteiraError } from '../kernel/errors.ts'
import { withTables } from '../tables/duckdb.ts'
import { adviseProject, type ProjectAdvice } from './advice.ts'
import { namesIdentifier } from './column-advice.ts'
import { auc, correlation, explainedVariance, purity } from './leak.ts'

const vega = join(import.meta.dirname, '../../../../node_modules/vega-datasets/data')
let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'esteira-advice-test-'))
})
afterAll(async () => {
  await rm(folder, { recursive: true })
})

/** Advice on the rows of a query, as Parquet. */
async function advise(sql: string, target: string, task?: Task): Promise<ProjectAdvice> {
  const file = join(folder, 'rows.parquet')
  await withTables((tables) => tables.writeParquet(sql, file))
  return await adviseProject({ file, target, task })
}

const used = ({ columns }: ProjectAdvice) => columns.filter(({ use }) => use).map(({ name }) => name)
const reason = ({ columns }: ProjectAdvice, name: string) => columns.find((column) => column.name === name)?.reason

/** Rows of noise with a target that depends on it a little. */
const noisy = `select range as n, hash(range) % 1000 / 10.0 as x, hash(range + 77777) % 1000 / 10.0 as y from range(1000)`

describe('columns', () => {
  it('that cannot help are left out with a reason', async () => {
    const advice = await advise(
      `select n + 1 as row, 'c' || n as name, uuid()::varchar as token, 7 as constant, null::varchar as gone, [n] as list,
        repeat('some words ', 9) || n % 700 as remark, hash(n) % 3000 + 10000 as customer_id, x, y,
        'k' || n % 400 as category, 1900 + n % 100 as year, x + y > 100 as target from (${noisy})`,
      'target',
    )
    expect(used(advice)).toEqual(['x', 'y', 'category', 'year'])
    expect(advice.columns.filter(({ use }) => !use).map(({ name, reason }) => [name, reason])).toEqual([
      ['row', 'it only numbers the rows'],
      ['name', 'it is an identifier or a name: almost every row has its own value'],
      ['token', 'its values are generated identifiers'],
      ['constant', 'it has the same value in every row'],
      ['gone', 'it is always missing'],
      ['list', 'values of type BIGINT[] cannot be features'],
      ['remark', 'it is free text'],
      ['customer_id', 'it is an identifier'],
    ])
  })

  it('that give the target away are left out', async () => {
    const advice = await advise(
      `select x, y, x + y > 100 as target, if(x + y > 100, 'late', 'on time') as label, x + y as total,
        if(x + y > 100, 'storm', null) as cause, x * 2 as twice, if(x + y > 100, 1.5, null) as fine from (${noisy})`,
      'target',
    )
    expect(used(advice)).toEqual(['x', 'y', 'twice'])
    expect(reason(advice, 'label')).toBe(
      'it gives the target away: each of its values goes with one class of the target',
    )
    expect(reason(advice, 'total')).toMatch(/ranks the classes of the target without fault/)
    expect(reason(advice, 'cause')).toMatch(/gives the target away/)
    expect(reason(advice, 'fine')).toMatch(/gives the target away/)
  })

  it('that give a quantity away are left out', async () => {
    const advice = await advise(
      `select x, y, x + y as price, round((x + y) * 1.17, 2) as gross, exp((x + y) / 20) as log, x + y + 20 * ((n * 7) % 5) as rough
        from (${noisy})`,
      'price',
    )
    expect(advice.task).toBe('regression')
    expect(used(advice)).toEqual(['x', 'y', 'rough'])
    expect(reason(advice, 'gross')).toMatch(/correlation with the target is 1.00000/)
    expect(reason(advice, 'log')).toMatch(/rank correlation with the target is 1.00000/)
  })

  it('are kept, with a word of warning, where nothing else is left', async () => {
    const advice = await advise('select range as a, range * 2.5 as b from range(100)', 'b')
    expect(advice.columns[0]).toMatchObject({ use: false, reason: 'it only numbers the rows' })
    const kept = await advise('select range * 1.5 as a, range * 2.5 as b from range(100)', 'b')
    expect(kept.columns[0]).toMatchObject({ use: true, reason: expect.stringContaining('may give the target away') })
  })
})

describe('real data', () => {
  it('of penguins keeps its strong columns', async () => {
    const advice = await adviseProject({ file: join(vega, 'penguins.json'), target: 'Species' })
    expect(advice).toMatchObject({ task: 'multiclass', classes: ['Adelie', 'Chinstrap', 'Gentoo'] })
    expect(advice.columns.every(({ use }) => use)).toBe(true)
  })

  it('of cars tells a quantity', async () => {
    const advice = await adviseProject({ file: join(vega, 'cars.json'), target: 'Miles_per_Gallon' })
    expect(advice.task).toBe('regression')
    expect(advice.rowsWithoutTarget).toBe(8)
    expect(advice.dataset.query).toBe(
      'select * from source where "Miles_per_Gallon" is not null and isfinite("Miles_per_Gallon")',
    )
    expect(advice.statistics.rows).toBe(398)
    expect(used(advice)).toContain('Weight_in_lbs')
    expect(reason(advice, 'Name')).toBeDefined()
    expect(advice.timeColumn).toBe('Year')
  })

  it('of flights finds the delay behind lateness', async () => {
    const sql = `select *, delay >= 15 as late from read_parquet('${join(vega, 'flights-3m.parquet')}') limit 20000`
    const advice = await advise(sql, 'late')
    expect(used(advice)).toEqual(['date', 'distance', 'origin', 'destination'])
    expect(advice.timeColumn).toBe('date')
  })
})

describe('a CSV file', () => {
  it('in latin-1 with semicolons, decimal commas, accents and missing texts is taken', async () => {
    const rows = Array.from({ length: 150 }, (_, index) => {
      const size = ((index * 37) % 150) / 10 + (index % 3)
      const day = `${String((index % 28) + 1).padStart(2, '0')}/03/2020`
      const species = index % 10 === 9 ? 'NA' : ['Épicéa', 'Chêne', 'Hêtre'][index % 3]
      return [`n°${index}`, String(size).replace('.', ','), day, index % 2 ? 'yes' : 'no', species].join(';')
    })
    const file = join(folder, 'arbres.csv')
    await writeFile(
      file,
      Buffer.from(`Étiquette;Hauteur (m);Relevé le;Sain;Espèce\r\n${rows.join('\r\n')}\r\n`, 'latin1'),
    )
    const advice = await adviseProject({ file, target: 'Espèce' })
    expect(advice).toMatchObject({
      task: 'multiclass',
      classes: ['Chêne', 'Hêtre', 'Épicéa'],
      rowsWithoutTarget: 15,
      dataset: { path: 'arbres.csv', format: 'csv', query: 'select * from source where "Espèce" is not null' },
      timeColumn: 'Relevé le',
    })
    expect(used(advice)).toEqual(['Hauteur (m)', 'Relevé le', 'Sain'])
    expect(advice.columns.map(({ statistics }) => statistics.type)).toEqual(['text', 'number', 'timestamp', 'boolean'])
  })
})

describe('the target', () => {
  it.each([
    ['select range % 2 as t, hash(range) % 100 as x from range(100)', 'binary', ['0', '1']],
    ["select ['yes', 'no'][range % 2 + 1] as t, hash(range) % 100 as x from range(100)", 'binary', ['no', 'yes']],
    ['select range % 2 = 0 as t, hash(range) % 100 as x from range(100)', 'binary', ['false', 'true']],
    ['select range % 5 as t, hash(range) % 100 as x from range(100)', 'multiclass', ['0', '1', '2', '3', '4']],
    ['select range % 10 as t, hash(range) % 100 as x from range(50)', 'regression', []],
    ['select range % 50 as t, hash(range) % 100 as x from range(500)', 'regression', []],
    ['select range / 7.0 as t, hash(range) % 100 as x from range(100)', 'regression', []],
  ])('of %s makes the task %s', async (sql, task, classes) => {
    expect(await advise(sql, 't')).toMatchObject({ task, classes })
  })

  it('may be given another task', async () => {
    expect((await advise('select range % 5 as t, hash(range) % 99 as x from range(100)', 't', 'regression')).task).toBe(
      'regression',
    )
  })

  it.each([
    ['select 1 as t, range as x from range(100)', undefined, /every row has the same value, 1/],
    ["select 'a' as t, range as x from range(100)", undefined, /every row has the same value, a/],
    ['select null::int as t, range as x from range(100)', undefined, /every value is missing/],
    ["select 'v' || range as t, 1 as x from range(500)", undefined, /500 different values, more than the 200 classes/],
    ["select 'v' || range % 3 as t, 1 as x from range(500)", 'regression' as const, /regression needs numbers/],
    ['select range % 3 as t, 1 as x from range(500)', 'binary' as const, /a binary target has two values/],
    ["select date '2001-01-01' + range::int as t, 1 as x from range(500)", undefined, /a column of type timestamp/],
  ])('of %s cannot be learned', async (sql, task, message) => {
    const error = await advise(sql, 't', task).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(EsteiraError)
    expect(error).toMatchObject({ code: 'target-unusable', message: expect.stringMatching(message) })
    expect(error).toHaveProperty('context.next')
  })

  it('has to be there, in enough rows', async () => {
    const sql = 'select range as target, range as x from range(100)'
    await expect(advise(sql, 'tarjet')).rejects.toMatchObject({
      code: 'column-not-found',
      context: { nearest: 'target' },
    })
    await expect(advise('select range % 2 as t, range as x from range(9)', 't')).rejects.toMatchObject({
      code: 'dataset-empty',
    })
    await expect(advise('select 1 as t, 2 as x where false', 't')).rejects.toMatchObject({ code: 'dataset-empty' })
  })
})

describe('the parts', () => {
  it('have the values worked out by hand', () => {
    expect(auc([1, 2, 3], [2, 3, 4])).toBeCloseTo(7 / 9, 12)
    expect(correlation([1, 2, 3, 4], [2, 1, 4, 3])).toBeCloseTo(0.6, 12)
    expect(purity(['a', 'a', 'b', 'b'], ['x', 'y', 'y', 'y'])).toBe(0.75)
    expect(explainedVariance(['a', 'a', 'b', 'b'], Float64Array.of(1, 3, 5, 7))).toBeCloseTo(0.8, 12)
  })

  it('know identifiers by their names', () => {
    for (const name of ['id', 'ID', 'PassengerId', 'customer_id', 'Order ID', 'user.uuid', 'e-mail'])
      expect(namesIdentifier(name), name).toBe(true)
    for (const name of ['paid', 'humid', 'grid', 'width', 'monkey', 'Valid', 'idle'])
      expect(namesIdentifier(name), name).toBe(false)
  })
})
