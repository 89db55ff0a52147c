/** The data components, one after the other, on the sample project. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import type { z } from 'zod'
import { anomalyReportSchema } from '#shared/anomalies.ts'
import { driftReportSchema } from '#shared/drift.ts'
import { projectSpecSchema } from '#shared/projects.ts'
import type { ArtifactType, Json } from '#shared/runs.ts'
import { statisticsSchema } from '#shared/statistics.ts'
import type { Component, InputArtifact, ResolvedModel, StepProject } from '../pipelines/component.ts'
import { SkipStep } from '../pipelines/component.ts'
import { drift } from './drift.ts'
import { extract } from './extract.ts'
import { split } from './split.ts'
import { statistics } from './statistics.ts'
import { validate } from './validate.ts'

const path = join(import.meta.dirname, '../../../../resources/samples/flight-delay')
let folder = ''
let project: StepProject = { id: 'p', name: 'flight-delay', path, datasets: {} }
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'esteira-components-'))
  const spec = projectSpecSchema.parse(parse(await readFile(join(path, 'esteira.yaml'), 'utf8')))
  project = { ...project, datasets: spec.datasets }
})
afterAll(async () => {
  await rm(folder, { recursive: true })
})

interface Ran {
  readonly outputs: Record<string, InputArtifact>
  readonly values: Record<string, Json>
  readonly logs: string[]
}

let steps = 0
async function runStep<Options extends z.ZodType>(
  component: Component<Options>,
  options: z.input<Options>,
  inputs: Record<string, InputArtifact> = {},
  model?: ResolvedModel,
): Promise<Ran> {
  const stepPath = join(folder, String(steps++))
  await mkdir(join(stepPath, 'scratch'), { recursive: true })
  const ran: Ran = { outputs: {}, values: {}, logs: [] }
  const files = new Map<string, Map<string, string>>()
  const input = (name: string) => inputs[name] ?? unexpected(`no input ${name}`)
  await component.run({
    options: component.options.parse(options),
    project,
    run: { id: 'r', pipeline: 'train', step: basename(component.name) },
    seed: 7,
    signal: new AbortController().signal,
    scratchPath: join(stepPath, 'scratch'),
    input,
    optionalInput: (name) => inputs[name],
    inputs: (name) => [input(name)],
    output(name) {
      const ofOutput = files.get(name) ?? new Map<string, string>()
      files.set(name, ofOutput)
      const type: ArtifactType = component.outputs[name]?.type ?? unexpected(`no output ${name}`)
      ran.outputs[name] = { type, hash: 'h', step: basename(component.name), files: ofOutput }
      return {
        path(fileName) {
          ofOutput.set(fileName, join(stepPath, `${name}-${ofOutput.size}`))
          return ofOutput.get(fileName) ?? ''
        },
        link: () => unexpected('no link'),
      }
    },
    log: (text) => ran.logs.push(text),
    progress() {},
    metric() {},
    value(name, value) {
      ran.values[name] = value
    },
    services: {
      resolveModel: async () => model,
      registerVersion: () => unexpected('registerVersion'),
      keepFeatureView: () => unexpected('keepFeatureView'),
      moveAlias: () => unexpected('moveAlias'),
      requestApproval: () => unexpected('requestApproval'),
      planDeployment: () => unexpected('planDeployment'),
      answering: async () => undefined,
      deploy: () => unexpected('deploy'),
      measuredBefore: async () => undefined,
      uploadedFile: () => unexpected('uploadedFile'),
      featureStore: () => unexpected('featureStore'),
    },
  })
  return ran
}

function unexpected(what: string): never {
  throw new Error(`Not expected: ${what}.`)
}

function output(ran: Ran, name: string): InputArtifact {
  return ran.outputs[name] ?? unexpected(`no output ${name}`)
}

async function json<T>(artifact: InputArtifact, name: string, schema: z.ZodType<T>): Promise<T> {
  return schema.parse(JSON.parse(await readFile(artifact.files.get(name) ?? '', 'utf8')))
}

const february = "date >= '2001-02-01' and date < '2001-03-01'"

describe('the data components', () => {
  it('extract, describe, check and split the flights', async () => {
    const extracted = await runStep(extract, { dataset: 'flights', where: february })
    expect(extracted.values).toEqual({ rows: 40_000 })
    const data = output(extracted, 'data')
    const described = await runStep(statistics, {}, { data })
    expect(described.values).toEqual({ rows: 40_000, columns: 5 })
    const result = await json(output(described, 'statistics'), 'statistics.json', statisticsSchema)
    expect(result.columns.map(({ name }) => name)).toEqual(['date', 'distance', 'origin', 'destination', 'late'])
    const checked = await runStep(validate, { schema: 'schemas/flights.yaml' }, described.outputs)
    expect(checked.values).toMatchObject({ anomalies: 0, errors: 0, stop: false, retrain: false })
    const divided = await runStep(split, { by: 'time', column: 'date' }, { data })
    expect(Object.values(divided.values).reduce<number>((sum, rows) => sum + Number(rows), 0)).toBe(40_000)
    expect([...output(divided, 'splits').files.keys()]).toEqual(['train.parquet', 'validation.parquet', 'test.parquet'])
  })

  it('compare a month with another and with the data of a model', async () => {
    const month = async (number: number) => {
      const where = `month(date) = ${number}`
      const { outputs } = await runStep(extract, { dataset: 'flights', where, columns: ['distance', 'late'] })
      return output(await runStep(statistics, {}, outputs), 'statistics')
    }
    const [january, may] = [await month(1), await month(5)]
    const ran = await runStep(drift, { thresholds: { late: 0.04 } }, { statistics: may, reference: january })
    expect(ran.values).toMatchObject({ drifted: 1, verdict: 'stable' })
    const report = await json(output(ran, 'drift'), 'drift.json', driftReportSchema)
    expect(report).toMatchObject({ currentRows: 40_000, referenceRows: 40_000 })
    expect(report.results[1]).toMatchObject({ feature: 'late', measure: 'l-infinity', drifted: true, threshold: 0.04 })
    expect(report.summary?.weightedDrift).toBeLessThan(0.1)
    await expect(runStep(drift, { against: 'm@champion' }, { statistics: may })).rejects.toBeInstanceOf(SkipStep)
    await expect(runStep(drift, {}, { statistics: may })).rejects.toMatchObject({ code: 'invalid-usage' })
  })
})

describe('data/drift', () => {
  async function rows(where: string) {
    const { outputs } = await runStep(extract, { dataset: 'flights', where, columns: ['distance', 'origin', 'late'] })
    const data = outputs.data ?? unexpected('no data')
    return { data, statistics: output(await runStep(statistics, {}, { data }), 'statistics') }
  }

  it('L1.7, T5: weighs columns by importance, marks the target, tells rows apart, follows the schema', async () => {
    const schema = join(folder, 'drift.yaml')
    await writeFile(
      schema,
      `columns:
  distance: { type: integer, drift: { measure: wasserstein, threshold: 0.2 } }
  origin: { type: text, drift: { threshold: 0.3 } }
  gone: { type: text, drift: { threshold: 0.3 } }\n`,
    )
    try {
      const [near, far] = [await rows('distance < 500'), await rows('distance >= 500')]
      project = { ...project, path: folder }
      const importance = {
        metric: 'auc',
        rows: 9,
        repeats: 5,
        inputs: [
          { name: 'distance', mean: 0.03, deviation: 0 },
          { name: 'origin', mean: 0.01, deviation: 0 },
        ],
      }
      const file = join(folder, 'evaluation.json')
      await writeFile(
        file,
        JSON.stringify({ task: 'binary', target: 'late', classes: [], rows: 9, metrics: {}, slices: [], importance }),
      )
      const ran = await runStep(
        drift,
        { schema: 'drift.yaml', target: 'late', thresholds: { origin: 0.9 } },
        {
          statistics: near.statistics,
          reference: far.statistics,
          evaluation: { type: 'evaluation', hash: 'h', step: 'evaluate', files: new Map([['evaluation.json', file]]) },
          data: near.data,
          referenceData: far.data,
        },
      )
      const report = await json(output(ran, 'drift'), 'drift.json', driftReportSchema)
      expect(report.results).toMatchObject([
        { feature: 'distance', measure: 'wasserstein', threshold: 0.2, drifted: true, weight: 0.75 },
        { feature: 'origin', measure: 'l-infinity', threshold: 0.9, drifted: false, weight: 0.25 },
        { feature: 'late', target: true, weight: null },
      ])
      expect(report.results[0]?.measures).toHaveLength(4)
      expect(report.multivariate).toMatchObject({ drifted: true, columns: ['distance', 'origin'] })
      expect(report.multivariate?.auc).toBeGreaterThan(0.99)
      expect(report.summary).toMatchObject({ verdict: 'retrain', weights: expect.stringContaining('auc') })
      expect(ran.values).toMatchObject({ verdict: 'retrain', weightedDrift: report.summary?.weightedDrift })
    } finally {
      project = { ...project, path }
    }
  }, 60_000)
})

describe('data/extract', () => {
  it('takes the columns and the number of rows asked for', async () => {
    const { outputs } = await runStep(extract, { dataset: 'flights', columns: ['late', 'origin'], limit: 10 })
    const described = await runStep(statistics, {}, outputs)
    expect(described.values).toEqual({ rows: 10, columns: 2 })
  })

  it('knows its source files', async () => {
    const sources = await extract.sources?.({ dataset: 'flights' }, project)
    expect(sources?.map((file) => basename(file))).toEqual([
      'esteira.yaml',
      ...[1, 2, 3, 4, 5, 6].map((month) => `flights-2001-0${month}.parquet`),
    ])
  })

  it.each([
    [{ dataset: 'fligths' }, { code: 'dataset-not-found', context: { nearest: 'flights' } }],
    [
      { dataset: 'flights', columns: ['orgin'] },
      { code: 'column-not-found', context: { nearest: 'origin' } },
    ],
    [{ dataset: 'flights', where: "date > '2020-01-01'" }, { code: 'dataset-empty' }],
    [
      { dataset: 'flights', where: 'delay > 1' },
      { code: 'query-failed', context: { allowed: expect.stringContaining('distance') } },
    ],
    [{ dataset: 'flights', where: '1); drop view source; select (1' }, { code: 'query-failed' }],
    [
      { dataset: 'flights', where: 'date >' },
      { code: 'query-failed', context: { where: 'the option "where"' } },
    ],
  ])('refuses %j', async (options, problem) => {
    await expect(runStep(extract, options)).rejects.toMatchObject(problem)
  })
})

describe('data/validate', () => {
  it('stops at anomalies unless told otherwise, and reports them all', async () => {
    const { outputs } = await runStep(extract, { dataset: 'flights', columns: ['date', 'late'], limit: 100 })
    const described = await runStep(statistics, {}, outputs)
    const schema = 'schemas/flights.yaml'
    const stopped = runStep(validate, { schema }, described.outputs)
    await expect(stopped).rejects.toMatchObject({
      code: 'data-invalid',
      message: 'DATASET_LOW_NUM_EXAMPLES: The dataset has 100 rows, fewer than 1000. (and 3 more)',
      context: { problems: expect.arrayContaining([expect.objectContaining({ path: 'columns.distance' })]) },
    })
    const passed = await runStep(validate, { schema, stopOn: 'never' }, described.outputs)
    const report = await json(output(passed, 'anomalies'), 'anomalies.json', anomalyReportSchema)
    expect(report.anomalies.map(({ column }) => column)).toEqual([undefined, 'distance', 'origin', 'destination'])
  })

  it('is taken from the cache unless freshness depends on when it runs', async () => {
    const schemas = join(folder, 'schemas')
    await mkdir(schemas, { recursive: true })
    await writeFile(
      join(schemas, 'fresh.yaml'),
      'freshness: { maxAge: 1d, column: date }\ncolumns: { date: { type: timestamp } }\n',
    )
    await writeFile(join(schemas, 'any.yaml'), 'columns: { date: { type: timestamp } }\n')
    const { cacheable } = validate
    if (typeof cacheable === 'boolean') throw new Error('it depends on the schema')
    const ask = (options: object) => cacheable(validate.options.parse(options), { ...project, path: folder })
    expect(await ask({ schema: 'schemas/any.yaml' })).toBe(true)
    expect(await ask({ schema: 'schemas/fresh.yaml' })).toBe(false)
    expect(await ask({ schema: 'schemas/fresh.yaml', at: '2001-03-01' })).toBe(true)
  })

  it('judges freshness at a given time', async () => {
    const schemas = join(folder, 'schemas')
    await mkdir(schemas, { recursive: true })
    await writeFile(
      join(schemas, 'flights.yaml'),
      'newColumns: ignore\nfreshness: { maxAge: 2d }\ncolumns: { date: { type: timestamp } }\n',
    )
    const { outputs } = await runStep(extract, { dataset: 'flights', where: february, columns: ['date'] })
    const described = await runStep(statistics, {}, outputs)
    const before = project
    project = { ...project, path: folder }
    try {
      const check = (at: string) => runStep(validate, { schema: 'schemas/flights.yaml', at }, described.outputs)
      expect((await check('2001-03-02')).values).toMatchObject({ stop: false })
      await expect(check('2001-03-09')).rejects.toMatchObject({
        code: 'data-invalid',
        message: expect.stringContaining('DATASET_STALE: The newest row is of 2001-02-28T'),
      })
    } finally {
      project = before
    }
  })

  it('names a schema file that is not there, or not inside', async () => {
    const sources = (schema: string) => validate.sources?.(validate.options.parse({ schema }), project)
    await expect(sources('schemas/fligths.yaml')).rejects.toMatchObject({ context: { nearest: 'flights.yaml' } })
    await expect(sources('../../x.yaml')).rejects.toMatchObject({ code: 'path-outside-project' })
  })
})
