/** Back-tests over the control API, on real flights, by real runs. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Backtest, BacktestInput, Policy } from '#shared/backtest.ts'
import { backtestCsv } from '#shared/backtest-export.ts'
import { parsePolicy } from '#shared/backtest-policy-text.ts'
import type { EngineEvent } from '#shared/events.ts'
import { Engine } from './engine.ts'
import { makeBacktestProject, quickPipeline } from './testing/backtest-project.ts'
import { createProjectClient, type ProjectClient } from './testing/project-client.ts'

let root = ''
let engine: Engine
let client: ProjectClient
let projectId = ''
const events: EngineEvent[] = []

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'esteira-backtest-'))
  engine = await Engine.start({ home: join(root, 'home'), port: 0, inferencePort: 0, background: false })
  engine.events.subscribe((event) => events.push(event))
  client = createProjectClient(engine)
  projectId = await addProject('project')
}, 60_000)
afterAll(async () => {
  await engine.stop()
  rmSync(root, { recursive: true, force: true })
})

async function addProject(name: string, options?: Parameters<typeof makeBacktestProject>[1]): Promise<string> {
  const path = join(root, name)
  makeBacktestProject(path, options)
  return (await client.call('addProject', { body: { path, trust: true } })).id
}

function policy(text: string): Policy {
  const parsed = parsePolicy(text)
  if (!parsed.ok) throw new Error(parsed.message)
  return parsed.policy
}

const policies = ['never', 'monthly: every 1', 'drift > 0', 'auc < 0.99'].map(policy)

async function start(changes: Partial<BacktestInput> = {}): Promise<Backtest> {
  return await client.call('startBacktest', { body: { projectId, pipeline: 'train', policies, ...changes } })
}

async function ended(backtest: Backtest): Promise<Backtest> {
  await engine.runs.ended(backtest.run?.id ?? '')
  return await client.call('getBacktest', { params: { id: backtest.id } })
}

const run = (backtest: Backtest) => client.call('getRun', { params: { id: backtest.run?.id ?? '' } })
const result = (backtest: Backtest, name: string) => backtest.results.find((each) => each.policy.name === name)

describe('a back-test', () => {
  let done: Backtest
  beforeAll(async () => {
    done = await ended(await start())
  }, 60_000)

  it('T2, T4, T5: tells span by span when each policy would have retrained, and what its champion scored next', () => {
    expect(done).toMatchObject({ status: 'succeeded', metric: 'auc', problem: null })
    expect(done.spans.map(({ label }) => label)).toEqual(['2001-01', '2001-02', '2001-03', '2001-04'])
    expect(done.matrixSettings).toMatchObject({
      window: { from: 'from', to: 'to' },
      from: '2001-01-01',
      to: '2001-05-01',
    })
    expect(result(done, 'never')?.rows.map(({ decision, champion }) => [decision, champion])).toEqual([
      ['initial', 0],
      ['quiet', 0],
      ['quiet', 0],
    ])
    for (const { policy: tested, rows } of done.results) {
      expect(rows[0]?.decision).toBe('initial')
      for (const { decision, evidence } of rows.slice(1)) {
        expect(evidence.flat()).toHaveLength(tested.anyOf.flat().length)
        const due = evidence.some((all) => all.every(({ holds }) => holds))
        expect([decision, due]).toEqual([due ? expect.stringMatching(/promoted|kept/) : 'quiet', due])
      }
    }
    // Real figures: the month's schedule and a score below 0.99 always ask for a model, and drift is a number.
    expect(result(done, 'monthly')?.totals.retrainings).toBe(2)
    expect(result(done, 'auc < 0.99')?.totals.retrainings).toBe(2)
    expect(done.matrix?.drifts.every(({ value }) => value !== null && value >= 0 && value <= 1)).toBe(true)
    const scores = done.results.flatMap(({ rows }) => rows.map(({ score }) => score))
    expect(scores.every((score) => score !== null && score > 0.4 && score < 0.8)).toBe(true)
  })

  it('L1.2: spends what the trainings took', () => {
    const [never, monthly] = [result(done, 'never')?.totals, result(done, 'monthly')?.totals]
    const seconds = done.matrix?.models.map(({ computeSeconds }) => computeSeconds) ?? []
    expect(seconds.every((each) => each > 0)).toBe(true)
    expect(never?.computeSeconds).toBe(seconds[0])
    expect(monthly?.computeSeconds).toBeCloseTo(
      seconds.reduce((sum, each) => sum + each, 0),
      9,
    )
  })

  it('is a run like any other, under a name of its own, and changes nothing outside', async () => {
    const { items } = await client.call('listRuns', { query: { pipeline: 'train (back-test)' } })
    expect(items).toMatchObject([{ id: done.run?.id, status: 'succeeded', startedBy: 'api', metrics: {} }])
    expect((await client.call('listRuns', { query: { pipeline: 'train' } })).items).toEqual([])
    expect(await client.call('listModels', {})).toEqual([])
    expect(await client.call('listEndpoints', {})).toEqual([])
    const told = events.filter((event) => event.type === 'step-changed' && event.runId === done.run?.id)
    expect(told.length).toBeGreaterThan(done.run?.stepsTotal ?? Number.POSITIVE_INFINITY)
  })

  it('costs nothing the second time, and counts what the first one took', async () => {
    const again = await ended(await start())
    expect((await run(again)).steps.every(({ cached }) => cached)).toBe(true)
    expect(again.matrix).toEqual(done.matrix)
    await client.call('deleteBacktest', { params: { id: again.id } })
  })

  it('replays other policies without computing anything', async () => {
    const before = (await client.call('listRuns', {})).items.length
    const settings = { ...done.settings, policies: [policy('drift > 9'), policy('new-data 1; budget 1 runs')] }
    const changed = await client.call('changeBacktest', { params: { id: done.id }, body: settings })
    expect(changed.results.map(({ totals }) => totals.retrainings)).toEqual([0, 1])
    expect((await client.call('listRuns', {})).items).toHaveLength(before)
    const restored = await client.call('changeBacktest', { params: { id: done.id }, body: done.settings })
    expect(restored.results).toEqual(done.results)
  })

  it('is listed, exported and removed', async () => {
    const page = await client.call('listBacktests', { query: { pipeline: 'train', limit: 1 } })
    expect(page.items.map(({ id, status }) => [id, status])).toEqual([[done.id, 'succeeded']])
    const lines = backtestCsv(done).trim().split('\n')
    expect(lines).toHaveLength(1 + policies.length * 3)
    expect(lines[1]).toMatch(/^never,never,2001-01,initial,,2001-01,2001-02,auc,0\.\d+,0,/)
  })

  it('waits in vain for a metric that the model does not have, and says so', async () => {
    const settings = { ...done.settings, policies: [policy('rmse > 3')] }
    const { results } = await client.call('changeBacktest', { params: { id: done.id }, body: settings })
    expect(results[0]?.problems).toMatchObject([{ found: 'rmse', allowed: expect.arrayContaining(['auc']) }])
    await client.call('changeBacktest', { params: { id: done.id }, body: done.settings })
  })
})

describe('what a back-test refuses', () => {
  const badPolicy = { ...policy('never'), anyOf: [[{ kind: 'performance' as const, metric: 'acu', limit: 0.6 }]] }
  it.each([
    [{ policies: [badPolicy] }, { code: 'parameter-invalid', found: 'acu', nearest: 'auc' }],
    [{ metric: 'rsme' }, { code: 'parameter-invalid', nearest: 'rmse' }],
    [{ window: { from: 'form', to: 'to' } }, { code: 'parameter-invalid', nearest: 'from' }],
    [
      { from: '2001-03-01', to: '2001-01-01' },
      { code: 'invalid-request', where: 'to' },
    ],
    [{ span: 'fortnight' }, { code: 'invalid-request' }],
    [{ initialSpans: 9 }, { code: 'invalid-request', where: 'initialSpans', allowed: '1 to 3' }],
    [{ pipeline: 'trian' }, { code: 'pipeline-not-found', nearest: 'train' }],
  ])('%j', async (changes, problem) => {
    const before = (await client.call('listRuns', {})).items.length
    await expect(start(changes)).rejects.toMatchObject({ problem })
    expect((await client.call('listRuns', {})).items).toHaveLength(before)
  })

  it('a pipeline without a window, until it is told', async () => {
    const id = await addProject('timeless', {
      pipeline: quickPipeline.replaceAll(/\bfrom\b/g, 'a').replaceAll(/\bto\b/g, 'b'),
    })
    const defaults = await client.call('getBacktestDefaults', { params: { id, name: 'train' } })
    // Two dates alone are a window, whatever they are called.
    expect(defaults).toMatchObject({ window: { from: 'a', to: 'b' }, span: 'month', metric: 'auc', notes: [] })
    const path = join(root, 'timeless', 'pipelines', 'train.yaml')
    writeFileSync(
      path,
      quickPipeline.replace('parameters: { from: 2001-01-01, to: 2001-03-01 }', 'parameters: { from: 1, to: 2 }'),
    )
    await expect(start({ projectId: id })).rejects.toMatchObject({
      problem: { code: 'parameter-invalid', allowed: 'from, to' },
    })
  })
})

describe('where history has holes', () => {
  it('a span without rows has no score, and the first model is trained when there is something to learn from', async () => {
    const done = await ended(await start({ from: '2000-12-01', to: '2001-04-01' }))
    expect(done.status).toBe('incomplete')
    expect(done.matrix?.spans[0]).toMatchObject({ rows: null, problem: expect.stringContaining('No row') })
    const rows = result(done, 'monthly')?.rows
    expect(rows?.map(({ decision, champion }) => [decision, champion])).toEqual([
      ['failed', null],
      ['initial', 1],
      [expect.stringMatching(/promoted|kept/), expect.any(Number)],
    ])
    expect(rows?.[0]).toMatchObject({ score: null, scoreProblem: 'There is no champion yet.' })
  })

  it('a training that fails in one span leaves the champion where it is', async () => {
    const id = await addProject('unlabelled', {
      query: 'select * exclude (delay), if(month(date) = 2, null, delay >= 15) as late from source',
    })
    const done = await ended(await start({ projectId: id, trainingSpans: 1 }))
    expect(done.status).toBe('incomplete')
    const rows = result(done, 'monthly')?.rows
    expect(rows?.[1]).toMatchObject({ decision: 'failed', champion: 0, problem: expect.stringMatching(/late/) })
    expect(rows?.[2]).toMatchObject({ decision: 'promoted', champion: 2, score: expect.any(Number) })
  })
})

it('a cancelled back-test has no results, until its run is taken up again', async () => {
  const id = await addProject('cancelled', { pipeline: quickPipeline.replace('epochs: 4', 'epochs: 3') })
  const started = await start({ projectId: id })
  await expect(client.call('deleteBacktest', { params: { id: started.id } })).rejects.toMatchObject({
    problem: { code: 'conflict' },
  })
  const runId = started.run?.id ?? ''
  await client.call('cancelRun', { params: { id: runId } })
  const cancelled = await client.call('getBacktest', { params: { id: started.id } })
  expect(cancelled).toMatchObject({ status: 'cancelled', matrix: null, results: [] })
  await client.call('retryRun', { params: { id: runId } })
  expect(await ended(started)).toMatchObject({
    status: 'succeeded',
    results: expect.arrayContaining([expect.anything()]),
  })
})
