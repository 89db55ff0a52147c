/**
 * Both servers of a real engine under at least 10,000 hostile requests, each test named for the exploit that it tries. None may
 * end the engine, be answered with a defect (5xx without a reason), lack a stable code, or leave memory or handles behind.
 */
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { routes } from '#shared/api.ts'
import { isErrorCode } from '#shared/errors.ts'
import { Engine } from './engine.ts'
import { resourcesPath } from './kernel/app-paths.ts'
import {
  answersIn,
  ask,
  closeHostileClient,
  type HostileAnswer,
  type HostileRequest,
  sendBytes,
} from './testing/hostile-client.ts'
import { createProjectClient } from './testing/project-client.ts'

const pipeline = `name: train
seed: 7
steps:
  extract: { uses: data/extract, with: { dataset: flights, limit: 2000 } }
  split: { uses: data/split, in: { data: extract } }
  prepare: { uses: data/prepare, in: { data: split }, with: { target: late } }
  train: { uses: model/train, in: { data: prepare }, with: { trainer: linear, epochs: 1 } }
  evaluate: { uses: model/evaluate, in: { model: train, data: prepare } }
  gate: { uses: model/gate, in: { evaluation: evaluate }, with: { thresholds: { auc: 0.1 } } }
  register: { uses: model/register, in: { model: train, verdict: gate }, with: { model: flights } }
  deploy: { uses: model/deploy, in: { version: register }, with: { endpoint: flights } }
`
const secret = 'THE-SECRET-OF-THE-HOME'
const row = { date: '2001-01-05T17:30:00Z', distance: 862, origin: 'ORD', destination: 'ATL' }
const rowsBody = JSON.stringify({ rows: [row, row] })
const inferBody = JSON.stringify({
  id: 'a',
  parameters: { content_type: 'pd', binary_data_output: false },
  inputs: [
    { name: 'date', datatype: 'BYTES', shape: [1], data: [row.date], parameters: { content_type: 'datetime' } },
    { name: 'distance', datatype: 'INT64', shape: [1, 1], data: [row.distance] },
    { name: 'origin', datatype: 'BYTES', shape: [1], data: [row.origin] },
    { name: 'destination', datatype: 'BYTES', shape: [1], data: [row.destination] },
  ],
  outputs: [{ name: 'label' }],
})
const json = { 'content-type': 'application/json' }
const megabyte = 1024 * 1024

let root: string
let home: string
let engine: Engine
let control: number
let inference: number
let token: string
let sent = 0
let before: { prediction: string; handles: number; held: number }

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'esteira-fuzz-'))
  home = join(root, 'home')
  const project = join(root, 'project')
  const sample = join(resourcesPath, 'samples', 'flight-delay')
  for (const part of ['esteira.yaml', join('data', 'flights-2001-01.parquet')]) {
    cpSync(join(sample, part), join(project, part), { recursive: true })
  }
  mkdirSync(join(project, 'pipelines'))
  writeFileSync(join(project, 'pipelines', 'train.yaml'), pipeline)
  engine = await Engine.start({ home, port: 0, inferencePort: 0, background: false })
  writeFileSync(join(home, 'secret.txt'), secret)
  const client = createProjectClient(engine)
  await engine.runs.ended(await client.startRun(project, 'train'))
  const { controlUrl, inferenceUrl } = engine.info()
  control = Number(new URL(controlUrl).port)
  inference = Number(new URL(inferenceUrl ?? '').port)
  token = JSON.parse(readFileSync(join(home, 'engine.json'), 'utf8')).token
  // What is loaded and cached at first use is no leak.
  await hostile(
    inference,
    sampleOf(mutated(rowsBody), 200).map((body) => plain('predict', body)),
  )
  await hostile(
    control,
    sampleOf(fc.json(), 200).map((body) => ({ path: '/api/v1/runs', headers: withToken(), body })),
  )
  // The tables of the generators are no leak of the servers either.
  for (const table of [fc.string({ unit: 'binary' }), fc.domain(), fc.stringMatching(/^[a-z]$/)]) sampleOf(table, 10)
  closeHostileClient()
  before = { prediction: await prediction(), handles: handles(), held: held() }
  sent = 0
}, 120_000)
afterAll(async () => {
  closeHostileClient()
  await engine.stop()
  rmSync(root, { recursive: true, force: true })
})

const withToken = () => ({ ...json, authorization: `Bearer ${token}` })
const plain = (what: string, body: string | Buffer): HostileRequest => ({
  path: `/models/flights/${what}`,
  headers: json,
  body,
})
const infer = (body: string | Buffer, headers: Record<string, string> = json): HostileRequest => ({
  path: '/v2/models/flights/infer',
  headers,
  body,
})

async function prediction(): Promise<string> {
  const { status, text } = await ask(inference, plain('predict', rowsBody))
  expect(status).toBe(200)
  return text
}

/** Open files, sockets and pipes of the process; timers elsewhere. */
function handles(): number {
  return existsSync('/proc/self/fd') ? readdirSync('/proc/self/fd').length : process.getActiveResourcesInfo().length
}

setFlagsFromString('--expose-gc')
const collect: () => void = runInNewContext('gc')

/** What this thread holds on to, the control server in it, once what nobody holds is gone. */
function held(): number {
  collect()
  return process.memoryUsage().heapUsed
}

function sampleOf<T>(arbitrary: fc.Arbitrary<T>, count: number): T[] {
  return fc.sample(arbitrary, count)
}

/** A text with some of its characters changed, cut, doubled or put elsewhere. */
function mutated(text: string): fc.Arbitrary<string> {
  const at = fc.nat(text.length)
  const piece = fc.oneof(
    fc.string({ maxLength: 5 }),
    fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      '"',
      ',',
      ':',
      'null',
      'NaN',
      '-',
      '1e999',
      '\\u0000',
      '\\',
      '\u0000',
      '"__proto__":',
      '\ud800',
    ),
  )
  const change = fc.record({ at, length: fc.nat(8), piece })
  return fc
    .array(change, { minLength: 1, maxLength: 4 })
    .map((changes) =>
      changes.reduce(
        (all, { at: from, length, piece: put }) => all.slice(0, from) + put + all.slice(from + length),
        text,
      ),
    )
}

type Check = (answer: HostileAnswer, request: HostileRequest) => void

/** Whatever is asked: an answer, no defect, and a stable code where it is a refusal. */
const sound: Check = ({ status, type, text, headers }, request) => {
  const shown = JSON.stringify({ ...request, body: String(request.body).slice(0, 500) })
  if (status === 0) return
  if (status < 400) return
  expect(status < 500 || [503, 504].includes(status), `${status} ${text.slice(0, 300)} to ${shown}`).toBe(true)
  expect(type, shown).toContain('json')
  const { code } = JSON.parse(text)
  expect(isErrorCode(String(code)), `${code} to ${shown}`).toBe(true)
  if (status === 429 || status === 503) expect(headers['retry-after'], shown).toBe('1')
}
const refused: Check = (answer, request) => {
  sound(answer, request)
  expect(answer.status, JSON.stringify(request)).toBeGreaterThanOrEqual(400)
}

async function hostile(
  port: number,
  requests: readonly HostileRequest[],
  check: Check = sound,
): Promise<HostileAnswer[]> {
  const answers: HostileAnswer[] = []
  const queue = [...requests.entries()]
  const worker = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const [index, request] = next
      const answer = await ask(port, request)
      check(answer, request)
      answers[index] = answer
    }
  }
  await Promise.all(Array.from({ length: 8 }, worker))
  sent += requests.length
  return answers
}

it('malformed JSON, one character at a time', async () => {
  const forms = ['predict', 'explain', 'feedback'].flatMap((what) =>
    sampleOf(mutated(rowsBody), 500).map((body) => plain(what, body)),
  )
  await hostile(inference, [...forms, ...sampleOf(mutated(inferBody), 1_500).map((body) => infer(body))])
  const paths = [
    '/api/v1/projects',
    '/api/v1/runs',
    '/api/v1/endpoints/flights/predict',
    '/api/v1/endpoints/flights/access',
  ]
  const bodies = sampleOf(mutated('{"path":"/x","trust":false,"rows":[{"distance":1}]}'), 1_000)
  await hostile(
    control,
    bodies.map((body, index) => ({ path: paths[index % paths.length] ?? '', headers: withToken(), body })),
  )
})

it('JSON of any shape and type, for any route that takes a body', async () => {
  const anything = fc.json({ maxDepth: 4 })
  await hostile(
    inference,
    sampleOf(anything, 600).flatMap((body) => [plain('predict', body), infer(body)]),
    refused,
  )
  const dangerous = ['stopEngine', 'rotateToken']
  const targets = Object.entries(routes).filter(([name]) => !dangerous.includes(name))
  const requests = targets.flatMap(([, { method, path }]) =>
    sampleOf(fc.tuple(anything, fc.string({ minLength: 1 })), 4).map(([body, name]) => ({
      method,
      path: path.replace(/:\w+/g, encodeURIComponent(name.toWellFormed())),
      headers: method === 'GET' ? { authorization: `Bearer ${token}` } : withToken(),
      ...(method !== 'GET' && { body }),
    })),
  )
  await hostile(control, requests)
})

it('tensors whose datatype, shape, data and sizes do not fit', async () => {
  const number = fc.oneof(fc.double(), fc.integer(), fc.constantFrom(2 ** 31, 2 ** 53, -1, 1e308, 0.5))
  const value = fc.oneof(number, fc.string(), fc.boolean(), fc.constant(null), fc.jsonValue({ maxDepth: 2 }))
  const tensor = fc.record(
    {
      name: fc.constantFrom('date', 'distance', 'origin', 'destination', '__proto__', 'constructor', ''),
      datatype: fc.constantFrom('BOOL', 'UINT8', 'UINT64', 'INT64', 'FP16', 'FP32', 'FP64', 'BYTES', 'BF16', 'fp32'),
      shape: fc.oneof(fc.array(fc.nat(3), { maxLength: 3 }), fc.array(number, { maxLength: 9 }), fc.jsonValue()),
      data: fc.oneof(fc.array(value, { maxLength: 4 }), fc.array(fc.array(value, { maxLength: 2 }), { maxLength: 2 })),
      parameters: fc.oneof(
        fc.record({ content_type: fc.constantFrom('str', 'datetime', 'base64', 'pd_json', 'x') }),
        fc.jsonValue(),
      ),
    },
    { requiredKeys: ['name'] },
  )
  const inputs = fc.array(tensor, { minLength: 1, maxLength: 5 })
  await hostile(
    inference,
    sampleOf(inputs, 1_500).map((each) => infer(JSON.stringify({ inputs: each }))),
  )
})

it('binary data that ends early, late or in the middle of a value', async () => {
  const attack = fc.record({
    length: fc.oneof(fc.nat(300), fc.constantFrom(-1, 1e9)),
    size: fc.oneof(fc.nat(40), fc.constantFrom(-1, 2 ** 31, 2 ** 53, 0.5)),
    datatype: fc.constantFrom('BYTES', 'FP64', 'INT64', 'BOOL', 'FP16'),
    rows: fc.nat(4),
    tail: fc.uint8Array({ maxLength: 60 }),
    honest: fc.boolean(),
  })
  const requests = sampleOf(attack, 1_200).map(({ length, size, datatype, rows, tail, honest }) => {
    const tensor = {
      name: 'distance',
      datatype,
      shape: [rows],
      parameters: { binary_data_size: honest ? tail.length : size },
    }
    const head = Buffer.from(JSON.stringify({ inputs: [tensor], parameters: { binary_data_output: true } }))
    const headers = { 'inference-header-content-length': String(honest ? head.length : length) }
    return infer(Buffer.concat([head, tail]), headers)
  })
  await hostile(inference, requests, refused)
})

it('numbers that are none: NaN, infinities, and some beyond all measure', async () => {
  const texts = [
    'NaN',
    '-NaN',
    'Infinity',
    '-Infinity',
    '1e999',
    '-1e999',
    '0x10',
    '1_000',
    '01',
    '1.',
    '.5',
    '9'.repeat(400),
    '1e-999',
    '-0',
  ]
  const requests = texts.flatMap((text) => [
    plain('predict', `{"rows":[{"distance":${text},"origin":"ORD","destination":"ATL","date":${text}}]}`),
    plain('explain', `{"rows":[{"distance":${text}}],"permutations":${text},"seed":${text}}`),
    infer(`{"inputs":[{"name":"distance","shape":[${text}],"datatype":"FP64","data":[${text}]}]}`),
  ])
  await hostile(inference, Array.from({ length: 4 }, () => requests).flat())
})

it('nesting without end, and bodies larger than any limit', async () => {
  const deep = (open: string, close: string, depth: number) => open.repeat(depth) + close.repeat(depth)
  const bodies = [1_000, 20_000, 300_000].flatMap((depth) => [
    deep('[', ']', depth),
    `{"rows":${deep('[', ']', depth)}}`,
    `{"rows":[{"distance":${deep('[', ']', depth)}}]}`,
    `${'{"rows":'.repeat(depth)}1${'}'.repeat(depth)}`,
    `{"inputs":[{"name":"distance","shape":[1],"datatype":"INT64","data":${deep('[', ']', depth)},"x":12345678901234567890}]}`,
  ])
  for (const body of bodies) {
    await hostile(
      inference,
      [plain('predict', body), plain('explain', body), plain('feedback', body), infer(body)],
      refused,
    )
    if (body.length < 4_000_000) await hostile(control, [{ path: '/api/v1/runs', headers: withToken(), body }], refused)
  }
  const huge = Buffer.alloc(20_000_000, '1')
  const [large] = await hostile(inference, [plain('predict', huge)], refused)
  expect(large?.status).toBe(413)
  expect((await hostile(control, [{ path: '/api/v1/runs', headers: withToken(), body: huge }]))[0]?.status).toBeOneOf([
    0, 413,
  ])
})

it('the prototype poisoned by a key, and keys given twice', async () => {
  const keys = [
    '__proto__',
    'constructor',
    'prototype',
    'toString',
    'hasOwnProperty',
    'valueOf',
    'length',
    '\\u005f_proto__',
  ]
  const bodies = keys.flatMap((key) => [
    `{"rows":[{"${key}":{"distance":1}}]}`,
    `{"${key}":{"rows":[]},"rows":[{"distance":1,"${key}":1}]}`,
    `{"rows":[{"distance":1,"distance":2,"${key}":null}],"rows":[]}`,
  ])
  await hostile(
    inference,
    bodies.flatMap((body) => [plain('predict', body), plain('explain', body), infer(body)]),
    refused,
  )
  await hostile(
    inference,
    keys.map((key) => infer(`{"inputs":[{"name":"${key}","shape":[1],"datatype":"FP64","data":[1]}]}`)),
    refused,
  )
  await hostile(
    control,
    bodies.map((body) => ({ path: '/api/v1/projects', headers: withToken(), body })),
    refused,
  )
  expect(await prediction()).toBe(before.prediction)
})

it('DNS rebinding by Host, and pages of other sites by Origin', async () => {
  const host = fc.oneof(
    fc.domain(),
    fc.domain().map((name) => `${name}:${inference}`),
    fc.constantFrom(
      '127.0.0.1',
      '127.0.0.1:1',
      'localhost.evil.example',
      '127.1',
      '0.0.0.0',
      '[::]',
      '2130706433',
      `127.0.0.1:${'9'.repeat(99)}`,
    ),
  )
  const origin = fc.oneof(
    fc.webUrl(),
    fc.domain(),
    fc.constantFrom('null', 'file://', 'http://127.0.0.1', 'http://localhost:1'),
  )
  const attack = fc.oneof(
    host.map((name) => ({ host: name })),
    origin.map((from) => ({ origin: from })),
  )
  for (const port of [inference, control]) {
    const requests = sampleOf(attack, 600).map((headers, index): HostileRequest => {
      const isRead = index % 2 === 0
      if (port === control) return { method: 'GET', path: '/api/v1/engine', headers: { ...withToken(), ...headers } }
      return isRead
        ? { method: 'GET', path: '/v2/models/flights', headers }
        : { ...plain('predict', rowsBody), headers: { ...json, ...headers } }
    })
    const answers = await hostile(port, requests, refused)
    expect([...new Set(answers.map(({ status }) => status))]).toEqual([403])
  }
})

it('a token guessed, borrowed, cut or put elsewhere', async () => {
  const guess = fc.oneof(
    fc.stringMatching(/^[A-Za-z0-9_-]{0,60}$/),
    fc.nat(token.length - 1).map((end) => token.slice(0, end)),
    fc.constantFrom(`${token} `.trim().toUpperCase(), `${token}x`, `x${token}`, token.split('').reverse().join('')),
  )
  const scheme = fc.constantFrom('Bearer ', 'Basic ', 'Token ', '', 'Bearer Bearer ')
  const attack = fc.tuple(scheme, guess).filter(([name, value]) => !(name === 'Bearer ' && value === token))
  const requests = sampleOf(attack, 600).map(
    ([name, value]): HostileRequest => ({
      method: 'GET',
      path: `/api/v1/engine?token=${encodeURIComponent(token)}`,
      headers: { authorization: name + value, cookie: `token=${token}`, 'x-api-key': token },
    }),
  )
  const answers = await hostile(control, requests, refused)
  expect([...new Set(answers.map(({ status }) => status))]).toEqual([401])
})

it('paths that climb, hide or confuse', async () => {
  const part = fc.constantFrom(
    '..',
    '.',
    '%2e%2e',
    '%2E.',
    '..%2f',
    '%5c',
    '..\\',
    '%00',
    '%c0%ae',
    '%252e',
    ';',
    'secret.txt',
    'engine.json',
    'models',
    'v2',
    'flights',
    'predict',
    'api',
    'v1',
    'engine',
    '%zz',
    '%',
    '~',
    '*',
    '%F0%9F%92%A9',
    'a'.repeat(2_000),
    '__proto__',
    '?',
    '#',
    '//',
  )
  const path = fc.array(part, { minLength: 1, maxLength: 8 }).map((parts) => `/${parts.join('/')}`)
  for (const port of [inference, control]) {
    const requests = sampleOf(path, 800).flatMap((each, index): HostileRequest[] => [
      {
        method: index % 2 === 0 ? 'GET' : 'POST',
        path: each,
        headers: port === control ? { authorization: `Bearer ${token}` } : {},
      },
    ])
    const answers = await hostile(port, requests)
    for (const { text } of answers) {
      expect(text).not.toContain(secret)
      expect(text).not.toContain(token)
    }
  }
})

it('methods overridden, and methods that do not exist', async () => {
  const overrides = ['x-http-method-override', 'x-method-override', 'x-http-method', '_method']
  const requests = overrides.flatMap((name) =>
    ['DELETE', 'PUT', 'POST'].map(
      (method): HostileRequest => ({
        method: 'GET',
        path: `/api/v1/projects/p1?_method=${method}`,
        headers: { authorization: `Bearer ${token}`, [name]: method },
      }),
    ),
  )
  await hostile(control, requests)
  expect((await createProjectClient(engine).call('listProjects', {})).length).toBe(1)
  const methods = ['TRACE', 'PATCH', 'PROPFIND', 'LINK', 'PURGE', 'M-SEARCH', 'HEAD', 'OPTIONS']
  for (const port of [inference, control]) {
    await hostile(
      port,
      methods.flatMap((method) =>
        ['/', '/models/flights/predict', '/api/v1/engine', '/metrics'].map((path) => ({ method, path })),
      ),
      ({ status }, { method, path }) => expect(status < 500, `${method} ${path} ${status}`).toBe(true),
    )
  }
})

it('bodies in other encodings', async () => {
  const encodings = ['gzip', 'br', 'deflate', 'identity, gzip', 'chunked', 'x', '']
  const types = [
    'application/json; charset=utf-16',
    'application/json;charset=',
    'application/x-www-form-urlencoded',
    'text/plain',
    'application/xml',
    'multipart/form-data; boundary=x',
    'application/json, text/plain',
    'APPLICATION/JSON',
    'json',
    ' ',
    'application/json;'.repeat(50),
  ]
  const bodies = [
    rowsBody,
    Buffer.from([0x1f, 0x8b, 8, 0]),
    Buffer.from(`\ufeff${rowsBody}`, 'utf16le'),
    Buffer.from([0xff, 0xfe, 0xfd]),
  ]
  const headers = [
    ...encodings.map((encoding) => ({ ...json, 'content-encoding': encoding })),
    ...types.map((type) => ({ 'content-type': type })),
  ]
  for (const body of bodies) {
    const models = headers.flatMap((each) =>
      ['predict', 'explain', 'feedback'].map((what) => ({ ...plain(what, body), headers: each })),
    )
    await hostile(inference, [...models, ...headers.map((each) => infer(body, each))])
    const authorization = `Bearer ${token}`
    await hostile(
      control,
      headers.map((each) => ({ path: '/api/v1/runs', headers: { ...each, authorization }, body })),
      refused,
    )
  }
})

it('requests that are no HTTP: garbage, smuggled lengths, huge headers, pipelines', async () => {
  const start = (port: number) =>
    `POST /models/flights/predict HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Type: application/json\r\n`
  const get = (port: number) => `GET /v2/health/live HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n`
  const attacks = (port: number): (string | Buffer)[] => [
    'GET / HTTP/9.9\r\n\r\n',
    'FOO / HTTP/1.1\r\n\r\n',
    'GET /\r\n\r\n',
    '\r\n\r\n\r\n{"rows":[]}\r\n\r\n',
    `${start(port)}Content-Length: 5\r\nContent-Length: 50\r\n\r\n{}`,
    `${start(port)}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /secret HTTP/1.1\r\n\r\n`,
    `${start(port)}Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n`,
    `${start(port)}Transfer-Encoding: gzip\r\n\r\n{}`,
    `${start(port)}Content-Length: -1\r\n\r\n{}`,
    `${start(port)}Content-Length: 99999999999999999999\r\n\r\n{}`,
    `${start(port)}Expect: miracles\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}`,
    `${get(port)}X: ${'a'.repeat(100_000)}\r\n\r\n`,
    `${get(port)}${Array.from({ length: 3_000 }, (_, index) => `H${index}: x\r\n`).join('')}\r\n`,
    `${get(port)}X\u0000Y: 1\r\n\r\n`,
    `${get(port)}Host: evil.example\r\nConnection: close\r\n\r\n`,
    `${get(port)} folded: 1\r\nConnection: close\r\n\r\n`,
    `GET http://evil.example/ HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n`,
    `CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example:443\r\n\r\n`,
    `${get(port)}Upgrade: websocket\r\nConnection: Upgrade, close\r\n\r\n`,
    'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
    Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc]),
    `${`${get(port)}\r\n`.repeat(50)}${get(port)}Connection: close\r\n\r\n`,
    `${`${get(port)}\r\n`.repeat(10)}garbage\r\n\r\n`,
  ]
  for (const port of [inference, control]) {
    const garbage = sampleOf(fc.uint8Array({ minLength: 1, maxLength: 200 }), 150).map((bytes) =>
      Buffer.concat([bytes, Buffer.from('\r\n\r\n')]),
    )
    const all = [...attacks(port), ...garbage]
    for (let from = 0; from < all.length; from += 20) {
      const texts = await Promise.all(all.slice(from, from + 20).map((bytes) => sendBytes(port, bytes)))
      for (const { status, body } of texts.flatMap(answersIn)) {
        expect(status < 500, `${status} ${body}`).toBe(true)
        if (status >= 400 && body !== '') expect(isErrorCode(JSON.parse(body).code), body).toBe(true)
        if (status >= 400) expect(body).not.toBe('')
      }
    }
    sent += all.length
  }
})

it('slow clients and connections that are half open hold up nobody', async () => {
  const sockets: Socket[] = []
  for (const port of [inference, control]) {
    for (let index = 0; index < 100; index++) {
      const socket = connect(port, '127.0.0.1')
      socket.on('error', () => undefined)
      const head = `POST /models/flights/predict HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n`
      socket.write(['', 'PO', head, `${head}\r\n`, `${head}\r\n{"rows":[`][index % 5] ?? '')
      if (index % 2 === 0) socket.end()
      sockets.push(socket)
    }
  }
  sent += sockets.length
  expect(await prediction()).toBe(before.prediction)
  expect((await ask(control, { method: 'GET', path: '/api/v1/health' })).status).toBe(200)
  for (const socket of sockets) socket.destroy()
})

it('the same attacks over and over leave no memory behind in any thread', async () => {
  const round = async () => {
    const bodies = sampleOf(mutated(rowsBody), 300)
    await hostile(
      inference,
      bodies.flatMap((body) => [plain('predict', body), infer(body)]),
    )
    return process.memoryUsage().rss
  }
  // The heaps of V8 grow to the size that they work with, and then no more.
  const sizes: number[] = []
  for (let turn = 0; turn < 4; turn++) sizes.push(await round())
  const growths = sizes.slice(1).map((size, turn) => size - (sizes[turn] ?? 0))
  expect(Math.min(...growths)).toBeLessThan(16 * megabyte)
})

it('after all of it the engine is as it was', async () => {
  expect(sent).toBeGreaterThanOrEqual(10_000)
  expect(await prediction()).toBe(before.prediction)
  closeHostileClient()
  // What the servers close themselves takes them a moment.
  while (handles() > before.handles + 3) await new Promise((resolve) => setTimeout(resolve, 50))
  expect(held() - before.held).toBeLessThan(30 * megabyte)
  // A defect would have been logged as one.
  const log = readFileSync(join(home, 'logs', 'engine.log'), 'utf8')
  expect(log.split('\n').filter((line) => /"level":"error"|"error"/.test(line))).toEqual([])
})
