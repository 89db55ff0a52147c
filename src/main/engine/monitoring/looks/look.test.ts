import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type CheckSpec, checkSpecSchema } from '#shared/monitors.ts'
import { computeStatistics } from '../../data/statistics.ts'
import { RequestLog } from '../../serving/request-log/request-log.ts'
import { answeredRequest, servedModel } from '../../serving/request-log/testing.ts'
import { binarySignature } from '../../serving/testing.ts'
import { withTables } from '../../tables/duckdb.ts'
import { writePredictions } from '../../training/predictions-file.ts'
import { look } from './look.ts'
import type { JudgedVersion, LookAnswer, LookQuestion } from './questions.ts'
import { hourMs } from './windows.ts'

/** Midnight. */
const start = Date.parse('2021-03-01T00:00:00Z')
const now = start + 4 * hourMs
let path: string
let version: JudgedVersion

/** 100 requests an hour: in the third and fourth hour from further away, with lower scores. */
function requestAt(index: number) {
  const at = start + index * (hourMs / 100)
  const isLate = index >= 200
  const distance = (isLate ? 2_000 : 500) + ((index * 37) % 400)
  const score = ((index * 13) % 100) / 100 / (isLate ? 2 : 1)
  return { at, score, row: { distance, hour: index % 24, origin: index % 3 === 0 ? 'ORD' : 'SFO', weekend: false } }
}

beforeAll(async () => {
  path = mkdtempSync(join(tmpdir(), 'esteira-look-'))
  const log = new RequestLog({ path: join(path, 'requests'), now: () => start })
  for (let index = 0; index < 400; index++) {
    const { at, score, row } = requestAt(index)
    const view = { view: 'lateness', viewVersion: 'v', entity: { origin: row.origin }, gap: null, asOf: at, values: {} }
    const status = index % 10 === 0 ? ('stale' as const) : ('fresh' as const)
    const reads = [[{ ...view, status, eventTime: null, knownAt: null, ageMs: null }]]
    const rows = [row]
    const answer = { id: `r${index}`, at, latencyMs: index % 100, rows, outputs: [1 - score, score], reads }
    log.answered(servedModel(), answeredRequest(answer))
    // What a shadow answers is no prediction.
    log.answered(servedModel(2), answeredRequest({ ...answer, role: 'shadow', outputs: [0, 1] }))
  }
  for (let index = 0; index < 10; index++) {
    log.failed({ id: `f${index}`, endpoint: 'flights', at: now - 5, latencyMs: 1, revision: 1, code: 'overloaded' })
  }
  await log.flush()
  version = await judgedVersion()
})
afterAll(() => rmSync(path, { recursive: true, force: true }))

/** Trained and evaluated on what the first two hours look like. */
async function judgedVersion(): Promise<JudgedVersion> {
  const early = Array.from({ length: 200 }, (_, index) => requestAt(index))
  const rows = join(path, 'test.parquet')
  const statistics = await withTables(async (tables) => {
    const values = early.map(({ row, score }, index) => {
      // Higher scores are late more often.
      const late = (index * 7) % 10 < score * 10
      return `(${row.distance}::double, ${row.hour}::bigint, '${row.origin}', false, timestamp '2001-03-05', ${late})`
    })
    const sql = `select * from (values ${values.join(', ')}) as t(distance, hour, origin, weekend, date, late)`
    await tables.writeParquet(sql, rows)
    return await computeStatistics(tables, sql)
  })
  const file = (name: string, content: string) => {
    writeFileSync(join(path, name), content)
    return [name, join(path, name)] as const
  }
  const evaluation = { task: 'binary', target: 'late', classes: ['false', 'true'], rows: 200, metrics: {}, slices: [] }
  const probabilities = Float64Array.from(early.flatMap(({ score }) => [1 - score, score]))
  const predictions = join(path, 'predictions.f64')
  await writePredictions(predictions, { kind: 'probabilities', classes: ['false', 'true'], probabilities })
  return {
    model: 'flight-delay',
    version: 1,
    signature: { ...binarySignature, target: 'late', classes: ['false', 'true'] },
    package: new Map([file('training-statistics.json', JSON.stringify(statistics))]),
    evaluation: new Map([
      file('evaluation.json', JSON.stringify(evaluation)),
      ['predictions.f64', predictions],
      ['test.parquet', rows],
    ]),
    importance: null,
  }
}

async function ask(specs: Record<string, object>, more: Partial<LookQuestion> = {}, span = { from: start, to: now }) {
  const checks = Object.entries(specs).map(([name, spec]) => {
    const parsed: CheckSpec = checkSpecSchema.parse(spec)
    const window = { kind: 'sliding' as const, lengthMs: 1 }
    return { check: { name, spec: parsed, window, minRows: 10 }, window: span }
  })
  const place = { endpoint: 'flights', logPath: join(path, 'requests'), folder: path, known: [], settledUntil: now }
  const progress: number[] = []
  const answer: LookAnswer = await look(
    { ...place, checks, version, ...more },
    {
      open: (work) => withTables(work),
      scratchPath: path,
      signal: new AbortController().signal,
      onProgress: (done) => progress.push(done),
    },
  )
  expect(progress).toEqual(checks.map((_, index) => index + 1))
  return answer
}

async function one(spec: object, more?: Partial<LookQuestion>, span?: { from: number; to: number }) {
  const { outcomes } = await ask({ it: spec }, more, span)
  const [outcome] = outcomes
  if (outcome === undefined) throw new Error('no outcome')
  return outcome
}

const lastTwoHours = { from: start + 2 * hourMs, to: now }

describe('a look at the request log', () => {
  it('counts requests, how fast they were and how they failed', async () => {
    const { outcomes } = await ask({
      a: { kind: 'traffic' },
      b: { kind: 'latency', percentile: 90 },
      c: { kind: 'errors' },
    })
    expect(outcomes.map(({ value }) => value)).toEqual([410 / 240, expect.closeTo(89.1, 5), 10 / 410])
    expect(outcomes[2]?.parts).toMatchObject([{ name: 'overloaded', rows: 10 }])
  })

  it('T5: finds that inputs moved, from sketches by the hour', async () => {
    expect(await one({ kind: 'drift' }, {}, { from: start, to: start + 2 * hourMs })).toMatchObject({
      value: 0,
      rows: 200,
    })
    const moved = await one({ kind: 'drift', measures: { distance: 'wasserstein' } }, {}, lastTwoHours)
    expect(moved.value).toBeGreaterThan(0.1)
    expect(moved.parts.filter(({ bad }) => bad).map(({ name }) => name)).toEqual(['distance'])
    expect(moved.evidence.distributions.find(({ feature }) => feature === 'origin')?.cells).toMatchObject([
      { value: 'SFO' },
      { value: 'ORD' },
    ])
    const before = await one({ kind: 'drift', against: 'previous', of: 'columns' }, {}, lastTwoHours)
    expect(before).toMatchObject({ value: 1, rows: 200, evidence: { referenceRows: 200 } })
  })

  it('finds that predictions moved, of the version that answers alone', async () => {
    const still = await one({ kind: 'prediction-drift' }, {}, { from: start, to: start + 2 * hourMs })
    expect(still).toMatchObject({ value: 0, rows: 200 })
    expect((await one({ kind: 'prediction-drift' }, {}, lastTwoHours)).value).toBeGreaterThan(0.3)
    expect((await one({ kind: 'prediction-drift', against: 'previous' }, {}, lastTwoHours)).value).toBeGreaterThan(0.3)
    const other = await one({ kind: 'prediction-drift' }, { version: { ...version, version: 7 } })
    expect(other.rows).toBe(0)
  })

  it('estimates performance from scores alone', async () => {
    const early = await one(
      { kind: 'estimated-performance', metric: 'accuracy' },
      {},
      { from: start, to: start + 2 * hourMs },
    )
    const known = early.evidence.figures['accuracy of the evaluation'] ?? 0
    expect(early.rows).toBe(200)
    expect(known).toBeGreaterThan(0.5)
    expect(Math.abs((early.value ?? 0) - known)).toBeLessThan(0.05)
    const without = await one(
      { kind: 'estimated-performance', metric: 'auc' },
      { version: { ...version, evaluation: null } },
    )
    expect(without).toMatchObject({ value: null, unit: 'metric', nothing: { kind: 'no-evaluation', version: 1 } })
  })

  it('counts stale features, and holds inputs against a schema', async () => {
    expect(await one({ kind: 'feature-staleness' })).toMatchObject({
      value: 0.1,
      rows: 400,
      parts: [{ name: 'lateness' }],
    })
    writeFileSync(
      join(path, 'schema.yaml'),
      `rows: { min: 100000 }
columns:
  distance: { type: number, domain: { max: 2100 } }
  origin: { type: text, domain: { values: [ORD] } }
  late: { type: boolean, presence: { minFraction: 1 }, notIn: [SERVING] }
`,
    )
    const found = await one({ kind: 'data-quality', schema: 'schema.yaml' })
    expect(found.nothing).toBeUndefined()
    expect(found.parts.map(({ name }) => name)).toEqual([
      'distance: FLOAT_TYPE_BIG_FLOAT',
      'origin: ENUM_TYPE_UNEXPECTED_STRING_VALUES',
    ])
    const missing = await one({ kind: 'data-quality', schema: 'schemas.yaml' })
    expect(missing).toMatchObject({
      value: null,
      unit: 'count',
      nothing: { kind: 'problem', problem: expect.stringContaining('schemas.yaml') },
    })
  })

  it('reads an hour once, and a window gives the same from what is known', async () => {
    const specs = { drift: { kind: 'drift' }, predictions: { kind: 'prediction-drift' } }
    const cut = { from: start + hourMs / 2, to: start + 3 * hourMs + 1_000 }
    const first = await ask(specs, { settledUntil: start + 3 * hourMs }, cut)
    const own = first.hours.filter(({ revision }) => revision === 1)
    expect(own.map(({ hour, rows }) => [hour, rows])).toEqual([
      [start + hourMs, 100],
      [start + 2 * hourMs, 100],
    ])
    // The shadow answered nobody: its hours are known to be empty.
    expect(first.hours.filter(({ revision }) => revision === 2).map(({ rows }) => rows)).toEqual([0, 0])
    const again = await ask(specs, { known: first.hours, settledUntil: start + 3 * hourMs }, cut)
    expect(again.hours).toEqual([])
    expect(again.outcomes).toEqual(first.outcomes)
    expect(first.outcomes[0]?.rows).toBe(251)
    // Rows may still come to an hour that is not settled.
    const early = await ask(specs, { settledUntil: start + 2 * hourMs }, cut)
    expect(early.hours.filter(({ revision }) => revision === 1)).toHaveLength(1)
  })

  it('says so where nothing answers', async () => {
    expect(await one({ kind: 'drift' }, { version: null })).toMatchObject({
      value: null,
      nothing: { kind: 'no-model' },
    })
  })
})
