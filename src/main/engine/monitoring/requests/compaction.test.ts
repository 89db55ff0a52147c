import { copyFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { z } from 'zod'
import { withTables } from '../../tables/duckdb.ts'
import { tidyRequests } from './compaction.ts'
import { firstAt, TestLog } from './testing.ts'
import { withRequests } from './with-requests.ts'

let test: TestLog
beforeEach(() => {
  test = new TestLog()
})
afterEach(() => test.remove())

const settings = { keepDays: 30, keepBytes: 2 ** 30 }
const tidy = (now = firstAt, more: Partial<typeof settings> = {}) =>
  tidyRequests(test.place, { endpoint: 'flights', settings: { ...settings, ...more }, now }, test.signal)
const names = (end: string) => readdirSync(test.folder).filter((name) => name.endsWith(end))
const everything = { endpoint: 'flights', from: 0, to: firstAt * 2 }
const rows = () =>
  withTables((tables) =>
    withRequests(test.place.logPath, everything, ({ sql }) =>
      tables.rows(`select * from ${sql} order by id`, z.record(z.string(), z.unknown())),
    ),
  )

it('makes Parquet of what is finished, with the same rows in it, and leaves alone what is open', async () => {
  const input = { distance: 862.5, hour: 17, origin: 'O"RD', weekend: false, date: '2001-03-05T17:30:00Z' }
  await test.answer({ id: 'a', output: 0.75, input }, { id: 'b', output: 0.5, at: firstAt + 7 })
  test.log.failed({ id: 'f', endpoint: 'flights', at: firstAt, latencyMs: 1, revision: 1, code: 'overloaded' })
  await test.label({ id: 'a', row: 0, label: true })
  const before = await rows()
  await tidy()
  expect(names('.parquet')).toEqual([])
  await test.close()
  const { bytes, oldest } = await tidy()
  expect(await rows()).toEqual(before)
  expect(names('.jsonl')).toEqual([])
  expect(names('.parquet').map((name) => name.replace(/^\d+-\d+\./, ''))).toEqual(
    expect.arrayContaining([
      `r1.${firstAt + 7}.parquet`,
      `failed.${firstAt}.parquet`,
      `labels.${firstAt + 60_000}.parquet`,
    ]),
  )
  expect(bytes).toBeGreaterThan(1_000)
  expect(oldest).toBe(firstAt)
  await test.answer({ id: 'c', output: 0.75 })
  expect((await rows()).map(({ id }) => id)).toEqual(['a', 'b', 'c'])
})

it('reads each row once wherever a kill ended a compaction, and clears up after it', async () => {
  await test.answer({ id: 'a', output: 0.75 })
  await test.close()
  const [lines = ''] = names('.jsonl')
  const copy = join(test.place.scratchPath, 'copy')
  copyFileSync(join(test.folder, lines), copy)
  await tidy()
  // The Parquet is in its place and the lines were still there; another Parquet was half-written.
  copyFileSync(copy, join(test.folder, lines))
  writeFileSync(join(test.folder, `${firstAt}-99.r1.${firstAt}.parquet.new`), 'PAR1 half')
  expect((await rows()).map(({ id }) => id)).toEqual(['a'])
  await tidy()
  expect(names('.jsonl')).toEqual([])
  expect(names('.new')).toEqual([])
  expect((await rows()).map(({ id }) => id)).toEqual(['a'])
})

it('removes what is too old, then the oldest until the rest is small enough', async () => {
  for (const [index, id] of ['a', 'b', 'c'].entries()) {
    await test.answer({ id, output: 0.75, at: firstAt + index * 86_400_000 })
    await test.close()
  }
  await tidy(firstAt + 2 * 86_400_000)
  expect((await rows()).map(({ id }) => id)).toEqual(['a', 'b', 'c'])
  await tidy(firstAt + 2.5 * 86_400_000, { keepDays: 2 })
  expect((await rows()).map(({ id }) => id)).toEqual(['b', 'c'])
  const { bytes } = await tidy(firstAt)
  await tidy(firstAt, { keepBytes: bytes - 1 })
  expect((await rows()).map(({ id }) => id)).toEqual(['c'])
})

it('has nothing to do for an endpoint without a log', async () => {
  expect(await tidy()).toEqual({ bytes: 0, oldest: null })
})
