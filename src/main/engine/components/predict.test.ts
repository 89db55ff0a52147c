/** Batch prediction, held to what the inference server answers for the same rows. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { predictionReportSchema } from '#shared/batch-predictions.ts'
import type { ModelVersion, Signature } from '#shared/models.ts'
import type { Json } from '#shared/runs.ts'
import type { InputArtifact, StepContext, StepServices } from '../pipelines/component.ts'
import { unavailable } from '../pipelines/testing/workbench.ts'
import { binarySignature, multiclassSignature, regressionSignature, testRuntime } from '../serving/testing.ts'
import { trainFlightModel } from '../serving/testing-flights.ts'
import { parquetSource, withTables } from '../tables/duckdb.ts'
import { predictTable } from '../training/batch/predict-table.ts'
import { rowsToBatch } from '../training/rows.ts'
import { loadModel } from '../training/runtime.ts'
import { file } from './file.ts'
import { predict } from './predict.ts'

let folder = ''
let flightModel: ReadonlyMap<string, string> = new Map()
let made = 0
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'esteira-predict-'))
  const expressions = { long: 'case when distance > 1000 then origin else destination end' }
  flightModel = await trainFlightModel(join(folder, 'model'), { rows: 6_000, epochs: 1, expressions })
}, 60_000)
afterAll(() => rm(folder, { recursive: true, force: true }))

const anyRow = z.record(z.string(), z.json())

async function parquet(sql: string): Promise<string> {
  const path = join(folder, `${made++}.parquet`)
  await withTables((tables) => tables.writeParquet(sql, path))
  return path
}

function rowsOf(path: string): Promise<Record<string, Json>[]> {
  return withTables((tables) => tables.rows(`from ${parquetSource(path)}`, anyRow))
}

async function scratch(): Promise<string> {
  const path = join(folder, `scratch-${made++}`)
  await mkdir(path)
  return path
}

/** With a model that answers by arithmetic. */
async function predictWith(signature: Signature, sql: string, more: { keep?: string[]; signal?: AbortSignal } = {}) {
  const model = await testRuntime(signature).loadModel(new Map())
  const output = join(folder, `${made++}.parquet`)
  const { report, hidden } = await predictTable({
    ...{ model, input: await parquet(sql), output, keep: more.keep, score: true, seed: 1 },
    ...{ signal: more.signal ?? new AbortController().signal, scratchPath: await scratch(), onProgress: () => {} },
  })
  return { report, hidden, rows: await rowsOf(output) }
}

describe('predictTable', () => {
  it('answers what the inference server answers, bit by bit, expressions included', async () => {
    const march = join(import.meta.dirname, '../../../../resources/samples/flight-delay/data/flights-2001-03.parquet')
    const input = await parquet(`select *, delay >= 15 as late from ${parquetSource(march)}`)
    const output = join(folder, 'march.parquet')
    const model = await loadModel(flightModel)
    const signal = new AbortController().signal
    const keep = ['origin', 'late']
    const fractions: number[] = []
    const { report } = await predictTable({
      ...{ model, input, output, keep, score: true, seed: 1, signal, scratchPath: await scratch() },
      onProgress: (fraction) => fractions.push(fraction),
    })
    expect(report).toMatchObject({ rows: 40_000, predicted: 40_000, failed: 0, problems: [] })
    expect(report.scores).toMatchObject({ rows: 40_000, of: 40_000 })
    expect(fractions.at(-1)).toBe(1)
    const asked = await withTables((tables) => tables.rows(`from ${parquetSource(input)} limit 3000`, anyRow))
    const { signature } = model.manifest
    const names = signature.inputs.map(({ name }) => name)
    const bodies = asked.map((row) => Object.fromEntries(names.map((name) => [name, row[name]])))
    const served = await model.predict(rowsToBatch(signature, bodies))
    if (served.kind !== 'probabilities') throw new Error('a classifier')
    const written = (await rowsOf(output)).slice(0, 3_000)
    expect(written.map((row) => row.probability_true)).toEqual(asked.map((_, row) => served.probabilities[row * 2 + 1]))
    expect(Object.keys(written[0] ?? {})).toEqual([
      ...['origin', 'late', 'prediction', 'probability', 'probability_false', 'probability_true', 'problem'],
    ])
    expect(written.map(({ origin, late }) => ({ origin, late }))).toEqual(
      asked.map(({ origin, late }) => ({ origin, late })),
    )
    model.dispose()
  }, 60_000)

  it('keeps rows that cannot be predicted, in their place, with the reason, and counts them', async () => {
    const { report, rows } = await predictWith(
      binarySignature,
      `select * from (values
         (1, '20', 3.0, 'ATL', 'true', '2001-01-01T10:00:00Z', true),
         (2, 'far', 3.0, 'ATL', 'true', '2001-01-01', true),
         (3, null, 3.5, null, null, null, false),
         (4, '90', 'nan'::double, null, 'perhaps', 'yesterday', false),
         (5, 'inf', null, null, null, null, null)
       ) as flights(id, distance, hour, origin, weekend, date, late)`,
    )
    expect(rows.map(({ id, prediction, probability, problem }) => [id, prediction, probability, problem])).toEqual([
      [1, false, 0.8, null],
      [2, null, null, 'distance is not a finite number'],
      [3, null, null, 'distance is missing; hour is not a whole number'],
      [4, null, null, 'weekend is not true or false; date is not a date or time'],
      [5, null, null, 'distance is not a finite number'],
    ])
    expect(report).toEqual({
      rows: 5,
      predicted: 1,
      failed: 4,
      problems: [
        { problem: 'distance is not a finite number', rows: 2, first: [2, 5] },
        { problem: 'distance is missing; hour is not a whole number', rows: 1, first: [3] },
        { problem: 'weekend is not true or false; date is not a date or time', rows: 1, first: [4] },
      ],
      scores: { metrics: expect.objectContaining({ accuracy: 0 }), rows: 1, of: 1 },
    })
  })

  it('tells a row for which the model gives no finite number', async () => {
    const { report, rows } = await predictWith(regressionSignature, 'select unnest([1.5, 1e308, 2.0]) as x')
    expect(rows.map(({ x, prediction }) => [x, prediction])).toEqual([
      [1.5, 4],
      [1e308, null],
      [2, 5],
    ])
    expect(report).toMatchObject({ predicted: 2, failed: 1, problems: [{ first: [2] }] })
    expect(report.scores).toBeUndefined()
  })

  it('loses and displaces no row of several parts, whatever is kept', async () => {
    const sql = 'select i as id, (i % 3)::DOUBLE as length, 1.0 as width from range(300_000) t(i)'
    const { report, rows } = await predictWith(multiclassSignature, sql, { keep: ['id'] })
    expect(report.rows).toBe(300_000)
    const { classes } = multiclassSignature
    const misplaced = rows.filter(({ id, prediction }, row) => id !== row || prediction !== classes[row % 3])
    expect([rows.length, misplaced]).toEqual([300_000, []])
    const none = await predictWith(multiclassSignature, sql, { keep: [] })
    expect(Object.keys(none.rows[0] ?? {})).not.toContain('id')
  }, 60_000)

  it('says which columns are missing, unknown or taken', async () => {
    await expect(predictWith(regressionSignature, 'select 1 as X1')).rejects.toMatchObject({
      code: 'column-not-found',
      context: { found: 'x', nearest: 'X1' },
    })
    const sql = `select 1.0 as x, 'old' as prediction`
    await expect(predictWith(regressionSignature, sql, { keep: ['y'] })).rejects.toMatchObject({
      code: 'column-not-found',
    })
    await expect(predictWith(regressionSignature, sql, { keep: ['prediction'] })).rejects.toMatchObject({
      code: 'parameter-invalid',
    })
    const { hidden, rows } = await predictWith(regressionSignature, sql)
    expect(hidden).toEqual(['prediction'])
    expect(rows).toEqual([{ x: 1, prediction: 3, problem: null }])
    await expect(predictWith(regressionSignature, 'select 1.0 as x limit 0')).rejects.toMatchObject({
      code: 'dataset-empty',
    })
  })

  it('stops when it is cancelled', async () => {
    const abort = new AbortController()
    abort.abort(new Error('enough'))
    const rows = predictWith(regressionSignature, 'select i::DOUBLE as x from range(9000) t(i)', {
      signal: abort.signal,
    })
    await expect(rows).rejects.toThrow('enough')
  })
})

interface Ran {
  readonly outputs: Map<string, string>
  readonly values: Record<string, Json>
  readonly logs: string[]
}

async function runStep<Options>(
  component: { run(context: StepContext<Options>): Promise<void> },
  around: Partial<StepContext<Options>> & { options: Options },
  input?: InputArtifact,
): Promise<Ran> {
  const ran: Ran = { outputs: new Map(), values: {}, logs: [] }
  await component.run({
    project: { id: 'p', name: 'p', path: folder, datasets: {} },
    run: { id: 'r', pipeline: 'p', step: 'predict' },
    seed: 7,
    signal: new AbortController().signal,
    scratchPath: await scratch(),
    input: () => input ?? unexpected(),
    optionalInput: () => undefined,
    inputs: unexpected,
    output: (name) => ({
      path(fileName) {
        ran.outputs.set(`${name}/${fileName}`, join(folder, String(made++)))
        return ran.outputs.get(`${name}/${fileName}`) ?? ''
      },
      link: unexpected,
    }),
    log: (text) => ran.logs.push(text),
    progress() {},
    metric() {},
    value(name, value) {
      ran.values[name] = value
    },
    services: unavailable,
    ...around,
  })
  return ran
}

function unexpected(): never {
  throw new Error('not expected')
}

const fourthVersion: ModelVersion = {
  model: 'flight-delay',
  version: 4,
  createdAt: 0,
  projectId: 'p',
  runId: 'r',
  step: 'register',
  artifactHash: 'h',
  signature: binarySignature,
  metrics: {},
  aliases: [],
}

describe('data/file and model/predict', () => {
  const header = 'id,date,distance,origin,destination\n'

  it('predict the rows of a CSV file of the project, or of an upload', async () => {
    await writeFile(join(folder, 'in.csv'), `${header}7,2001-03-05T17:30:00Z,862,ORD,ATL\n8,2001-03-05,,ORD,ATL\n`)
    const read = await runStep(file, { options: file.options.parse({ file: 'in.csv' }) })
    expect(read.values).toEqual({ rows: 2 })
    const data = {
      type: 'table',
      hash: 'h',
      step: 'data',
      files: new Map([['data.parquet', read.outputs.get('data/data.parquet') ?? '']]),
    } as const
    const services: StepServices = {
      ...unavailable,
      uploadedFile: async () => join(folder, 'in.csv'),
      resolveModel: async () => ({ version: fourthVersion, files: flightModel }),
    }
    const uploaded = await runStep(file, { options: file.options.parse({ upload: 'x/in.csv' }), services })
    expect(uploaded.values).toEqual({ rows: 2 })
    const options = predict.options.parse({ model: 'flight-delay/4' })
    const ran = await runStep(predict, { options, services }, data)
    expect(ran.values).toMatchObject({ version: 4, rows: 2, predicted: 1, failed: 1 })
    expect(ran.logs).toEqual([expect.stringContaining('distance is missing (row 2)')])
    const report = JSON.parse(await readFile(ran.outputs.get('report/report.json') ?? '', 'utf8'))
    expect(predictionReportSchema.parse(report).problems).toHaveLength(1)
    const strict = predict.options.parse({ model: 'flight-delay/4', maxFailed: 0.1 })
    await expect(runStep(predict, { options: strict, services }, data)).rejects.toMatchObject({ code: 'data-invalid' })
  }, 60_000)

  it.each([
    ['json', '[{"x": 1, "y": "a"}, {"x": null, "y": "b"}]'],
    ['ndjson', '{"x": 1}\n{"x": 2}\n'],
  ])('read %s', async (extension, text) => {
    await writeFile(join(folder, `in.${extension}`), text)
    const read = await runStep(file, { options: file.options.parse({ file: `in.${extension}` }) })
    expect(read.values).toEqual({ rows: 2 })
  })

  it('need one file and stay in the project', async () => {
    await expect(runStep(file, { options: file.options.parse({}) })).rejects.toMatchObject({
      code: 'parameter-invalid',
    })
    await expect(runStep(file, { options: file.options.parse({ file: '../../etc/passwd' }) })).rejects.toMatchObject({
      code: 'path-outside-project',
    })
  })
})
