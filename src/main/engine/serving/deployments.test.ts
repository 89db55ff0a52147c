import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { storedFilePath } from '../artifacts/artifact-files.ts'
import { addProjects } from '../registry/testing.ts'
import { send } from './testing.ts'
import { openTestEngine, registerPackage, type TestEngine } from './testing-engine.ts'
import { flightRow, trainFlightModel } from './testing-flights.ts'

const page = { limit: 100 }
let trained: string
let packages: ReadonlyMap<string, string>[]
let home: string

let engine: TestEngine

beforeAll(async () => {
  trained = await mkdtemp(join(tmpdir(), 'esteira-deployments-'))
  packages = []
  for (const seed of [1, 2, 3]) {
    packages.push(await trainFlightModel(join(trained, `${seed}`), { rows: 500, epochs: 1, seed }))
  }
})
afterAll(() => rm(trained, { recursive: true }))

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'esteira-home-'))
  engine = openTestEngine(home)
  addProjects(engine.store, ['p1', 'p2'])
  for (const files of packages) await registerPackage(engine, files)
})
afterEach(async () => {
  await engine.close()
  await rm(home, { recursive: true })
})

const deploy = (version: number, change: Partial<{ endpoint: string; model: string }> = {}) =>
  engine.deployments.deploy({
    endpoint: 'flights',
    model: 'flight-delay',
    version,
    actor: 'test',
    reason: `version ${version}`,
    ...change,
  })

async function served(): Promise<{ status: number; version?: number; revision?: number }> {
  const { url } = engine.endpoints.get('flights')
  const { status, json } = await send(url ?? '', { body: { rows: [flightRow] } })
  return { status, version: json.version, revision: json.revision }
}

async function reopen(): Promise<void> {
  await engine.close()
  engine = openTestEngine(home)
}

test('a deployed version answers at the address that was given back', async () => {
  await engine.server.start({ port: 0 })
  const { revision, url } = await deploy(1)
  expect(revision).toMatchObject({ endpoint: 'flights', number: 1, model: 'flight-delay', version: 1, actor: 'test' })
  expect((await send(url ?? '', { body: { rows: [flightRow] } })).json).toMatchObject({ version: 1, revision: 1 })
  expect(engine.endpoints.list()).toMatchObject([{ name: 'flights', projectId: 'p1', state: 'ready', url, revision }])
})

test('a new version is a new revision; the one that answers already is not', async () => {
  await engine.server.start({ port: 0 })
  await deploy(1)
  const { revision } = await deploy(2)
  const again = await deploy(2)
  expect([revision.number, again.revision.id]).toEqual([2, revision.id])
  expect(await served()).toEqual({ status: 200, version: 2, revision: 2 })
  expect(engine.endpoints.listRevisions('flights', page).items.map(({ number }) => number)).toEqual([2, 1])
})

test('listeners hear of an endpoint when its revision is stored and when it is ready', async () => {
  await engine.server.start({ port: 0 })
  engine.events.length = 0
  await deploy(1)
  await deploy(2)
  const told = engine.events.flatMap((event) =>
    event.type === 'endpoint-changed' ? [`${event.endpoint.revision?.number} ${event.endpoint.state}`] : [],
  )
  expect(told).toEqual(['1 loading', '1 ready', '2 ready'])
})

test('deployments at the same time keep store and server of one mind', async () => {
  await engine.server.start({ port: 0 })
  await Promise.all([1, 2, 3, 1, 2].map((version) => deploy(version)))
  const revision = engine.endpoints.get('flights').revision
  expect(await served()).toEqual({ status: 200, version: revision?.version, revision: revision?.number })
  expect(revision).toMatchObject({ number: 5, version: 2 })
})

test('rolling back is a new revision of the earlier version, with the reason', async () => {
  await engine.server.start({ port: 0 })
  for (const version of [1, 2, 3]) await deploy(version)
  const back = (to?: number) =>
    engine.deployments.rollBack({ endpoint: 'flights', to, actor: 'api', reason: 'Too many errors.' })
  expect((await back()).revision).toMatchObject({
    number: 4,
    version: 2,
    reason: 'Rolled back to revision 2. Too many errors.',
  })
  expect((await back(1)).revision).toMatchObject({ number: 5, version: 1 })
  expect(await served()).toEqual({ status: 200, version: 1, revision: 5 })
  await expect(back(9)).rejects.toMatchObject({ code: 'revision-not-found' })
})

const championMoves = () =>
  engine.registry
    .history('flight-delay', page)
    .items.filter(({ alias }) => alias === 'champion')
    .map(({ fromVersion, toVersion }) => [fromVersion, toVersion])

function promote(version: number): void {
  engine.registry.moveAlias({ model: 'flight-delay', alias: 'champion', version, actor: 'test', reason: '' })
}

test('the champion goes back with the endpoint, in the ledger with who, why and on what grounds', async () => {
  await engine.server.start({ port: 0 })
  for (const version of [1, 2]) await deploy(version)
  promote(2)
  const back = { endpoint: 'flights', actor: 'api', reason: 'Too many errors.' }
  await engine.deployments.rollBack(back)
  expect(engine.registry.resolve('flight-delay@champion').version).toBe(1)
  expect(engine.registry.history('flight-delay', page).items[0]).toMatchObject({
    actor: 'api',
    reason: 'Version 2 was taken back at the endpoint "flights". Too many errors.',
    evidence: { endpoint: 'flights', revision: 2, rolloutId: null, verdictHash: null, runId: null, approvalId: null },
  })
  // Undone: the way back leads forth.
  await engine.deployments.rollBack({ ...back, to: 2 })
  expect(championMoves()).toEqual([
    [1, 2],
    [2, 1],
    [null, 2],
  ])
  await engine.deployments.rollBack({ ...back, to: 1, keepChampion: true })
  expect(engine.registry.resolve('flight-delay@champion').version).toBe(2)
  expect(engine.store.check()).toEqual([])
})

test('the champion stays where it is another version, and where another endpoint answers with it', async () => {
  await engine.server.start({ port: 0 })
  for (const version of [1, 2]) await deploy(version)
  await deploy(2, { endpoint: 'other' })
  promote(2)
  await engine.deployments.rollBack({ endpoint: 'flights', actor: 'api', reason: '' })
  expect(championMoves()).toEqual([[null, 2]])
  await deploy(3)
  await engine.deployments.rollBack({ endpoint: 'flights', actor: 'api', reason: '' })
  expect(championMoves()).toEqual([[null, 2]])
})

test('a roll-back whose champion cannot move is none: both change, or neither', async () => {
  await engine.server.start({ port: 0 })
  for (const version of [1, 2]) await deploy(version)
  promote(2)
  engine.store.run("CREATE TRIGGER full BEFORE INSERT ON alias_move BEGIN SELECT RAISE(ABORT, 'disk full'); END")
  await expect(engine.deployments.rollBack({ endpoint: 'flights', actor: 'api', reason: '' })).rejects.toThrow(
    'disk full',
  )
  expect(engine.registry.resolve('flight-delay@champion').version).toBe(2)
  expect(await served()).toEqual({ status: 200, version: 2, revision: 2 })
})

test('a corrupt package is not deployed and what answers stays', async () => {
  await engine.server.start({ port: 0 })
  await deploy(1)
  const { artifactHash: hash } = engine.registry.getVersion('flight-delay', 2)
  const [file] = engine.artifacts.get(hash).files.filter(({ name }) => name === 'weights.bin')
  await writeFile(storedFilePath(join(home, 'artifacts'), file?.sha256 ?? ''), 'x')
  await expect(deploy(2)).rejects.toMatchObject({ code: 'artifact-corrupt' })
  expect(await served()).toEqual({ status: 200, version: 1, revision: 1 })
})

test('after a restart the same revisions answer, and a repeated deploy makes no new one', async () => {
  await engine.server.start({ port: 0 })
  await deploy(1)
  await deploy(2)
  await reopen()
  await engine.deployments.restore()
  const { url } = await engine.server.start({ port: 0 })
  expect((await deploy(2)).revision.number).toBe(2)
  expect(await served()).toEqual({ status: 200, version: 2, revision: 2 })
  expect(engine.endpoints.get('flights').url).toContain(url)
  expect(engine.store.check()).toEqual([])
})

test('an endpoint whose package is corrupt at the start fails alone, with the reason', async () => {
  await engine.server.start({ port: 0 })
  await deploy(1)
  await deploy(2, { endpoint: 'other' })
  const { artifactHash: hash } = engine.registry.getVersion('flight-delay', 2)
  const [file] = engine.artifacts.get(hash).files.filter(({ name }) => name === 'weights.bin')
  await writeFile(storedFilePath(join(home, 'artifacts'), file?.sha256 ?? ''), 'x')
  await reopen()
  await engine.server.start({ port: 0 })
  await engine.deployments.restore()
  expect(engine.endpoints.get('other')).toMatchObject({ state: 'failed', message: expect.stringContaining('hash') })
  expect(await served()).toMatchObject({ status: 200, version: 1 })
  await engine.deployments.deploy({ endpoint: 'other', model: 'flight-delay', version: 1, actor: 'api', reason: '' })
  expect(engine.endpoints.get('other')).toMatchObject({ state: 'ready' })
})

test('without an inference server a deployment is stored, to answer when there is one', async () => {
  const { revision, url } = await deploy(1)
  expect([revision.number, url]).toEqual([1, null])
  expect(engine.endpoints.get('flights')).toMatchObject({ state: 'loading', url: null, revision: { number: 1 } })
})

test('an endpoint belongs to the project of its first model', async () => {
  await deploy(1)
  await registerPackage(engine, packages[0] ?? new Map(), { project: 'p2', model: 'theirs' })
  await expect(deploy(1, { model: 'theirs' })).rejects.toMatchObject({ code: 'endpoint-owned-elsewhere' })
})

test.each([
  [{ model: 'flight-dely' }, 'model-not-found'],
  [{ version: 9 }, 'model-version-not-found'],
  [{ endpoint: 'a/b' }, 'invalid-request'],
])('deploying %j is refused', async (change, code) => {
  const request = { endpoint: 'flights', model: 'flight-delay', version: 1, actor: 'test', reason: '', ...change }
  await expect(engine.deployments.deploy(request)).rejects.toMatchObject({ code })
  expect(engine.endpoints.list()).toEqual([])
})

test('an unknown endpoint is named with its nearest; an unknown revision with those there are', async () => {
  await deploy(1)
  expect(() => engine.endpoints.get('fligths')).toThrow(
    expect.objectContaining({ code: 'endpoint-not-found', context: expect.objectContaining({ nearest: 'flights' }) }),
  )
  expect(() => engine.endpoints.getRevision('flights', 2)).toThrow(
    expect.objectContaining({ code: 'revision-not-found' }),
  )
})

test('SQL itself refuses to change a revision', async () => {
  await deploy(1)
  expect(() => engine.store.run('UPDATE revision SET version = 2')).toThrow('immutable')
  expect(() => engine.store.run('DELETE FROM revision')).toThrow('immutable')
})
