/** Features from the files of a project to the model that is served, through a real engine. */
import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { featureManifestSchema } from '#shared/features.ts'
import type { Run } from '#shared/runs.ts'
import { Engine } from './engine.ts'
import { resourcesPath } from './kernel/app-paths.ts'
import { createProjectClient, type ProjectClient } from './testing/project-client.ts'

const pipeline = `name: train
steps:
  extract: { uses: data/extract, with: { dataset: flights, limit: 3000 } }
  features: { uses: features/retrieve, in: { data: extract }, with: { features: [origin-lateness], time: date } }
  split: { uses: data/split, in: { data: features }, with: { by: time, column: date } }
  prepare: { uses: data/prepare, in: { data: split }, with: { target: late } }
  train: { uses: model/train, in: { data: prepare }, with: { trainer: neural-network, epochs: 2 } }
  evaluate: { uses: model/evaluate, in: { model: train, data: prepare } }
  register: { uses: model/register, in: { model: train, evaluation: evaluate }, with: { model: flights } }
  deploy: { uses: model/deploy, in: { version: register }, with: { endpoint: flights } }
`
const viewFile = join('features', 'origin-lateness.yaml')

const launcher = join(import.meta.dirname, 'cli', 'esteira.js')

let root = ''
let project = ''
let engine: Engine
let client: ProjectClient
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'esteira-features-'))
  project = join(root, 'project')
  const data = ['flights', 'departures'].map((name) => join('data', `${name}-2001-01.parquet`))
  for (const part of ['esteira.yaml', 'features', ...data]) {
    cpSync(join(resourcesPath, 'samples', 'flight-delay', part), join(project, part), { recursive: true })
  }
  mkdirSync(join(project, 'pipelines'))
  writeFileSync(join(project, 'pipelines', 'train.yaml'), pipeline)
  engine = await Engine.start({ home: join(root, 'home'), port: 0, inferencePort: 0, background: false })
  client = createProjectClient(engine)
})
afterAll(async () => {
  await engine.stop()
  rmSync(root, { recursive: true, force: true })
})

async function run(): Promise<Run> {
  const id = await client.startRun(project, 'train')
  await engine.runs.ended(id)
  return await client.call('getRun', { params: { id } })
}

/** What each step was: made, or taken from the cache. */
const cachedSteps = ({ steps }: Run) => steps.filter(({ cached }) => cached).map(({ name }) => name)

function edit(file: string, from: string, to: string): void {
  const path = join(project, file)
  const text = readFileSync(path, 'utf8')
  expect(text).toContain(from)
  writeFileSync(path, text.replace(from, to))
}

test('L1.9: the model package says which inputs are features, and may be asked without them', async () => {
  const { status, steps } = await run()
  expect(status).toBe('succeeded')
  const features = steps.find(({ name }) => name === 'features')
  expect(features?.values).toMatchObject({ rows: 3_000, features: 1 })
  const { artifactHash, signature } = await client.call('getModelVersion', { params: { name: 'flights', version: 1 } })
  const file = { hash: artifactHash, file: 'features.json' }
  const manifest = featureManifestSchema.parse(await client.call('getArtifactJson', { params: file }))
  expect(manifest.features).toEqual([
    {
      column: 'origin_late_share',
      view: 'origin-lateness',
      viewVersion: expect.stringMatching(/^[0-9a-f]{12}$/),
      feature: 'origin_late_share',
      entity: [{ key: 'origin', column: 'origin' }],
      eventTime: 'date',
      ttlMs: 3_600_000,
    },
  ])
  expect(signature.inputs.map(({ name, required }) => [name, required])).toEqual([
    ['date', true],
    ['distance', true],
    ['origin', true],
    ['destination', true],
    ['origin_late_share', false],
  ])
  const row = { date: '2001-01-05T17:30:00Z', distance: 862, origin: 'ORD', destination: 'ATL' }
  for (const one of [row, { ...row, origin_late_share: 0.9 }]) {
    const { predictions } = await client.call('predict', { params: { name: 'flights' }, body: { rows: [one] } })
    expect(predictions[0]?.probability).toBeGreaterThan(0)
  }
})

test('L1.9: features are made again exactly if the view, its datasets or the rows changed', async () => {
  expect(cachedSteps(await run())).toEqual(['extract', 'features', 'split', 'prepare', 'train', 'evaluate'])
  edit(viewFile, 'ttl: 1h', 'ttl: 2h')
  expect(cachedSteps(await run())).toEqual(['extract'])
  edit('esteira.yaml', 'delay >= 15 as late', 'delay >= 20 as late')
  expect(cachedSteps(await run())).toEqual([])
})

test('L1.9: the catalogue says who uses a view, in which versions, and what its data holds', async () => {
  const { items, problems } = await client.call('listFeatureViews', { query: {} })
  expect(problems).toEqual([])
  expect(items).toMatchObject([
    {
      name: 'origin-lateness',
      project: 'flight-delay',
      columns: [
        { name: 'origin' },
        { name: 'hour' },
        { name: 'known_at' },
        { name: 'origin_late_share', role: 'feature' },
      ],
      problem: null,
      use: {
        pipelines: [{ pipeline: 'train', step: 'features' }],
        versions: [{ model: 'flights', version: 3 }, { version: 2 }, { version: 1 }],
      },
    },
  ])
  for (const [search, count] of [
    ['LATE_share operations', 1],
    ['late_share elsewhere', 0],
  ] as const) {
    expect((await client.call('listFeatureViews', { query: { search } })).items).toHaveLength(count)
  }
  const [view] = items
  const params = { id: view?.projectId ?? '', name: 'origin-lateness' }
  const details = await client.call('getFeatureView', { params })
  const [now, before] = details.versions
  expect(details.view?.version).toBe(now?.version)
  expect([now, before]).toMatchObject([
    { current: true, runs: 2 },
    { current: false, runs: 2 },
  ])
  expect(now?.text).toContain('ttl: 2h')
  expect(before?.text).toContain('ttl: 1h')
  const data = await client.call('checkFeatureView', { params })
  expect(data.check).toMatchObject({ datasets: ['departures'], problems: [], warnings: [], duplicates: 0 })
  expect(data.check.rows).toBeGreaterThan(100_000)
  expect(data.freshness).toMatchObject({ newestEventAt: Date.UTC(2001, 1, 1, 2), stale: true })
  expect(data.statistics).toMatchObject([{ name: 'origin_late_share', numeric: { min: 0, max: 1 } }])
  await expect(client.call('getFeatureView', { params: { ...params, name: 'origin-latenes' } })).rejects.toMatchObject({
    problem: { code: 'feature-view-not-found', nearest: 'origin-lateness' },
  })
})

test('L1.9: the command line lists, shows and checks views', async () => {
  const home = join(root, 'home')
  const cli = (...args: string[]) => promisify(execFile)(process.execPath, [launcher, '--home', home, ...args])
  expect((await cli('features')).stdout).toMatch(/origin-lateness +flight-delay +origin +origin_late_share/)
  expect((await cli('features', 'show', 'origin-lateness')).stdout).toContain('pipeline train, step features')
  expect((await cli('features', 'check', 'origin-lateness')).stdout).toContain('The view matches its data.')
  const listed = JSON.parse((await cli('features', 'list', 'no-such-word', '--json')).stdout)
  expect(listed).toEqual({ items: [], problems: [] })
  edit(viewFile, 'entity: origin', 'entity: orign')
  await expect(cli('features', 'check', 'origin-lateness')).rejects.toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/origin-lateness.yaml:5:9 \(entity\): The query gives no column "orign".*"origin"/),
  })
  edit(viewFile, 'entity: orign', 'entity: origin')
})

test('L1.9: a view with errors stops the step, with all of them', async () => {
  edit(viewFile, 'ttl: 2h', 'ttl: two hours')
  edit(viewFile, 'owner:', 'ownr:')
  const { status, steps } = await run()
  expect(status).toBe('failed')
  expect(steps.find(({ name }) => name === 'features')?.error).toMatchObject({
    code: 'feature-view-invalid',
    problems: [
      { file: 'features/origin-lateness.yaml', line: 10, path: 'ttl' },
      { line: 4, nearest: 'owner' },
    ],
  })
})
