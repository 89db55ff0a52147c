/** M1 to M7: what is kept of a run, on real runs of the sample's main job over real HTTP. */
import { readFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RunRecord } from '#shared/run-record.ts'
import type { Run } from '#shared/runs.ts'
import { catalogue } from './components/index.ts'
import { esteiraVersion } from './kernel/version.ts'
import { pipelineVersionOf } from './pipelines/pipeline-version.ts'
import { type SampleEngine, samplePipeline, startSampleEngine } from './testing/sample-engine.ts'

let sample: SampleEngine
let first: Run
let second: Run
let record: RunRecord
/** Of the second run, made in a changed work tree while the first one's version was champion. */
let later: RunRecord

const recordOf = (id: string) => sample.client.call('getRunRecord', { params: { id } })

beforeAll(async () => {
  sample = await startSampleEngine()
  first = await sample.run()
  sample.write('notes.md', 'What was tried.\n')
  sample.write('.env', 'TOKEN=hidden-value-123\n')
  sample.write('data/flights-2001-01.note', 'x'.repeat(1_500_000))
  sample.write('pipelines/train.yaml', samplePipeline.replace('epochs: 2', 'epochs: 1'))
  second = await sample.run({ rate: 0.02 })
  record = await recordOf(first.id)
  later = await recordOf(second.id)
}, 120_000)
afterAll(() => sample.stop())

test('M1: the versions of the pipeline and of each component are kept', () => {
  expect(first.status).toBe('succeeded')
  expect(record.complete).toBe(true)
  expect(record.pipeline).toMatchObject({ name: 'train', version: pipelineVersionOf(samplePipeline) })
  expect(record.components).toHaveLength(8)
  for (const { component, version } of record.components) expect(version).toBe(catalogue.get(component)?.version)
  expect(later.pipeline.version).not.toBe(record.pipeline.version)
})

test('M2: start, end and duration of the run and of each step are kept', () => {
  expect(record.durationMs).toBe((record.finishedAt ?? 0) - (record.startedAt ?? 0))
  expect(record.steps.map(({ step }) => step)).toEqual(first.steps.map(({ name }) => name))
  for (const step of record.steps) {
    expect(step.startedAt).toBeGreaterThanOrEqual(record.startedAt ?? Number.NaN)
    expect(step.finishedAt).toBeLessThanOrEqual(record.finishedAt ?? Number.NaN)
    expect(step.durationMs).toBe((step.finishedAt ?? 0) - (step.startedAt ?? 0))
  }
  const total = record.steps.reduce((sum, { durationMs }) => sum + (durationMs ?? 0), 0)
  expect(total).toBeGreaterThan(0)
})

test('M3: who and what executed it is kept', () => {
  expect(record).toMatchObject({ startedBy: 'api', osUser: userInfo().username })
})

test('M4: the parameter arguments are kept, with the seed', () => {
  expect(record).toMatchObject({ parameters: { from: '2001-01-01', rate: 0.01 }, seed: 7 })
  expect(later.parameters).toEqual({ from: '2001-01-01', rate: 0.02 })
})

describe('M5', () => {
  test('M5: there is a pointer to every artifact of every step, and its files are there', async () => {
    const expected = first.steps.flatMap(({ name, outputs }) => Object.entries(outputs).map(([o, h]) => [name, o, h]))
    expect(record.artifacts.map(({ step, output, hash }) => [step, output, hash])).toEqual(expected)
    expect(new Set(record.artifacts.map(({ type }) => type))).toEqual(
      new Set(['table', 'splits', 'prepared', 'model', 'evaluation', 'verdict', 'model-version', 'deployment']),
    )
    expect(record.artifacts.every(({ available, bytes }) => available && bytes > 0)).toBe(true)
    const prepared = record.artifacts.find(({ type }) => type === 'prepared')
    // The vocabularies of categories are part of the preparation.
    expect(prepared?.files).toContain('preparation.json')
  })

  test('M5: the files that steps read are named with their hashes', () => {
    expect(record.sources).toEqual([
      { step: 'extract', path: 'data/flights-2001-01.parquet', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
      { step: 'extract', path: 'esteira.yaml', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
    ])
    expect(record.references).toEqual([
      { step: 'extract', kind: 'dataset', name: 'flights' },
      { step: 'register', kind: 'model', name: 'flights' },
    ])
  })

  test('M5: a failed run resumes from its last finished step', async () => {
    sample.write(
      'pipelines/fails.yaml',
      `${samplePipeline.replace('name: train', 'name: fails').replace('auc: 0.4', 'rmse: 1')}`,
    )
    const failed = await sample.run({}, 'fails')
    expect(failed.status).toBe('failed')
    expect(failed.steps.find(({ status }) => status === 'failed')?.name).toBe('gate')
    const before = failed.steps.find(({ name }) => name === 'train')
    await sample.client.call('retryRun', { params: { id: failed.id } })
    const again = await sample.engine.runs.ended(failed.id)
    // What had succeeded was not run again: same attempt, same times.
    expect(again.steps.find(({ name }) => name === 'train')).toEqual(before)
    expect(again.steps.find(({ name }) => name === 'gate')?.attempt).toBe(2)
  })
})

test('M6: there is a pointer to the model that was in use before the run', async () => {
  expect(record.previousModels).toEqual([])
  const version = await sample.client.call('getModelVersion', { params: { name: 'flights', version: 1 } })
  expect(later.previousModels).toEqual([
    { model: 'flights', alias: 'champion', version: 1, artifactHash: version.artifactHash, runId: first.id },
  ])
})

test('M7: the metrics of both training and test rows are kept', () => {
  const parts = (part: 'training' | 'validation' | 'test') =>
    record.metrics.map((each) => each[part]).filter((metrics) => metrics !== null)
  expect(parts('test')[0]).toMatchObject({ auc: expect.any(Number), accuracy: expect.any(Number) })
  expect(parts('training')[0]).toMatchObject({ auc: expect.any(Number) })
})

describe('L1.10: beside them', () => {
  test('the commit, and what differed from it as a patch that gives the very work tree', async () => {
    expect(record.git).toEqual({ commit: sample.git('rev-parse', 'HEAD').trim(), dirty: false, changes: null })
    const changes = later.git?.changes
    expect(later.git?.dirty).toBe(true)
    expect(changes?.files).toEqual(['.env', 'data/flights-2001-01.note', 'notes.md', 'pipelines/train.yaml'])
    expect(changes?.omitted).toEqual([
      { path: '.env', bytes: 23, reason: 'may-hold-secrets' },
      { path: 'data/flights-2001-01.note', bytes: 1_500_000, reason: 'too-large' },
    ])
    const artifact = await sample.client.call('getArtifact', { params: { hash: changes?.artifactHash ?? '' } })
    const sha256 = artifact.files[0]?.sha256 ?? ''
    const patch = readFileSync(`${sample.home}/artifacts/${sha256.slice(0, 2)}/${sha256}`, 'utf8')
    expect(patch).toContain('+What was tried.')
    expect(patch).toContain('epochs: 1')
    expect(patch).not.toContain('hidden-value-123')
    // The repository was not touched: nothing is staged.
    expect(sample.git('diff', '--cached', '--name-only')).toBe('')
  })

  test('no secret of a changed file is in the log of the engine', () => {
    const log = readFileSync(`${sample.home}/logs/engine.log`, 'utf8')
    expect(log).toContain('engine started')
    expect(log).not.toContain('hidden-value-123')
    expect(log).not.toContain('What was tried.')
  })

  test('the environment: Esteira, Node, platform, lock file, what trained', () => {
    expect(record.environment).toEqual({
      esteira: esteiraVersion,
      node: process.version,
      platform: `${process.platform} ${process.arch}`,
      lock: expect.stringMatching(/^[0-9a-f]{64}$/),
    })
    expect(record.backends).toEqual([expect.stringContaining('tfjs')])
  })

  test('L1.1, L1.4, L1.5, L1.6: a whole pipeline of versioned components runs by itself down to its deployment', () => {
    expect(first.steps.at(-1)).toMatchObject({ component: 'model/deploy', status: 'succeeded' })
  })
})

test('L1.3: the same file gives the same plan in every environment', async () => {
  const elsewhere = await startSampleEngine()
  try {
    const run = await elsewhere.run()
    const other = await elsewhere.client.call('getRunRecord', { params: { id: run.id } })
    expect(other.pipeline).toEqual(record.pipeline)
    expect(later.pipeline.planHash).not.toBe(record.pipeline.planHash)
    // And with the same data the same artifacts, up to the gate, which measures its machine.
    const beforeGate = (each: RunRecord) => each.artifacts.slice(0, 5).map(({ hash }) => hash)
    expect(beforeGate(other)).toEqual(beforeGate(record))
  } finally {
    await elsewhere.stop()
  }
}, 60_000)
