import { describe, expect, it } from 'vitest'
import { oneLine, parseStore, withQuery } from './sql-store.ts'
import { examplesOf, quoted, sqlProblem } from './sql-text.ts'

describe('the store', () => {
  it('keeps the newest queries first, each once', () => {
    const first = withQuery({ text: '', history: [] }, ' select 1 ')
    const second = withQuery(first, 'select 2')
    expect(withQuery(second, 'select 1').history).toEqual(['select 1', 'select 2'])
    expect(withQuery(second, '  ').history).toEqual(second.history)
  })
  it('has an end', () => {
    let store = { text: '', history: [] as string[] }
    for (let count = 0; count < 100; count++) store = withQuery(store, `select ${count}`)
    expect(store.history).toHaveLength(30)
    expect(store.history[0]).toBe('select 99')
  })
  it('begins anew where what is stored cannot be read', () => {
    for (const text of [null, 'nonsense', '{"text":1}']) expect(parseStore(text)).toEqual({ text: '', history: [] })
    expect(parseStore('{"text":"a","history":["b"]}')).toEqual({ text: 'a', history: ['b'] })
  })
  it('shows a query on one line', () => {
    expect(oneLine('select *\n  from x')).toBe('select * from x')
    expect(oneLine('select 123456789', 10)).toBe('select 12…')
  })
})

describe('quoted', () => {
  it('quotes what is no plain name', () => {
    expect(quoted('flights')).toBe('flights')
    expect(quoted('order')).toBe('"order"')
    expect(quoted('new-flights')).toBe('"new-flights"')
    expect(quoted('Say "so"')).toBe('"Say ""so"""')
  })
})

describe('examplesOf', () => {
  it('uses the columns that there are', () => {
    const columns = [
      { name: 'at', type: 'timestamp' as const, storageType: 'TIMESTAMP' },
      { name: 'Origin', type: 'text' as const, storageType: 'VARCHAR' },
    ]
    expect(examplesOf('flights', columns).map(({ kind }) => kind)).toEqual([
      'rows',
      'count',
      'summary',
      'groups',
      'latest',
    ])
    expect(examplesOf('flights', columns)[3]?.sql).toContain('"Origin"')
    expect(examplesOf('flights', columns)[4]?.sql).toContain('order by "at" desc')
    expect(examplesOf('flights', []).map(({ kind }) => kind)).toEqual(['rows', 'count', 'summary'])
  })
})

describe('sqlProblem', () => {
  const problem = { type: 't', title: '', status: 422, code: 'query-failed', detail: 'Table flihgts does not exist!' }
  it('finds the place that the engine names', () => {
    const { detail } = problem
    expect(sqlProblem({ ...problem, where: 'line 2, column 6' })).toEqual({
      file: 'sql',
      line: 2,
      column: 6,
      message: detail,
    })
    expect(sqlProblem({ ...problem, where: 'line 3' })).toEqual({ file: 'sql', line: 3, message: detail })
  })
  it('stands at the first line without a place', () => {
    expect(sqlProblem({ ...problem, where: 'dataset flights', allowed: 'flights' })).toEqual({
      file: 'sql',
      line: 1,
      message: `${problem.detail} (flights)`,
    })
  })
})
