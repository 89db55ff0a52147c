/** Performance estimated from scores alone, held against the labels: on flights of the sample that the model never saw. */
import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Run } from '#shared/runs.ts'
import { binsOfValues } from './data/sketches/number-bins.ts'
import { resourcesPath } from './kernel/app-paths.ts'
import { type EstimatedMetric, estimateOutcome, type LabelledScore, metricOf } from './monitoring/checks/estimate.ts'
import { labelledScores, readEvaluated } from './monitoring/looks/references.ts'
import { parquetSource, withTables } from './tables/duckdb.ts'
import { type SampleEngine, startSampleEngine } from './testing/sample-engine.ts'

/** A quarter of January to learn from, of which a part is kept apart. */
const train = `name: train
seed: 7
steps:
  extract:
    uses: data/extract
    with: { dataset: flights, where: "date < '2001-02-01' and hash(date, origin, destination, distance) % 4 = 0" }
  split: { uses: data/split, in: { data: extract }, with: { test: 0.4, validation: 0.1 } }
  prepare: { uses: data/prepare, in: { data: split }, with: { target: late } }
  train: { uses: model/train, in: { data: prepare }, with: { trainer: linear, epochs: 6 } }
  evaluate: { uses: model/evaluate, in: { model: train, data: prepare }, with: { importance: false, training: false } }
  register: { uses: model/register, in: { model: train }, with: { model: flights } }
`
/** Other flights of January, and some of each month after it. */
const others = `name: others
steps:
  extract:
    uses: data/extract
    with:
      dataset: flights
      where: "hash(date, origin, destination, distance) % 8 = case when date < '2001-02-01' then 1 else 2 end"
  score: { uses: model/evaluate, in: { data: extract }, with: { model: flights/1, importance: false } }
`

interface Flight {
  readonly date: Date
  readonly score: number
  readonly late: boolean
}

let sample: SampleEngine
let reference: LabelledScore[]
let flights: Flight[]

beforeAll(async () => {
  sample = await startSampleEngine()
  const data = join(resourcesPath, 'samples', 'flight-delay', 'data')
  for (const month of ['02', '03', '04', '05', '06']) {
    const file = `flights-2001-${month}.parquet`
    cpSync(join(data, file), join(sample.project, 'data', file))
  }
  sample.write('pipelines/train.yaml', train)
  sample.write('pipelines/others.yaml', others)
  const evaluation = await evaluationOf(await sample.run(), 'evaluate')
  const { signature } = await sample.client.call('getModelVersion', { params: { name: 'flights', version: 1 } })
  const version = { model: 'flights', version: 1, signature, package: new Map(), evaluation, importance: null }
  const evaluated = (await readEvaluated(version)) ?? expect.fail('there is no evaluation')
  reference = await withTables((tables) => labelledScores(tables, version, evaluated))
  flights = await scoredFlights(await evaluationOf(await sample.run({}, 'others'), 'score'))
}, 240_000)
afterAll(() => sample.stop())

/** The evaluation that a run made, as the files of its artifact. */
async function evaluationOf(run: Run, step: string): Promise<ReadonlyMap<string, string>> {
  expect(run.status).toBe('succeeded')
  const hash = run.steps.find(({ name }) => name === step)?.outputs.evaluation ?? ''
  const { files } = await sample.client.call('getArtifact', { params: { hash } })
  return new Map(files.map(({ name, sha256 }) => [name, join(sample.home, 'artifacts', sha256.slice(0, 2), sha256)]))
}

async function scoredFlights(evaluation: ReadonlyMap<string, string>): Promise<Flight[]> {
  const { signature } = await sample.client.call('getModelVersion', { params: { name: 'flights', version: 1 } })
  const version = { model: 'flights', version: 1, signature, package: new Map(), evaluation, importance: null }
  const { prediction } = (await readEvaluated(version)) ?? expect.fail('nothing was scored')
  const probabilities = prediction.kind === 'probabilities' ? prediction.probabilities : expect.fail('no scores')
  const source = parquetSource(evaluation.get('test.parquet') ?? '')
  const { columns, length } = await withTables((tables) =>
    tables.columns(`select date, late::INTEGER as late from ${source}`),
  )
  expect(probabilities).toHaveLength(2 * length)
  const [dates, labels] = [columns.get('date')?.values ?? [], columns.get('late')?.values ?? []]
  return Array.from({ length }, (_, row) => ({
    date: new Date(Number(dates[row])),
    score: probabilities[2 * row + 1] ?? 0,
    late: labels[row] === 1,
  }))
}

function compared(rows: readonly Flight[], metric: EstimatedMetric) {
  const known = [...Map.groupBy(rows, ({ score }) => score)]
    .map(([score, all]) => ({ score, rows: all.length, positives: all.filter(({ late }) => late).length }))
    .sort((a, b) => a.score - b.score)
  const scores = binsOfValues(known.map(({ score, rows: count }) => ({ value: score, count })))
  const of = { kind: 'evaluation' as const, model: 'flights', version: 1 }
  const { value, interval } = estimateOutcome({ scores, reference, metric, of })
  return {
    rows: rows.length,
    estimate: value ?? Number.NaN,
    interval,
    real: metricOf(metric, known),
    evaluated: metricOf(metric, reference),
  }
}

const inMonth = (month: number) => flights.filter(({ date }) => date.getUTCMonth() === month - 1)

describe('performance estimated without labels', () => {
  it('follows inputs that move: mornings are easier than what the model was evaluated on, evenings harder', () => {
    const morning = inMonth(1).filter(({ date }) => date.getUTCHours() < 9)
    const evening = inMonth(1).filter(({ date }) => date.getUTCHours() >= 17)
    for (const [rows, sign] of [
      [morning, 1],
      [evening, -1],
    ] as const) {
      const { rows: count, estimate, interval, real, evaluated } = compared(rows, 'accuracy')
      expect(count).toBeGreaterThan(1_000)
      expect(sign * (real - evaluated)).toBeGreaterThan(0.05)
      expect(Math.abs(estimate - real)).toBeLessThan(Math.abs(evaluated - real) / 2)
      expect(interval?.low).toBeLessThan(real)
      expect(interval?.high).toBeGreaterThan(real)
      const loss = compared(rows, 'logLoss')
      expect(Math.abs(loss.estimate - loss.real)).toBeLessThan(Math.abs(loss.evaluated - loss.real))
    }
  })

  it('is near to what the labels of later months say, as far as scores can know', () => {
    for (const month of [2, 3, 4, 5, 6]) {
      const auc = compared(inMonth(month), 'auc')
      expect(auc.rows).toBeGreaterThan(4_500)
      expect(auc.interval?.low).toBeLessThan(auc.real)
      expect(auc.interval?.high).toBeGreaterThan(auc.real)
      // That the same flights are late more often in some months, no score shows.
      const accuracy = compared(inMonth(month), 'accuracy')
      expect(Math.abs(accuracy.estimate - accuracy.real)).toBeLessThan(0.05)
    }
  })
})
