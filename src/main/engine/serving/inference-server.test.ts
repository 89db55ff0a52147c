import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { rowsToBatch } from '../training/rows.ts'
import { loadModel } from '../training/runtime.ts'
import { InferenceServer, type InferenceServerOptions } from './inference-server.ts'
import type { ModelToServe } from './live-model.ts'
import { send } from './testing.ts'
import { flightRow, trainFlightModel } from './testing-flights.ts'

let folder: string
let first: ModelToServe
let second: ModelToServe
let server: InferenceServer

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'esteira-serving-'))
  const [a, b] = [
    await trainFlightModel(join(folder, 'a'), { rows: 2_000, epochs: 1 }),
    await trainFlightModel(join(folder, 'b'), {
      rows: 2_000,
      epochs: 1,
      seed: 8,
      expressions: { route: "origin || '-' || destination" },
    }),
  ]
  first = { model: 'flight-delay', version: 1, files: a }
  second = { model: 'flight-delay', version: 2, files: b }
})
afterAll(() => rm(folder, { recursive: true }))
afterEach(() => server.close())

async function start(options: InferenceServerOptions = {}) {
  server = new InferenceServer(options)
  const { url } = await server.start({ port: 0 })
  return url
}

const predict = (url: string, endpoint = 'flight-delay') =>
  send(`${url}/models/${endpoint}/predict`, { body: { rows: [flightRow] } })

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 10))
}

test('a trained model answers over HTTP with the numbers that it gives in training code', async () => {
  const url = await start()
  await server.setRevision('flight-delay', first, () => 1)
  expect(server.state('flight-delay')).toEqual({
    state: 'ready',
    message: undefined,
    url: `${url}/models/flight-delay/predict`,
  })
  const model = await loadModel(first.files)
  const expected = await model.predict(rowsToBatch(model.manifest.signature, [flightRow]))
  const answer = await predict(url)
  const { true: positive, false: negative } = answer.json.predictions?.[0]?.probabilities ?? {}
  expect(expected.kind === 'probabilities' && [...expected.probabilities]).toEqual([negative, positive])
  expect(answer.json).toMatchObject({ model: 'flight-delay', version: 1, revision: 1 })
  const columns = [
    { name: 'date', shape: [1, 1], datatype: 'BYTES', data: [flightRow.date] },
    { name: 'distance', shape: [1, 1], datatype: 'INT64', data: [flightRow.distance] },
    { name: 'origin', shape: [1, 1], datatype: 'BYTES', data: [flightRow.origin] },
    { name: 'destination', shape: [1, 1], datatype: 'BYTES', data: [flightRow.destination] },
  ]
  const inferred = await send(`${url}/v2/models/flight-delay/infer`, { body: { inputs: columns } })
  expect(inferred.json.outputs?.[2]).toMatchObject({ name: 'probabilities', data: [negative, positive] })
})

test('revisions are swapped under load without one failed request, SQL expressions included', async () => {
  const url = await start()
  await server.setRevision('flight-delay', first, () => 1)
  const outcomes = new Set<string>()
  let done = false
  const client = async () => {
    while (!done) {
      const answer = await predict(url)
      outcomes.add(`${answer.status} revision ${answer.json.revision} version ${answer.json.version}`)
    }
  }
  const clients = Array.from({ length: 8 }, client)
  for (let revision = 2; revision <= 9; revision++) {
    await server.setRevision('flight-delay', revision % 2 === 0 ? second : first, () => revision)
    await until(() => [...outcomes].some((outcome) => outcome.includes(`revision ${revision} `)))
  }
  done = true
  await Promise.all(clients)
  const expected = Array.from({ length: 9 }, (_, index) => `200 revision ${index + 1} version ${1 + (index % 2)}`)
  expect([...outcomes].sort()).toEqual(expected)
})

test('a package that cannot be loaded changes nothing, nor does a commit that fails', async () => {
  const url = await start()
  await server.setRevision('flight-delay', first, () => 1)
  const broken = { ...second, files: new Map([...second.files].filter(([name]) => name !== 'weights.bin')) }
  await expect(server.setRevision('flight-delay', broken, () => 2)).rejects.toMatchObject({ code: 'model-unusable' })
  const failing = () => {
    throw new Error('disk')
  }
  await expect(server.setRevision('flight-delay', second, failing)).rejects.toThrow('disk')
  expect((await predict(url)).json).toMatchObject({ version: 1, revision: 1 })
  await expect(server.setRevision('other', broken, () => 1)).rejects.toMatchObject({ code: 'model-unusable' })
  expect((await predict(url, 'other')).status).toBe(404)
  expect((await send(`${url}/v2/health/ready`)).status).toBe(200)
})

test('the thread is replaced when it dies, and answers the same at the same address', async () => {
  const changes: string[] = []
  const crashes: unknown[] = []
  const crash = join(fileURLToPath(new URL('.', import.meta.url)), 'testing-crashing-thread.ts')
  const url = await start({
    entry: pathToFileURL(crash),
    onChange: (endpoint) => changes.push(`${endpoint} ${server.state(endpoint).state}`),
    onCrash: (error) => crashes.push(error),
  })
  await server.setRevision('flight-delay', first, () => 4)
  const before = (await predict(url)).json
  await fetch(`${url}/crash`).catch(() => undefined)
  await until(() => crashes.length === 1)
  await until(() => server.state('flight-delay').state === 'ready')
  expect((await predict(url)).json).toEqual(before)
  expect(changes).toEqual(['flight-delay ready', 'flight-delay loading', 'flight-delay ready'])
})

test('endpoints that are known before the start are loaded by it', async () => {
  server = new InferenceServer()
  await server.setRevision('flight-delay', second, () => 3)
  expect(server.state('flight-delay')).toMatchObject({ state: 'loading', url: null })
  const { url } = await server.start({ port: 0 })
  await until(async () => {
    const { status } = await predict(url)
    expect([200, 503]).toContain(status)
    return status === 200
  })
  expect((await predict(url)).json).toMatchObject({ version: 2, revision: 3 })
})

test('a removed endpoint answers no more', async () => {
  const url = await start()
  await server.setRevision('flight-delay', first, () => 1)
  await server.removeEndpoint('flight-delay')
  expect((await predict(url)).json.code).toBe('endpoint-not-found')
})

test('a port in use is refused by name, and closing ends the thread and frees the port', async () => {
  const holder = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => holder.once('listening', resolve))
  const { port } = holder.address() as AddressInfo
  server = new InferenceServer()
  await expect(server.start({ port })).rejects.toMatchObject({
    code: 'port-in-use',
    message: expect.stringContaining(String(port)),
  })
  await new Promise((resolve) => holder.close(resolve))
  const { url } = await server.start({ port })
  await server.close()
  await expect(fetch(`${url}/v2`)).rejects.toThrow()
})
