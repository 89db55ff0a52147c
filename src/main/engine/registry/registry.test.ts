import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import type { EngineEvent } from '#shared/events.ts'
import { ArtifactStore } from '../artifacts/artifact-store.ts'
import { EsteiraError } from '../kernel/errors.ts'
import { EventBus } from '../kernel/events.ts'
import { Store } from '../store/store.ts'
import { type NewVersion, Registry } from './registry.ts'
import { addProjects } from './testing.ts'

const hash = (letter: string) => letter.repeat(64)
const page = { limit: 100 }

let folder: string
let store: Store
let registry: Registry
let published: EngineEvent[]

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'esteira-registry-'))
  open()
  addProjects(store, ['p1', 'p2'])
  const artifacts = new ArtifactStore(store, join(folder, 'artifacts'), () => 0)
  for (const letter of ['a', 'b', 'c', 'd']) artifacts.record({ hash: hash(letter), type: 'model', files: [] })
})
afterEach(() => {
  store.close()
  rmSync(folder, { recursive: true })
})

function open() {
  published = []
  const events = new EventBus((error) => {
    throw error
  })
  events.subscribe((event) => published.push(event))
  let now = 1_000
  store = Store.open(join(folder, 'metadata.db'))
  registry = new Registry(store, () => now++, events)
}

function newVersion(letter: string, change: Partial<NewVersion> = {}): NewVersion {
  return {
    model: 'flight-delay',
    artifactHash: hash(letter),
    signature: {
      inputs: [{ name: 'distance', type: 'number', required: true }],
      target: 'late',
      task: 'binary',
      classes: ['false', 'true'],
    },
    metrics: { auc: 0.64 },
    projectId: 'p1',
    runId: 'p1',
    step: 'register',
    ...change,
  }
}

const move = (alias: string, version: number, reason = 'because') =>
  registry.moveAlias({ model: 'flight-delay', alias, version, actor: 'test', reason })

function problemOf(work: () => unknown): EsteiraError {
  try {
    work()
  } catch (error) {
    if (error instanceof EsteiraError) return error
    throw error
  }
  throw new Error('it did not throw')
}

test('versions count from 1 per model and keep what was registered', () => {
  const first = registry.registerVersion(newVersion('a', { description: 'Delays.' }))
  const second = registry.registerVersion(newVersion('b'))
  const other = registry.registerVersion(newVersion('b', { model: 'other' }))
  expect([first.version, second.version, other.version]).toEqual([1, 2, 1])
  expect(first).toEqual({
    model: 'flight-delay',
    version: 1,
    createdAt: expect.any(Number),
    projectId: 'p1',
    runId: 'p1',
    step: 'register',
    artifactHash: hash('a'),
    signature: newVersion('a').signature,
    metrics: { auc: 0.64 },
    aliases: [],
  })
  expect(registry.getModel('flight-delay')).toMatchObject({ description: 'Delays.', latestVersion: 2, aliases: {} })
  expect(registry.listModels().map((model) => model.name)).toEqual(['flight-delay', 'other'])
})

test('the same artifact registered again gives the version it has, and says nothing', () => {
  registry.registerVersion(newVersion('a'))
  registry.registerVersion(newVersion('b'))
  published.length = 0
  expect(registry.registerVersion(newVersion('a', { metrics: { auc: 0.1 } }))).toMatchObject({
    version: 1,
    metrics: { auc: 0.64 },
  })
  expect(published).toEqual([])
  expect(registry.listVersions('flight-delay', page).items).toHaveLength(2)
})

test('a description can be changed; the same one again says nothing', () => {
  registry.registerVersion(newVersion('a'))
  published.length = 0
  registry.describe('flight-delay', 'Which flights arrive late.')
  registry.describe('flight-delay', 'Which flights arrive late.')
  expect(registry.getModel('flight-delay').description).toBe('Which flights arrive late.')
  expect(published).toMatchObject([{ type: 'model-changed', model: 'flight-delay' }])
  expect(problemOf(() => registry.describe('other', 'x')).code).toBe('model-not-found')
})

test('a model belongs to the project that registered it first', () => {
  registry.registerVersion(newVersion('a'))
  const problem = problemOf(() => registry.registerVersion(newVersion('b', { projectId: 'p2', runId: 'p2' })))
  expect(problem.code).toBe('model-owned-elsewhere')
  expect(registry.listVersions('flight-delay', page).items).toHaveLength(1)
})

test('each move of an alias is one ledger entry and one event; a repeated move is neither', () => {
  registry.registerVersion(newVersion('a'))
  registry.registerVersion(newVersion('b'))
  published.length = 0
  move('champion', 1, 'first')
  move('champion', 2, 'better')
  move('champion', 2, 'better')
  expect(published).toHaveLength(2)
  expect(registry.history('flight-delay', page).items).toMatchObject([
    { alias: 'champion', fromVersion: 1, toVersion: 2, actor: 'test', reason: 'better' },
    { alias: 'champion', fromVersion: null, toVersion: 1, reason: 'first' },
  ])
  expect(registry.getModel('flight-delay').aliases).toEqual({ champion: 2 })
  expect(registry.getVersion('flight-delay', 1).aliases).toEqual([])
  expect(registry.getVersion('flight-delay', 2).aliases).toEqual(['champion'])
})

test('there is exactly one champion at every moment: it moves and cannot be removed', () => {
  registry.registerVersion(newVersion('a'))
  registry.registerVersion(newVersion('b'))
  move('champion', 1)
  move('champion', 2)
  const remove = () => registry.removeAlias({ model: 'flight-delay', alias: 'champion', actor: 'test', reason: '' })
  expect(problemOf(remove).code).toBe('alias-reserved')
  const champions = registry
    .listVersions('flight-delay', page)
    .items.filter((version) => version.aliases.includes('champion'))
  expect(champions).toHaveLength(1)
})

test('an alias can be removed, and the ledger says so', () => {
  registry.registerVersion(newVersion('a'))
  move('challenger', 1)
  const remove = () =>
    registry.removeAlias({ model: 'flight-delay', alias: 'challenger', actor: 'test', reason: 'rejected' })
  remove()
  expect(registry.tryResolve('flight-delay@challenger')).toBeUndefined()
  expect(registry.history('flight-delay', page).items[0]).toMatchObject({ fromVersion: 1, toVersion: null })
  expect(problemOf(remove).code).toBe('model-version-not-found')
})

test('latest is the newest version and belongs to nobody', () => {
  registry.registerVersion(newVersion('a'))
  registry.registerVersion(newVersion('b'))
  expect(registry.resolve('flight-delay@latest').version).toBe(2)
  expect(problemOf(() => move('latest', 1)).code).toBe('alias-reserved')
})

test.each([
  ['flight-delay@champion', 1],
  ['flight-delay/2', 2],
])('%s resolves', (reference, version) => {
  registry.registerVersion(newVersion('a'))
  registry.registerVersion(newVersion('b'))
  move('champion', 1)
  expect(registry.resolve(reference).version).toBe(version)
  expect(registry.tryResolve(reference)?.version).toBe(version)
})

test.each([
  ['flight-dely@champion', 'model-not-found', 'flight-delay'],
  ['flight-delay@chamption', 'model-version-not-found', 'champion'],
  ['flight-delay/7', 'model-version-not-found', undefined],
])('%s is refused with the nearest name', (reference, code, nearest) => {
  registry.registerVersion(newVersion('a'))
  move('champion', 1)
  const problem = problemOf(() => registry.resolve(reference))
  expect([problem.code, problem.context.nearest]).toEqual([code, nearest])
  expect(registry.tryResolve(reference)).toBeUndefined()
})

test.each(['flight-delay', 'flight-delay/0', 'flight-delay/x', 'a@b@c', 'a b@c', ''])(
  '%j is malformed',
  (reference) => {
    expect(problemOf(() => registry.resolve(reference)).code).toBe('invalid-request')
    expect(problemOf(() => registry.tryResolve(reference)).code).toBe('invalid-request')
  },
)

test('versions and history come in pages, newest first', () => {
  for (const letter of ['a', 'b', 'c']) registry.registerVersion(newVersion(letter))
  const first = registry.listVersions('flight-delay', { limit: 2 })
  expect(first.items.map((version) => version.version)).toEqual([3, 2])
  const second = registry.listVersions('flight-delay', { limit: 2, cursor: first.nextCursor })
  expect(second.items.map((version) => version.version)).toEqual([1])
  expect(second.nextCursor).toBeUndefined()
  for (const version of [1, 2, 3]) move('champion', version)
  const moves = registry.history('flight-delay', { limit: 2 })
  const rest = registry.history('flight-delay', { limit: 2, cursor: moves.nextCursor })
  expect([...moves.items, ...rest.items].map((entry) => entry.toVersion)).toEqual([3, 2, 1])
})

test('SQL itself refuses to change a version or the ledger', () => {
  registry.registerVersion(newVersion('a'))
  move('champion', 1)
  const entry = store.get(z.object({ id: z.string() }), 'SELECT id FROM alias_move')
  for (const sql of [
    "UPDATE alias_move SET reason = 'other'",
    'DELETE FROM alias_move',
    `INSERT OR REPLACE INTO alias_move
       SELECT id, model, alias, NULL, 1, 0, 'x', 'x', NULL, NULL, NULL, NULL, NULL, NULL, NULL FROM alias_move WHERE id = '${entry?.id}'`,
    "UPDATE model_version SET metrics = '{}'",
    'DELETE FROM model_version',
  ]) {
    expect(() => store.run(sql), sql).toThrow(/append-only|immutable/)
  }
})

test('a failing move leaves neither alias nor ledger entry, and a reopened store knows all that was done', () => {
  registry.registerVersion(newVersion('a'))
  move('champion', 1)
  store.run("CREATE TRIGGER broken BEFORE INSERT ON alias_move BEGIN SELECT RAISE(ABORT, 'no'); END")
  registry.registerVersion(newVersion('b'))
  expect(() => move('champion', 2)).toThrow('no')
  store.close()
  open()
  expect(registry.resolve('flight-delay@champion').version).toBe(1)
  expect(registry.history('flight-delay', page).items).toHaveLength(1)
  expect(registry.registerVersion(newVersion('b')).version).toBe(2)
  expect(store.check()).toEqual([])
})

test.each(['a/b', '', 'a b', '../x'])('%j is no name for a model', (model) => {
  expect(problemOf(() => registry.registerVersion(newVersion('a', { model }))).code).toBe('invalid-request')
})

test('the ledger gives what the gate said beside a reason that is that of the verdict', () => {
  const check = { check: 'auc minimum', passed: true, value: 0.64, limit: 0.6, reason: 'AUC 0.640 is above 0.600' }
  const verdict = { blessed: true, reason: `${check.reason}.`, checks: [check], metrics: {}, rows: 100 }
  registry.registerVersion(newVersion('a', { verdict }))
  registry.registerVersion(newVersion('b'))
  move('champion', 1, verdict.reason)
  move('challenger', 1, 'I like it.')
  move('challenger', 2, verdict.reason)
  const { items } = registry.history('flight-delay', page)
  expect(items.map(({ gate }) => gate)).toEqual([undefined, undefined, { blessed: true, checks: [check] }])
  expect(items.map((item) => 'gate' in item)).toEqual([false, false, true])
})
