/** What goes wrong in the inference thread: contained, reported once, recovered from. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { addProjects } from '../registry/testing.ts'
import type { InferenceServerOptions } from './inference-server.ts'
import { type Answer, send } from './testing.ts'
import { openTestEngine, registerPackage, type TestEngine } from './testing-engine.ts'
import { flightRow, trainFlightModel } from './testing-flights.ts'
import { hangingDistance } from './testing-hanging-runtime.ts'

const crashing = new URL('./testing-crashing-thread.ts', import.meta.url)
const hanging = new URL('./testing-hanging-thread.ts', import.meta.url)

let folder: string
let packages: ReadonlyMap<string, string>[]
let home: string
let engine: TestEngine
let crashes: string[]

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'esteira-faults-'))
  packages = [
    await trainFlightModel(join(folder, 'a'), { rows: 1_000, epochs: 1 }),
    await trainFlightModel(join(folder, 'b'), { rows: 1_000, epochs: 1, seed: 8 }),
  ]
})
afterAll(() => rmSync(folder, { recursive: true }))
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'esteira-faults-'))
  crashes = []
})
afterEach(async () => {
  await engine.close()
  rmSync(home, { recursive: true })
})

/** Two endpoints, each with a model of its own. Returns the address of the server. */
async function serve(options: InferenceServerOptions): Promise<string> {
  engine = openTestEngine(home, { ...options, onCrash: (error) => crashes.push(String(error)) })
  addProjects(engine.store, ['p1'])
  const { url } = await engine.server.start({ port: 0 })
  for (const [index, files] of packages.entries()) {
    const name = ['sick', 'healthy'][index] ?? ''
    const { version } = await registerPackage(engine, files, { model: name })
    await engine.deployments.deploy({ endpoint: name, model: name, version, actor: 'test', reason: '' })
  }
  return url
}

const predict = (url: string, endpoint: string, row: object = flightRow) =>
  send(`${url}/models/${endpoint}/predict`, { body: { rows: [row] } })

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 20))
}
const stateOf = (endpoint: string) => engine.server.state(endpoint).state

it('a model in which the thread hangs again and again is left out, and its neighbour comes back', async () => {
  const url = await serve({ entry: hanging, hangAfterMs: 4_000 })
  const before = (await predict(url, 'healthy')).json
  const hang = () => predict(url, 'sick', { ...flightRow, distance: hangingDistance }).catch(() => undefined)
  await hang()
  await until(() => crashes.length === 1 && stateOf('sick') === 'ready' && stateOf('healthy') === 'ready')
  expect(crashes[0]).toContain('did not answer for 4 s and was ended. It computed with version 1 of "sick".')
  expect((await predict(url, 'sick')).status).toBe(200)
  await hang()
  await until(() => crashes.length === 2 && stateOf('healthy') === 'ready')
  expect(engine.server.state('sick')).toMatchObject({
    state: 'failed',
    message: expect.stringContaining('hung 2 times in version 1 of "sick"'),
  })
  expect((await predict(url, 'healthy')).json).toEqual(before)
  const refused = await predict(url, 'sick')
  expect([refused.status, refused.json.code]).toEqual([503, 'endpoint-not-ready'])
  expect(refused.text).toContain('hung 2 times')
  // Another version puts it right.
  await engine.deployments.deploy({ endpoint: 'sick', model: 'healthy', version: 1, actor: 'test', reason: '' })
  expect((await predict(url, 'sick')).status).toBe(200)
})

it('a large body is no hang, and a hang beside one is noticed', async () => {
  const url = await serve({ entry: hanging, hangAfterMs: 4_000 })
  const rows = Array.from({ length: 60_000 }, (_, row) => ({ ...flightRow, distance: 100 + (row % 1_000) }))
  const large = () => send(`${url}/models/healthy/predict`, { body: { rows } })
  expect((await large()).json.predictions).toHaveLength(rows.length)
  expect(crashes).toEqual([])
  const beside = large().catch(() => undefined)
  await predict(url, 'sick', { ...flightRow, distance: hangingDistance }).catch(() => undefined)
  await until(() => crashes.length === 1 && stateOf('sick') === 'ready' && stateOf('healthy') === 'ready')
  await beside
  expect(crashes[0]).toContain('computed with version 1 of "sick"')
  expect((await large()).status).toBe(200)
})

it('a thread that dies under load leaves nobody without an answer, and 503 says when to come back', async () => {
  const url = await serve({ entry: crashing })
  const answers: Answer[] = []
  const errors: unknown[] = []
  let done = false
  const client = async () => {
    while (!done) {
      await predict(url, 'healthy').then(
        (answer) => answers.push(answer),
        (error: unknown) => errors.push(error),
      )
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  }
  const clients = Array.from({ length: 8 }, client)
  await until(() => answers.length > 50)
  await send(`${url}/crash`)
  await until(() => crashes.length === 1 && stateOf('healthy') === 'ready')
  const count = answers.length
  await until(() => answers.length > count + 50)
  done = true
  await Promise.all(clients)
  const refused = answers.filter(({ status }) => status !== 200)
  expect(refused.length).toBeGreaterThan(0)
  for (const { status, headers, json } of refused) {
    expect([status, headers['retry-after'], json.code]).toEqual([503, '1', 'endpoint-not-ready'])
  }
  // At the moment in which the port changes hands a connection can still be turned away.
  expect(errors.length).toBeLessThan(answers.length / 8)
  expect(crashes).toHaveLength(1)
})

it.each<[string, (bytes: Buffer) => Buffer]>([
  ['cut short', (bytes) => bytes.subarray(0, 100)],
  ['changed in one bit', (bytes) => Buffer.from(bytes.map((byte, index) => (index === 20 ? byte ^ 1 : byte)))],
])('a package %s is not served after a restart, and its neighbour is', async (_, damage) => {
  const url = await serve({ entry: crashing })
  const { artifactHash } = engine.registry.getVersion('sick', 1)
  const weights = (await engine.artifacts.files(artifactHash)).get('weights.bin') ?? ''
  writeFileSync(weights, damage(await readFile(weights)))
  await send(`${url}/crash`)
  await until(() => stateOf('sick') === 'failed' && stateOf('healthy') === 'ready')
  expect((await predict(url, 'healthy')).status).toBe(200)
  const answer = await predict(url, 'sick')
  expect([answer.status, answer.json.code]).toEqual([503, 'endpoint-not-ready'])
  expect(engine.server.state('sick').message).toMatch(/hash|corrupt/i)
  expect(crashes).toHaveLength(1)
})

it('a package that is corrupt is refused at its deployment, and what answered before still does', async () => {
  const url = await serve({})
  const { version, artifactHash } = await registerPackage(engine, packages[1] ?? new Map(), { model: 'sick' })
  const weights = (await engine.artifacts.files(artifactHash)).get('weights.bin') ?? ''
  writeFileSync(weights, 'x')
  const deploy = engine.deployments.deploy({ endpoint: 'sick', model: 'sick', version, actor: 'test', reason: '' })
  await expect(deploy).rejects.toMatchObject({ code: 'artifact-corrupt' })
  expect((await predict(url, 'sick')).json).toMatchObject({ version: 1, revision: 1 })
})
