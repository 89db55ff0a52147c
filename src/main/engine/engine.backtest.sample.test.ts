/** The six months of the sample, with its own pipeline: some minutes, so a part of its own. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Backtest, Policy, ReplayResult } from '#shared/backtest.ts'
import { parsePolicy } from '#shared/backtest-policy-text.ts'
import { replayAll } from '#shared/backtest-replay.ts'
import { Engine } from './engine.ts'
import { createProjectClient, type ProjectClient } from './testing/project-client.ts'

let root = ''
let engine: Engine
let client: ProjectClient
let done: Backtest

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'esteira-sample-'))
  engine = await Engine.start({ home: join(root, 'home'), port: 0, inferencePort: 0, background: false })
  client = createProjectClient(engine)
  const { id: projectId } = await client.call('addSample', { body: {} })
  const started = await client.call('startBacktest', { body: { projectId, pipeline: 'train' } })
  await engine.runs.ended(started.run?.id ?? '')
  done = await client.call('getBacktest', { params: { id: started.id } })
}, 900_000)
afterAll(async () => {
  await engine.stop()
  rmSync(root, { recursive: true, force: true })
})

function policy(text: string): Policy {
  const parsed = parsePolicy(text)
  if (!parsed.ok) throw new Error(parsed.message)
  return parsed.policy
}

function results(...texts: string[]): ReplayResult[] {
  if (done.matrix === null) throw new Error('The back-test has no matrix.')
  return replayAll(done.matrix, { ...done.settings, policies: texts.map(policy) })
}

describe('the six months of the sample', () => {
  it('L1.2: are trained, scored and compared by the pipeline as it is, without being told anything', () => {
    expect(done).toMatchObject({ status: 'succeeded', problem: null, metric: 'auc' })
    expect(done.spans.map(({ label }) => label)).toEqual([
      '2001-01',
      '2001-02',
      '2001-03',
      '2001-04',
      '2001-05',
      '2001-06',
    ])
    expect(done.matrix?.spans.map(({ rows }) => rows)).toEqual(Array(6).fill(40_000))
    expect(done.results.map(({ policy: { name } }) => name)).toEqual([
      'never',
      'every span',
      'on drift',
      'on performance',
      'drift or performance, at most every 2',
    ])
  })

  it('L1.2: show that training again is worth it, and what it costs', () => {
    const [never, monthly] = results('never', 'every 1')
    expect(never?.rows).toHaveLength(5)
    expect(never?.totals.retrainings).toBe(0)
    expect(monthly?.totals.retrainings).toBe(4)
    expect(monthly?.totals.meanScore).toBeGreaterThan((never?.totals.meanScore ?? 1) + 0.005)
    expect(monthly?.totals.computeSeconds).toBeGreaterThan(never?.totals.computeSeconds ?? Number.POSITIVE_INFINITY)
  })

  it('T4: a threshold on performance retrains after the spans whose score is below it, and only then', () => {
    const scores = results('never')[0]?.rows.flatMap(({ score }) => score ?? []) ?? []
    const [below] = [...scores].sort((a, b) => a - b)
    const [tested] = results(`auc < ${(below ?? 0) + 1e-6}`)
    for (const { decision, evidence } of tested?.rows.slice(1) ?? []) {
      const [seen] = evidence.flat()
      expect(decision === 'quiet').toBe((seen?.value ?? 0) >= (below ?? 0) + 1e-6)
    }
    expect(results('auc < 0.1')[0]?.totals.retrainings).toBe(0)
    expect(results('auc < 0.99')[0]?.totals.retrainings).toBe(4)
  })

  it('T5: drift is measured on every span against the data of the champion, and its threshold decides', () => {
    const drifts = done.matrix?.drifts ?? []
    expect(drifts).toHaveLength(15)
    expect(drifts.every(({ value }) => value !== null && value >= 0 && value < 1)).toBe(true)
    const fromJanuary = drifts.filter(({ model }) => model === 0).flatMap(({ value }) => value ?? [])
    const greatest = Math.max(...fromJanuary)
    expect(greatest).toBeGreaterThan(0)
    // The last span has none after it that a new model could serve.
    const decided = fromJanuary.slice(0, -1)
    const threshold = (Math.max(...decided) + Math.min(...decided)) / 2
    const [tested] = results(`drift > ${threshold}`)
    const first = tested?.rows.slice(1).find(({ decision }) => decision !== 'quiet')
    const expected = decided.findIndex((value) => value > threshold)
    expect(first?.span).toBe(expected === -1 ? undefined : expected + 1)
    expect(results('drift > 1')[0]?.totals.retrainings).toBe(0)
  })

  it('T2, T4, T5: cool-down, budget and late labels hold policies back', () => {
    const [cooled, budgeted] = results('every 1; cooldown 2', 'every 1; budget 1 runs')
    expect(cooled?.totals.retrainings).toBe(2)
    expect(budgeted?.totals.retrainings).toBe(1)
    if (done.matrix === null) return
    const [late] = replayAll(done.matrix, { ...done.settings, labelDelaySpans: 1, policies: [policy('every 1')] })
    expect(late?.rows).toHaveLength(4)
    expect(late?.rows.every(({ span, champion }) => champion !== null && champion < span)).toBe(true)
  })
})
