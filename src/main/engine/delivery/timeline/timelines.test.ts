import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { rolloutSpecSchema } from '#shared/rollout.ts'
import { ArtifactStore } from '../../artifacts/artifact-store.ts'
import { EventBus } from '../../kernel/events.ts'
import { Registry } from '../../registry/registry.ts'
import { addProjects } from '../../registry/testing.ts'
import { ChampionFollower } from '../../serving/champion-follower.ts'
import { Endpoints } from '../../serving/endpoints.ts'
import { noFigures } from '../../serving/rollout/figures.ts'
import { noLooks } from '../../serving/rollout/progress.ts'
import { RolloutStore } from '../../serving/rollout/rollout-store.ts'
import { Store } from '../../store/store.ts'
import { Timelines } from './timelines.ts'

const endpoint = 'flights'
const model = 'flight-delay'
const evidence = { checks: [], figures: null, result: null }

let folder: string
let store: Store
let registry: Registry
let endpoints: Endpoints
let champion: ChampionFollower
let now = 0

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'esteira-timeline-'))
  store = Store.open(join(folder, 'metadata.db'))
  const clock = () => now
  const events = new EventBus((error) => {
    throw error
  })
  registry = new Registry(store, clock, events)
  endpoints = new Endpoints(store, clock, events, () => ({ state: 'ready', url: null }))
  champion = new ChampionFollower(registry, endpoints)
  addProjects(store, ['p1'])
  const artifacts = new ArtifactStore(store, join(folder, 'artifacts'), clock)
  for (const hash of ['a', 'b']) {
    artifacts.record({ hash: hash.repeat(64), type: 'model', files: [] })
    registry.registerVersion({
      ...{ model, artifactHash: hash.repeat(64), projectId: 'p1', runId: 'p1', step: 'register', metrics: {} },
      signature: { inputs: [], target: 'late', task: 'binary', classes: ['false', 'true'] },
    })
  }
})
afterEach(() => {
  store.close()
  rmSync(folder, { recursive: true })
})

const request = (version: number) => ({ endpoint, model, version, projectId: 'p1', actor: 'api', reason: '' })

/** A second later, as everything that is told of one after another. */
function later<T>(work: () => T): T {
  now += 1_000
  return work()
}

function promote(version: number): void {
  later(() => registry.moveAlias({ model, alias: 'champion', version, actor: 'api', reason: '' }))
}

const story = () =>
  new Timelines({ store, endpoints })
    .of(endpoint, { limit: 50, order: 'oldest' })
    .items.filter(({ kind }) => kind !== 'run')

test('a candidate is told as one, with its share, its end, and the champion that goes back with it', () => {
  const stable = later(() => endpoints.addRevision(request(1)))
  promote(2)
  const rollouts = new RolloutStore(store)
  const spec = rolloutSpecSchema.parse({ kind: 'canary', steps: [0.1] })
  const entry = { actor: 'engine', reason: 'It fails.', evidence }
  const rolloutId = later(() => {
    const added = endpoints.addCandidate(request(2))
    const progress = {
      step: 0,
      stepSince: now,
      share: 0.1,
      looks: noLooks,
      figures: noFigures,
      checks: [],
      result: null,
    }
    const about = { endpoint, spec, revisionId: added.id, stableId: stable.id, actor: 'api', reason: '', at: now }
    const id = rollouts.insert({ ...about, progress })
    rollouts.addEntry({ ...entry, rolloutId: id, at: now, action: 'start', fromShare: 0, toShare: 0.1 })
    return id
  })
  later(() => {
    rollouts.end(rolloutId, 'rolled-back', now)
    rollouts.addEntry({ ...entry, rolloutId, at: now, action: 'roll-back', fromShare: 0.1, toShare: 0 })
    champion.goBack({
      ...entry,
      endpoint,
      from: { model, version: 2, revision: 2 },
      to: { model, version: 1 },
      rolloutId,
    })
  })
  const [first, promoted, candidate, start, end, back] = story()
  expect(first).toMatchObject({ kind: 'revision', number: 1, rollout: null })
  expect(promoted).toMatchObject({ kind: 'alias', toVersion: 2, follows: null })
  expect(candidate).toMatchObject({ kind: 'revision', number: 2, version: 2, rollout: 'canary' })
  const about = { kind: 'rollout', rollout: 'canary', number: 2, model, version: 2 }
  expect(start).toMatchObject({ ...about, action: 'start', toShare: 0.1, follows: candidate?.id })
  expect(end).toMatchObject({ ...about, action: 'roll-back', toShare: 0, follows: start?.id })
  expect(back).toMatchObject({ kind: 'alias', fromVersion: 2, toVersion: 1, follows: end?.id })
})

test('the champion that goes back with an endpoint follows from the revision that answers again', () => {
  for (const version of [1, 2]) later(() => endpoints.addRevision(request(version)))
  promote(2)
  const wayBack = {
    endpoint,
    from: { model, version: 2, revision: 2 },
    to: { model, version: 1 },
    actor: 'api',
    reason: '',
  }
  later(() => endpoints.addRevision(request(1), () => champion.goBack(wayBack)))
  const [revision, back] = story().slice(-2)
  expect(revision).toMatchObject({ kind: 'revision', number: 3, version: 1, rollout: null })
  expect(back).toMatchObject({ kind: 'alias', fromVersion: 2, toVersion: 1, follows: revision?.id })
})
