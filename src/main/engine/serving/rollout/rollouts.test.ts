/** Rollouts of real models behind a real inference server, asked all the while. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { Agent, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Rollout, rolloutSpecSchema } from '#shared/rollout.ts'
import { storedFilePath } from '../../artifacts/artifact-files.ts'
import { addProjects } from '../../registry/testing.ts'
import { openTestEngine, registerPackage, type TestEngine, type TestEngineOptions } from '../testing-engine.ts'
import { flightRow, trainFlightModel } from '../testing-flights.ts'

const endpoint = 'flights'
const model = 'flight-delay'
let trained: string
let packages: ReadonlyMap<string, string>[]
let home: string
let engine: TestEngine
let now = 0
let url = ''

beforeAll(async () => {
  trained = await mkdtemp(join(tmpdir(), 'esteira-rollouts-'))
  packages = []
  for (const seed of [1, 2, 3]) {
    packages.push(await trainFlightModel(join(trained, `${seed}`), { rows: 500, epochs: 1, seed }))
  }
})
afterAll(() => rm(trained, { recursive: true }))

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'esteira-home-'))
  now = Date.now()
  await open()
  addProjects(engine.store, ['p1', 'p2'])
  for (const files of packages) await registerPackage(engine, files)
  await engine.deployments.deploy({ endpoint, model, version: 1, actor: 'test', reason: '' })
})
afterEach(async () => {
  await engine.close()
  expect(engine.problems).toEqual([])
  await rm(home, { recursive: true })
})

async function open(options: TestEngineOptions = {}): Promise<void> {
  engine = openTestEngine(home, { clock: () => now, ...options })
  await engine.deployments.restore()
  await engine.rollouts.restore()
  url = (await engine.server.start({ port: 0 })).url
}

async function reopen(options: TestEngineOptions = {}): Promise<void> {
  await engine.close()
  await open(options)
}

const start = (spec: Record<string, unknown>, change: Record<string, unknown> = {}) =>
  engine.rollouts.start({ endpoint, model, version: 2, spec, actor: 'test', reason: 'Try it.', ...change })
/** Without conditions on latency: the machine of the test is shared. */
const calm = { latencyP99: false, predictions: 0.9 }
const canary = { kind: 'canary', steps: [0.2, 0.6], hold: '10m', minimumRequests: 20, stop: calm }

const agent = new Agent({ keepAlive: true, maxSockets: 32 })

function ask(body: unknown = { rows: [flightRow] }, headers: Record<string, string> = {}) {
  return new Promise<{ status: number; revision: number }>((resolve, reject) => {
    const sent = request(
      `${url}/models/${endpoint}/predict`,
      { method: 'POST', agent, headers: { 'content-type': 'application/json', ...headers } },
      (response) => {
        let text = ''
        response.setEncoding('utf8')
        response.on('data', (chunk: string) => {
          text += chunk
        })
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, revision: Number(JSON.parse(text).revision) }),
        )
      },
    )
    sent.on('error', reject)
    sent.end(JSON.stringify(body))
  })
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 10))
}

/** Clients that ask until they are told to stop, and what they heard. */
function load(clients: number) {
  const heard = new Map<string, number>()
  let done = false
  const client = async () => {
    while (!done) {
      const said = await ask().then(
        ({ status, revision }) => `${status} revision ${revision}`,
        (error: unknown) => String(error),
      )
      heard.set(said, (heard.get(said) ?? 0) + 1)
    }
  }
  const all = Promise.all(Array.from({ length: clients }, client))
  return {
    heard,
    async stop() {
      done = true
      await all
      return [...heard.keys()].sort()
    },
  }
}

function promoteToChampion(version: number): void {
  engine.registry.moveAlias({ model, alias: 'champion', version, actor: 'test', reason: '' })
}
const champion = () => engine.registry.resolve(`${model}@champion`).version

const rollout = (): Rollout | undefined => engine.rollouts.list(endpoint, { limit: 1 }).items[0]

async function enough(requests: number): Promise<void> {
  await until(() => (rollout()?.figures.candidate.requests ?? 0) >= requests)
}

test('a canary ramps up, is promoted, goes back and is aborted under load without one failed request', async () => {
  const clients = load(24)
  const { id } = await start(canary)
  expect(rollout()).toMatchObject({ state: 'running', share: 0.2, revision: 2, stable: { revision: 1, version: 1 } })
  // Fewer are not looked at before the step is over.
  await enough(30)
  await engine.rollouts.tick()
  expect(rollout()).toMatchObject({ step: 0, checks: [{ check: 'hold', status: 'waiting' }, {}, {}, {}] })
  now += 600_000
  await engine.rollouts.tick()
  expect(rollout()).toMatchObject({ step: 1, share: 0.6, figures: { candidate: { requests: 0 } } })
  await enough(20)
  now += 600_000
  await engine.rollouts.tick()
  expect(rollout()).toMatchObject({ state: 'promoted', share: 1 })
  expect(engine.endpoints.get(endpoint).revision).toMatchObject({ number: 2, version: 2 })
  const ledger = engine.rollouts.get(endpoint, id).entries
  expect(ledger.map(({ action, actor, fromShare, toShare }) => [action, actor, fromShare, toShare])).toEqual([
    ['start', 'test', 0, 0.2],
    ['step', 'engine', 0.2, 0.6],
    ['promote', 'engine', 0.6, 1],
  ])
  expect(ledger[1]?.evidence.figures?.candidate.requests).toBeGreaterThanOrEqual(20)

  const second = await start({ ...canary, steps: [0.5] }, { version: 3 })
  await enough(1)
  await engine.rollouts.abort(endpoint, { id: second.id, actor: 'test', reason: 'Not today.' })
  const third = await start({ kind: 'shadow' }, { version: 3 })
  await until(() => (rollout()?.figures.shadow?.requests ?? 0) > 0)
  await engine.rollouts.promote(endpoint, { id: third.id, actor: 'test', reason: 'It agrees.' })
  // Revision 3 never answered everything: the one before revision 4 is revision 2.
  const back = await engine.rollouts.rollBack({ endpoint, actor: 'test', reason: '' })
  expect(back).toMatchObject({ number: 5, version: 2 })
  await until(() => clients.heard.has('200 revision 5'))
  const heard = await clients.stop()
  expect(heard).toEqual([1, 2, 3, 4, 5].map((revision) => `200 revision ${revision}`))
  expect(engine.store.check()).toEqual([])
})

test('errors of the new version bring all traffic back by themselves, with the figures as evidence', async () => {
  promoteToChampion(2)
  await start({ ...canary, key: { header: 'x-user' } })
  const users = Array.from({ length: 300 }, (_, index) => `user-${index}`)
  const revisions = new Map<string, number>()
  for (const user of users) revisions.set(user, (await ask(undefined, { 'x-user': user })).revision)
  const candidates = users.filter((user) => revisions.get(user) === 2)
  expect(candidates.length).toBeGreaterThan(20)
  for (const user of candidates)
    expect((await ask({ rows: [{ distance: 'far' }] }, { 'x-user': user })).status).toBe(422)
  await until(() => (rollout()?.figures.candidate.errors ?? 0) >= candidates.length)
  await engine.rollouts.tick()
  expect(rollout()).toMatchObject({ state: 'rolled-back', share: 0, endedAt: now })
  const last = engine.rollouts.get(endpoint, rollout()?.id ?? '').entries.at(-1)
  expect(last).toMatchObject({ action: 'roll-back', actor: 'engine', toShare: 0 })
  expect(last?.reason).toContain('failed')
  expect(last?.evidence.checks).toContainEqual(expect.objectContaining({ check: 'error-rate', status: 'stop' }))
  expect(engine.registry.history(model, { limit: 1 }).items[0]).toMatchObject({
    fromVersion: 2,
    toVersion: 1,
    actor: 'engine',
    reason: expect.stringContaining(last?.reason ?? ''),
    evidence: { endpoint, revision: 2, rolloutId: rollout()?.id },
  })
  for (const user of candidates.slice(0, 5)) expect((await ask(undefined, { 'x-user': user })).revision).toBe(1)
  expect(engine.events.filter(({ type }) => type === 'rollout-changed').at(-1)).toMatchObject({ state: 'rolled-back' })
})

test('after a restart the split, its step and its figures are as they were, and a sticky key has its version', async () => {
  await start({ ...canary, key: { header: 'x-user' } })
  const users = Array.from({ length: 40 }, (_, index) => `user-${index}`)
  const all = () => Promise.all(users.map(async (user) => (await ask(undefined, { 'x-user': user })).revision))
  const before = await all()
  expect(new Set(before)).toEqual(new Set([1, 2]))
  await enough(before.filter((revision) => revision === 2).length)
  await engine.rollouts.tick()
  const stood = rollout()
  await reopen()
  expect(rollout()).toEqual(stood)
  await until(async () => (await ask()).status === 200)
  expect(await all()).toEqual(before)
})

test('a version that cannot be loaded any more after a restart is taken back, and the stable one answers', async () => {
  promoteToChampion(2)
  await start(canary)
  const { artifactHash: hash } = engine.registry.getVersion(model, 2)
  const [file] = engine.artifacts.get(hash).files.filter(({ name }) => name === 'weights.bin')
  await writeFile(storedFilePath(join(home, 'artifacts'), file?.sha256 ?? ''), 'x')
  await reopen()
  expect(rollout()).toMatchObject({ state: 'rolled-back' })
  expect(champion()).toBe(1)
  await until(async () => (await ask()).status === 200)
  expect((await ask()).revision).toBe(1)
})

test('a rollout taken back by hand takes the champion back, unless it or the person says that it stays', async () => {
  promoteToChampion(2)
  const take = async (spec: object, change: object = {}) => {
    const { id } = await start({ ...canary, ...spec })
    await engine.rollouts.abort(endpoint, { id, actor: 'test', reason: '', ...change })
    return champion()
  }
  expect(await take({ keepChampion: true })).toBe(2)
  expect(await take({}, { keepChampion: true })).toBe(2)
  expect(await take({ keepChampion: true }, { keepChampion: false })).toBe(1)
  // The champion is another one by now.
  expect(await take({})).toBe(1)
})

test('an A/B test is decided by the feedback', async () => {
  const asked: unknown[] = []
  await reopen({
    labelledMetric: async (question) => {
      asked.push(question)
      const value = question.revision === 2 ? 0.86 : 0.8
      return {
        labelled: 2_000,
        value,
        interval: { low: value - 0.01, high: value + 0.01, confidence: 0.95, resamples: 1 },
      }
    },
  })
  const spec = { kind: 'a-b', key: { column: 'origin' }, metric: 'auc', hold: '1h', decides: 'test', stop: calm }
  const { createdAt } = await start(spec)
  await engine.rollouts.tick()
  expect(asked).toEqual([1, 2].map((revision) => ({ endpoint, revision, metric: 'auc', since: createdAt })))
  expect(rollout()).toMatchObject({ state: 'running', result: { verdict: 'waiting' } })
  now += 3_600_000
  await engine.rollouts.tick()
  expect(rollout()).toMatchObject({ state: 'promoted', result: { verdict: 'better', metric: 'auc' } })
  expect(engine.endpoints.get(endpoint).revision?.version).toBe(2)
})

test.each<[string, Record<string, unknown>, Record<string, unknown>, string]>([
  ['a share of more than everything', { kind: 'canary', steps: [1.5] }, {}, 'rollout-refused'],
  ['steps that fall', { kind: 'canary', steps: [0.5, 0.2] }, {}, 'rollout-refused'],
  ['no kind', {}, {}, 'rollout-refused'],
  ['a word that is not known', { kind: 'canary', step: [0.5] }, {}, 'rollout-refused'],
  ['a test without a key', { kind: 'a-b', metric: 'auc' }, {}, 'rollout-refused'],
  ['a test without feedback', { kind: 'a-b', metric: 'auc', key: { header: 'x' } }, {}, 'rollout-refused'],
  [
    'a condition on labels without feedback',
    { kind: 'canary', stop: { label: { metric: 'auc' } } },
    {},
    'rollout-refused',
  ],
  ['a metric of another task', { kind: 'a-b', metric: 'rmse', key: { header: 'x' } }, {}, 'rollout-refused'],
  ['a key that callers do not send', { kind: 'canary', key: { column: 'orign' } }, {}, 'rollout-refused'],
  ['the version that answers', canary, { version: 1 }, 'rollout-refused'],
  ['a version that there is not', canary, { version: 9 }, 'model-version-not-found'],
  ['an endpoint that there is not', canary, { endpoint: 'flihgts' }, 'endpoint-not-found'],
])('%s is refused, and nothing changes', async (_, spec, change, code) => {
  await expect(start(spec, change)).rejects.toMatchObject({ code })
  expect(rollout()).toBeUndefined()
  expect(engine.endpoints.listRevisions(endpoint, { limit: 9 }).items).toHaveLength(1)
})

test('a second rollout, a deployment and a roll-back by hand are refused while one is under way', async () => {
  const { id } = await start({ ...canary, steps: [0.5] })
  await expect(start(canary, { version: 3 })).rejects.toMatchObject({ code: 'rollout-under-way' })
  const third = { endpoint, model, version: 3, actor: 'test', reason: '' }
  await expect(engine.deployments.deploy(third)).rejects.toMatchObject({ code: 'rollout-under-way' })
  await engine.rollouts.abort(endpoint, { id, actor: 'test', reason: '' })
  await expect(engine.rollouts.promote(endpoint, { id, actor: 'test', reason: '' })).rejects.toMatchObject({
    code: 'rollout-refused',
  })
  expect((await engine.deployments.deploy(third)).revision).toMatchObject({ number: 3, version: 3 })
})

test('a version that does not take what callers send is refused: requests would fail', async () => {
  const other = await trainFlightModel(join(home, 'other'), {
    rows: 500,
    epochs: 1,
    inputs: ['date', 'distance', 'origin'],
  })
  const { version } = await registerPackage(engine, other)
  await expect(start(canary, { version })).rejects.toMatchObject({
    code: 'rollout-refused',
    context: { found: 'destination is no longer taken' },
  })
})

test('a step of a pipeline puts the first version there at once, later ones beside it, each once', async () => {
  const step = (version: number, name = endpoint) =>
    engine.rollouts.deploy({
      endpoint: name,
      model,
      version,
      spec: rolloutSpecSchema.parse(canary),
      actor: 'run r',
      reason: 'Better.',
    })
  const first = await step(1, 'other')
  expect(first).toMatchObject({ revision: { number: 1 }, url: expect.stringContaining('/other/') })
  expect(first.rolloutId).toBeUndefined()
  const second = await step(2)
  expect(second).toMatchObject({ revision: { number: 2, version: 2 }, rolloutId: rollout()?.id })
  expect(await step(2)).toEqual(second)
  expect((await step(1)).rolloutId).toBeUndefined()
  await expect(step(3)).rejects.toMatchObject({ code: 'rollout-under-way' })
})

test('a version of another project is refused', async () => {
  await registerPackage(engine, packages[1] ?? new Map(), { project: 'p2', model: 'theirs' })
  await expect(start(canary, { model: 'theirs', version: 1 })).rejects.toMatchObject({
    code: 'endpoint-owned-elsewhere',
  })
})

test('SQL itself refuses a second rollout, a change of what has ended, and a change of the ledger', async () => {
  const { id } = await start(canary)
  const sql = (text: string) => () => engine.store.run(text)
  expect(sql('UPDATE rollout_entry SET reason = ""')).toThrow()
  expect(sql('DELETE FROM rollout_entry')).toThrow('append-only')
  expect(sql('DELETE FROM rollout')).toThrow('kept')
  await engine.rollouts.abort(endpoint, { id, actor: 'test', reason: '' })
  expect(sql("UPDATE rollout SET state = 'promoted'")).toThrow('ended')
})
