/**
 * The closed loop on the sample's months, without a person: requests of March and April are answered and logged, labels
 * come later, the monitor reads decay, its alert starts a training on the new data, the gate lets the model in, a canary brings
 * it to the traffic, and it answers. The timeline tells all of it in order.
 */
import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TimelineEntry } from '#shared/timeline.ts'
import { resourcesPath } from './kernel/app-paths.ts'
import { type SampleEngine, startSampleEngine } from './testing/sample-engine.ts'

const waitMs = 150_000

const train = `name: train
seed: 7
parameters: { from: 2001-01-01, to: 2001-02-01 }
steps:
  extract: { uses: data/extract, with: { dataset: flights, where: "date >= '\${{ params.from }}' and date < '\${{ params.to }}'", limit: 20000 } }
  split: { uses: data/split, in: { data: extract } }
  prepare: { uses: data/prepare, in: { data: split }, with: { target: late } }
  train: { uses: model/train, in: { data: prepare }, with: { trainer: linear, epochs: 4 } }
  evaluate: { uses: model/evaluate, in: { model: train, data: prepare } }
  gate:
    uses: model/gate
    in: { evaluation: evaluate, model: train }
    with: { metric: auc, thresholds: { auc: 0.55 }, against: flights@champion, minImprovement: -0.02, require: point }
  register: { uses: model/register, in: { model: train, verdict: gate }, with: { model: flights } }
  deploy:
    uses: model/deploy
    in: { version: register }
    with: { endpoint: flights, rollout: { kind: canary, steps: [0.5], hold: 2s, minimumRequests: 30, stop: { predictions: false, latencyP99: false } } }
triggers:
  - all: [{ alert: { monitor: quality, check: auc, severity: critical } }, { new-data: flights, debounce: 1s }]
    parameters: { from: "\${{ trigger.from }}", to: "\${{ trigger.to }}" }
`

/** January's test flights score about 0.67 here, the flights of March and April about 0.60. */
const monitor = `name: quality
endpoint: flights
window: 1h
every: 10s
minRows: 500
checks:
  auc: { kind: performance, metric: auc, crossed: value, warning: { below: 0.65 }, critical: { below: 0.64 } }
alerts:
  - checks: [auc]
`

let sample: SampleEngine
let projectId: string

beforeAll(async () => {
  sample = await startSampleEngine()
  sample.write('pipelines/train.yaml', train)
  expect((await sample.run()).status).toBe('succeeded')
  projectId = await sample.projectId()
}, waitMs)
afterAll(() => sample.stop())

async function lastDecision(): Promise<string> {
  const { triggers } = await sample.client.call('listTriggers')
  const [trigger] = triggers
  return trigger?.decision?.outcome ?? 'none'
}

/** New months of flights lie in the project, as an export would bring them. */
function bring(month: string): void {
  const file = join('data', `flights-${month}.parquet`)
  cpSync(join(resourcesPath, 'samples', 'flight-delay', file), join(sample.project, file))
}

async function post(path: string, body: unknown, id?: string): Promise<unknown> {
  const answer = await fetch(`${sample.engine.info().inferenceUrl}/models/flights/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(id !== undefined && { 'x-request-id': id }) },
    body: JSON.stringify(body),
  })
  expect(answer.status).toBeLessThan(300)
  return await answer.json()
}

/** Asks for flights of a month as an application would, and tells later what became of them. */
async function fly(month: string, count: number): Promise<void> {
  const { rows } = await sample.client.call('runSql', {
    params: { id: projectId },
    body: {
      sql: `SELECT * FROM (SELECT date, distance, origin, destination, late FROM flights WHERE strftime(date, '%Y-%m') = '${month}') USING SAMPLE reservoir(${count} ROWS) REPEATABLE (7)`,
      limit: count,
    },
  })
  const size = 250
  for (let from = 0; from < rows.length; from += size) {
    const id = `${month}-${from}`
    const batch = rows.slice(from, from + size)
    await post(
      'predict',
      { rows: batch.map(([date, distance, origin, destination]) => ({ date, distance, origin, destination })) },
      id,
    )
    await post('feedback', { labels: batch.map((row, index) => ({ id, row: index, label: row[4] })) })
  }
}

async function story(order: 'newest' | 'oldest' = 'oldest'): Promise<TimelineEntry[]> {
  const query = { order, limit: 1_000 }
  return (await sample.client.call('getTimeline', { params: { name: 'flights' }, query })).items
}

describe('the closed loop', () => {
  it('L1.2, T4: goes from decay to a new model in service by itself', { timeout: 2 * waitMs }, async () => {
    // From now on the trigger knows what is there.
    await expect.poll(lastDecision, { timeout: waitMs }).toMatch(/watching|not-met/)
    bring('2001-03')
    bring('2001-04')
    await fly('2001-03', 1_000)
    await fly('2001-04', 1_000)
    sample.write('monitors/quality.yaml', monitor)
    const answering = async () =>
      (await sample.client.call('getEndpoint', { params: { name: 'flights' } })).revision?.version
    const ask = async () => {
      for (let count = 0; count < 10; count++) {
        await post('predict', {
          rows: [{ date: '2001-04-02T10:00:00Z', distance: 500, origin: 'ORD', destination: 'ATL' }],
        })
      }
      return await answering()
    }
    await expect.poll(ask, { timeout: waitMs, interval: 500 }).toBe(2)
    const [alert] = (await sample.client.call('listAlerts', { query: { state: 'all' } })).items
    expect(alert).toMatchObject({ monitor: 'quality', check: 'auc', worst: 'critical' })
    const versions = await sample.client.call('listModelVersions', { params: { name: 'flights' }, query: {} })
    const [second, first] = versions.items
    // What was good on January's flights is not on those of March and April; the new model is better there, on the same rows.
    expect(alert?.reading.value).toBeLessThan((first?.metrics.auc ?? 0) - 0.03)
    expect(second?.verdict?.metrics.auc).toBeGreaterThan(0.55)
    expect(second?.verdict?.blessed).toBe(true)
    expect((await sample.engine.runs.ended(second?.runId ?? '')).status).toBe('succeeded')
  })

  it('reads as one timeline: each entry follows from the one before, with its evidence', async () => {
    const entries = await story()
    expect(entries.map(({ kind }) => kind)).toEqual([
      ...['run', 'gate', 'alias', 'revision'],
      ...['reading', 'alert', 'decision', 'run', 'gate', 'alias', 'revision', 'rollout', 'rollout'],
    ])
    const loop = entries.slice(4)
    const [reading, alert, decision, run, gate, alias, revision, canary, promotion] = loop
    expect(loop.map(({ follows }) => follows)).toEqual([
      null,
      ...[reading?.id, alert?.id, decision?.id, run?.id, run?.id, run?.id, revision?.id, canary?.id],
    ])
    expect(decision).toMatchObject({
      outcome: 'started',
      conditions: [
        { kind: 'alert', met: true, alert: { check: 'auc', severity: 'critical' } },
        { kind: 'new-data', met: true, rows: 80_000 },
      ],
    })
    expect(run).toMatchObject({
      pipeline: 'train',
      status: 'succeeded',
      startedBy: expect.stringMatching(/^trigger all of alert/),
    })
    expect(gate).toMatchObject({ blessed: true, model: 'flights', version: 2 })
    expect(alias).toMatchObject({ alias: 'champion', fromVersion: 1, toVersion: 2 })
    expect(revision).toMatchObject({ number: 2, version: 2, rollout: 'canary' })
    expect(canary).toMatchObject({ action: 'start', rollout: 'canary', version: 2, fromShare: 0, toShare: 0.5 })
    expect(promotion).toMatchObject({ action: 'promote', fromShare: 0.5, toShare: 1 })
    if (run?.kind !== 'run' || alert?.kind !== 'alert') throw new Error('no run or alert')
    // The evidence is there: the run has the span that was new, the alert its history.
    const { parameters } = await sample.client.call('getRun', { params: { id: run.runId } })
    expect(parameters).toMatchObject({
      from: expect.stringMatching(/^2001-01-31/),
      to: expect.stringMatching(/^2001-04-30/),
    })
    const { events } = await sample.client.call('getAlert', { params: { id: alert.alertId } })
    expect(events[0]).toMatchObject({ kind: 'raised', severity: 'critical' })
  })

  it('is told page by page, from either end', async () => {
    const whole = await story()
    expect(await story('newest')).toEqual(whole.toReversed())
    for (const order of ['oldest', 'newest'] as const) {
      const pages: TimelineEntry[] = []
      let cursor: string | undefined
      do {
        const query = { order, limit: 2, ...(cursor !== undefined && { cursor }) }
        const page = await sample.client.call('getTimeline', { params: { name: 'flights' }, query })
        pages.push(...page.items)
        cursor = page.nextCursor
      } while (cursor !== undefined)
      expect(pages).toEqual(order === 'oldest' ? whole : whole.toReversed())
    }
    const wrong = { params: { name: 'flights' }, query: { cursor: 'x' } }
    await expect(sample.client.call('getTimeline', wrong)).rejects.toMatchObject({
      problem: { code: 'invalid-request' },
    })
  })
})
