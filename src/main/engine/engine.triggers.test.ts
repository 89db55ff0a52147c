/** Continuous training by live triggers, on real flights, over real HTTP. */
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Trigger } from '#shared/triggers.ts'
import { Engine } from './engine.ts'
import { resourcesPath } from './kernel/app-paths.ts'
import { createProjectClient, type ProjectClient } from './testing/project-client.ts'

const train = `name: train
seed: 7
parameters: { from: 2001-01-01, to: 2001-02-01 }
steps:
  extract: { uses: data/extract, with: { dataset: flights, where: "date >= '\${{ params.from }}' and date < '\${{ params.to }}'", limit: 3000 } }
  features: { uses: features/retrieve, in: { data: extract }, with: { features: [origin-lateness], time: date } }
  split: { uses: data/split, in: { data: features } }
  prepare: { uses: data/prepare, in: { data: split }, with: { target: late } }
  train: { uses: model/train, in: { data: prepare }, with: { trainer: neural-network, epochs: 1 } }
  register: { uses: model/register, in: { model: train }, with: { model: flights, promote: champion } }
triggers:
  - new-data: flights
    debounce: 1s
    parameters: { from: "\${{ trigger.from }}", to: "\${{ trigger.to }}" }
`
const look = (name: string, triggers: string) => `name: ${name}
steps:
  extract: { uses: data/extract, with: { dataset: flights, limit: 10 } }
triggers:
${triggers}`

const waitMs = 120_000
let root = ''
let project = ''
let projectId = ''
let engine: Engine
let client: ProjectClient
const sample = join(resourcesPath, 'samples', 'flight-delay')
const copy = (part: string) => cpSync(join(sample, part), join(project, part), { recursive: true })
const write = (name: string, text: string) => writeFileSync(join(project, 'pipelines', `${name}.yaml`), text)

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'esteira-continuous-'))
  project = join(root, 'project')
  for (const part of ['esteira.yaml', 'features', 'data/flights-2001-01.parquet', 'data/departures-2001-01.parquet'])
    copy(part)
  mkdirSync(join(project, 'pipelines'))
  write('train', train)
  engine = await Engine.start({ home: join(root, 'home'), port: 0, inferencePort: 0 })
  client = createProjectClient(engine)
  const run = await engine.runs.ended(await client.startRun(project, 'train'))
  expect(run.status).toBe('succeeded')
  projectId = run.projectId
}, waitMs)
afterAll(async () => {
  await engine.stop()
  rmSync(root, { recursive: true, force: true })
})

async function triggerOf(pipeline: string): Promise<Trigger> {
  const { triggers } = await client.call('listTriggers')
  const found = triggers.find((trigger) => trigger.pipeline === pipeline)
  if (found === undefined) throw new Error(`no trigger of ${pipeline}`)
  return found
}
const decided = (pipeline: string) => async () => (await triggerOf(pipeline)).decision

test('T1: a run by hand says who started it, and has no trigger', async () => {
  const { items } = await client.call('listRuns', { query: { limit: 10 } })
  const [run] = items
  expect(run).toMatchObject({ pipeline: 'train' })
  expect(run?.startedBy).not.toMatch(/^trigger/)
  expect(await client.call('getRunTrigger', { params: { id: run?.id ?? '' } })).toBeNull()
})

test(
  'L1.2, T3: a month of flights that arrives is trained on by itself, once, and the champion moves on',
  async () => {
    await expect
      .poll(decided('train'), { timeout: waitMs })
      .toMatchObject({ outcome: expect.stringMatching(/watching|not-met/) })
    copy('data/departures-2001-02.parquet')
    copy('data/flights-2001-02.parquet')
    const started = async () => (await triggerOf('train')).lastRunId
    await expect.poll(started, { timeout: waitMs }).not.toBeNull()
    const id = (await started()) ?? ''
    const run = await engine.runs.ended(id)
    expect(run).toMatchObject({
      status: 'succeeded',
      startedBy: 'trigger new-data flights',
      // Right after the newest flight of January, up to right after the newest of February.
      parameters: { from: '2001-01-31 23:51:00.000001', to: '2001-02-28 23:54:00.000001' },
    })
    expect(await client.call('getRunTrigger', { params: { id } })).toMatchObject({
      label: 'new-data flights',
      exists: true,
      decision: {
        outcome: 'started',
        runId: id,
        conditions: [{ kind: 'new-data', dataset: 'flights', rows: 40_000, lateRows: 0 }],
      },
    })
    expect((await client.call('getModel', { params: { name: 'flights' } })).aliases).toMatchObject({ champion: 2 })
    await expect
      .poll(decided('train'), { timeout: waitMs })
      .toMatchObject({ outcome: 'not-met', conditions: [{ rows: 0 }] })
  },
  2 * waitMs,
)

test(
  'L1.2, T4, T5: the champion is scored on the newest labelled flights, and these are compared with what it learned',
  async () => {
    copy('data/departures-2001-03.parquet')
    copy('data/flights-2001-03.parquet')
    write('worse', look('worse', '  - performance: { model: flights, dataset: flights, metric: auc, below: 0.999 }\n'))
    write('moved', look('moved', '  - drift: { model: flights, dataset: flights, above: 1 }\n'))
    await client.call('rereadTriggers')
    await expect.poll(decided('worse'), { timeout: waitMs }).toMatchObject({
      outcome: 'started',
      conditions: [
        { kind: 'performance', metric: 'auc', reason: 'beyond', limit: 0.999, side: 'below', rows: expect.any(Number) },
      ],
    })
    const [scored] = (await decided('worse')())?.conditions ?? []
    if (scored?.kind !== 'performance') throw new Error('no score')
    // Real flights and one epoch: better than chance, far from perfect.
    expect(scored.value).toBeGreaterThan(0.5)
    expect(scored.value).toBeLessThan(0.9)
    expect(scored.rows).toBeGreaterThan(1_000)
    await expect.poll(decided('moved'), { timeout: waitMs }).toMatchObject({ outcome: 'not-met' })
    const [drift] = (await decided('moved')())?.conditions ?? []
    if (drift?.kind !== 'drift') throw new Error('no drift')
    expect(drift.value).toBeGreaterThanOrEqual(0)
    expect(drift.value).toBeLessThan(0.5)
    expect(drift.columns.map(({ column }) => column)).toContain('origin')
  },
  2 * waitMs,
)

test(
  'T1: a trigger is checked, fired and paused over HTTP; what is unknown is said',
  async () => {
    const { id } = await triggerOf('moved')
    const params = { id }
    expect(await client.call('checkTrigger', { params })).toMatchObject({
      outcome: 'not-met',
      paused: false,
      parameters: {},
    })
    const run = await client.call('fireTrigger', { params, body: { actor: 'ana' } })
    expect(run).toMatchObject({ projectId, startedBy: 'trigger drift flights' })
    expect(await client.call('getRunTrigger', { params: { id: run.id } })).toMatchObject({
      decision: { outcome: 'fired', actor: 'ana' },
    })
    await engine.runs.ended(run.id)
    expect((await client.call('pauseTrigger', { params, body: { paused: true } })).pausedAt).toBeGreaterThan(0)
    expect((await client.call('pauseTrigger', { params, body: { paused: false } })).pausedAt).toBeNull()
    // The engine may have looked again by itself meanwhile, which is a decision, too.
    const { items } = await client.call('listTriggerDecisions', { params, query: { limit: 20 } })
    expect(items.filter(({ outcome }) => outcome === 'fired')).toMatchObject([{ runId: run.id }])
    await expect(client.call('getTrigger', { params: { id: `${id.slice(0, -1)}~` } })).rejects.toMatchObject({
      problem: { code: 'trigger-not-found', nearest: id },
    })
  },
  waitMs,
)
