import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { z } from 'zod'
import type { Verdict } from '#shared/gate.ts'
import { rolloutSpecSchema } from '#shared/rollout.ts'
import type { ArtifactType, Json } from '#shared/runs.ts'
import { type Component, type InputArtifact, SkipStep, type StepContext } from '../pipelines/component.ts'
import { addProjects } from '../registry/testing.ts'
import { send } from '../serving/testing.ts'
import { openTestEngine, storeArtifact, type TestEngine } from '../serving/testing-engine.ts'
import { flightRow, trainFlightModel } from '../serving/testing-flights.ts'
import { deploy } from './deploy.ts'
import { register } from './register.ts'
import { stepServices } from './step-services.ts'

let trained: string
let packages: ReadonlyMap<string, string>[]
let home: string
let engine: TestEngine
let nextFolder = 0

beforeAll(async () => {
  trained = await mkdtemp(join(tmpdir(), 'esteira-register-'))
  packages = []
  for (const seed of [1, 2, 3]) {
    packages.push(await trainFlightModel(join(trained, `${seed}`), { rows: 500, epochs: 1, seed }))
  }
})
afterAll(() => rm(trained, { recursive: true }))
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'esteira-home-'))
  engine = openTestEngine(home)
  addProjects(engine.store, ['p1'])
  await engine.server.start({ port: 0 })
})
afterEach(async () => {
  await engine.close()
  await rm(home, { recursive: true })
})

interface Done {
  readonly values: Record<string, Json>
  readonly file: (name: string) => Promise<unknown>
  readonly folder: string
}

const features = { onlinePath: '', servedFeaturesPath: '' }

/** Runs a component as step `<name>` of run p1, with the services of the engine. */
async function run<Options extends z.ZodType>(
  component: Component<Options>,
  options: z.input<Options>,
  inputs: Record<string, InputArtifact>,
): Promise<Done> {
  const folder = await mkdtemp(join(home, `step-${nextFolder++}-`))
  const values: Record<string, Json> = {}
  const context: StepContext<z.output<Options>> = {
    options: component.options.parse(options),
    project: { id: 'p1', name: 'p1', path: home, datasets: {} },
    run: { id: 'p1', pipeline: 'train', step: component.name },
    seed: 1,
    signal: new AbortController().signal,
    scratchPath: folder,
    input(name) {
      const input = inputs[name]
      if (input === undefined) throw new Error(`no input ${name}`)
      return input
    },
    optionalInput: (name) => inputs[name],
    inputs: () => [],
    output: () => ({ path: (name) => join(folder, name), link: () => {} }),
    log: () => {},
    progress: () => {},
    metric: () => {},
    value(name, value) {
      values[name] = value
    },
    services: stepServices({
      ...engine,
      clock: Date.now,
      importanceOf: async () => undefined,
      features,
      uploadedFile: async (upload) => upload,
    })({
      projectId: 'p1',
      runId: 'p1',
      step: component.name,
    }),
  }
  await component.run(context)
  const file = async (name: string) => JSON.parse(await readFile(join(folder, name), 'utf8'))
  return { values, file, folder }
}

async function modelInput(index: number): Promise<InputArtifact> {
  const files = packages[index] ?? new Map()
  const { hash, type } = await storeArtifact(engine, 'model', files)
  return { type, hash, step: 'train', files }
}

async function jsonInput(type: ArtifactType, name: string, content: unknown): Promise<InputArtifact> {
  const path = join(home, `${nextFolder++}-${name}`)
  await writeFile(path, JSON.stringify(content))
  const files = new Map([[name, path]])
  const { hash } = await storeArtifact(engine, type, files)
  return { type, hash, step: type, files }
}

const verdictInput = (blessed: boolean, change: Partial<Verdict> = {}) => {
  const verdict: Verdict = {
    blessed,
    reason: blessed ? 'All checks passed.' : 'AUC fell.',
    checks: [],
    metrics: { auc: 0.7 },
    rows: 10,
    ...change,
  }
  return jsonInput('verdict', 'verdict.json', verdict)
}

const options = { model: 'flight-delay', description: 'Delays.' }

async function registerModel(
  index: number,
  blessed?: boolean,
  change = {},
  verdict: Partial<Verdict> = {},
): Promise<Done> {
  const model = await modelInput(index)
  const inputs: Record<string, InputArtifact> = { model }
  if (blessed !== undefined) inputs.verdict = await verdictInput(blessed, verdict)
  return run(register, { ...options, ...change }, inputs)
}

async function deployVersion(registered: Done, change = {}): Promise<Done> {
  const files = new Map([['version.json', join(registered.folder, 'version.json')]])
  return run(deploy, change, { version: { type: 'model-version', hash: '0', step: 'register', files } })
}

const aliases = () => engine.registry.getModel('flight-delay').aliases

test('a blessed version becomes the champion, with the metrics of its verdict', async () => {
  const { values, file } = await registerModel(0, true)
  expect(values).toEqual({ version: 1, promoted: true, reason: 'All checks passed.' })
  expect(aliases()).toEqual({ champion: 1 })
  const version = engine.registry.getVersion('flight-delay', 1)
  expect(version).toMatchObject({
    metrics: { auc: 0.7 },
    verdict: { blessed: true },
    runId: 'p1',
    step: 'model/register',
  })
  expect(await file('version.json')).toEqual({ ...version, promoted: true, reason: 'All checks passed.' })
  expect(engine.registry.history('flight-delay', { limit: 10 }).items).toMatchObject([
    {
      alias: 'champion',
      toVersion: 1,
      actor: 'run p1',
      reason: 'All checks passed.',
      evidence: { runId: 'p1', step: 'model/register', verdictHash: (await verdictInput(true)).hash, approvalId: null },
    },
  ])
})

test('a rejected version is registered as challenger and the champion stays', async () => {
  await registerModel(0, true)
  const { values } = await registerModel(1, false)
  expect(values).toEqual({ version: 2, promoted: false, reason: 'AUC fell.' })
  expect(aliases()).toEqual({ champion: 1, challenger: 2 })
})

test('without a gate every version is promoted, scored by its evaluation or else its training', async () => {
  await registerModel(0)
  expect(aliases()).toEqual({ champion: 1 })
  expect(engine.registry.getVersion('flight-delay', 1).metrics).toHaveProperty('logLoss')
  const evaluation = {
    task: 'binary',
    target: 'late',
    classes: ['false', 'true'],
    rows: 9,
    metrics: { auc: 0.6 },
    slices: [],
  }
  const input = await jsonInput('evaluation', 'evaluation.json', evaluation)
  await run(register, options, { model: await modelInput(1), evaluation: input })
  expect(engine.registry.getVersion('flight-delay', 2).metrics).toEqual({ auc: 0.6 })
})

test('aliases can be named otherwise or left out', async () => {
  await registerModel(0, true, { promote: 'staging' })
  await registerModel(1, false, { rejected: false })
  expect(aliases()).toEqual({ staging: 1 })
  const { values } = await registerModel(1, true, { promote: false })
  expect(values).toMatchObject({ version: 2, promoted: false })
  expect(aliases()).toEqual({ staging: 1 })
})

test('a promoted version answers at its endpoint', async () => {
  const { values, file } = await deployVersion(await registerModel(0, true), { endpoint: 'delays' })
  const url = `${engine.server.url}/models/delays/predict`
  expect(values).toEqual({ endpoint: 'delays', revision: 1, url })
  expect(await file('deployment.json')).toEqual({
    endpoint: 'delays',
    model: 'flight-delay',
    version: 1,
    revision: 1,
    url,
  })
  expect((await send(url, { body: { rows: [flightRow] } })).json).toMatchObject({ model: 'flight-delay', version: 1 })
})

test('a rejected version is not deployed, and the step says why', async () => {
  await deployVersion(await registerModel(0, true))
  const rejected = await registerModel(1, false)
  await expect(deployVersion(rejected)).rejects.toThrow(
    new SkipStep('Version 2 of flight-delay was not promoted: AUC fell.'),
  )
  expect(engine.endpoints.get('flight-delay').revision).toMatchObject({ number: 1, version: 1 })
})

test('both steps repeated after a crash leave one version, one move and one revision', async () => {
  for (let attempt = 0; attempt < 3; attempt++) {
    const registered = await registerModel(0, true)
    expect((await deployVersion(registered)).values).toMatchObject({ revision: 1 })
  }
  const page = { limit: 10 }
  expect(engine.registry.listVersions('flight-delay', page).items).toHaveLength(1)
  expect(engine.registry.history('flight-delay', page).items).toHaveLength(1)
  expect(engine.endpoints.listRevisions('flight-delay', page).items).toHaveLength(1)
})

describe('L1.5, L1.8: the gate asks a person', () => {
  const ask: Partial<Verdict> = { outcome: 'ask' }
  const pending = () => engine.approvals.list({ limit: 10, state: 'pending' }).items
  const answer = (id: string, decision: 'approve' | 'reject' | 'reopen', reason = '') =>
    engine.approver.decide({ id, decision, actor: 'api', reason })

  test('nothing moves until the person has approved; then the version is promoted and deployed as by the pipeline', async () => {
    await deployVersion(await registerModel(0, true))
    const registered = await registerModel(1, true, {}, ask)
    const [approval] = pending()
    expect(registered.values).toEqual({
      version: 2,
      promoted: false,
      reason: 'A person is asked. All checks passed.',
      approval: approval?.id,
    })
    await expect(deployVersion(registered)).rejects.toThrow('Version 2 of flight-delay waits for a person.')
    expect(aliases()).toEqual({ champion: 1 })
    expect(pending()).toMatchObject([
      {
        model: 'flight-delay',
        version: 2,
        alias: 'champion',
        endpoints: ['flight-delay'],
        runId: 'p1',
        decision: null,
      },
    ])
    const id = approval?.id ?? ''
    expect(await answer(id, 'approve', 'Looked at.')).toMatchObject({
      state: 'approved',
      decision: { decision: 'approve', actor: 'api', reason: 'Looked at.' },
    })
    expect(aliases()).toEqual({ champion: 2 })
    const url = `${engine.server.url}/models/flight-delay/predict`
    expect((await send(url, { body: { rows: [flightRow] } })).json).toMatchObject({ version: 2, revision: 2 })
    const [move] = engine.registry.history('flight-delay', { limit: 1 }).items
    expect(move).toMatchObject({ fromVersion: 1, toVersion: 2, actor: 'api', reason: 'Looked at.' })
    expect(move?.evidence).toMatchObject({
      runId: 'p1',
      step: 'model/register',
      verdictHash: approval?.verdictHash,
      approvalId: id,
    })
    // Twice is harmless, and so is the step repeated after a crash.
    await answer(id, 'approve')
    expect(await registerModel(1, true, {}, ask)).toMatchObject({ values: { promoted: true } })
    await deployVersion(registered)
    expect(engine.registry.history('flight-delay', { limit: 10 }).items).toHaveLength(2)
    expect(engine.endpoints.listRevisions('flight-delay', { limit: 10 }).items).toHaveLength(2)
    expect(engine.events.filter(({ type }) => type === 'approval-changed')).toHaveLength(3)
  })

  test('two people who approve at once promote and deploy once', async () => {
    await registerModel(0, true, {}, ask)
    const [approval] = pending()
    engine.approvals.planDeployment(approval?.id ?? '', 'delays')
    await Promise.all([answer(approval?.id ?? '', 'approve'), answer(approval?.id ?? '', 'approve')])
    expect(engine.registry.history('flight-delay', { limit: 10 }).items).toHaveLength(1)
    expect(engine.endpoints.listRevisions('delays', { limit: 10 }).items).toHaveLength(1)
  })

  const rollout = rolloutSpecSchema.parse({ kind: 'canary', steps: [0.2, 0.6], hold: '30m' })
  const rollouts = () => engine.rollouts.list('flight-delay', { limit: 10 }).items

  test('an approval starts the rollout that the step wants, once', async () => {
    await deployVersion(await registerModel(0, true))
    const registered = await registerModel(1, true, {}, ask)
    await expect(deployVersion(registered, { rollout })).rejects.toThrow(
      'Version 2 of flight-delay waits for a person.',
    )
    const [approval] = pending()
    expect(approval).toMatchObject({ endpoints: ['flight-delay'], rollouts: { 'flight-delay': rollout } })
    const id = approval?.id ?? ''
    await Promise.all([answer(id, 'approve', 'Looked at.'), answer(id, 'approve')])
    expect(aliases()).toEqual({ champion: 2 })
    expect(rollouts()).toMatchObject([
      { version: 2, share: 0.2, spec: rollout, actor: 'api', reason: 'Looked at.', stable: { version: 1 } },
    ])
    expect(engine.endpoints.get('flight-delay').revision?.version).toBe(1)
    // Taken back, it is not started again.
    await engine.rollouts.abort('flight-delay', { id: rollouts()[0]?.id ?? '', actor: 'api', reason: '' })
    await engine.approver.resume()
    expect(rollouts()).toHaveLength(1)
    expect(aliases()).toEqual({ champion: 1 })
  })

  test('what is approved while another rollout is under way comes once that has ended', async () => {
    await deployVersion(await registerModel(0, true))
    await deployVersion(await registerModel(1, true), { rollout })
    const registered = await registerModel(2, true, {}, ask)
    await expect(deployVersion(registered, { rollout })).rejects.toThrow(SkipStep)
    await expect(answer(pending()[0]?.id ?? '', 'approve')).rejects.toMatchObject({ code: 'rollout-under-way' })
    expect(aliases()).toEqual({ champion: 3 })
    await engine.rollouts.promote('flight-delay', { id: rollouts()[0]?.id ?? '', actor: 'api', reason: '' })
    await expect.poll(() => rollouts()[0], { timeout: 20_000 }).toMatchObject({ version: 3, state: 'running' })
    expect(engine.approvals.unfinished()).toEqual([])
  })

  test('a version approved while its run goes on is deployed by the run', async () => {
    const registered = await registerModel(0, true, {}, ask)
    await answer(pending()[0]?.id ?? '', 'approve')
    expect((await deployVersion(registered)).values).toMatchObject({ endpoint: 'flight-delay', revision: 1 })
  })

  test('a rejection moves nothing and can be taken back; an approval cannot', async () => {
    const registered = await registerModel(0, true, {}, ask)
    const id = pending()[0]?.id ?? ''
    expect(await answer(id, 'reject', 'Too slow.')).toMatchObject({ state: 'rejected' })
    expect(aliases()).toEqual({})
    await expect(deployVersion(registered)).rejects.toThrow(SkipStep)
    await expect(answer(id, 'approve')).rejects.toMatchObject({ code: 'approval-decided' })
    expect(await answer(id, 'reopen')).toMatchObject({ state: 'pending' })
    await answer(id, 'approve')
    await expect(answer(id, 'reject')).rejects.toMatchObject({ code: 'approval-decided' })
    await expect(answer(id, 'reopen')).rejects.toMatchObject({ code: 'approval-decided' })
    await expect(answer('nobody', 'approve')).rejects.toMatchObject({ code: 'approval-not-found' })
  })

  test('an approval is obsolete once a newer version is promoted, and stays so after a roll back', async () => {
    await registerModel(0, true, {}, ask)
    const id = pending()[0]?.id ?? ''
    await registerModel(1, true)
    expect(aliases()).toEqual({ champion: 2 })
    expect(engine.approvals.get(id).state).toBe('obsolete')
    expect(pending()).toEqual([])
    await expect(answer(id, 'approve')).rejects.toThrow(/has since moved to it or to a newer version/)
    engine.registry.moveAlias({ model: 'flight-delay', alias: 'champion', version: 1, actor: 'api', reason: '' })
    expect(engine.approvals.get(id).state).toBe('obsolete')
    expect(engine.approvals.list({ limit: 10, model: 'flight-delay', state: 'obsolete' }).items).toHaveLength(1)
    expect(engine.approvals.list({ limit: 10, projectId: 'other' }).items).toEqual([])
  })

  test('a newer version that was only kept leaves the question open', async () => {
    await registerModel(0, true, {}, ask)
    await registerModel(1, false)
    expect(pending()).toMatchObject([{ version: 1 }])
  })

  test('what a person said no more can be changed, by SQL neither', async () => {
    await registerModel(0, true, {}, ask)
    const id = pending()[0]?.id ?? ''
    await answer(id, 'approve')
    for (const sql of [
      'UPDATE approval SET version = 9',
      'DELETE FROM approval',
      "UPDATE approval_decision SET actor = 'x'",
      'DELETE FROM approval_decision',
      `INSERT INTO approval_decision VALUES ('z', '${id}', 'reject', 0, 'x', 'x')`,
    ]) {
      expect(() => engine.store.run(sql), sql).toThrow(/immutable|append-only|decided/)
    }
    expect(engine.store.check()).toEqual([])
  })
})
