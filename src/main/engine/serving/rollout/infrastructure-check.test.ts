/** Real packages in a serving runtime of their own, before they get traffic. */
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { defaultBudget } from '#shared/rollout.ts'
import { addProjects } from '../../registry/testing.ts'
import { goldenFileSchema } from '../../training/golden.ts'
import { send } from '../testing.ts'
import { openTestEngine, registerPackage, type TestEngine } from '../testing-engine.ts'
import { flightRow, trainFlightModel } from '../testing-flights.ts'
import { InfrastructureChecks, judge } from './infrastructure-check.ts'

const endpoint = 'flights'
let trained: string
let good: ReadonlyMap<string, string>
let wrong: ReadonlyMap<string, string>
let home: string
let engine: TestEngine
let checks: InfrastructureChecks

beforeAll(async () => {
  trained = await mkdtemp(join(tmpdir(), 'esteira-checks-'))
  good = await trainFlightModel(join(trained, '1'), { rows: 500, epochs: 1 })
  // Weights of another model: it loads, and answers otherwise than it did when it was made.
  const other = await trainFlightModel(join(trained, '2'), { rows: 500, epochs: 1, seed: 2 })
  const mixed = join(trained, 'mixed.bin')
  await copyFile(other.get('weights.bin') ?? '', mixed)
  wrong = new Map([...good, ['weights.bin', mixed]])
})
afterAll(() => rm(trained, { recursive: true }))

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'esteira-home-'))
  engine = openTestEngine(home, { checked: true })
  checks = new InfrastructureChecks(engine.store, Date.now)
  addProjects(engine.store, ['p1'])
  for (const files of [good, wrong]) await registerPackage(engine, files)
  await engine.server.start({ port: 0 })
})
afterEach(async () => {
  await engine.close()
  await rm(home, { recursive: true })
})

const deploy = (version: number) =>
  engine.deployments.deploy({ endpoint, model: 'flight-delay', version, actor: 'test', reason: '' })

test('a version that answers as recorded, in time and memory, is deployed, and what it did is kept', async () => {
  await deploy(1)
  const [evidence] = checks.list(endpoint, 9)
  expect(evidence).toMatchObject({ passed: true, version: 1, goldenRequests: 16, loadRequests: 200, problems: [] })
  expect(evidence?.maxDifference).toBeLessThan(1e-9)
  expect(evidence?.latencyP99Ms).toBeGreaterThan(0)
  expect(evidence?.memoryBytes).toBeGreaterThan(0)
  // With the same budget it is not tried again: a way back must not wait.
  await engine.deployments.rollBack({ endpoint, to: 1, actor: 'test', reason: '' })
  expect(checks.list(endpoint, 9)).toHaveLength(1)
})

test('a version that answers otherwise than recorded is refused, and what answers goes on', async () => {
  await deploy(1)
  await expect(deploy(2)).rejects.toMatchObject({
    code: 'infrastructure-check-failed',
    context: { found: expect.stringContaining('answered otherwise') },
  })
  const spec = { kind: 'canary' }
  const request = { endpoint, model: 'flight-delay', version: 2, spec, actor: 'test', reason: '' }
  await expect(engine.rollouts.start(request)).rejects.toMatchObject({ code: 'infrastructure-check-failed' })
  expect(engine.rollouts.list(endpoint, { limit: 1 }).items).toEqual([])
  const { json } = await send(engine.endpoints.get(endpoint).url ?? '', { body: { rows: [flightRow] } })
  expect(json).toMatchObject({ version: 1, revision: 1 })
  expect(checks.list(endpoint, 1)).toMatchObject([{ passed: false }])
})

test.each([
  [{ memoryMb: 0.001 }, 'memory'],
  [{ latencyP99Ms: 0.000_1 }, 'slowest hundredth'],
])('a version beyond the budget %j is refused, and no endpoint is made for it', async (budget, words) => {
  checks.changeBudget(endpoint, budget)
  await expect(deploy(1)).rejects.toMatchObject({ context: { found: expect.stringContaining(words) } })
  expect(engine.endpoints.list()).toEqual([])
  expect(checks.changeBudget(endpoint, defaultBudget)).toEqual(defaultBudget)
  expect((await deploy(1)).revision.number).toBe(1)
})

test('the evidence is in the ledger of the rollout', async () => {
  await deploy(1)
  const again = new Map(good)
  const path = join(home, 'manifest.json')
  await writeFile(path, (await readFile(good.get('manifest.json') ?? '', 'utf8')).replace('"seed": 7', '"seed": 8'))
  const { version } = await registerPackage(engine, again.set('manifest.json', path))
  const request = { endpoint, model: 'flight-delay', version, spec: { kind: 'shadow' }, actor: 'test', reason: '' }
  const { id } = await engine.rollouts.start(request)
  const [entry] = engine.rollouts.get(endpoint, id).entries
  expect(entry?.evidence.infrastructure).toMatchObject({ passed: true, goldenRequests: 16 })
})

test('what is no number is as far off as can be', () => {
  const trial = { tries: 1, loadMs: 1, latenciesMs: [], loadLatenciesMs: [], memoryBytes: 1, problem: null }
  const golden = goldenFileSchema.parse({ formatVersion: 1, rows: [{ x: 1 }], outputs: [[1]] })
  const source = { model: 'flight-delay', version: 1 }
  const asked = { at: 1, source, artifactHash: 'a', budget: defaultBudget, golden }
  expect(judge({ ...asked, trial: { ...trial, maxDifference: Number.NaN } }).passed).toBe(false)
  expect(judge({ ...asked, trial: { ...trial, maxDifference: 1e-5 } }).passed).toBe(true)
})
