import { afterEach, beforeEach, expect, it } from 'vitest'
import { askRequests } from './ask.ts'
import { requestSql } from './sql.ts'
import { firstAt, TestLog } from './testing.ts'

let test: TestLog
beforeEach(() => {
  test = new TestLog()
})
afterEach(() => test.remove())

const ask = (sql: string, window: { offset?: number; limit?: number } = {}) => {
  const span = { endpoint: 'flights', from: 0, to: firstAt * 2 }
  const asked = { ...span, sql, offset: 0, limit: 100, logPath: test.place.logPath, ...window }
  return askRequests(test.place, asked, test.signal, (requests, tables) => requestSql(requests, tables, asked))
}

it('joins what was asked, what failed and what was true', async () => {
  await test.answer(
    { id: 'a', output: 0.9, input: { distance: 100 } },
    { id: 'b', output: 0.2, input: { distance: 300 }, at: firstAt + 1 },
  )
  test.log.failed({ id: 'c', endpoint: 'flights', at: firstAt, latencyMs: 1, revision: 1, code: 'overloaded' })
  await test.log.flush()
  await test.label({ id: 'a', row: 0, label: false }, { id: 'a', row: 0, label: true })
  const { rows, total, columns } = await ask(
    'select id, input_distance as distance, label from requests order by distance desc',
  )
  expect({ rows, total }).toEqual({
    rows: [
      ['b', 300, null],
      ['a', 100, 'true'],
    ],
    total: 2,
  })
  expect(columns.map(({ name }) => name)).toEqual(['id', 'distance', 'label'])
  expect((await ask('select id, code from failures')).rows).toEqual([['c', 'overloaded']])
  expect((await ask('select label from labels order by seq')).rows).toEqual([['false'], ['true']])
  expect(await ask('from requests', { offset: 1, limit: 1 })).toMatchObject({ total: 2, offset: 1, rows: [{}] })
})

it('has its tables before anything was asked', async () => {
  expect((await ask('select count(*) from requests join failures using (id) join labels using (id)')).rows).toEqual([
    [0],
  ])
})

it.each([
  ['several statements', 'select 1; drop view requests', /2 statements/],
  ['statements that change something', 'create table t as select 1', /./],
  ['an unknown column', 'select nothing from requests', /nothing/],
])('refuses %s', async (_, sql, message) => {
  await test.answer({ id: 'a', output: 0.9 })
  await expect(ask(sql)).rejects.toMatchObject({ code: 'query-failed', message: expect.stringMatching(message) })
})

it('reaches no file but those of the log', async () => {
  await test.answer({ id: 'a', output: 0.9 })
  await expect(ask(`select * from read_text('/etc/passwd')`)).rejects.toMatchObject({ code: 'query-failed' })
  await expect(ask(`select * from glob('/*')`)).rejects.toMatchObject({ code: 'query-failed' })
})
