import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { EngineEvent } from '#shared/events.ts'
import type { Reading } from '#shared/monitors.ts'
import { type SampleEngine, startSampleEngine } from './testing/sample-engine.ts'

const monitor = `name: watch
endpoint: flights
window: 1h
# Never by itself in this test.
every: 365d
minRows: 50
checks:
  traffic: { kind: traffic, warning: { below: 100000 } }
  latency: { kind: latency, critical: { above: 60000 } }
  errors: { kind: errors, warning: { above: 0.5 } }
  drift: { kind: drift, warning: { above: 0.05 } }
  same: { kind: drift, columns: [distance] }
  predictions: { kind: prediction-drift, warning: { above: 0.9 } }
  estimate: { kind: estimated-performance, metric: accuracy, critical: { below: 0.1 } }
  accuracy: { kind: performance, metric: accuracy, slice: destination, warning: { below: 0.99 } }
  labels: { kind: missing-labels, after: 1s, warning: { above: 0.1 } }
  quality: { kind: data-quality, schema: schemas/flights.yaml, warning: { above: 0 } }
alerts:
  - { checks: [traffic], after: 1 }
`

let sample: SampleEngine
let projectId: string
const events: EngineEvent[] = []

beforeAll(async () => {
  sample = await startSampleEngine()
  sample.write('monitors/watch.yaml', monitor)
  expect((await sample.run()).status).toBe('succeeded')
  projectId = await sample.projectId()
  await askForPredictions()
  await sendLabels()
  sample.engine.events.subscribe((event) => events.push(event))
}, 120_000)
afterAll(() => sample.stop())

/** All flights leave from one airport, which is not what the model learned. */
async function askForPredictions(): Promise<void> {
  const rows = Array.from({ length: 120 }, (_, index) => ({
    date: `2001-01-${String((index % 28) + 1).padStart(2, '0')}T${String(index % 24).padStart(2, '0')}:00:00Z`,
    distance: 200 + ((index * 61) % 1_500),
    origin: 'GUM',
    destination: index % 2 === 0 ? 'HNL' : 'ORD',
  }))
  const url = `${sample.engine.info().inferenceUrl}/models/flights/predict`
  for (const [index, batch] of [rows.slice(0, 60), rows.slice(60), [{ nothing: 1 }]].entries()) {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-request-id': `batch-${index}` },
      body: JSON.stringify({ rows: batch }),
    })
    expect(answer.status).toBe(batch.length > 1 ? 200 : 422)
  }
}

/** Of the first sixty predictions; half of the flights were late. */
async function sendLabels(): Promise<void> {
  const labels = Array.from({ length: 60 }, (_, row) => ({ id: 'batch-0', row, label: String(row % 4 < 2) }))
  await sample.client.call('sendFeedback', { params: { name: 'flights' }, body: { labels } })
}

const look = () => sample.client.call('lookAtMonitor', { params: { id: projectId, name: 'watch' } })

/** Lines come to the log a moment after the answer. */
async function lookUntilLogged(): Promise<Map<string, Reading>> {
  for (;;) {
    const readings = new Map((await look()).map((reading) => [reading.check, reading]))
    const rowsOf = (check: string) => readings.get(check)?.rows ?? 0
    if (rowsOf('errors') >= 3 && rowsOf('labels') >= 120 && rowsOf('accuracy') >= 60) return readings
  }
}

describe('a monitor of an endpoint that was asked', () => {
  it('T5: finds what changed in production, with the evidence of each reading', { timeout: 120_000 }, async () => {
    const readings = await lookUntilLogged()
    const of = (check: string) => readings.get(check) ?? expect.fail(`no reading of ${check}`)
    expect(of('traffic')).toMatchObject({ status: 'warning', rows: 3, value: 3 / 60, model: null })
    expect(of('latency')).toMatchObject({ status: 'no-data', rows: 2, value: null })
    expect(of('errors')).toMatchObject({ status: 'no-data', rows: 3 })
    expect(of('drift')).toMatchObject({ status: 'warning', rows: 120, model: 'flights', version: 1 })
    expect(
      of('drift')
        .parts.filter(({ bad }) => bad)
        .map(({ name }) => name),
    ).toContain('origin')
    expect(of('same').parts.map(({ name }) => name)).toEqual(['distance'])
    expect(of('predictions')).toMatchObject({ rows: 120, estimate: false })
    expect(of('estimate')).toMatchObject({
      status: 'ok',
      rows: 120,
      estimate: true,
      metric: 'accuracy',
      unit: 'metric',
    })
    expect(of('estimate').interval?.low).toBeLessThan(of('estimate').value ?? 0)
    expect(of('quality')).toMatchObject({ status: 'ok', rows: 120, value: 0 })
    // What a random half of labels makes of any model; by destination as well, of which each has thirty.
    expect(of('accuracy')).toMatchObject({ status: 'warning', rows: 60, model: 'flights', estimate: false })
    expect(
      of('accuracy')
        .parts.map(({ name, rows }) => [name, rows])
        .sort(),
    ).toEqual([
      ['HNL', 30],
      ['ORD', 30],
    ])
    expect(of('labels')).toMatchObject({ status: 'warning', rows: 120, value: 0.5 })
    const evidence = await sample.client.call('getReadingEvidence', { params: { id: of('drift').id } })
    expect(evidence.reading).toEqual(of('drift'))
    expect(evidence).toMatchObject({ currentRows: 120, reference: 'training data of flights 1' })
    const origin = evidence.distributions.find(({ feature }) => feature === 'origin')
    expect(origin?.cells.find(({ value }) => value === 'GUM')).toMatchObject({ current: 1 })
  })

  it('tells of readings as events, in the list, in the history, and raises what the file asks for', async () => {
    const before = events.length
    const readings = await look()
    const told = events.slice(before).flatMap((event) => (event.type === 'reading' ? [event.reading] : []))
    expect(told).toEqual(readings)
    const { monitors, problems } = await sample.client.call('listMonitors', { query: { endpoint: 'flights' } })
    expect(problems).toEqual([])
    expect(monitors).toMatchObject([{ name: 'watch', project: 'flight-delay', status: 'warning', looking: null }])
    expect(monitors[0]?.latest.map(({ reading }) => reading)).toEqual(readings)
    const history = await sample.client.call('getReadingHistory', {
      params: { id: projectId, name: 'watch', check: 'drift' },
      query: { points: 2 },
    })
    expect(history).toMatchObject({ kind: 'drift', unit: 'distance', estimate: false })
    expect(history.points.at(-1)?.id).toBe(readings.find(({ check }) => check === 'drift')?.id)
    const alerts = await sample.client.call('listAlerts', { query: { monitor: 'watch' } })
    expect(alerts.items).toContainEqual(
      expect.objectContaining({ check: 'traffic', severity: 'warning', state: 'open' }),
    )
  })

  it('T4, T5: starts a run by what it read in production, once, which is told the reading', async () => {
    sample.write(
      'pipelines/react.yaml',
      `name: react
parameters: { reading: none }
steps:
  extract: { uses: data/extract, with: { dataset: flights, limit: 10 } }
triggers:
  - { drift: { monitor: watch, check: drift, above: 0.05 }, overlap: allow, parameters: { reading: "\${{ trigger.reading }}" } }
  - { performance: { monitor: watch, below: 0.99 }, overlap: allow, parameters: { reading: "\${{ trigger.reading }}" } }
`,
    )
    const runs = async () => {
      const { items } = await sample.client.call('listRuns', { query: { pipeline: 'react' } })
      return items.map(({ startedBy }) => startedBy).sort()
    }
    const decisions = async () => {
      const { triggers } = await sample.client.call('listTriggers')
      return triggers.map(({ decision }) => decision?.conditions[0])
    }
    const started = ['trigger drift in watch drift', 'trigger performance in watch']
    await expect.poll(runs, { timeout: 60_000 }).toEqual(started)
    for (const { id, startedBy } of (await sample.client.call('listRuns', { query: { pipeline: 'react' } })).items) {
      const conditions = (await sample.client.call('getRunTrigger', { params: { id } }))?.decision.conditions
      const check = startedBy.includes('drift') ? 'drift' : 'accuracy'
      expect(conditions).toMatchObject([{ kind: 'reading', met: true, reason: 'beyond', reading: { check } }])
      const { parameters } = await sample.engine.runs.ended(id)
      const [condition] = conditions ?? []
      expect(parameters).toEqual({ reading: condition?.kind === 'reading' && condition.reading?.id })
    }
    const readings = new Map((await look()).map(({ check, id }) => [check, id]))
    const told = (check: string) => ({ reason: 'acted-on', reading: { id: readings.get(check) } })
    await expect.poll(decisions, { timeout: 60_000 }).toMatchObject([told('drift'), told('accuracy')])
    expect(await runs()).toEqual(started)
  })

  it('gives every metric that the example dashboard of Grafana asks for', async () => {
    const dashboard = readFileSync(new URL('../../../docs/grafana/esteira.json', import.meta.url), 'utf8')
    const asked = new Set(dashboard.match(/esteira_\w+/g)?.map((name) => name.replace(/_(bucket|sum|count)$/, '')))
    expect(asked.size).toBeGreaterThan(15)
    const { controlUrl, inferenceUrl } = sample.engine.info()
    const authorization = `Bearer ${sample.engine.token}`
    const texts = await Promise.all([
      fetch(`${controlUrl}/metrics`, { headers: { authorization } }).then((answer) => answer.text()),
      fetch(`${inferenceUrl}/metrics`).then((answer) => answer.text()),
    ])
    const exported = new Set([...texts.join('').matchAll(/^# TYPE (\w+) /gm)].map(([, name]) => name))
    expect([...asked].filter((name) => !exported.has(name))).toEqual([])
    const labels = 'endpoint="flights",monitor="watch",check="drift",kind="drift",estimate="false"'
    expect(texts[0]).toMatch(new RegExp(`^esteira_monitor_status\\{project="${projectId}",${labels}\\} 2$`, 'm'))
    expect(texts[0]).toMatch(
      /^esteira_monitor_value\{.*check="estimate",kind="estimated-performance",estimate="true"\} 0\.\d+$/m,
    )
  })

  it('lists what is wrong with a file, and what there is where a name is not known', async () => {
    const file = join(sample.project, 'monitors/broken.yaml')
    writeFileSync(
      file,
      'name: broken\nendpoint: flihgts\nchecks: { a: { kind: performance, metric: auc, slice: orign } }\n',
    )
    const { problems } = await sample.client.call('listMonitors')
    expect(problems).toMatchObject([
      { file: 'monitors/broken.yaml', line: 2, found: 'flihgts', nearest: 'flights', projectId },
    ])
    writeFileSync(
      file,
      'name: broken\nendpoint: flights\nchecks: { a: { kind: performance, metric: auc, slice: orign } }\n',
    )
    expect((await sample.client.call('listMonitors')).problems).toMatchObject([{ found: 'orign', nearest: 'origin' }])
    await expect(
      sample.client.call('getReadingHistory', { params: { id: projectId, name: 'watch', check: 'drfit' } }),
    ).rejects.toMatchObject({ problem: { code: 'monitor-not-found', nearest: 'drift' } })
    await expect(sample.client.call('getReadingEvidence', { params: { id: 'nothing' } })).rejects.toMatchObject({
      problem: { code: 'reading-not-found' },
    })
  })
})
