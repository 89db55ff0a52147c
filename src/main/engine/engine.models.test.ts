/** What the control API tells of a model version, on a real run of the sample's main job over real HTTP. */
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ApiError } from '#shared/client.ts'
import type { EngineEvent } from '#shared/events.ts'
import { uploadAnswerSchema } from '#shared/routes/data.ts'
import { Engine } from './engine.ts'
import { resourcesPath } from './kernel/app-paths.ts'
import { createProjectClient, type ProjectClient } from './testing/project-client.ts'

const pipeline = `name: train
seed: 7
parameters: { from: 2001-01-01 }
steps:
  extract: { uses: data/extract, with: { dataset: flights, where: "date >= '\${{ params.from }}'", limit: 3000 } }
  split: { uses: data/split, in: { data: extract } }
  prepare: { uses: data/prepare, in: { data: split }, with: { target: late } }
  train: { uses: model/train, in: { data: prepare }, with: { trainer: neural-network, epochs: 2 } }
  evaluate: { uses: model/evaluate, in: { model: train, data: prepare }, with: { slices: [origin] } }
  gate: { uses: model/gate, in: { evaluation: evaluate }, with: { thresholds: { auc: 0.4 } } }
  register: { uses: model/register, in: { model: train, verdict: gate }, with: { model: flights } }
  deploy: { uses: model/deploy, in: { version: register }, with: { endpoint: flights } }
`

const row = { date: '2001-01-05T17:30:00Z', distance: 862, origin: 'ORD', destination: 'ATL' }
let root = ''
let engine: Engine
let client: ProjectClient
const events: EngineEvent[] = []

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'esteira-models-'))
  const project = join(root, 'project')
  const sample = join(resourcesPath, 'samples', 'flight-delay')
  for (const part of ['esteira.yaml', 'schemas', join('data', 'flights-2001-01.parquet')]) {
    cpSync(join(sample, part), join(project, part), { recursive: true })
  }
  mkdirSync(join(project, 'pipelines'))
  writeFileSync(join(project, 'pipelines', 'train.yaml'), pipeline)
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@t', ...args], { cwd: project })
  git('init', '--quiet')
  git('add', '.')
  git('commit', '--quiet', '-m', 'start')
  engine = await Engine.start({ home: join(root, 'home'), port: 0, inferencePort: 0 })
  engine.events.subscribe((event) => events.push(event))
  client = createProjectClient(engine)
  await engine.runs.ended(await client.startRun(project, 'train'))
}, 60_000)
afterAll(async () => {
  await engine.stop()
  rmSync(root, { recursive: true, force: true })
})

const details = () => client.call('getModelVersion', { params: { name: 'flights', version: 1 } })

test('the lineage leads from the version through every step to rows and commit', async () => {
  const { lineage, artifactHash } = await details()
  expect(lineage.run).toMatchObject({
    pipeline: 'train',
    gitCommit: expect.stringMatching(/^[0-9a-f]{40}$/),
    gitDirty: false,
  })
  expect(lineage.datasets).toEqual([
    {
      step: 'extract',
      dataset: 'flights',
      where: "date >= '2001-01-01'",
      rows: 3_000,
      artifactHash: expect.any(String),
    },
  ])
  expect(lineage.steps.map(({ name, component }) => [name, component])).toEqual([
    ['extract', 'data/extract'],
    ['split', 'data/split'],
    ['prepare', 'data/prepare'],
    ['train', 'model/train'],
    ['evaluate', 'model/evaluate'],
    ['gate', 'model/gate'],
    ['register', 'model/register'],
  ])
  const step = (name: string) => lineage.steps.find((each) => each.name === name)
  expect(step('train')?.outputs.model).toBe(artifactHash)
  expect(step('train')?.options).toMatchObject({ trainer: 'neural-network', epochs: 2 })
  expect(step('split')?.inputs.data).toEqual([step('extract')?.outputs.data])
})

test('the evaluation is that of this model, with the importance of every input', async () => {
  const { evaluation, manifest, serving } = await details()
  expect(evaluation).toMatchObject({
    step: 'evaluate',
    rowsHash: expect.stringMatching(/^[0-9a-f]{64}$/),
    content: { task: 'binary', rows: 600 },
  })
  const importance = evaluation?.content.importance
  expect(importance).toMatchObject({ metric: 'auc', rows: 600, repeats: 5 })
  expect(importance?.inputs.map(({ name }) => name).sort()).toEqual(['date', 'destination', 'distance', 'origin'])
  expect(serving).toMatchObject([{ endpoint: 'flights', revision: 1 }])
  const typical = Object.fromEntries(manifest.signature.inputs.map((input) => [input.name, input.typical]))
  expect(typical).toMatchObject({
    date: expect.stringMatching(/^2001-01-.*Z$/),
    distance: expect.any(Number),
    origin: expect.any(String),
  })
})

test('the card is made of the same facts', async () => {
  await client.call('describeModel', {
    params: { name: 'flights' },
    body: { description: 'Which flights arrive late.' },
  })
  const { markdown } = await client.call('getModelCard', { params: { name: 'flights', version: 1 } })
  const { lineage } = await details()
  expect(markdown).toContain('Which flights arrive late.')
  expect(markdown).toContain(lineage.run.gitCommit)
  expect(markdown).not.toMatch(/undefined|NaN/)
})

test('an alias is removed, and the ledger says why', async () => {
  const params = { name: 'flights', alias: 'reviewed' }
  await client.call('moveAlias', { params, body: { version: 1 } })
  const model = await client.call('removeAlias', { params, query: { reason: 'A mistake.' } })
  expect(model.aliases).toEqual({ champion: 1 })
  const { items } = await client.call('listAliasMoves', { params: { name: 'flights' } })
  expect(items[0]).toMatchObject({
    alias: 'reviewed',
    fromVersion: 1,
    toVersion: null,
    reason: 'A mistake.',
    actor: 'api',
  })
})

test('a version that is not there', async () => {
  const asked = client.call('getModelVersion', { params: { name: 'flights', version: 9 } })
  await expect(asked).rejects.toMatchObject({ problem: { code: 'model-version-not-found' } })
})

test('predictions through the control API are those of the inference server, and are counted', async () => {
  const params = { name: 'flights' }
  const answer = await client.call('predict', { params, body: { rows: [row] } })
  expect(answer).toMatchObject({
    model: 'flights',
    version: 1,
    revision: 1,
    predictions: [{ prediction: expect.any(Boolean) }],
  })
  expect(answer.latencyMs).toBeGreaterThan(0)
  const wrong = client.call('predict', { params, body: { rows: [{ ...row, distance: 'far' }] } })
  await expect(wrong).rejects.toThrow(ApiError)
  await expect(wrong).rejects.toMatchObject({ problem: { code: 'input-invalid', where: 'rows[0].distance' } })
  const nowhere = client.call('predict', { params: { name: 'flight' }, body: { rows: [row] } })
  await expect(nowhere).rejects.toMatchObject({ problem: { code: 'endpoint-not-found', nearest: 'flights' } })
  await expect.poll(() => events.filter(({ type }) => type === 'traffic').length, { timeout: 5_000 }).toBeGreaterThan(0)
  await expect
    .poll(async () => (await client.call('getTraffic', { params })).recent.requests, { timeout: 5_000 })
    .toBe(2)
  const { points, recent } = await client.call('getTraffic', { params })
  expect(recent).toMatchObject({ requests: 2, errors: 1, p99Ms: expect.any(Number) })
  expect(points.flatMap(({ revisions }) => revisions.map(({ revision }) => revision))).toContain(1)
})

test('a batch prediction of a dataset is a run like any other: rows counted, scored, traced, downloadable', async () => {
  const source = { kind: 'dataset', dataset: 'flights', where: 'distance > 1500' } as const
  const body = { endpoint: 'flights', source, keep: ['origin'] }
  const { id, pipeline: name } = await client.call('startBatchPrediction', { body })
  expect(name).toBe('flights (batch prediction)')
  const run = await engine.runs.ended(id)
  const [data, predict] = run.steps
  expect(data?.values.rows).toBeGreaterThan(1_000)
  expect(predict).toMatchObject({
    status: 'succeeded',
    values: { version: 1, failed: 0, predicted: data?.values.rows },
  })
  expect(run.metrics.auc).toBeGreaterThan(0)
  const hash = predict?.outputs.predictions ?? ''
  const page = await client.call('readArtifactTable', { params: { hash, file: 'data.parquet' }, query: {} })
  expect(page.total).toBe(data?.values.rows)
  expect(page.columns.map((column) => column.name)).toEqual([
    ...['origin', 'prediction', 'probability', 'probability_false', 'probability_true', 'problem'],
  ])
  const address = (file: string) => `${engine.info().controlUrl}/api/v1/artifacts/${hash}/files/${file}`
  const headers = { authorization: `Bearer ${engine.token}` }
  const bytes = await fetch(address('data.parquet'), { headers })
  expect(
    Buffer.from(await bytes.arrayBuffer())
      .subarray(0, 4)
      .toString(),
  ).toBe('PAR1')
  expect((await fetch(address('data.parquet'))).status).toBe(401)
  expect((await fetch(address('..%2F..%2Fengine.json'), { headers })).status).toBe(404)
  const again = await client.call('startBatchPrediction', { body })
  expect((await engine.runs.ended(again.id)).steps.map(({ cached }) => cached)).toEqual([true, true])
}, 60_000)

test('a batch prediction without model, or of a file that was not uploaded, is refused', async () => {
  const source = { kind: 'upload', path: '/etc/passwd' } as const
  const start = (body: object) => client.call('startBatchPrediction', { body: { source, ...body } })
  await expect(start({})).rejects.toMatchObject({ problem: { code: 'invalid-request' } })
  await expect(start({ model: 'flights/1' })).rejects.toMatchObject({ problem: { code: 'not-found' } })
  await expect(start({ model: 'flight/1' })).rejects.toMatchObject({ problem: { code: 'model-not-found' } })
})

test('an ONNX file becomes a version, answers at an endpoint and predicts a dataset', async () => {
  const bytes = readFileSync(join(resourcesPath, 'samples', 'flight-delay', 'models', 'lateness.onnx'))
  const headers = { authorization: `Bearer ${engine.token}`, 'content-type': 'application/octet-stream' }
  const url = `${engine.info().controlUrl}/api/v1/data-files/upload?name=lateness.onnx`
  const uploaded = await fetch(url, { method: 'POST', headers, body: bytes })
  const { path } = uploadAnswerSchema.parse(await uploaded.json())
  const { projectId } = await details()
  const params = { name: 'outside' }
  const signature = { target: 'late', classes: ['false', 'true'] }
  const started = await client.call('importModel', { params, body: { path, projectId, signature } })
  expect(started.pipeline).toBe('outside (import)')
  expect(await engine.runs.ended(started.id)).toMatchObject({ status: 'succeeded' })
  const version = await client.call('getModelVersion', { params: { name: 'outside', version: 1 } })
  expect(version.manifest).toMatchObject({ runtime: 'onnx', trainer: expect.stringMatching(/^skl2onnx/) })
  expect(version.signature.inputs.map(({ name, type }) => [name, type])).toEqual([
    ['distance', 'number'],
    ['origin', 'text'],
    ['destination', 'text'],
  ])
  await client.call('deploy', { params, body: { model: 'outside', version: 1 } })
  const asked = { rows: [{ distance: 862, origin: 'ORD', destination: 'ATL' }] }
  const answer = await client.call('predict', { params, body: asked })
  // As scikit-learn answers, in single precision.
  expect(answer.predictions).toEqual([
    { prediction: false, probability: expect.closeTo(0.72838041, 5), probabilities: expect.any(Object) },
  ])
  const source = { kind: 'dataset', dataset: 'flights', where: 'distance > 2000' } as const
  const batch = await client.call('startBatchPrediction', { body: { model: 'outside@latest', source } })
  const run = await engine.runs.ended(batch.id)
  expect(run.steps[1]?.values).toMatchObject({ version: 1, failed: 0, predicted: run.steps[0]?.values.rows })
}, 60_000)
