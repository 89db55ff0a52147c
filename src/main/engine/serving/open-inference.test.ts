/** The binary data extension, exact values and content types of the Open Inference Protocol, over HTTP. */
import { request as httpRequest } from 'node:http'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { Signature } from '#shared/models.ts'
import { createInferenceApp, listen } from './inference-app.ts'
import { ServedEndpoints } from './served-endpoints.ts'
import { send, testRuntime } from './testing.ts'

/** What the thread gave to the model, and what was looked up by: the rows as they came. */
let rows: readonly unknown[] = []
let app: ReturnType<typeof createInferenceApp>
let url: string

const flights: Signature = {
  inputs: [
    { name: 'distance', type: 'number', required: false },
    { name: 'origin', type: 'text', required: false },
    { name: 'weekend', type: 'boolean', required: false },
    { name: 'date', type: 'timestamp', required: false },
  ],
  target: 'late',
  task: 'binary',
  classes: ['false', 'true'],
}
const plain: Signature = {
  inputs: [{ name: 'x', type: 'number', required: true }],
  target: 'y',
  task: 'regression',
  classes: [],
}

beforeAll(async () => {
  const signatures = [flights, plain]
  const served = new ServedEndpoints(async () => {
    const runtime = testRuntime(signatures.shift() ?? plain)
    const { checkRows } = runtime
    runtime.checkRows = (signature, given) => {
      rows = given
      return checkRows(signature, given)
    }
    return runtime
  })
  app = createInferenceApp(served, { answered: () => {}, failed: () => {} })
  url = `http://127.0.0.1:${await listen(app, '127.0.0.1', 0)}/v2/models`
  for (const name of ['flights', 'plain']) {
    await served.load(name, { model: name, version: 1, files: new Map() })
    served.activate(name, 1)
  }
})
afterAll(() => app.close())

const answerSchema = z.object({
  error: z.string().optional(),
  code: z.string().optional(),
  parameters: z.record(z.string(), z.unknown()).optional(),
  outputs: z
    .array(
      z.object({
        name: z.string(),
        datatype: z.string(),
        shape: z.array(z.number()),
        parameters: z.record(z.string(), z.unknown()).optional(),
        data: z.array(z.union([z.number(), z.string()])).optional(),
      }),
    )
    .default([]),
})
interface Answer extends z.infer<typeof answerSchema> {
  readonly status: number
  readonly type: string
  readonly tail: Buffer
}

/** Sends bytes as they are. */
function post(model: string, body: Buffer, headers: Record<string, string>): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(`${url}/${model}/infer`, { method: 'POST', headers }, (response) => {
      const parts: Buffer[] = []
      response.on('data', (part: Buffer) => parts.push(part))
      response.on('end', () => {
        const bytes = Buffer.concat(parts)
        const length = Number(response.headers['inference-header-content-length'] ?? bytes.length)
        resolve({
          ...answerSchema.parse(JSON.parse(bytes.subarray(0, length).toString())),
          status: response.statusCode ?? 0,
          type: String(response.headers['content-type']),
          tail: bytes.subarray(length),
        })
      })
    })
    request.on('error', reject)
    request.end(body)
  })
}

const json = (model: string, body: unknown) =>
  post(model, Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)), {
    'content-type': 'application/json',
  })

interface Tensor {
  readonly name: string
  readonly datatype: string
  readonly shape: readonly number[]
  readonly bytes: Buffer
  readonly parameters?: Record<string, unknown>
}

/** As a client of Triton sends it. */
function binary(model: string, tensors: readonly Tensor[], more: object = {}, lengthChange = 0): Promise<Answer> {
  const inputs = tensors.map(({ bytes, parameters, ...tensor }) => ({
    ...tensor,
    parameters: { binary_data_size: bytes.length, ...parameters },
  }))
  const head = Buffer.from(JSON.stringify({ inputs, ...more }))
  return post(model, Buffer.concat([head, ...tensors.map(({ bytes }) => bytes)]), {
    'inference-header-content-length': String(head.length + lengthChange),
  })
}

const texts = (values: readonly string[]) =>
  Buffer.concat(
    values.flatMap((value) => {
      const length = Buffer.alloc(4)
      length.writeUInt32LE(Buffer.byteLength(value))
      return [length, Buffer.from(value)]
    }),
  )

interface One {
  readonly buffer: ArrayBuffer
  readonly [index: number]: number | bigint
}

/** The bytes of a number of each datatype, by the typed arrays of JavaScript: little-endian on every machine we know. */
const arrays: Readonly<Record<string, (value: bigint) => One>> = {
  BOOL: (value: bigint) => Uint8Array.of(Number(value & 1n)),
  UINT8: (value: bigint) => Uint8Array.of(Number(BigInt.asUintN(8, value))),
  UINT16: (value: bigint) => Uint16Array.of(Number(BigInt.asUintN(16, value))),
  UINT32: (value: bigint) => Uint32Array.of(Number(BigInt.asUintN(32, value))),
  UINT64: (value: bigint) => BigUint64Array.of(value),
  INT8: (value: bigint) => Int8Array.of(Number(BigInt.asIntN(8, value))),
  INT16: (value: bigint) => Int16Array.of(Number(BigInt.asIntN(16, value))),
  INT32: (value: bigint) => Int32Array.of(Number(BigInt.asIntN(32, value))),
  INT64: (value: bigint) => BigInt64Array.of(value),
  FP16: (value: bigint) => Float16Array.of(Number(BigInt.asIntN(20, value)) / 100),
  FP32: (value: bigint) => Float32Array.of(Number(value) / 3e7),
  FP64: (value: bigint) => Float64Array.of(Number(value) / 3e7),
}

describe('the same values as JSON and as binary data', () => {
  it.each(Object.entries(arrays))('give the same bits: %s', async (datatype, make) => {
    const value = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })
    await fc.assert(
      fc.asyncProperty(fc.array(value, { minLength: 1, maxLength: 20 }), async (values) => {
        const typed = values.map(make)
        const bytes = Buffer.concat(typed.map((array) => Buffer.from(array.buffer)))
        // JSON.stringify refuses bigints: they go as they are written.
        const data = `[${typed.map((array) => String(array[0])).join(',')}]`
        const shape = [values.length, 1]
        const asBinary = await binary('plain', [{ name: 'x', datatype, shape, bytes }], {
          outputs: [{ name: 'prediction', parameters: { binary_data: true } }],
        })
        const fromBinary = rows
        const asJson = await json(
          'plain',
          `{"inputs":[{"name":"x","shape":[${shape}],"datatype":"${datatype}","data":${data}}]}`,
        )
        expect([asBinary.status, asJson.status]).toEqual(datatype === 'BOOL' ? [400, 400] : [200, 200])
        if (datatype === 'BOOL') return
        expect(fromBinary).toEqual(rows)
        const outputs = values.map((_, row) => asBinary.tail.readDoubleLE(row * 8))
        expect(outputs).toEqual(asJson.outputs[0]?.data)
        expect(asBinary.outputs[0]).toMatchObject({ parameters: { binary_data_size: values.length * 8 } })
      }),
      { numRuns: 15 },
    )
  })

  it('of a whole row, texts and nulls included, in any mixture of the two forms', async () => {
    const row = fc.record({
      distance: fc.oneof(fc.constant(null), fc.double({ min: 0, max: 100, noNaN: true })),
      origin: fc.string({ unit: 'binary', maxLength: 20 }),
      weekend: fc.boolean(),
    })
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { minLength: 1, maxLength: 10 }),
        fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }),
        async (given, forms) => {
          const shape = [given.length]
          const columns = [
            [
              'distance',
              'FP64',
              given.map((each) => each.distance),
              Buffer.from(Float64Array.from(given, (each) => each.distance ?? Number.NaN).buffer),
            ],
            ['origin', 'BYTES', given.map((each) => each.origin), texts(given.map((each) => each.origin))],
            [
              'weekend',
              'BOOL',
              given.map((each) => each.weekend),
              Buffer.from(given.map((each) => Number(each.weekend))),
            ],
          ] as const
          const inJson = await json('flights', {
            inputs: columns.map(([name, datatype, data]) => ({ name, datatype, shape, data })),
          })
          const seen = rows
          const inputs = columns.map(([name, datatype, data, bytes], index) =>
            forms[index]
              ? { name, datatype, shape, parameters: { binary_data_size: bytes.length } }
              : { name, datatype, shape, data },
          )
          const head = Buffer.from(JSON.stringify({ inputs }))
          const tail = columns.filter((_, index) => forms[index]).map(([, , , bytes]) => bytes)
          const mixed = await post('flights', Buffer.concat([head, ...tail]), {
            'inference-header-content-length': String(head.length),
            'content-type': 'application/octet-stream',
          })
          expect([inJson.status, mixed.status]).toEqual([200, 200])
          expect(rows).toEqual(seen)
          expect(mixed.outputs).toEqual(inJson.outputs)
        },
      ),
      { numRuns: 40 },
    )
  })

  it('answers binary data for all outputs, or for those that ask for it', async () => {
    const distance = {
      name: 'distance',
      datatype: 'FP64',
      shape: [2],
      bytes: Buffer.from(Float64Array.of(75, 25).buffer),
    }
    const all = await binary('flights', [distance], { parameters: { binary_data_output: true } })
    expect(all.type).toBe('application/octet-stream')
    expect(all.outputs).toEqual([
      { name: 'label', datatype: 'BYTES', shape: [2, 1], parameters: { binary_data_size: 17 } },
      { name: 'probability', datatype: 'FP64', shape: [2, 1], parameters: { binary_data_size: 16 } },
      { name: 'probabilities', datatype: 'FP64', shape: [2, 2], parameters: { binary_data_size: 32 } },
    ])
    expect(all.tail.subarray(0, 17)).toEqual(texts(['true', 'false']))
    expect(all.tail.readDoubleLE(17)).toBe(0.75)
    expect(all.tail.length).toBe(17 + 16 + 32)
    const some = await binary('flights', [distance], {
      parameters: { binary_data_output: true },
      outputs: [{ name: 'probabilities' }, { name: 'label', parameters: { binary_data: false } }],
    })
    expect(some.outputs[1]).toEqual({ name: 'label', datatype: 'BYTES', shape: [2, 1], data: ['true', 'false'] })
    expect(some.tail.length).toBe(32)
  })
})

describe('integers that a number cannot hold', () => {
  it.each([
    ['UINT64', '18446744073709551615', true],
    ['UINT64', '18446744073709551616', false],
    ['UINT64', '-1', false],
    ['INT64', '9223372036854775807', true],
    ['INT64', '9223372036854775808', false],
    ['INT64', '-9223372036854775808', true],
    ['INT64', '-9223372036854775809', false],
    ['INT32', '9007199254740993', false],
  ])('%s %s is within the type: %s', async (datatype, value, holds) => {
    const { status } = await json(
      'plain',
      `{"inputs":[{"name":"x","shape":[1],"datatype":"${datatype}","data":[${value}]}]}`,
    )
    expect(status).toBe(holds ? 200 : 400)
  })

  it('keep every digit where they name an entity, and are rounded for the model', async () => {
    const digits = '9007199254740993'
    const tensor = (name: string) => `{"name":"${name}","shape":[1],"datatype":"INT64","data":[${digits}]}`
    await json('plain', `{"inputs":[${tensor('x')},${tensor('customer')}]}`)
    expect(rows).toEqual([{ x: 9_007_199_254_740_992, customer: digits }])
    const bytes = Buffer.from(BigInt64Array.of(BigInt(digits)).buffer)
    const shape = [1]
    const column = { datatype: 'INT64', shape, bytes }
    await binary('plain', [
      { name: 'x', ...column },
      { name: 'customer', ...column },
    ])
    expect(rows).toEqual([{ x: 9_007_199_254_740_992, customer: digits }])
  })

  it('are read from JSON that is nested beyond measure without a defect', async () => {
    const deep = `${'['.repeat(100_000)}9007199254740993${']'.repeat(100_000)}`
    const answer = await json('plain', `{"inputs":[{"name":"x","shape":[1],"datatype":"INT64","data":${deep}}]}`)
    expect([answer.status, answer.code]).toEqual([400, 'invalid-request'])
  })
})

describe('numbers are those of their datatype', () => {
  it.each([
    ['FP16', 0.1, 0.0999755859375],
    ['FP32', 0.1, 0.10000000149011612],
    ['FP64', 0.1, 0.1],
  ])('%s holds 0.1 as %d', async (datatype, value, held) => {
    await json('plain', { inputs: [{ name: 'x', shape: [1], datatype, data: [value] }] })
    expect(rows).toEqual([{ x: held }])
  })

  it.each([
    ['FP16', 65_520],
    ['FP32', 3.5e38],
  ])('%s refuses %d, which it cannot hold', async (datatype, value) => {
    const { status, code } = await json('plain', { inputs: [{ name: 'x', shape: [1], datatype, data: [value] }] })
    expect([status, code]).toEqual([400, 'invalid-request'])
  })
})

describe('binary data that are not as they should be', () => {
  const x = (bytes: Buffer, datatype = 'FP64', shape = [1]): Tensor => ({ name: 'x', datatype, shape, bytes })
  const one = Buffer.from(Float64Array.of(1).buffer)

  it.each<[string, () => Promise<Answer>]>([
    ['too few bytes for the shape', () => binary('plain', [x(one.subarray(0, 7))])],
    ['too many bytes for the shape', () => binary('plain', [x(Buffer.concat([one, one]))])],
    ['a size beyond the end', () => binary('plain', [{ ...x(one), parameters: { binary_data_size: 800 } }])],
    ['a size that is negative', () => binary('plain', [{ ...x(one), parameters: { binary_data_size: -8 } }])],
    ['a size that is a text', () => binary('plain', [{ ...x(one), parameters: { binary_data_size: '8' } }])],
    [
      'bytes that no tensor takes',
      () => binary('plain', [{ ...x(one), parameters: { binary_data_size: 0 }, shape: [0] }]),
    ],
    ['data twice', () => binary('plain', [{ ...x(one), ...{ data: [1] } }])],
    ['infinity', () => binary('plain', [x(Buffer.from(Float64Array.of(Number.POSITIVE_INFINITY).buffer))])],
    ['NaN where a value is required', () => binary('plain', [x(Buffer.from(Float64Array.of(Number.NaN).buffer))])],
    ['a boolean of 2', () => binary('flights', [{ ...x(Buffer.of(2), 'BOOL'), name: 'weekend' }])],
    [
      'a text longer than the data',
      () => binary('flights', [{ ...x(Buffer.of(255, 255, 255, 255, 65), 'BYTES'), name: 'origin' }]),
    ],
    [
      'a text that is not UTF-8',
      () => binary('flights', [{ ...x(Buffer.of(1, 0, 0, 0, 255), 'BYTES'), name: 'origin' }]),
    ],
    ['half a length', () => binary('flights', [{ ...x(Buffer.of(1, 0), 'BYTES'), name: 'origin' }])],
    ['more texts than the shape', () => binary('flights', [{ ...x(texts(['a', 'b']), 'BYTES'), name: 'origin' }])],
    ['JSON cut short by its length', () => binary('plain', [x(one)], {}, -1)],
    ['JSON with a piece of the data', () => binary('plain', [x(one)], {}, 1)],
    ['a length beyond the body', () => post('plain', Buffer.from('{}'), { 'inference-header-content-length': '3' })],
    [
      'a length that is no number',
      () => post('plain', Buffer.from('{}'), { 'inference-header-content-length': '0x2' }),
    ],
    ['no body at all', () => post('plain', Buffer.alloc(0), {})],
    ['a form', () => post('plain', Buffer.from('a=b'), { 'content-type': 'application/x-www-form-urlencoded' })],
    ['a shape larger than memory', () => binary('plain', [x(one, 'UINT8', [2 ** 31, 2 ** 20])])],
    ['a prototype in disguise', () => post('plain', Buffer.from('{"inputs":[],"__proto__":{"id":"x"}}'), {})],
  ])('%s', async (_, ask) => {
    const { status, error, code } = await ask()
    expect([status, code]).toEqual([400, expect.stringMatching(/^(invalid-request|input-invalid)$/)])
    expect(error).toMatch(/.{10}/)
  })
})

describe('content types of MLServer', () => {
  const column = (name: string, datatype: string, data: readonly unknown[], type?: string) => ({
    name,
    datatype,
    shape: [data.length, 1],
    data,
    ...(type !== undefined && { parameters: { content_type: type } }),
  })
  const pd = { content_type: 'pd' }

  it('a table in, a table out: every output is one column', async () => {
    const answer = await json('flights', {
      parameters: pd,
      inputs: [
        column('distance', 'FP64', [75, null]),
        column('origin', 'BYTES', ['ATL', 'ORD'], 'str'),
        column('date', 'BYTES', ['2001-03-05T17:30:00', '2001-03-05T17:30:00.123456+01:00'], 'datetime'),
      ],
    })
    expect(answer.status).toBe(200)
    expect(answer.parameters).toEqual(pd)
    expect(answer.outputs).toEqual([
      { name: 'label', datatype: 'BYTES', shape: [2, 1], parameters: { content_type: 'str' }, data: ['true', 'true'] },
      { name: 'probability', datatype: 'FP64', shape: [2, 1], data: [0.75, 0.5] },
      { name: 'probabilities.false', datatype: 'FP64', shape: [2, 1], data: [0.25, 0.5] },
      { name: 'probabilities.true', datatype: 'FP64', shape: [2, 1], data: [0.75, 0.5] },
    ])
  })

  it('the columns of a table are found by name, even where there is but one', async () => {
    const inputs = [column('distance', 'FP64', [1])]
    expect((await json('plain', { inputs })).status).toBe(200)
    expect(await json('plain', { inputs, parameters: pd })).toMatchObject({ status: 400, code: 'input-invalid' })
  })

  it('mixed columns are JSON value by value, base64 is text', async () => {
    const encoded = Buffer.from('São Paulo').toString('base64')
    const { status } = await json('flights', {
      inputs: [column('origin', 'BYTES', ['"ATL"', 'null'], 'pd_json'), column('distance', 'FP64', [1, 2], 'np')],
    })
    expect(status).toBe(200)
    expect(rows).toMatchObject([{ origin: 'ATL' }, { origin: null }])
    await json('flights', { inputs: [column('origin', 'BYTES', [encoded], 'base64')] })
    expect(rows).toEqual([{ origin: 'São Paulo' }])
  })

  it.each<[string, object]>([
    ['a time that is none', { inputs: [column('date', 'BYTES', ['tomorrow'], 'datetime')] }],
    ['a time as a number', { inputs: [column('date', 'FP64', [1], 'datetime')] }],
    ['base64 that is none', { inputs: [column('origin', 'BYTES', ['!'], 'base64')] }],
    ['bytes that are no text', { inputs: [column('origin', 'BYTES', ['/w=='], 'base64')] }],
    ['JSON that is a list', { inputs: [column('origin', 'BYTES', ['[1]'], 'pd_json')] }],
    ['a type that is not known', { inputs: [column('origin', 'BYTES', ['a'], 'string')] }],
    ['a type that is no text', { inputs: [{ ...column('origin', 'BYTES', ['a']), parameters: { content_type: 1 } }] }],
    [
      'a request type that is not known',
      { parameters: { content_type: 'df' }, inputs: [column('origin', 'BYTES', ['a'])] },
    ],
    ['parameters that are a list', { parameters: [], inputs: [column('origin', 'BYTES', ['a'])] }],
    [
      'a flag that is a text',
      { parameters: { binary_data_output: 'yes' }, inputs: [column('origin', 'BYTES', ['a'])] },
    ],
  ])('%s is refused', async (_, body) => {
    const { status, code } = await json('flights', body)
    expect([status, code]).toEqual([400, 'invalid-request'])
  })

  it('null for what may be left out, and parameters that are not known, are taken', async () => {
    const { status } = await json('flights', {
      id: null,
      parameters: { sequence_id: 3, headers: {} },
      outputs: null,
      inputs: [{ ...column('distance', 'FP64', [1]), parameters: null }],
    })
    expect(status).toBe(200)
  })
})

it('health answers both live and ready', async () => {
  const root = url.replace('/models', '')
  for (const path of ['live', 'ready']) {
    expect((await send(`${root}/health/${path}`)).json).toEqual({ live: true, ready: true })
  }
  expect(await send(`${root}/models/plain/versions/1/ready`)).toMatchObject({ status: 200, json: { ready: true } })
  expect(await send(`${root}/models/plain/versions/2/ready`)).toMatchObject({ status: 404 })
})
