import { mkdtempSync, readdirSync, rmSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { z } from 'zod'
import { defaultRequestLogSettings } from '#shared/requests.ts'
import { RequestLog } from '../../serving/request-log/request-log.ts'
import { answeredRequest, servedModel } from '../../serving/request-log/testing.ts'
import { multiclassSignature, regressionSignature } from '../../serving/testing.ts'
import { withTables } from '../../tables/duckdb.ts'
import { failedRelation, type RequestSpan } from './relation.ts'
import { withRequests } from './with-requests.ts'

const at = 1_000_000_000_000
const everything = { endpoint: 'flights', from: 0, to: at + 3_600_000 }
let path: string
let log: RequestLog

beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), 'esteira-requests-'))
  log = new RequestLog({ path, now: () => at })
})
afterEach(() => rmSync(path, { recursive: true, force: true }))

const rowsOf = (columns: string, span: RequestSpan = everything) =>
  withTables((tables) =>
    withRequests(path, span, ({ sql }) =>
      tables.rows(`select ${columns} from ${sql} order by revision, id, "row"`, z.record(z.string(), z.unknown())),
    ),
  )

it('has typed columns for what is still being written, and a span and a revision of it', async () => {
  const row = { distance: 862.5, hour: 17, origin: 'ORD', weekend: false, date: '2001-03-05T17:30:00Z' }
  log.answered(servedModel(), answeredRequest({ id: 'a', rows: [row, { distance: 1 }], outputs: [0.25, 0.75, 1, 0] }))
  log.answered(
    servedModel(2),
    answeredRequest({ id: 'b', at: at + 5, role: 'shadow', key: 'k', rows: [row], outputs: [0, 1] }),
  )
  log.failed({ id: 'c', endpoint: 'flights', at, latencyMs: 2, revision: 2, code: 'overloaded' })
  await log.flush()
  expect(await rowsOf('*')).toEqual([
    {
      id: 'a',
      row: 0,
      at: '2001-09-09T01:46:40.000Z',
      revision: 1,
      model: 'flight-delay',
      version: 1,
      role: 'answered',
      arm: null,
      key: null,
      latency_ms: 1.5,
      prediction: 'true',
      probability: 0.75,
      probabilities: [0.25, 0.75],
      score: 0.75,
      features: null,
      input_distance: 862.5,
      input_hour: 17,
      input_origin: 'ORD',
      input_weekend: false,
      input_date: '2001-03-05T17:30:00.000Z',
    },
    expect.objectContaining({ id: 'a', row: 1, prediction: 'false', score: 0, input_origin: null, input_date: null }),
    expect.objectContaining({ id: 'b', row: 0, revision: 2, version: 2, role: 'shadow', key: 'k' }),
  ])
  expect(await rowsOf('id', { ...everything, revision: 2 })).toEqual([{ id: 'b' }])
  expect(await rowsOf('id, "row"', { ...everything, to: at + 5 })).toEqual([
    { id: 'a', row: 0 },
    { id: 'a', row: 1 },
  ])
  const failed = await failedRelation(path, everything)
  const failures = await withTables((tables) => tables.rows(`from ${failed.sql}`, z.record(z.string(), z.unknown())))
  expect(failures).toEqual([
    { id: 'c', at: '2001-09-09T01:46:40.000Z', revision: 2, code: 'overloaded', latency_ms: 2 },
  ])
})

it('joins revisions whose models have other inputs and another task', async () => {
  log.answered(
    servedModel(1, regressionSignature),
    answeredRequest({ id: 'a', rows: [{ x: 2 }], outputs: [5], signature: regressionSignature }),
  )
  const flower = { length: 1, width: 2 }
  log.answered(
    servedModel(2, multiclassSignature),
    answeredRequest({ id: 'b', rows: [flower], outputs: [0.2, 0.5, 0.3], signature: multiclassSignature }),
  )
  await log.flush()
  expect(await rowsOf('id, prediction, score, input_x, input_width')).toEqual([
    { id: 'a', prediction: '5.0', score: 5, input_x: 2, input_width: null },
    { id: 'b', prediction: 'versi"color', score: 0.5, input_x: null, input_width: 2 },
  ])
  expect(await rowsOf('prediction', { ...everything, revision: 1 })).toEqual([{ prediction: 5 }])
})

it('is empty where nothing was logged, and leaves out a line that a kill cut short', async () => {
  expect(await rowsOf('id, score, probability')).toEqual([])
  for (const id of ['a', 'b'])
    log.answered(servedModel(), answeredRequest({ id, rows: [{ distance: 1 }], outputs: [0, 1] }))
  await log.flush()
  const folder = join(path, 'flights')
  const file = join(folder, readdirSync(folder).find((name) => name.endsWith('.jsonl')) ?? '')
  truncateSync(file, 200)
  expect(await rowsOf('id')).toEqual([{ id: 'a' }])
})

it('tells of each revision what answered and what was redacted', async () => {
  log.set('flights', { ...defaultRequestLogSettings, redact: ['origin'] })
  log.answered(servedModel(), answeredRequest({ id: 'a', rows: [{ distance: 1, origin: 'ORD' }], outputs: [0, 1] }))
  await log.flush()
  const revisions = await withRequests(path, everything, async (requests) => requests.revisions)
  expect(revisions).toEqual([{ ...servedModel(), redacted: ['origin'] }])
  expect(await rowsOf('input_origin')).toEqual([{ input_origin: null }])
})
