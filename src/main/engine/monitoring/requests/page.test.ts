import { afterEach, beforeEach, expect, it } from 'vitest'
import type { RequestFilter } from '#shared/requests.ts'
import { defaultRequestLogSettings } from '#shared/requests.ts'
import { askRequests } from './ask.ts'
import { type PageQuestion, requestDetails, requestPage } from './page.ts'
import { firstAt, TestLog } from './testing.ts'

let test: TestLog
beforeEach(() => {
  test = new TestLog()
})
afterEach(() => test.remove())

const span = { endpoint: 'flights', from: 0, to: firstAt * 2 }
const page = (question: Partial<PageQuestion> = {}) => {
  const asked = { ...span, show: 'all', limit: 100, logPath: test.place.logPath, ...question } as const
  return askRequests(test.place, asked, test.signal, (requests, tables) => requestPage(requests, tables, asked))
}
const details = (id: string, row = 0) => {
  const asked = { ...span, id, row, logPath: test.place.logPath }
  return askRequests(test.place, asked, test.signal, (requests, tables) => requestDetails(requests, tables, asked))
}
const ids = async (filter: Partial<RequestFilter>) => (await page(filter)).items.map(({ id }) => id)

it('gives every request once, newest first, page by page, failures among the answers', async () => {
  for (let index = 0; index < 25; index++) {
    // Several in one millisecond.
    const at = firstAt + Math.floor(index / 4)
    if (index % 5 === 0)
      test.log.failed({ id: `r${index}`, endpoint: 'flights', at, latencyMs: 1, revision: 0, code: 'overloaded' })
    else await test.answer({ id: `r${index}`, output: 0.75, at })
  }
  await test.log.flush()
  const all: { id: string; at: number; error: string | null }[] = []
  let cursor: string | undefined
  do {
    const { items, nextCursor } = await page({ limit: 7, cursor })
    expect(items.length).toBeLessThanOrEqual(7)
    all.push(...items)
    cursor = nextCursor
  } while (cursor !== undefined)
  expect(all.map(({ id }) => id).sort()).toEqual(Array.from({ length: 25 }, (_, index) => `r${index}`).sort())
  expect(all.map(({ at }) => at)).toEqual(all.map(({ at }) => at).toSorted((a, b) => b - a))
  expect(all.filter(({ error }) => error === 'overloaded')).toHaveLength(5)
  await expect(page({ cursor: 'none' })).rejects.toMatchObject({ code: 'invalid-request' })
})

it('finds by part of an id, by what failed, by label and by what was wrong', async () => {
  await test.answer(
    { id: 'order-1', output: 0.9 },
    { id: 'order-2', output: 0.9, at: firstAt + 1 },
    { id: 'other', output: 0.1, at: firstAt + 2 },
    { id: 'order-1', output: 0.2, revision: 2, role: 'shadow' },
  )
  test.log.failed({
    id: 'order-3',
    endpoint: 'flights',
    at: firstAt + 3,
    latencyMs: 1,
    revision: 1,
    code: 'input-invalid',
  })
  await test.log.flush()
  await test.label({ id: 'order-1', row: 0, label: true }, { id: 'order-2', row: 0, label: false })
  expect(await ids({ id: 'order', role: 'answered' })).toEqual(['order-3', 'order-2', 'order-1'])
  expect(await ids({ show: 'errors' })).toEqual(['order-3'])
  expect(await ids({ show: 'labelled', role: 'answered' })).toEqual(['order-2', 'order-1'])
  expect(await ids({ show: 'wrong' })).toEqual(['order-2', 'order-1'])
  expect(await ids({ role: 'shadow' })).toEqual(['order-1'])
  expect(await ids({ id: "o'; drop table x --" })).toEqual([])
})

it('opens one row with all that is known of it', async () => {
  test.log.set('flights', { ...defaultRequestLogSettings, redact: ['hour'] })
  const input = { distance: 862.5, hour: 17, origin: 'ORD', weekend: false, date: '2001-03-05T17:30:00Z' }
  await test.answer({ id: 'a', output: 0.75, input })
  await test.label({ id: 'a', row: 0, label: false }, { id: 'a', row: 0, label: true })
  expect(await details('a')).toEqual({
    endpoint: 'flights',
    id: 'a',
    row: 0,
    at: firstAt,
    revision: 1,
    model: 'flight-delay',
    version: 1,
    role: 'answered',
    arm: null,
    key: null,
    error: null,
    prediction: 'true',
    probability: 0.75,
    probabilities: { false: 0.25, true: 0.75 },
    label: 'true',
    correct: true,
    latencyMs: 1.5,
    inputs: { distance: 862.5, origin: 'ORD', weekend: false, date: '2001-03-05T17:30:00.000Z' },
    features: [],
    labels: [
      { label: 'false', receivedAt: firstAt + 60_000 },
      { label: 'true', receivedAt: firstAt + 60_000 },
    ],
  })
  test.log.failed({ id: 'f', endpoint: 'flights', at: firstAt, latencyMs: 1, revision: 1, code: 'input-invalid' })
  await test.log.flush()
  expect(await details('f')).toMatchObject({ error: 'input-invalid', prediction: null, inputs: {} })
  await expect(details('nobody')).rejects.toMatchObject({ code: 'not-found' })
})
