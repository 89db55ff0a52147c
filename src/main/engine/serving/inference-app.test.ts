import { connect } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { problemSchema } from '#shared/errors.ts'
import type { Signature } from '#shared/models.ts'
import { createInferenceApp, listen } from './inference-app.ts'
import { ServedEndpoints } from './served-endpoints.ts'
import {
  binarySignature,
  multiclassSignature,
  regressionSignature,
  send,
  type TestRuntime,
  testRuntime,
} from './testing.ts'

const source = { model: 'flights', version: 3, files: new Map<string, string>() }
const notCounted = { answered: () => {}, failed: () => {} }
let close = async () => {}
afterEach(() => close())

async function serve(signature: Signature, endpoint = 'flight-delay') {
  const runtime = testRuntime(signature)
  const faults: string[] = []
  const served = new ServedEndpoints(
    async () => runtime,
    ({ endpoint }) => ({
      enter: () => {},
      leave: () => {},
      onFault: (message) => faults.push(`${endpoint}: ${message}`),
    }),
  )
  const app = createInferenceApp(served, notCounted)
  close = () => app.close()
  const port = await listen(app, '127.0.0.1', 0)
  await served.load(endpoint, source)
  served.activate(endpoint, 7)
  const url = `http://127.0.0.1:${port}`
  const predict = (rows: unknown[]) => send(`${url}/models/${encodeURIComponent(endpoint)}/predict`, { body: { rows } })
  const infer = (body: unknown) => send(`${url}/v2/models/${encodeURIComponent(endpoint)}/infer`, { body })
  return { url, port, served, runtime, faults, predict, infer }
}

const swap = async (served: ServedEndpoints, revision: number) => {
  await served.load('flight-delay', { ...source, version: revision })
  served.activate('flight-delay', revision)
}

test('the plain form answers a boolean target with booleans', async () => {
  const { predict } = await serve(binarySignature)
  const answer = await predict([
    { distance: 75, hour: 8, origin: 'ATL', weekend: false, date: '2001-03-01T10:00:00Z' },
    { distance: 25, hour: null, date: 983_440_800_000 },
  ])
  expect(answer.status).toBe(200)
  expect(answer.headers['content-type']).toBe('application/json; charset=utf-8')
  expect(answer.json).toEqual({
    model: 'flights',
    version: 3,
    revision: 7,
    predictions: [
      { prediction: true, probability: 0.75, probabilities: { false: 0.25, true: 0.75 } },
      { prediction: false, probability: 0.75, probabilities: { false: 0.75, true: 0.25 } },
    ],
  })
})

test('the plain form answers classes by name, and numbers', async () => {
  const classes = await serve(multiclassSignature)
  expect((await classes.predict([{ length: 1, width: 0 }])).json.predictions).toEqual([
    {
      prediction: 'versi"color',
      probability: 0.5,
      probabilities: { setosa: 0.25, 'versi"color': 0.5, virginica: 0.25 },
    },
  ])
  await close()
  const numbers = await serve(regressionSignature)
  expect((await numbers.predict([{ x: 4 }, { x: -0.5 }])).json.predictions).toEqual([
    { prediction: 9 },
    { prediction: 0 },
  ])
})

test.each<[string, unknown, number, string]>([
  ['a missing input', { rows: [{ hour: 1 }] }, 422, 'input-invalid'],
  ['an extra input', { rows: [{ distance: 1, distanse: 2 }] }, 422, 'input-invalid'],
  ['a mistyped number', { rows: [{ distance: '1' }] }, 422, 'input-invalid'],
  ['a mistyped integer', { rows: [{ distance: 1, hour: 1.5 }] }, 422, 'input-invalid'],
  ['a mistyped boolean', { rows: [{ distance: 1, weekend: 'yes' }] }, 422, 'input-invalid'],
  ['a mistyped text', { rows: [{ distance: 1, origin: 5 }] }, 422, 'input-invalid'],
  ['a mistyped date', { rows: [{ distance: 1, date: 'tomorrow' }] }, 422, 'input-invalid'],
  ['null where a value is required', { rows: [{ distance: null }] }, 422, 'input-invalid'],
  ['a number too large for JSON', '{"rows":[{"distance":1e999}]}', 422, 'input-invalid'],
  ['a row that is a list', { rows: [[1, 2]] }, 422, 'input-invalid'],
  ['a row that is null', { rows: [null] }, 422, 'input-invalid'],
  ['NaN, which is not JSON', '{"rows":[{"distance":NaN}]}', 400, 'invalid-request'],
  ['JSON cut short', '{"rows":[{"distance":1}', 400, 'invalid-request'],
  ['an empty body', '', 400, 'invalid-request'],
  ['a body that is a list', [{ distance: 1 }], 400, 'invalid-request'],
  ['a body that is null', 'null', 400, 'invalid-request'],
  ['no rows', {}, 400, 'invalid-request'],
  ['an empty list of rows', { rows: [] }, 400, 'invalid-request'],
  ['rows that are no list', { rows: { distance: 1 } }, 400, 'invalid-request'],
  ['another key', { rows: [{ distance: 1 }], row: 1 }, 400, 'invalid-request'],
  ['a prototype in disguise', '{"rows":[{"distance":1,"__proto__":{"hour":1}}]}', 400, 'invalid-request'],
])('the plain form refuses %s', async (_, body, status, code) => {
  const { url } = await serve(binarySignature)
  const answer = await send(`${url}/models/flight-delay/predict`, { body })
  expect([answer.status, answer.json.code]).toEqual([status, code])
  expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8')
  expect(problemSchema.parse(answer.json).status).toBe(status)
})

test('every problem of the rows is named at once, with the nearest input', async () => {
  const { predict } = await serve(binarySignature)
  const { json } = await predict([{ distance: 1 }, { distanc: 5, hour: 'x' }])
  expect(json.problems?.map((problem) => problem.path)).toEqual(['rows[1].distance', 'rows[1].hour', 'rows[1].distanc'])
  expect(json.problems?.[2]?.nearest).toBe('distance')
})

test('an input so extreme that the model overflows is refused, not answered with null', async () => {
  const { predict, url } = await serve(regressionSignature)
  const answer = await predict([{ x: 1 }, { x: 1.7e308 }])
  expect([answer.status, answer.json.code, answer.json.where]).toEqual([422, 'input-invalid', 'rows[1]'])
  expect((await send(`${url}/metrics`)).text).toContain(
    'esteira_inference_errors_total{endpoint="flight-delay",code="input-invalid"} 1',
  )
})

test('a tensor nested without end is refused like any other', async () => {
  const { url } = await serve(binarySignature)
  const nested = `${'['.repeat(200_000)}${']'.repeat(200_000)}`
  const body = `{"inputs":[{"name":"distance","shape":[1],"datatype":"FP64","data":${nested}}]}`
  const answer = await send(`${url}/v2/models/flight-delay/infer`, { body })
  expect([answer.status, answer.json.code]).toEqual([400, 'invalid-request'])
})

test('an unknown endpoint is named with its nearest', async () => {
  const { url } = await serve(binarySignature)
  const answer = await send(`${url}/models/flight-dealy/predict`, { body: { rows: [{ distance: 1 }] } })
  expect([answer.status, answer.json.code, answer.json.nearest]).toEqual([404, 'endpoint-not-found', 'flight-delay'])
})

test('an endpoint whose first model is loading says so', async () => {
  const { url, served } = await serve(binarySignature)
  served.expect(['soon'])
  const answer = await send(`${url}/models/soon/predict`, { body: { rows: [{ distance: 1 }] } })
  expect([answer.status, answer.json.code, answer.headers['retry-after']]).toEqual([503, 'endpoint-not-ready', '1'])
  expect(await send(`${url}/v2/health/ready`)).toMatchObject({ status: 400, json: { live: true, ready: false } })
  expect(await send(`${url}/v2/models/soon/ready`)).toMatchObject({ status: 400, json: { name: 'soon', ready: false } })
})

test('names with accents are addresses too', async () => {
  const { predict } = await serve(regressionSignature, `previsão-${'ç'.repeat(80)}`)
  expect((await predict([{ x: 1 }])).status).toBe(200)
})

test('a body that is not declared as JSON is refused', async () => {
  const { url } = await serve(binarySignature)
  for (const type of ['text/plain', 'application/x-www-form-urlencoded']) {
    const answer = await send(`${url}/models/flight-delay/predict`, { body: '{}', headers: { 'content-type': type } })
    expect([answer.status, answer.json.code, answer.json.where]).toEqual([400, 'invalid-request', 'Content-Type'])
  }
})

test('other addresses and methods are not found', async () => {
  const { url } = await serve(binarySignature)
  for (const path of ['/', '/models/flight-delay/predict', '/v3']) {
    const answer = await send(`${url}${path}`)
    expect([answer.status, answer.json.code]).toEqual([404, 'not-found'])
  }
})

// A client of the protocol.

test('the server says what it is and how it does', async () => {
  const { url } = await serve(binarySignature)
  expect((await send(`${url}/v2`)).json).toEqual({
    name: 'esteira',
    version: expect.any(String),
    extensions: ['binary_tensor_data'],
  })
  expect(await send(`${url}/v2/health/live`)).toMatchObject({ status: 200, json: { live: true, ready: true } })
  expect(await send(`${url}/v2/health/ready`)).toMatchObject({ status: 200, json: { live: true, ready: true } })
  expect(await send(`${url}/v2/models/flight-delay/ready`)).toMatchObject({
    status: 200,
    json: { name: 'flight-delay', ready: true },
  })
})

test('the metadata of a model name its tensors', async () => {
  const { url } = await serve(binarySignature)
  const { json } = await send(`${url}/v2/models/flight-delay/versions/3`)
  expect(json).toEqual({
    name: 'flight-delay',
    versions: ['3'],
    platform: 'tensorflow_tfjs',
    inputs: [
      { name: 'distance', datatype: 'FP64', shape: [-1, 1] },
      { name: 'hour', datatype: 'INT64', shape: [-1, 1] },
      { name: 'origin', datatype: 'BYTES', shape: [-1, 1] },
      { name: 'weekend', datatype: 'BOOL', shape: [-1, 1] },
      { name: 'date', datatype: 'BYTES', shape: [-1, 1] },
    ],
    outputs: [
      { name: 'label', datatype: 'BYTES', shape: [-1, 1] },
      { name: 'probability', datatype: 'FP64', shape: [-1, 1] },
      { name: 'probabilities', datatype: 'FP64', shape: [-1, 2] },
    ],
  })
})

test('columns as the pandas codec of MLServer sends them', async () => {
  const { infer } = await serve(binarySignature)
  const str = { content_type: 'str' }
  const answer = await infer({
    id: 'abc-1',
    parameters: { content_type: 'pd' },
    inputs: [
      { name: 'distance', shape: [2, 1], datatype: 'FP64', data: [75, 25] },
      { name: 'hour', shape: [2, 1], datatype: 'INT64', data: [8, null] },
      { name: 'origin', shape: [2, 1], datatype: 'BYTES', parameters: str, data: ['ATL', 'ORD'] },
      { name: 'weekend', shape: [2], datatype: 'BOOL', data: [true, false] },
      { name: 'date', shape: [2, 1], datatype: 'BYTES', data: [['2001-03-01'], ['2001-03-02']] },
    ],
  })
  expect(answer.status).toBe(200)
  expect(answer.json).toEqual({
    model_name: 'flight-delay',
    model_version: '3',
    id: 'abc-1',
    parameters: { content_type: 'pd' },
    outputs: [
      { name: 'label', datatype: 'BYTES', shape: [2, 1], parameters: { content_type: 'str' }, data: ['true', 'false'] },
      { name: 'probability', datatype: 'FP64', shape: [2, 1], data: [0.75, 0.75] },
      { name: 'probabilities.false', datatype: 'FP64', shape: [2, 1], data: [0.25, 0.75] },
      { name: 'probabilities.true', datatype: 'FP64', shape: [2, 1], data: [0.75, 0.25] },
    ],
  })
})

test('one tensor with all columns, nested or flat, and chosen outputs', async () => {
  const { infer } = await serve(multiclassSignature)
  for (const data of [
    [
      [2, 5],
      [0, 5],
    ],
    [2, 5, 0, 5],
  ]) {
    const answer = await infer({
      inputs: [{ name: 'predict', shape: [2, 2], datatype: 'FP32', data }],
      outputs: [{ name: 'label' }],
    })
    expect(answer.json.outputs).toEqual([
      { name: 'label', datatype: 'BYTES', shape: [2, 1], data: ['virginica', 'setosa'] },
    ])
  }
})

test('a model of one input takes a tensor of any name, and regression gives values', async () => {
  const { infer } = await serve(regressionSignature)
  for (const name of ['x', 'input-0']) {
    const answer = await infer({ inputs: [{ name, shape: [3, 1], datatype: 'FP32', data: [1, 2, 3] }] })
    expect(answer.json.outputs).toEqual([{ name: 'prediction', datatype: 'FP64', shape: [3, 1], data: [3, 5, 7] }])
    expect(answer.json).not.toHaveProperty('id')
  }
})

const distance = { name: 'distance', shape: [1], datatype: 'FP64', data: [1] }
test.each<[string, unknown, string]>([
  ['no inputs', {}, 'invalid-request'],
  ['an empty list', { inputs: [] }, 'invalid-request'],
  ['an id that is a number', { id: 1, inputs: [distance] }, 'invalid-request'],
  ['a tensor that is null', { inputs: [null] }, 'invalid-request'],
  ['a tensor without a name', { inputs: [{ ...distance, name: undefined }] }, 'invalid-request'],
  ['an unknown datatype', { inputs: [{ ...distance, datatype: 'FP65' }] }, 'invalid-request'],
  ['data that do not fill the shape', { inputs: [{ ...distance, shape: [2] }] }, 'invalid-request'],
  ['a shape of too many dimensions', { inputs: [{ ...distance, shape: [1, 1, 1] }] }, 'invalid-request'],
  ['a huge empty shape', { inputs: [{ ...distance, shape: [1e9, 0], data: [] }] }, 'invalid-request'],
  ['a negative shape', { inputs: [{ ...distance, shape: [-1] }] }, 'invalid-request'],
  [
    'columns of different lengths',
    { inputs: [distance, { name: 'hour', shape: [2], datatype: 'INT64', data: [1, 2] }] },
    'invalid-request',
  ],
  ['a column twice', { inputs: [distance, distance] }, 'invalid-request'],
  ['text in a tensor of numbers', { inputs: [{ ...distance, data: ['1'] }] }, 'invalid-request'],
  [
    'a fraction in a tensor of integers',
    { inputs: [{ ...distance, datatype: 'INT32', data: [1.5] }] },
    'invalid-request',
  ],
  ['a number out of range', { inputs: [{ ...distance, datatype: 'UINT8', data: [256] }] }, 'invalid-request'],
  ['no rows', { inputs: [{ ...distance, shape: [0], data: [] }] }, 'invalid-request'],
  ['an unknown output', { inputs: [distance], outputs: [{ name: 'lable' }] }, 'invalid-request'],
  ['a column the model does not have', { inputs: [distance, { ...distance, name: 'x' }] }, 'input-invalid'],
  ['a missing column', { inputs: [{ name: 'hour', shape: [1], datatype: 'INT64', data: [1] }] }, 'input-invalid'],
  ['a column of the wrong type', { inputs: [{ ...distance, datatype: 'BYTES', data: ['far'] }] }, 'input-invalid'],
  ['null where a value is required', { inputs: [{ ...distance, data: [null] }] }, 'input-invalid'],
])('the protocol refuses %s', async (_, body, code) => {
  const { infer } = await serve(binarySignature)
  const answer = await infer(body)
  expect([answer.status, answer.json.code]).toEqual([400, code])
  expect(answer.json.error).toEqual(expect.stringMatching(/.{10}/))
})

test('the protocol answers for unknown models and other versions with an error', async () => {
  const { url } = await serve(binarySignature)
  const body = { inputs: [distance] }
  const unknown = await send(`${url}/v2/models/nobody/infer`, { body })
  expect([unknown.status, unknown.json.code]).toEqual([404, 'endpoint-not-found'])
  const other = await send(`${url}/v2/models/flight-delay/versions/9/infer`, { body })
  expect([other.status, other.json.code]).toEqual([404, 'model-version-not-found'])
  expect((await send(`${url}/v2/models/flight-delay/versions/3/infer`, { body })).status).toBe(200)
})

// Hostile and oversized requests.

test.each([
  ['another site', { host: 'evil.example' }, 'forbidden-host'],
  ['a rebound name with the right port', { host: 'evil.example:PORT' }, 'forbidden-host'],
  ['the right name with another port', { host: '127.0.0.1:1' }, 'forbidden-host'],
  ['a name that only begins right', { host: 'localhost.evil.example:PORT' }, 'forbidden-host'],
  ['a page of another site', { origin: 'https://evil.example' }, 'forbidden-origin'],
  ['a page of another local port', { origin: 'http://127.0.0.1:1' }, 'forbidden-origin'],
  ['a page without origin', { origin: 'null' }, 'forbidden-origin'],
  ['an image of another site', { 'sec-fetch-site': 'cross-site' }, 'forbidden-origin'],
])('a request from %s is refused', async (_, headers: Record<string, string>, code) => {
  const { url, port } = await serve(binarySignature)
  const filled = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, value.replace('PORT', `${port}`)]),
  )
  for (const path of ['/models/flight-delay/predict', '/v2/models/flight-delay/infer', '/metrics']) {
    const answer = await send(`${url}${path}`, {
      headers: filled,
      ...(path !== '/metrics' && { body: { rows: [{ distance: 1 }] } }),
    })
    expect([answer.status, answer.json.code]).toEqual([403, code])
  }
})

test.each(['127.0.0.1', 'localhost', 'LOCALHOST', '[::1]'])(
  'a request to %s from its own page is let in',
  async (name) => {
    const { url, port } = await serve(binarySignature)
    const host = `${name}:${port}`
    const answer = await send(`${url}/v2/health/live`, {
      headers: { host, origin: `http://${host}`, 'sec-fetch-site': 'same-origin' },
    })
    expect(answer.status).toBe(200)
  },
)

/** Sends `megabytes` of body over a raw socket. Resolves with all that came back before the connection ended. */
function upload(port: number, megabytes: number, headers: string): Promise<string> {
  const chunk = Buffer.alloc(1024 * 1024, 'a')
  const chunked = headers.includes('chunked')
  return new Promise((resolve, reject) => {
    let received = ''
    const socket = connect(port, '127.0.0.1', async () => {
      socket.write(
        `POST /models/flight-delay/predict HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Type: application/json\r\n${headers}\r\n\r\n`,
      )
      for (let sent = 0; sent < megabytes; sent++) {
        if (chunked) socket.write(`${chunk.length.toString(16)}\r\n`)
        const fits = socket.write(chunk)
        if (chunked) socket.write('\r\n')
        if (!fits) await new Promise((resume) => socket.once('drain', resume))
      }
      if (chunked) socket.write('0\r\n\r\n')
      // A second request on the same connection: it is in order only if the first was read to its end.
      socket.write(`GET /v2/health/live HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\n\r\n`)
    })
    socket.on('data', (data) => {
      received += data
    })
    socket.on('end', () => resolve(received))
    socket.on('error', reject)
  })
}

test.each([
  ['a declared length', `Content-Length: ${300 * 1024 * 1024}`],
  ['chunks', 'Transfer-Encoding: chunked'],
])('a body of 300 MB with %s is refused without being kept', async (_, headers) => {
  const { port } = await serve(binarySignature)
  const before = process.memoryUsage().arrayBuffers
  let peak = 0
  const watch = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage().arrayBuffers - before)
  }, 5)
  const received = await upload(port, 300, headers)
  clearInterval(watch)
  expect(received).toMatch(/^HTTP\/1\.1 413 /)
  expect(received).toContain('"code":"body-too-large"')
  expect(received).toContain('{"live":true,"ready":true}')
  // Read buffers that the garbage collector has not yet taken back.
  expect(peak).toBeLessThan(150 * 1024 * 1024)
})

// Load.

test('requests that come while the model is busy are answered in fewer calls', async () => {
  const { predict, runtime } = await serve(regressionSignature)
  runtime.calls.length = 0
  runtime.wait = () => new Promise((resolve) => setTimeout(resolve, 20))
  const answers = await Promise.all(Array.from({ length: 40 }, (_, x) => predict([{ x }])))
  expect(answers.map((answer) => answer.json.predictions?.[0]?.prediction)).toEqual(answers.map((_, x) => 2 * x + 1))
  expect(runtime.calls.reduce((sum, rows) => sum + rows, 0)).toBe(40)
  expect(runtime.calls.length).toBeLessThan(15)
})

test('too many waiting rows are refused with a time to try again', async () => {
  const { predict, runtime } = await serve(regressionSignature)
  let release = () => {}
  const held = new Promise<void>((resolve) => {
    release = resolve
  })
  runtime.wait = () => held
  const before = runtime.calls.length
  const rows = Array.from({ length: 120_000 }, (_, x) => ({ x }))
  const first = predict(rows)
  while (runtime.calls.length === before) await new Promise((resolve) => setTimeout(resolve, 5))
  const second = await predict(rows)
  expect([second.status, second.json.code, second.headers['retry-after']]).toEqual([429, 'overloaded', '1'])
  release()
  expect((await first).json.predictions).toHaveLength(120_000)
})

async function hammer(url: string, until: () => boolean, outcomes: Map<string, number>): Promise<void> {
  while (!until()) {
    const answer = await fetch(`${url}/models/flight-delay/predict`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"rows":[{"distance":75}]}',
    })
    const body = await answer.text()
    const revision = /"revision":(\d+)/.exec(body)?.[1] ?? body
    const key = `${answer.status} ${revision}`
    outcomes.set(key, (outcomes.get(key) ?? 0) + 1)
  }
}

test('revisions are swapped under load without one failed request, and the old models are freed', async () => {
  const { url, served, runtime } = await serve(binarySignature)
  runtime.wait = () => new Promise((resolve) => setTimeout(resolve, 1))
  const outcomes = new Map<string, number>()
  let done = false
  const clients = Array.from({ length: 16 }, () => hammer(url, () => done, outcomes))
  for (let revision = 8; revision <= 20; revision++) {
    await swap(served, revision)
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
  done = true
  await Promise.all(clients)
  expect([...outcomes.keys()].filter((key) => !/^200 \d+$/.test(key))).toEqual([])
  expect(outcomes.size).toBeGreaterThan(5)
  await waitFor(runtime, 13)
})

async function waitFor(runtime: TestRuntime, disposed: number): Promise<void> {
  while (runtime.disposed < disposed) await new Promise((resolve) => setTimeout(resolve, 5))
  expect(runtime.disposed).toBe(disposed)
}

test('a model that cannot predict is refused and leaves the one before in place', async () => {
  const { served, runtime, predict } = await serve(regressionSignature)
  runtime.wait = () => Promise.reject(new Error('no weights'))
  await expect(served.load('flight-delay', source)).rejects.toMatchObject({ code: 'model-unusable' })
  runtime.wait = () => Promise.resolve()
  expect((await predict([{ x: 1 }])).json).toMatchObject({ revision: 7 })
})

test.each([Number.NaN, Number.POSITIVE_INFINITY])(
  'a model that gives %d whatever it is asked is at fault itself, says so once, and answers again when it can',
  async (output) => {
    const { runtime, faults, predict, infer } = await serve(regressionSignature)
    runtime.output = output
    for (const answer of [await predict([{ x: 1 }]), await predict([{ x: 2 }])]) {
      expect([answer.status, answer.json.code]).toEqual([500, 'model-failed'])
    }
    const asked = await infer({ inputs: [{ name: 'x', shape: [1], datatype: 'FP64', data: [1] }] })
    expect([asked.status, asked.json.code]).toEqual([500, 'model-failed'])
    expect(faults).toEqual([expect.stringContaining('flight-delay: Version 3 of "flights" gives no usable answer')])
    runtime.output = undefined
    expect((await predict([{ x: 1 }])).status).toBe(200)
  },
)

test('a runtime that throws is the fault of the model, and its neighbours answer', async () => {
  const { served, runtime, faults, url, predict } = await serve(regressionSignature)
  const { loadModel } = runtime
  let broken = false
  runtime.loadModel = async (files) => {
    const loaded = await loadModel(files)
    return { ...loaded, predict: (batch) => (broken ? Promise.reject(new Error('lost')) : loaded.predict(batch)) }
  }
  await served.load('neighbour', source)
  served.activate('neighbour', 1)
  broken = true
  const ask = () => send(`${url}/models/neighbour/predict`, { body: { rows: [{ x: 1 }] } })
  const outcomes = await Promise.all([ask(), predict([{ x: 1 }]), ask()])
  expect(outcomes.map(({ status, json }) => [status, json.code])).toEqual([
    [500, 'model-failed'],
    [200, undefined],
    [500, 'model-failed'],
  ])
  expect(faults).toEqual([expect.stringContaining('neighbour: Version 3 of "flights" gives no usable answer: lost')])
  broken = false
  expect((await ask()).status).toBe(200)
})

test('the counts are Prometheus text', async () => {
  const { url, predict, infer } = await serve(regressionSignature)
  await predict([{ x: 1 }, { x: 2 }])
  await infer({ inputs: [{ name: 'x', shape: [3], datatype: 'FP64', data: [1, 2, 3] }] })
  await predict([{ y: 1 }])
  await send(`${url}/models/nobody/predict`, { body: { rows: [{ x: 1 }] } })
  const { text, headers } = await send(`${url}/metrics`)
  expect(headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8')
  const value = (sample: string) =>
    Number(
      text
        .split('\n')
        .find((line) => line.startsWith(`${sample} `))
        ?.split(' ')
        .at(-1),
    )
  const label = '{endpoint="flight-delay"}'
  expect(value(`esteira_inference_requests_total${label}`)).toBe(3)
  expect(value(`esteira_inference_rows_total${label}`)).toBe(5)
  expect(value('esteira_inference_errors_total{endpoint="flight-delay",code="input-invalid"}')).toBe(1)
  expect(value('esteira_inference_duration_seconds_bucket{endpoint="flight-delay",le="+Inf"}')).toBe(2)
  expect(value(`esteira_inference_duration_seconds_count${label}`)).toBe(2)
  expect(value(`esteira_inference_revision${label}`)).toBe(7)
  expect(text).not.toContain('nobody')
  for (const line of text.trimEnd().split('\n')) expect(line).toMatch(/^(# (HELP|TYPE) \w+ .+|\w+\{.*\} [\d.e+-]+)$/)
})

test('a port in use is named, with the option that chooses another', async () => {
  const { port } = await serve(regressionSignature)
  const second = createInferenceApp(new ServedEndpoints(async () => testRuntime(regressionSignature)), notCounted)
  await expect(listen(second, '127.0.0.1', port)).rejects.toMatchObject({
    code: 'port-in-use',
    message: expect.stringContaining(String(port)),
    context: { next: expect.stringContaining('--inference-port') },
  })
  await second.close()
})
