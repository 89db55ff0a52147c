import { describe, expect, it } from 'vitest'
import type { CheckSpec } from '#shared/monitors.ts'
import { checkSpecSchema } from '#shared/monitors.ts'
import type { Statistics } from '#shared/statistics.ts'
import { binsOfValues } from '../../data/sketches/number-bins.ts'
import { driftOutcome, predictionDriftOutcome } from './drift.ts'
import { judge } from './judge.ts'
import { missingLabelsOutcome, performanceOutcome, type ScoredRows } from './labels.ts'
import { wilsonInterval } from './proportion.ts'
import { qualityOutcome, servingSchema } from './quality.ts'
import { errorsOutcome, latencyOutcome, trafficOutcome } from './requests.ts'
import { stalenessOutcome } from './staleness.ts'

function spec<Kind extends CheckSpec['kind']>(kind: Kind, more: object = {}): CheckSpec & { kind: Kind } {
  const parsed = checkSpecSchema.parse({ kind, ...more })
  if (parsed.kind !== kind) throw new Error('another kind')
  return parsed as CheckSpec & { kind: Kind }
}

const figures = { answered: 95, failed: { overloaded: 4, 'input-invalid': 1 }, latencyMs: { 50: 2, 95: 8, 99: 30 } }

describe('requests', () => {
  it('traffic is requests a minute, refused ones among them', () => {
    const outcome = trafficOutcome(figures, 600_000)
    expect(outcome).toMatchObject({ value: 10, rows: 100 })
    const limits = spec('traffic', { warning: { above: 5, below: 1 }, critical: { above: 20 } })
    expect(judge({ spec: limits, minRows: 200 }, outcome).status).toBe('warning')
    const none = trafficOutcome({ answered: 0, failed: {}, latencyMs: {} }, 600_000)
    expect(judge({ spec: limits, minRows: 200 }, none)).toEqual({
      status: 'warning',
      reason: '0 requests a minute, below the limit of 1.',
    })
  })

  it('latency is that of the percentile asked for', () => {
    const outcome = latencyOutcome(figures, spec('latency'))
    expect(outcome).toMatchObject({ value: 30, rows: 95, parts: [{ name: 'p50' }, { name: 'p95' }, { value: 30 }] })
    const limits = spec('latency', { warning: { above: 20 }, critical: { above: 30 } })
    // The limit itself is within.
    expect(judge({ spec: limits, minRows: 10 }, outcome).status).toBe('warning')
    expect(judge({ spec: limits, minRows: 96 }, outcome).status).toBe('no-data')
  })

  it('errors are a share with the interval of Wilson', () => {
    const outcome = errorsOutcome(figures)
    expect(outcome.value).toBe(0.05)
    // Newcombe 1998, table I: 81 of 263, 15 of 148, 0 of 20, 1 of 29.
    const known = [
      [81, 263, 0.2553, 0.3662],
      [15, 148, 0.0624, 0.1605],
      [0, 20, 0, 0.1611],
      [1, 29, 0.0061, 0.1718],
    ] as const
    for (const [hits, rows, low, high] of known) {
      const interval = wilsonInterval(hits, rows)
      expect([interval?.low.toFixed(4), interval?.high.toFixed(4)]).toEqual([low.toFixed(4), high.toFixed(4)])
    }
    expect(outcome.parts[0]).toMatchObject({ name: 'overloaded', value: 0.04, rows: 4 })
  })

  it('a limit counts as crossed once the whole interval lies beyond it, unless the value is asked for', () => {
    const outcome = errorsOutcome(figures)
    const limit = { warning: { above: 0.04 } }
    expect(judge({ spec: spec('errors', limit), minRows: 1 }, outcome).status).toBe('ok')
    expect(judge({ spec: spec('errors', { ...limit, crossed: 'value' }), minRows: 1 }, outcome).status).toBe('warning')
    expect(judge({ spec: spec('errors', { warning: { above: 0.02 } }), minRows: 1 }, outcome)).toEqual({
      status: 'warning',
      reason: 'A share of 0.05 (0.02154 to 0.1118 with 95 % confidence), above the limit of 0.02.',
    })
    expect(judge({ spec: spec('errors'), minRows: 1 }, outcome).reason).toBe('A share of 0.05; there is no limit.')
  })
})

/** Normal-like numbers around a mean. */
function sample(mean: number, rows = 2_000): Statistics {
  const values = Array.from({ length: rows }, (_, index) => mean + Math.round(Math.sin(index) * 100) / 10)
  const counts = [...Map.groupBy(values, (value) => value)].map(([value, all]) => ({ value, count: all.length }))
  const histogram = { edges: [Math.min(...values), Math.max(...values)], counts: [rows] }
  const numeric = {
    min: Math.min(...values),
    max: Math.max(...values),
    mean,
    stdDev: 7,
    zeros: 0,
    nan: 0,
    infinite: 0,
    quantiles: Array.from({ length: 11 }, () => mean),
    histogram,
    bins: binsOfValues(counts),
  }
  const column = { type: 'number' as const, storageType: 'DOUBLE', missing: 0, distinct: counts.length, numeric }
  return {
    rows,
    columns: [
      { name: 'moved', ...column },
      { name: 'still', ...column, numeric: sampleStill(rows).numeric },
    ],
  }
}

function sampleStill(rows: number) {
  const counts = [
    { value: 1, count: rows / 2 },
    { value: 2, count: rows / 2 },
  ]
  return {
    numeric: {
      min: 1,
      max: 2,
      mean: 1.5,
      stdDev: 0.5,
      zeros: 0,
      nan: 0,
      infinite: 0,
      quantiles: Array.from({ length: 11 }, () => 1.5),
      histogram: { edges: [1, 2], counts: [rows] },
      bins: binsOfValues(counts),
    },
  }
}

describe('drift', () => {
  const request = {
    current: { of: { kind: 'requests' as const }, statistics: sample(12) },
    reference: { of: { kind: 'training' as const, model: 'flights', version: 3 }, statistics: sample(0) },
  }

  it('T5: is weighted by what the model leans on, with both distributions as evidence', () => {
    const outcome = driftOutcome(request, spec('drift'))
    expect(outcome.rows).toBe(2_000)
    expect(outcome.parts).toMatchObject([
      { name: 'moved', bad: true },
      { name: 'still', bad: false, value: 0 },
    ])
    const moved = outcome.parts[0]?.value ?? 0
    expect(moved).toBeGreaterThan(0.5)
    expect(outcome.value).toBeCloseTo(moved / 2, 12)
    expect(outcome.evidence.distributions.map(({ feature }) => feature)).toEqual(['moved', 'still'])
    expect(outcome.evidence.distributions[0]?.cells.length).toBeGreaterThan(5)
    const leaning = [{ name: 'still', mean: 0.3, deviation: 0 }]
    expect(driftOutcome({ ...request, importance: leaning }, spec('drift')).value).toBe(0)
  })

  it('T5: counts the columns that drifted, of those that are asked about', () => {
    expect(driftOutcome(request, spec('drift', { of: 'columns' }))).toMatchObject({ value: 1, unit: 'count' })
    expect(driftOutcome(request, spec('drift', { of: 'columns', columns: ['still'] })).value).toBe(0)
    expect(driftOutcome(request, spec('drift', { columns: ['gone'] })).value).toBeNull()
  })

  it('T5: concludes nothing from few rows or from nothing to compare with', () => {
    const nothing = { of: { kind: 'requests-before' as const }, statistics: { rows: 0, columns: [] } }
    const outcome = driftOutcome({ ...request, reference: nothing }, spec('drift'))
    expect(judge({ spec: spec('drift'), minRows: 0 }, outcome)).toMatchObject({ status: 'no-data' })
    const check = { spec: spec('drift', { warning: { above: 0.1 } }), minRows: 2_001 }
    expect(judge(check, driftOutcome(request, spec('drift'))).status).toBe('no-data')
    expect(judge({ ...check, minRows: 2_000 }, driftOutcome(request, spec('drift'))).status).toBe('warning')
  })

  it('of predictions is the distance of their one column', () => {
    const one = (statistics: Statistics) => ({ ...statistics, columns: statistics.columns.slice(0, 1) })
    const outcome = predictionDriftOutcome({
      current: { of: request.current.of, statistics: one(request.current.statistics) },
      reference: { of: request.reference.of, statistics: one(request.reference.statistics) },
    })
    expect(outcome.value).toBeGreaterThan(0.5)
    expect(outcome.evidence.distributions).toHaveLength(1)
  })
})

describe('labels', () => {
  const scored = (labelled: number, value: number): ScoredRows => ({
    rows: 1_000,
    labelled,
    metrics: { auc: { value, interval: { low: value - 0.05, high: value + 0.05, confidence: 0.95 } } },
  })
  const check = { spec: spec('performance', { metric: 'auc', warning: { below: 0.7 } }), minRows: 100 }

  it('T4: performance rests on labelled rows, and slices stand out by themselves', () => {
    const slices = [
      { slice: 'ORD', ...scored(300, 0.6) },
      { slice: 'SFO', ...scored(300, 0.68) },
      { slice: 'tiny', ...scored(20, 0.2) },
    ]
    const outcome = performanceOutcome(scored(800, 0.72), slices, check)
    expect(outcome).toMatchObject({ value: 0.72, rows: 800, metric: 'auc', interval: { confidence: 0.95 } })
    expect(outcome.parts.map(({ name, bad }) => [name, bad])).toEqual([
      ['ORD', true],
      ['SFO', false],
      ['tiny', false],
    ])
    expect(judge(check, outcome).status).toBe('ok')
    expect(judge(check, performanceOutcome(scored(800, 0.64), [], check)).status).toBe('warning')
    expect(judge(check, performanceOutcome(scored(99, 0.3), [], check)).status).toBe('no-data')
    expect(judge(check, performanceOutcome({ rows: 9, labelled: 0, metrics: {} }, [], check)).reason).toContain(
      'No label',
    )
  })

  it('missing ones are a share of those that were due', () => {
    expect(missingLabelsOutcome({ rows: 200, labelled: 150 })).toMatchObject({ value: 0.25, rows: 200 })
    expect(missingLabelsOutcome({ rows: 0, labelled: 0 })).toMatchObject({
      value: null,
      nothing: { kind: 'no-label-due' },
    })
  })
})

it('staleness counts stale and missing reads, by view', () => {
  const check = { spec: spec('feature-staleness', { warning: { above: 0.3 } }), minRows: 50 }
  const views = [
    { view: 'lateness', fresh: 20, stale: 70, missing: 10 },
    { view: 'weather', fresh: 100, stale: 0, missing: 0 },
  ]
  const outcome = stalenessOutcome(views, check)
  expect(outcome).toMatchObject({
    value: 0.4,
    rows: 200,
    parts: [
      { bad: true, value: 0.8 },
      { bad: false, value: 0 },
    ],
  })
  expect(judge(check, outcome).status).toBe('warning')
})

it('data quality asks of a schema what can be asked of requests', () => {
  const schema = servingSchema(
    {
      environments: ['TRAINING', 'SERVING'],
      newColumns: 'error',
      rows: { min: 1_000 },
      columns: { origin: { type: 'text' }, delay: { type: 'number' } },
    },
    ['origin', 'hour'],
  )
  expect(schema).toEqual({
    environments: ['TRAINING', 'SERVING'],
    newColumns: 'ignore',
    columns: { origin: { type: 'text' } },
  })
  const anomaly = {
    type: 'ENUM_TYPE_UNEXPECTED_STRING_VALUES' as const,
    severity: 'ERROR' as const,
    column: 'origin',
    short: '',
    description: 'New.',
    expected: '',
    found: '',
    examples: [],
    figures: { value: 0.2, faulty: 7 },
  }
  expect(qualityOutcome({ rows: 35, columns: [] }, [anomaly])).toMatchObject({
    value: 1,
    rows: 35,
    parts: [{ name: 'origin: ENUM_TYPE_UNEXPECTED_STRING_VALUES', value: 0.2, rows: 7, bad: true }],
  })
})
