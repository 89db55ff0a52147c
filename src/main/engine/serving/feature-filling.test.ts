import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { explanationAnswerSchema } from '#shared/explanations.ts'
import type { FeatureManifest } from '#shared/features.ts'
import type { Signature } from '#shared/models.ts'
import { readServedFeatures, servedFiles, servedFolder } from '../features/online/served-features.ts'
import { minuteMs, noon, readingsView, type TestProject, testProject } from '../features/online/testing/readings.ts'
import { createInferenceApp, listen } from './inference-app.ts'
import { ServedEndpoints } from './served-endpoints.ts'
import { ServedFeaturesLog } from './served-features-log.ts'
import { send, testRuntime } from './testing.ts'
import { ThreadFeatures } from './thread-features.ts'

const view = readingsView('ttl: 30m')

/** P(true) is a hundredth of the first input, which the feature store fills. */
const signature: Signature = {
  inputs: [
    { name: 'level', type: 'number', required: true },
    { name: 'when', type: 'timestamp', required: true },
  ],
  target: 'alarm',
  task: 'binary',
  classes: ['false', 'true'],
}

const manifest: FeatureManifest = {
  formatVersion: 1,
  features: [
    {
      column: 'level',
      view: view.name,
      viewVersion: view.version,
      feature: 'value',
      entity: [{ key: 'sensor', column: 'device' }],
      eventTime: 'when',
      ttlMs: view.ttlMs,
    },
  ],
}

let folder: string
let project: TestProject
let close = async () => {}
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'esteira-fill-'))
  project = testProject()
})
afterEach(async () => {
  await close()
  close = async () => {}
  project.remove()
  rmSync(folder, { recursive: true, force: true })
})

async function serve(content: FeatureManifest = manifest) {
  const path = join(folder, 'features.json')
  writeFileSync(path, JSON.stringify(content))
  const features = new ThreadFeatures({ onlinePath: project.onlinePath, servedFeaturesPath: join(folder, 'served') })
  const runtime = testRuntime(signature)
  const openFiller = features.openFiller.bind(features)
  const served = new ServedEndpoints(async () => ({ ...runtime, openFiller }))
  const app = createInferenceApp(served, { answered: () => {}, failed: () => {} }, features.log)
  close = async () => {
    await app.close()
    await features.close()
  }
  const port = await listen(app, '127.0.0.1', 0)
  const files = new Map([['features.json', path]])
  await served.load('alarms', { model: 'alarm', version: 2, files, projectId: project.id })
  served.activate('alarms', 3)
  const url = `http://127.0.0.1:${port}`
  return {
    features,
    predict: (body: unknown) => send(`${url}/models/alarms/predict`, { body }),
    explain: (body: unknown) => send(`${url}/models/alarms/explain`, { body }),
    infer: (body: unknown) => send(`${url}/v2/models/alarms/infer`, { body }),
    metrics: async () => (await send(`${url}/metrics`)).text,
  }
}

async function allOf<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const item of items) all.push(item)
  return all
}

const at = (minutes: number) => new Date(noon + minutes * minuteMs).toISOString()

describe('L1.9: the inference server fills missing inputs by entity key', () => {
  beforeEach(async () => {
    project.readings('a.csv', [
      { sensor: 'x', at: 0, value: 75 },
      { sensor: 'y', at: 0, value: 40 },
    ])
    await project.materialize(view)
  })

  it('fills what a row leaves out; what it gives wins; the key itself is no input', async () => {
    const { predict } = await serve()
    const { status, json } = await predict({
      rows: [
        { device: 'x', when: at(10) },
        { device: 'y', when: at(10), level: null },
        { device: 'x', when: at(10), level: 10 },
        { when: at(10), level: 20 },
      ],
    })
    expect(status).toBe(200)
    const shares = json.predictions?.map(({ probabilities }) => probabilities?.true)
    expect(shares).toEqual([0.75, 0.4, 0.1, 0.2])
    expect(json).not.toHaveProperty('featureWarnings')
    expect(json).not.toHaveProperty('features')
  })

  it('explains an answer with what was filled', async () => {
    const { explain } = await serve()
    const { explanations } = explanationAnswerSchema.parse(
      (await explain({ rows: [{ device: 'x', when: at(10) }] })).json,
    )
    expect(explanations[0]?.output).toBeCloseTo(0.75)
    expect(explanations[0]?.contributions.map(({ input }) => input)).toEqual(['level', 'when'])
  })

  it('says so always where a value is stale or missing, and row by row where it is asked to', async () => {
    const { predict, metrics } = await serve()
    const rows = [
      { device: 'x', when: at(30) },
      { device: 'x', when: at(31) },
      { device: 'unknown', when: at(1) },
      { when: at(1) },
      { device: 'x', when: at(-1) },
      { device: 'x', when: at(1), level: 5 },
    ]
    const plain = await predict({ rows })
    expect(plain.status).toBe(200)
    expect(plain.json).toMatchObject({ featureWarnings: [{ view: 'levels', fresh: 1, stale: 1, missing: 3 }] })
    expect(plain.json).not.toHaveProperty('features')
    const shown: unknown = (await predict({ rows, showFeatures: true })).json
    const common = { view: 'levels', viewVersion: view.version }
    expect(shown).toMatchObject({
      features: [
        [
          {
            ...common,
            status: 'fresh',
            gap: null,
            ageMs: 30 * minuteMs,
            values: { level: 75 },
            entity: { sensor: 'x' },
          },
        ],
        [{ ...common, status: 'stale', gap: 'expired', ageMs: 31 * minuteMs, values: { level: null } }],
        [{ ...common, status: 'missing', gap: 'unknown-entity', ageMs: null, eventTime: null }],
        [{ ...common, status: 'missing', gap: 'no-key' }],
        [{ ...common, status: 'missing', gap: 'after-request', eventTime: noon }],
        [],
      ],
    })
    const text = await metrics()
    expect(text).toContain('esteira_online_features_reads_total{endpoint="alarms",view="levels"} 10')
    expect(text).toContain('esteira_online_features_stale_total{endpoint="alarms",view="levels"} 2')
    expect(text).toContain('esteira_online_features_missing_total{endpoint="alarms",view="levels"} 6')
    expect(text).toMatch(/esteira_online_features_read_seconds_count\{view="levels"\} [1-9]/)
  })

  it('does the same in the Open Inference Protocol, in flat parameters', async () => {
    const { infer } = await serve()
    const inputs = [
      { name: 'device', datatype: 'BYTES', shape: [2], data: ['x', 'unknown'] },
      { name: 'when', datatype: 'BYTES', shape: [2], data: [at(1), at(1)] },
    ]
    const { status, json } = await infer({ inputs })
    expect(status).toBe(200)
    expect(json).toMatchObject({ parameters: { 'features_missing.levels': 1 } })
    expect(json).toHaveProperty('outputs.1.data.0', 0.75)
    const shown: unknown = (await infer({ inputs, parameters: { show_features: true } })).json
    expect(shown).toHaveProperty('parameters.features', expect.stringContaining('"unknown-entity"'))
    const only = inputs.map((tensor) => ({ ...tensor, shape: [1], data: tensor.data.slice(0, 1) }))
    expect((await infer({ inputs: only })).json).not.toHaveProperty('parameters')
  })

  it('looks at the present where the manifest names no time', async () => {
    const [feature] = manifest.features
    if (feature === undefined) throw new Error('no feature')
    const { predict } = await serve({ ...manifest, features: [{ ...feature, eventTime: null }] })
    const { json } = await predict({ rows: [{ device: 'x', when: at(1) }] })
    // The readings are of the past, or of the future, of whoever runs this test: never of the last half hour.
    expect(json).toHaveProperty('featureWarnings')
  })

  it('refuses a key or a time that is not of its type, naming row and column', async () => {
    const { predict } = await serve()
    const key = await predict({
      rows: [
        { device: 'x', when: at(1) },
        { device: 5, when: at(1) },
      ],
    })
    expect([key.status, key.json.code, key.json.where]).toEqual([422, 'input-invalid', 'rows[1].device'])
    const time = await predict({ rows: [{ device: 'x', when: 'soon' }] })
    expect([time.status, time.json.code, time.json.where]).toEqual([422, 'input-invalid', 'rows[0].when'])
    const flag = await predict({ rows: [{ device: 'x', when: at(1) }], showFeatures: 'yes' })
    expect([flag.status, flag.json.code]).toEqual([400, 'invalid-request'])
  })

  it('answers with newer values as soon as they are materialised', async () => {
    const { predict } = await serve()
    const ask = async () => (await predict({ rows: [{ device: 'x', when: at(10) }] })).json.predictions?.[0]
    expect(await ask()).toMatchObject({ probabilities: { true: 0.75 } })
    project.readings('b.csv', [{ sensor: 'x', at: 5, value: 25 }])
    await project.materialize(view)
    expect(await ask()).toMatchObject({ probabilities: { true: 0.25 } })
  })

  it('fills many rows, the same entity once a slice', async () => {
    const { predict } = await serve()
    const rows = Array.from({ length: 1_200 }, (_, index) => ({ device: index % 2 === 0 ? 'x' : 'y', when: at(2) }))
    const { json } = await predict({ rows })
    expect(json.predictions?.length).toBe(1_200)
    expect(json.predictions?.[1_199]?.probabilities?.true).toBe(0.4)
  })

  it('logs what was served, in order, with the values that were used', async () => {
    const { predict, features } = await serve()
    await predict({
      rows: [
        { device: 'x', when: at(1) },
        { device: 'unknown', when: at(1) },
      ],
    })
    await predict({ rows: [{ device: 'y', when: at(2) }] })
    await features.log.flush()
    const lines = await allOf(readServedFeatures(join(folder, 'served'), 'alarms'))
    expect(lines).toMatchObject([
      { endpoint: 'alarms', revision: 3, model: 'alarm', version: 2, projectId: 'p1', values: { level: 75 } },
      { entity: { sensor: 'unknown' }, status: 'missing', values: { level: null } },
      { entity: { sensor: 'y' }, asOf: noon + 2 * minuteMs, eventTime: noon, values: { level: 40 } },
    ])
  })
})

it('L1.9: a model whose view was never materialised answers, and says that nothing is there', async () => {
  project.readings('a.csv', [{ sensor: 'x', at: 0, value: 75 }])
  await project.materialize(readingsView('', 'select sensor, moment, known, 1 as value from readings'))
  const { predict } = await serve()
  const { status, json } = await predict({ rows: [{ device: 'x', when: at(1) }], showFeatures: true })
  expect(status).toBe(200)
  expect(json).toMatchObject({ features: [[{ status: 'missing', gap: 'not-materialized' }]] })
})

describe('L1.9: the log of served features is bounded', () => {
  const by = { projectId: 'p', endpoint: 'e', revision: 1, model: 'm', version: 1 }
  const read = {
    view: 'v',
    viewVersion: '1',
    entity: { sensor: 'x' },
    status: 'fresh',
    gap: null,
    asOf: 5,
    eventTime: 4,
    knownAt: 4,
    ageMs: 1,
    values: { level: 1 },
  } as const

  it('drops and counts what is too much to wait, and what cannot be written', async () => {
    const log = new ServedFeaturesLog({ path: folder, limits: { waitingLines: 3 } })
    log.add(by, [[read], [read, read], [read], [read]])
    expect(log.dropped).toBe(2)
    await log.flush()
    expect(await allOf(readServedFeatures(folder, 'e'))).toHaveLength(3)
    writeFileSync(join(folder, 'file'), '')
    const broken = new ServedFeaturesLog({ path: join(folder, 'file') })
    broken.add(by, [[read]])
    await broken.flush()
    expect(broken.dropped).toBe(1)
  })

  it('begins another file when one is full, and keeps the newest files', async () => {
    let now = 1_700_000_000_000
    const log = new ServedFeaturesLog({ path: folder, now: () => now++, limits: { fileBytes: 1, files: 3 } })
    for (let index = 0; index < 6; index++) {
      log.add({ ...by, revision: index }, [[read]])
      await log.flush()
    }
    expect(await servedFiles(servedFolder(folder, 'e'))).toHaveLength(3)
    const lines = await allOf(readServedFeatures(folder, 'e'))
    expect(lines.map(({ revision }) => revision)).toEqual([3, 4, 5])
  })
})
