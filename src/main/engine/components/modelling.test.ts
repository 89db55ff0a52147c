/** The steps from splits to verdict on real data, each as the runner would call it. */
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { z } from 'zod'
import { verdictSchema } from '#shared/gate.ts'
import { evaluationSchema, type ModelVersion, modelManifestSchema } from '#shared/models.ts'
import { datasetSpecSchema } from '#shared/projects.ts'
import type { ArtifactType, Json } from '#shared/runs.ts'
import { statisticsSchema } from '#shared/statistics.ts'
import {
  type Component,
  type InputArtifact,
  SkipStep,
  type StepContext,
  type StepServices,
} from '../pipelines/component.ts'
import { quoteText, withTables } from '../tables/duckdb.ts'
import { rowsToBatch } from '../training/rows.ts'
import { loadModel } from '../training/runtime.ts'
import { evaluate } from './evaluate.ts'
import { gate } from './gate.ts'
import { prepare } from './prepare.ts'
import { train } from './train.ts'

let folder = ''
let made = 0
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'esteira-modelling-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

interface Ran {
  readonly artifact: InputArtifact
  readonly values: Map<string, Json>
  readonly metrics: string[]
  readonly logs: string[]
}

interface Call {
  readonly options: object
  readonly inputs: Record<string, InputArtifact>
  readonly champion?: InputArtifact
  readonly seed?: number
  readonly project?: Partial<StepContext<unknown>['project']>
}

/** Runs one step with real files and the component's own option schema. */
async function run<Options extends z.ZodType>(component: Component<Options>, call: Call): Promise<Ran> {
  const path = join(folder, `${made++}`)
  await mkdir(join(path, 'scratch'), { recursive: true })
  const files = new Map<string, string>()
  const links: Promise<void>[] = []
  const [output = 'none', declared] = Object.entries(component.outputs)[0] ?? []
  const ran = { values: new Map<string, Json>(), metrics: [] as string[], logs: [] as string[] }
  const outputPath = (name: string): string => {
    files.set(name, join(path, name))
    return join(path, name)
  }
  const context: StepContext<z.output<Options>> = {
    options: component.options.parse(call.options),
    project: { id: 'p', name: 'p', path, datasets: {}, ...call.project },
    run: { id: 'r', pipeline: 'train', step: component.name },
    seed: call.seed ?? 7,
    signal: new AbortController().signal,
    scratchPath: join(path, 'scratch'),
    input: (name) => call.inputs[name] ?? missing(name),
    optionalInput: (name) => call.inputs[name],
    inputs: () => [],
    output: (name) =>
      name === output
        ? {
            path: outputPath,
            link: (to, from, as) => void links.push(cp(from.files.get(as ?? to) ?? missing(to), outputPath(to))),
          }
        : missing(name),
    log: (text) => void ran.logs.push(text),
    progress: () => undefined,
    metric: (name) => void ran.metrics.push(name),
    value: (name, value) => void ran.values.set(name, value),
    services: services(call.champion),
  }
  await component.run(context)
  await Promise.all(links)
  return { ...ran, artifact: { type: declared?.type ?? 'file', hash: path, step: component.name, files } }
}

function missing(name: string): never {
  throw new Error(`There is no "${name}".`)
}

function services(champion: InputArtifact | undefined): StepServices {
  const refuse = () => Promise.reject(new Error('No step here registers or deploys.'))
  const resolveModel: StepServices['resolveModel'] = async () => {
    if (champion === undefined) return undefined
    const manifest = await readJson(champion, 'manifest.json', modelManifestSchema)
    const version: ModelVersion = {
      model: 'm',
      version: 3,
      createdAt: 0,
      projectId: 'p',
      runId: 'r',
      step: 'train',
      artifactHash: champion.hash,
      signature: manifest.signature,
      metrics: {},
      aliases: ['champion'],
    }
    return { version, files: champion.files }
  }
  return {
    resolveModel,
    answering: ({ endpoint }) => resolveModel(endpoint),
    registerVersion: refuse,
    moveAlias: refuse,
    requestApproval: refuse,
    planDeployment: refuse,
    keepFeatureView: refuse,
    deploy: refuse,
    measuredBefore: async () => undefined,
    uploadedFile: refuse,
    featureStore: refuse,
  }
}

async function readJson<T>(artifact: InputArtifact, name: string, schema: z.ZodType<T>): Promise<T> {
  return schema.parse(JSON.parse(await readFile(artifact.files.get(name) ?? missing(name), 'utf8')))
}

/** Splits a query of vega-datasets by hash into 70 % training, 15 % validation and 15 % test rows. */
async function split(sql: string): Promise<InputArtifact> {
  const path = join(folder, `${made++}`)
  await mkdir(path)
  const shares = { 'train.parquet': '< 70', 'validation.parquet': 'between 70 and 84', 'test.parquet': '> 84' }
  await withTables(async (tables) => {
    await tables.run(`create table rows as select *, hash(row_number() over ()) % 100 as bucket from (${sql})`)
    for (const [name, share] of Object.entries(shares)) {
      await tables.writeParquet(`select * exclude (bucket) from rows where bucket ${share}`, join(path, name))
    }
  })
  return artifact('splits', path, Object.keys(shares))
}

function artifact(type: ArtifactType, path: string, names: string[]): InputArtifact {
  return { type, hash: path, step: 'split', files: new Map(names.map((name) => [name, join(path, name)])) }
}

function data(name: string): string {
  return quoteText(join(import.meta.dirname, '../../../../node_modules/vega-datasets/data', name))
}
const flights = `select date, distance, origin, destination, delay >= 15 as late from read_parquet(${data('flights-3m.parquet')}) using sample reservoir (8000 rows) repeatable (1)`
const penguins = `select * from read_json(${data('penguins.json')})`
const cars = `select * from read_json(${data('cars.json')}, columns = {Miles_per_Gallon: 'DOUBLE', Cylinders: 'BIGINT', Displacement: 'DOUBLE', Horsepower: 'DOUBLE', Weight_in_lbs: 'BIGINT', Acceleration: 'DOUBLE', Year: 'DATE', Origin: 'VARCHAR'})`

async function trained(sql: string, options: object, trainer: object = { trainer: 'neural-network' }) {
  const prepared = await run(prepare, { options, inputs: { data: await split(sql) } })
  const model = await run(train, { options: trainer, inputs: { data: prepared.artifact } })
  return { prepared, model }
}

describe('flights', () => {
  test('from splits to a blessed model, whose predictions are those of the evaluation', async () => {
    const options = { target: 'late', expressions: { minutes: 'hour(date) * 60 + minute(date)' } }
    const { prepared, model } = await trained(flights, options, { trainer: 'neural-network', epochs: 5 })
    expect(prepared.values.get('task')).toBe('binary')
    expect([...model.artifact.files.keys()].sort()).toEqual([
      'background.json',
      'golden.json',
      'manifest.json',
      'network.json',
      'preparation.json',
      'training-statistics.json',
      'weights.bin',
    ])
    const statistics = await readJson(model.artifact, 'training-statistics.json', statisticsSchema)
    expect(statistics.columns.map(({ name }) => name)).toEqual(['date', 'distance', 'origin', 'destination', 'late'])
    expect(model.metrics).toContain('validationLoss')

    const evaluated = await run(evaluate, {
      options: { slices: ['origin', 'distance'] },
      inputs: { model: model.artifact, data: prepared.artifact },
    })
    const evaluation = await readJson(evaluated.artifact, 'evaluation.json', evaluationSchema)
    expect(Object.keys(evaluation.metrics).sort()).toEqual(['accuracy', 'auc', 'brier', 'f1', 'logLoss'])
    expect(evaluation.metrics.auc).toBeGreaterThan(0.56)
    expect(evaluation.slices.filter(({ column }) => column === 'distance')).toHaveLength(4)
    expect(evaluated.values.get('metrics')).toEqual(evaluation.metrics)

    // M7: what it scores on the rows it was fitted on, all of them where there are no more than 50,000.
    const { training } = evaluation
    expect(training?.rows).toBe(training?.of)
    expect(training?.metrics.auc).toBeGreaterThan(0.56)
    expect(training?.metrics).not.toEqual(evaluation.metrics)
    expect(evaluated.values.get('trainingMetrics')).toEqual(training?.metrics)

    const judged = await run(gate, {
      options: {
        thresholds: { auc: 0.56 },
        against: 'm@champion',
        baseline: 'dummy',
        rule: 'hour(date) >= 16',
        slices: [
          { column: 'distance', maxDrop: 0, worst: 0.5, maxDeviation: 0.1 },
          { column: ['origin', 'destination'], worst: 0, minRows: 2 },
        ],
      },
      inputs: { evaluation: evaluated.artifact },
      champion: model.artifact,
    })
    const verdict = await readJson(judged.artifact, 'verdict.json', verdictSchema)
    expect(verdict).toMatchObject({ against: { version: 3, metrics: evaluation.metrics } })
    const [champion, dummy, rule] = verdict.comparisons ?? []
    // The champion is the same model: the same figures to the bit, and no difference in any draw.
    expect(champion).toMatchObject({ with: 'champion', improvement: 0, interval: { low: 0, high: 0 }, passed: true })
    expect(dummy).toMatchObject({ with: 'baseline', other: 0.5, interval: { confidence: 0.95, resamples: 1_000 } })
    expect(dummy?.interval?.low).toBeLessThan(dummy?.improvement ?? 0)
    expect(dummy?.interval?.high).toBeGreaterThan(dummy?.improvement ?? 0)
    expect(Object.keys(rule?.metrics ?? {}).sort()).toEqual(['accuracy', 'auc', 'brier', 'f1', 'logLoss'])
    expect(verdict.slices?.map(({ columns, slices }) => [columns, slices.length > 3])).toEqual([
      [['distance'], true],
      [['origin', 'destination'], true],
    ])
    expect(judged.values.get('outcome')).toBe(verdict.blessed ? 'promote' : 'keep')

    const loaded = await loadModel(model.artifact.files)
    const row = { date: '2001-03-01T18:00:00', distance: 500, origin: 'ATL', destination: 'ORD' }
    const evening = await loaded.predict(
      rowsToBatch(loaded.manifest.signature, [row, { ...row, date: '2001-03-01T06:00:00' }]),
    )
    loaded.dispose()
    if (evening.kind !== 'probabilities') throw new Error('Classes were expected.')
    expect(evening.probabilities[1]).toBeGreaterThan(evening.probabilities[3] ?? 1)
  })
})

describe('L1.8: able to serve, and better on the newest rows', () => {
  let judged: { evaluation: InputArtifact; model: InputArtifact }
  let prepared: InputArtifact
  let narrow: InputArtifact

  beforeAll(async () => {
    const trainer = { trainer: 'linear', epochs: 2 }
    const wide = await trained(flights, { target: 'late' }, trainer)
    const data = await run(prepare, {
      options: { target: 'late', features: ['date', 'distance'] },
      inputs: { data: wide.prepared.artifact },
    })
    narrow = (await run(train, { options: trainer, inputs: { data: data.artifact } })).artifact
    prepared = wide.prepared.artifact
    const { artifact } = await run(evaluate, {
      options: { importance: false },
      inputs: { model: wide.model.artifact, data: prepared },
    })
    judged = { evaluation: artifact, model: wide.model.artifact }
  })

  async function verdictOf(options: object, call: Partial<Call> = {}) {
    const ran = await run(gate, { options, inputs: { ...judged, ...call.inputs }, ...call })
    return await readJson(ran.artifact, 'verdict.json', verdictSchema)
  }

  test('the real inference server loads it, answers as evaluated, and callers need nothing new', async () => {
    const deployment = { endpoint: 'm@champion', rows: 20, maxLatency: '30s', maxMemoryMb: 2_000 }
    expect(() => gate.options.parse({ deployment })).toThrow()
    const verdict = await verdictOf({ deployment: { ...deployment, endpoint: 'm' } }, { champion: judged.model })
    expect(verdict.checks.map(({ check, passed, kind }) => [check, passed, kind])).toEqual([
      ['loads in the inference server', true, 'deployment'],
      ['answers as evaluated', true, 'deployment'],
      ['latency', true, 'deployment'],
      ['memory', true, 'deployment'],
      ['inputs that callers send', true, 'deployment'],
    ])
    expect(verdict.deployment).toMatchObject({
      mode: 'load-and-query',
      tries: 1,
      requests: 20,
      maxDifference: 0,
      endpoint: { name: 'm', version: 3 },
      newInputs: [],
      removedInputs: [],
      problem: null,
    })
  })

  test('inputs that callers must newly send are named, and may be allowed', async () => {
    const deployment = { endpoint: 'm', mode: 'load' }
    const rejected = await verdictOf({ deployment }, { champion: narrow })
    expect(rejected.reason).toBe(
      'callers of m must newly send origin, destination, unlike with version 3, which answers at m.',
    )
    expect((await verdictOf({ deployment: { ...deployment, newInputs: 'allow' } }, { champion: narrow })).blessed).toBe(
      true,
    )
  })

  test('a model that answers otherwise than its evaluation, and one that cannot be loaded, are refused', async () => {
    const other = await run(train, { options: { trainer: 'linear', epochs: 4 }, inputs: { data: prepared }, seed: 8 })
    const inputs = { ...judged, model: other.artifact }
    expect((await verdictOf({ deployment: { rows: 5 } }, { inputs })).reason).toMatch(
      /^a served answer differs by \S+ from that of the evaluation, more than 1e-9\.$/,
    )
    await writeFile(other.artifact.files.get('weights.bin') ?? '', 'short')
    const broken = await verdictOf({ deployment: { tries: 2 } }, { inputs })
    expect(broken).toMatchObject({ blessed: false, deployment: { tries: 2, problem: /weights\.bin/ } })
    expect(broken.reason).toMatch(/^the inference server cannot serve it after 2 tries: /)
  })

  test('a try that takes too long is ended', async () => {
    const { deployment } = await verdictOf({ deployment: { timeout: '0.001s', tries: 1 } })
    expect(deployment?.problem).toBe('It was not done within 0.001 s.')
  })

  test('the champion is scored again on the newest labelled rows, which no training saw', async () => {
    const path = join(folder, `${made++}`)
    await mkdir(path)
    await withTables((tables) =>
      tables.writeParquet(
        `${flights.replace('repeatable (1)', 'repeatable (2)')} union all select '2030-01-01'::TIMESTAMP, 500, 'ATL', 'ORD', null`,
        join(path, 'flights.parquet'),
      ),
    )
    const spec = { description: '', path: 'flights.parquet', time: 'date' }
    const project = { path, datasets: { flights: datasetSpecSchema.parse(spec) } }
    const newest = { dataset: 'flights', span: '20d' }
    const options = { against: 'm@champion', newest, minImprovement: -1 }
    const verdict = await verdictOf(options, { champion: narrow, project })
    const [now, then] = verdict.comparisons ?? []
    expect(then).toMatchObject({ span: 'the newest 20d of flights', with: 'champion', version: 3, passed: true })
    // Of 1,200 test rows over three months the last 20 days; the row of 2030 has no label, so it dates nothing.
    expect(then?.rows).toBeGreaterThan(100)
    expect(then?.rows).toBeLessThan(now?.rows ?? 0)
    expect(then?.interval).toMatchObject({ resamples: 1_000 })
    const timeless = { path, datasets: { flights: datasetSpecSchema.parse({ path: 'flights.parquet' }) } }
    await expect(verdictOf(options, { champion: narrow, project: timeless })).rejects.toThrow(/does not say when/)
  })
})

describe('penguins', () => {
  test('three species are told apart, the same bits for the same seed', async () => {
    const options = { trainer: 'neural-network', epochs: 40 }
    const { prepared, model } = await trained(penguins, { target: 'Species' }, options)
    const again = await run(train, { options, inputs: { data: prepared.artifact } })
    const weights = (ran: Ran) => readFile(ran.artifact.files.get('weights.bin') ?? '')
    expect(await weights(again)).toEqual(await weights(model))
    const evaluated = await run(evaluate, { options: {}, inputs: { model: model.artifact, data: prepared.artifact } })
    const { metrics, confusion } = await readJson(evaluated.artifact, 'evaluation.json', evaluationSchema)
    expect(Object.keys(metrics).sort()).toEqual(['accuracy', 'logLoss', 'macroF1'])
    expect(metrics.accuracy).toBeGreaterThan(0.93)
    expect(confusion).toHaveLength(3)
  })

  test('a registered model is scored by name; one that does not exist skips the step', async () => {
    const { prepared, model } = await trained(penguins, { target: 'Species' }, { trainer: 'linear', epochs: 20 })
    const call = { options: { model: 'm@champion' }, inputs: { data: prepared.artifact } }
    const scored = await run(evaluate, { ...call, champion: model.artifact })
    expect(scored.values.get('version')).toBe(3)
    await expect(run(evaluate, call)).rejects.toThrow(SkipStep)
    await expect(run(evaluate, { ...call, options: {} })).rejects.toMatchObject({ code: 'parameter-invalid' })
  })
})

describe('cars', () => {
  test('consumption is regressed, and a gate that finds it wanting says so without failing', async () => {
    const { prepared, model } = await trained(cars, { target: 'Miles_per_Gallon' })
    const evaluated = await run(evaluate, { options: {}, inputs: { model: model.artifact, data: prepared.artifact } })
    const { metrics } = await readJson(evaluated.artifact, 'evaluation.json', evaluationSchema)
    expect(Object.keys(metrics).sort()).toEqual(['mae', 'r2', 'rmse'])
    expect(metrics.r2).toBeGreaterThan(0.75)
    const judged = await run(gate, {
      options: { thresholds: { rmse: 0.1 }, against: 'm@champion' },
      inputs: { evaluation: evaluated.artifact },
    })
    expect(judged.values.get('blessed')).toBe(false)
    expect(judged.values.get('reason')).toMatch(/^RMSE \d\.\d{3} on \d+ rows is above the limit of 0\.100\.$/)
    const compared = await run(gate, {
      options: { baseline: 'dummy', rule: '46 - Weight_in_lbs / 130', metric: 'mae' },
      inputs: { evaluation: evaluated.artifact },
    })
    const { comparisons = [] } = await readJson(compared.artifact, 'verdict.json', verdictSchema)
    expect(comparisons.map(({ name, metric }) => [name, metric])).toEqual([
      ['dummy', 'mae'],
      ['46 - Weight_in_lbs / 130', 'mae'],
    ])
    expect(comparisons[0]?.interval?.low).toBeGreaterThan(2)
  })
})

describe('bad input', () => {
  test('a target with one class is named', async () => {
    const data = await split(`select *, 'no' as answer from (${penguins})`)
    await expect(run(prepare, { options: { target: 'answer' }, inputs: { data } })).rejects.toMatchObject({
      code: 'target-unusable',
      message: /"no"/,
    })
  })
  test('a metric that the task does not have, a slice that was not made', async () => {
    const { prepared, model } = await trained(penguins, { target: 'Species' }, { trainer: 'linear', epochs: 2 })
    const { artifact: evaluation } = await run(evaluate, {
      options: {},
      inputs: { model: model.artifact, data: prepared.artifact },
    })
    const judge = (options: object) => run(gate, { options, inputs: { evaluation } })
    await expect(judge({ thresholds: { rmse: 1 } })).rejects.toMatchObject({ code: 'parameter-invalid' })
    await expect(judge({ slices: { column: 'Iland', maxDrop: 0 } })).rejects.toMatchObject({
      code: 'column-not-found',
      context: { nearest: 'Island' },
    })
    await expect(judge({ rule: "case when Species = 'Gentoo' then 'Gentoo' end" })).rejects.toThrow(/reads the target/)
    await expect(judge({ rule: 'Flipper' })).rejects.toMatchObject({ code: 'column-not-found' })
    await expect(judge({ rule: "'Gento'" })).rejects.toMatchObject({ context: { nearest: 'Gentoo' } })
    await expect(judge({ rule: "case when \"Island\" = 'Biscoe' then 'Gentoo' end" })).rejects.toThrow(/no answer for/)
    await expect(judge({ deployment: {} })).rejects.toThrow(/needs the model itself/)
    expect(() => gate.options.parse({ thresholds: { acu: 1 } })).toThrow()
  })
  test('class weights of classes that do not exist', async () => {
    const options = { trainer: 'linear', classWeights: { Adelei: 2 } }
    await expect(trained(penguins, { target: 'Species' }, options)).rejects.toMatchObject({
      code: 'parameter-invalid',
      context: { nearest: 'Adelie' },
    })
  })
})
