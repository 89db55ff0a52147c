/** A large body is worked on in turns; nobody who asks can tell by the answer. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import type { Signature } from '#shared/models.ts'
import { AccessGuard } from './access-guard.ts'
import { createInferenceApp, type InferenceObservers, listen } from './inference-app.ts'
import { RequestLog } from './request-log/request-log.ts'
import { ServedEndpoints } from './served-endpoints.ts'
import { binarySignature, regressionSignature, send, testRuntime } from './testing.ts'

const source = { model: 'flights', version: 1, files: new Map<string, string>() }
const notCounted = { answered: () => {}, failed: () => {} }
let close = async () => {}
afterEach(() => close())

/** Told when a request has arrived, before its body is read. */
class WatchedGuard extends AccessGuard {
  onArrival = (_endpoint: string) => {}

  override deadlineOf(endpoint: string, arrivedAt: number): number {
    this.onArrival(endpoint)
    return super.deadlineOf(endpoint, arrivedAt)
  }
}

async function serve(signature: Signature, observers: InferenceObservers = {}) {
  const runtime = testRuntime(signature)
  const served = new ServedEndpoints(async () => runtime)
  const access = new WatchedGuard()
  for (const name of ['flights', 'neighbour']) {
    await served.load(name, source)
    served.activate(name, 1)
  }
  const app = createInferenceApp(served, notCounted, undefined, access, observers)
  const url = `http://127.0.0.1:${await listen(app, '127.0.0.1', 0)}`
  close = () => app.close()
  runtime.calls.length = 0
  const ask = (body: string, path = 'models/flights/predict') => send(`${url}/${path}`, { method: 'POST', body })
  return { access, ask, runtime, served, url }
}

/** So many bytes take the way of large bodies. */
const largeBytes = 300_000

/** The same JSON twice: short, and with so much space between its elements that it is large. */
function bothWays(elements: readonly string[], before: string, after: string): [string, string] {
  const space = ' '.repeat(Math.ceil(largeBytes / Math.max(1, elements.length)))
  return [`${before}${elements.join(',')}${after}`, `${before}${elements.join(`,${space}`)}${space}${after}`]
}

const many = (length: number, of: (index: number) => unknown) =>
  Array.from({ length }, (_, index) => JSON.stringify(of(index)))
const good = many(1_500, (index) => ({
  distance: index / 7,
  hour: index % 24,
  origin: 'é"\\',
  date: '2001-03-05T18:40',
}))

describe('a large body of the plain form is answered as a small one', () => {
  it.each<[string, number, readonly string[], string, string]>([
    ['rows', 200, good, '{"rows":[', ']}'],
    ['members twice', 200, good, '{"rows":[1,2,3],"rows":[', '],"showFeatures":true,"showFeatures":false}'],
    [
      'wrong values',
      422,
      [...good, ...many(300, () => ({ distance: 'far', hour: 0.5, orgin: 'x' }))],
      '{"rows":[',
      ']}',
    ],
    ['a wrong value in the last row', 422, [...good, '{"distance":null}'], '{"rows":[', ']}'],
    ['rows that are none', 422, [...good, '[1]', '7'], '{"rows":[', ']}'],
    ['a member that is not known', 400, good, '{"row":[', ']}'],
    ['rows that are no list', 400, many(1_500, (index) => index), '{"rows":{"a":[', ']}}'],
    ['a list', 400, good, '[', ']'],
    ['no end', 400, good, '{"rows":[', ']'],
    ['a comma too many', 400, [...good, ''], '{"rows":[', ']}'],
    ['something behind the end', 400, good, '{"rows":[', ']}}'],
    ['a changed prototype', 400, [...good, '{"__proto__":{"distance":1}}'], '{"rows":[', ']}'],
    ['a changed constructor', 400, good, '{"constructor":{"prototype":[', ']}}'],
  ])('%s', async (_, status, elements, before, after) => {
    const { ask } = await serve(binarySignature)
    const [small, large] = bothWays(elements, before, after)
    const [expected, answer] = [await ask(small), await ask(large)]
    expect([answer.status, answer.text]).toEqual([status, expected.text])
    expect(answer.headers['content-type']).toBe(expected.headers['content-type'])
  })
})

describe('a large body of the protocol is answered as a small one', () => {
  const numbers = many(1_500, (index) => index / 7)
  const path = 'v2/models/flights/infer'
  const column = (name: string, datatype: string, shape: string) =>
    `{"id":"7","inputs":[{"name":"${name}","datatype":"${datatype}","shape":${shape},"data":[`
  it.each<[string, number, readonly string[], string, string]>([
    ['a column', 200, numbers, column('distance', 'FP64', '[1500]'), ']}]}'],
    [
      'a table',
      200,
      numbers,
      `{"parameters":{"content_type":"pd"},${column('distance', 'FP32', '[1500,1]').slice(1)}`,
      ']}]}',
    ],
    ['nested data', 200, many(1_500, (index) => [index]), column('distance', 'INT64', '[1500, 1]'), ']}]}'],
    [
      'integers beyond 2^53',
      200,
      many(1_500, () => 0).map((_, index) => `900719925474099${1_000 + index}`),
      column('distance', 'INT64', '[1500]'),
      ']}]}',
    ],
    ['a wrong value', 400, [...numbers.slice(1), '"far"'], column('distance', 'FP64', '[1500]'), ']}]}'],
    ['another shape', 400, numbers, column('distance', 'FP64', '[1501]'), ']}]}'],
    ['another name', 400, numbers, column('distanc', 'FP64', '[1500]'), ']}]}'],
    ['no end', 400, numbers, column('distance', 'FP64', '[1500]'), ']}]'],
  ])('%s', async (_, status, elements, before, after) => {
    const { ask } = await serve(binarySignature)
    const [small, large] = bothWays(elements, before, after)
    const [expected, answer] = [await ask(small, path), await ask(large, path)]
    expect([answer.status, answer.text]).toEqual([status, expected.text])
    expect(answer.headers['content-type']).toBe(expected.headers['content-type'])
  })

  it('binary data as well as JSON', async () => {
    const { ask, url } = await serve(regressionSignature)
    const values = Float64Array.from({ length: 50_000 }, (_, index) => index / 7)
    const tensor = { name: 'x', datatype: 'FP64', shape: [values.length] }
    const asJson = await ask(JSON.stringify({ inputs: [{ ...tensor, data: [...values] }] }), path)
    const parameters = { binary_data_size: values.byteLength }
    const json = Buffer.from(JSON.stringify({ inputs: [{ ...tensor, parameters }] }))
    const response = await fetch(`${url}/${path}`, {
      method: 'POST',
      headers: { 'inference-header-content-length': String(json.length), 'content-type': 'application/octet-stream' },
      body: Buffer.concat([json, Buffer.from(values.buffer)]),
    })
    expect(asJson.json.outputs).toMatchObject([
      { shape: [50_000, 1], data: { length: 50_000, 49999: (2 * 49_999) / 7 + 1 } },
    ])
    expect(await response.text()).toBe(asJson.text)
  })
})

it('many rows are answered and logged as they are in several requests, row by row', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'esteira-large-'))
  const requestLog = new RequestLog({ path: folder })
  const { ask } = await serve(binarySignature, { requestLog })
  const rows = many(20_000, (index) => ({ distance: index / 200, hour: index % 24 }))
  const whole = await ask(`{"rows":[${rows.join(',')}]}`)
  const parts: unknown[] = []
  for (let from = 0; from < rows.length; from += 4_000) {
    const part = await ask(`{"rows":[${rows.slice(from, from + 4_000).join(',')}]}`)
    parts.push(...(part.json.predictions ?? []))
  }
  expect(whole.json.predictions).toEqual(parts)
  await requestLog.close()
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.jsonl'))
  const lines = files.flatMap((name) => readFileSync(join(folder, name), 'utf8').trim().split('\n'))
  const records = lines.map((line): unknown => JSON.parse(line))
  rmSync(folder, { recursive: true })
  const logged = records.filter((record) => JSON.stringify(record).includes(String(whole.headers['x-request-id'])))
  expect(logged).toHaveLength(20_000)
  expect(logged[19_999]).toMatchObject({ row: 19_999, inputs: { distance: 19_999 / 200, hour: 19_999 % 24 } })
  expect(logged.every((record, row) => JSON.stringify(record).includes(`"distance":${row / 200},`))).toBe(true)
})

const manyRows = `{"rows":[${many(60_000, (index) => ({ distance: index % 100, hour: index % 24, origin: 'ATL' })).join(',')}]}`

it('a single row is answered while a large body is read, before the model is asked for that', async () => {
  const { access, ask, runtime } = await serve(binarySignature)
  const order: string[] = []
  const arrived = Promise.withResolvers<void>()
  access.onArrival = () => arrived.resolve()
  const large = ask(manyRows).then(({ status }) => order.push(`large ${status}`))
  await arrived.promise
  const { status } = await ask('{"rows":[{"distance":5}]}', 'models/neighbour/predict')
  order.push(`single ${status}`)
  await large
  expect(order).toEqual(['single 200', 'large 200'])
  expect(runtime.calls[0]).toBe(1)
})

it.each([
  ['the plain form', manyRows, 'models/flights/predict'],
  [
    'the protocol',
    JSON.stringify({
      inputs: [{ name: 'distance', datatype: 'FP64', shape: [200_000], data: Array(200_000).fill(7.5) }],
    }),
    'v2/models/flights/infer',
  ],
])('a model that is replaced meanwhile still answers the large body of %s', async (_, body, path) => {
  const { access, ask, runtime, served } = await serve(binarySignature)
  const arrived = Promise.withResolvers<void>()
  access.onArrival = () => arrived.resolve()
  const large = ask(body, path)
  await arrived.promise
  let revision = 1
  let answered = false
  const done = large.then(({ status }) => {
    answered = true
    return status
  })
  // Again and again, as nobody can tell when it was chosen who answers.
  while (!answered) {
    await served.load('flights', source)
    served.activate('flights', ++revision)
    await new Promise(setImmediate)
  }
  expect(await done).toBe(200)
  expect(revision).toBeGreaterThan(2)
  await new Promise(setImmediate)
  expect(runtime.disposed).toBe(revision - 1)
})

it('what is not done within the time limit of the endpoint is given up', async () => {
  const { access, ask } = await serve(binarySignature)
  access.set('flights', {
    keysRequired: false,
    origins: [],
    maxBodyBytes: 16 * 1024 * 1024,
    timeLimitMs: 10,
    digests: [],
  })
  const answer = await ask(manyRows)
  expect([answer.status, answer.json.code]).toEqual([504, 'deadline-passed'])
})

it('more large bodies than are held at once are refused with Retry-After, and taken again afterwards', async () => {
  const { ask, runtime } = await serve(binarySignature)
  const gate = Promise.withResolvers<void>()
  runtime.wait = () => gate.promise
  const body = `{"rows":[{"distance":5}]${' '.repeat(15_000_000)}}`
  const answers = Array.from({ length: 5 }, () => ask(body))
  const refused = await Promise.race(answers)
  expect([refused.status, refused.json.code, refused.headers['retry-after']]).toEqual([429, 'overloaded', '1'])
  gate.resolve()
  expect((await Promise.all(answers)).map(({ status }) => status).sort()).toEqual([200, 200, 200, 200, 429])
  expect((await Promise.all([ask(body), ask(body)])).map(({ status }) => status)).toEqual([200, 200])
})
