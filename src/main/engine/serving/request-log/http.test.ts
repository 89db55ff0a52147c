/** What the inference server logs, asked over HTTP. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createInferenceApp, listen } from '../inference-app.ts'
import { ServedEndpoints } from '../served-endpoints.ts'
import { binarySignature, send, testRuntime } from '../testing.ts'
import { RequestLog } from './request-log.ts'

let path: string
let log: RequestLog
let url: string
let close: () => Promise<void>

beforeEach(async () => {
  path = mkdtempSync(join(tmpdir(), 'esteira-request-log-'))
  log = new RequestLog({ path })
  const served = new ServedEndpoints(async () => testRuntime(binarySignature))
  const app = createInferenceApp(served, { answered: () => {}, failed: () => {} }, undefined, undefined, {
    requestLog: log,
  })
  url = `http://127.0.0.1:${await listen(app, '127.0.0.1', 0)}`
  await served.load('flights', { model: 'late', version: 3, files: new Map() })
  served.activate('flights', 7)
  close = async () => {
    await app.close()
    await served.close()
  }
})
afterEach(async () => {
  await close()
  rmSync(path, { recursive: true, force: true })
})

async function logged(): Promise<Record<string, unknown>[]> {
  await log.flush()
  const folder = join(path, 'flights')
  const files = readdirSync(folder).filter((name) => name.endsWith('.jsonl'))
  const texts = files.map((name) => readFileSync(join(folder, name), 'utf8'))
  return texts.flatMap((text) => text.split('\n').filter((line) => line !== '')).map((line) => JSON.parse(line))
}

const predict = (headers: Record<string, string> = {}, rows: unknown[] = [{ distance: 75 }]) =>
  send(`${url}/models/flights/predict`, { body: { rows }, headers })
const infer = (body: object, headers: Record<string, string> = {}) =>
  send(`${url}/v2/models/flights/infer`, {
    headers,
    body: { inputs: [{ name: 'distance', shape: [1], datatype: 'FP64', data: [75] }], ...body },
  })

it('knows a request by the id of its caller, or one made up, and every answer tells it', async () => {
  const own = await predict({ 'x-request-id': 'order-17' })
  const made = await predict()
  const odd = await predict({ 'x-request-id': 'x'.repeat(500) })
  const refused = await predict({ 'x-request-id': 'order-18' }, [{ distance: 'far' }])
  expect(own.headers['x-request-id']).toBe('order-17')
  expect(refused.status).toBe(422)
  expect(refused.headers['x-request-id']).toBe('order-18')
  const ids = [made, odd].map(({ headers }) => headers['x-request-id'])
  expect(new Set(ids).size).toBe(2)
  expect(String(ids[1]).length).toBeLessThan(100)
  const records = await logged()
  expect(records.map(({ id }) => id)).toEqual(expect.arrayContaining(['order-17', 'order-18', ...ids]))
  expect(records.find(({ id }) => id === 'order-18')).toMatchObject({ code: 'input-invalid', revision: 7 })
  expect(records.find(({ id }) => id === 'order-17')).toMatchObject({ prediction: 'true', inputs: { distance: 75 } })
})

it('knows a request of the Open Inference Protocol by its id, which goes before the header', async () => {
  const both = await infer({ id: 'body-1' }, { 'x-request-id': 'header-1' })
  expect(both.json).toMatchObject({ id: 'body-1' })
  expect(both.headers['x-request-id']).toBe('body-1')
  const foreign = await infer({ id: 'pedido número 1\n' })
  expect(foreign.status).toBe(200)
  expect(foreign.headers['x-request-id']).toBe(encodeURIComponent('pedido número 1\n'))
  const none = await infer({})
  expect(none.json).not.toHaveProperty('id')
  expect((await logged()).map(({ id }) => id)).toEqual(['body-1', 'pedido número 1\n', none.headers['x-request-id']])
})

it('tells in the metrics what was written and what was not', async () => {
  await predict()
  await log.flush()
  const { text } = await send(`${url}/metrics`)
  expect(text).toMatch(/^esteira_request_log_written_total 1$/m)
  expect(text).toMatch(/^esteira_request_log_dropped_total 0$/m)
})
