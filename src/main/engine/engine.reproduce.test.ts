/** Runs made again: identical where nothing moved, and exactly what differs where something did. */
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Reproduction } from '#shared/reproduction.ts'
import type { Run } from '#shared/runs.ts'
import { type SampleEngine, samplePipeline, startSampleEngine } from './testing/sample-engine.ts'

let sample: SampleEngine
let first: Run
/** Made in a changed work tree, while the version of the first run was champion. */
let second: Run

beforeAll(async () => {
  sample = await startSampleEngine()
  first = await sample.run()
  sample.write(
    'pipelines/train.yaml',
    samplePipeline.replace('{ auc: 0.4 }', '{ auc: 0.3 }, against: flights@champion'),
  )
  second = await sample.run({ rate: 0.05 })
}, 120_000)
afterAll(() => sample.stop())

async function reproduce(id: string): Promise<Reproduction> {
  const started = await sample.client.call('reproduceRun', { params: { id } })
  await expect
    .poll(async () => (await sample.client.call('getReproduction', { params: { id: started.id } })).finishedAt, {
      timeout: 60_000,
    })
    .not.toBeNull()
  return sample.client.call('getReproduction', { params: { id: started.id } })
}

/** All that a reproduction must leave as it was. */
async function surroundings() {
  const { client } = sample
  const folders = (path: string): string[] => (existsSync(path) ? readdirSync(path) : [])
  return {
    tree: sample.git('status', '--porcelain', '--untracked-files=all'),
    head: sample.git('rev-parse', 'HEAD'),
    workTrees: sample.git('worktree', 'list', '--porcelain'),
    branches: sample.git('for-each-ref'),
    versions: (await client.call('listModelVersions', { params: { name: 'flights' } })).items,
    moves: (await client.call('listAliasMoves', { params: { name: 'flights' } })).items,
    endpoints: await client.call('listEndpoints'),
    work: folders(join(sample.home, 'work')).filter((name) => name.startsWith('reproduce')),
    runs: [
      await client.call('getRun', { params: { id: first.id } }),
      await client.call('getRun', { params: { id: second.id } }),
    ],
  }
}

const outcomes = ({ report }: Reproduction) => report?.steps.map(({ step, outcome }) => `${step}: ${outcome}`)
const allIdentical = ['extract', 'split', 'prepare', 'train', 'evaluate', 'gate', 'register', 'deploy'].map(
  (step) => `${step}: identical`,
)

describe('reproduce', () => {
  test('a run of a clean commit is identical, step by step, and everything around it stays as it was', async () => {
    const before = await surroundings()
    const done = await reproduce(first.id)
    expect(done.problem).toBeNull()
    expect(outcomes(done)).toEqual(allIdentical)
    expect(done).toMatchObject({
      status: 'finished',
      report: { verdict: 'identical', sources: [], environment: [], notes: [] },
    })
    expect(await surroundings()).toEqual(before)
    const again = await sample.client.call('getRun', { params: { id: done.newRunId ?? '' } })
    // Nothing came from the cache: every step ran.
    expect(again.steps.map(({ cached }) => cached)).toEqual(Array(8).fill(false))
    expect(again.startedBy).toBe('reproduction')
    const record = await sample.client.call('getRunRecord', { params: { id: again.id } })
    expect(record.reproduces).toBe(first.id)
  }, 60_000)

  test('a run of a changed work tree is identical: the changes are applied, the champion is that of then', async () => {
    const before = await surroundings()
    // Since then the file has changed again.
    const text = readFileSync(join(sample.project, 'pipelines', 'train.yaml'), 'utf8')
    sample.write('pipelines/train.yaml', samplePipeline.replace('epochs: 2', 'epochs: 1'))
    const done = await reproduce(second.id)
    expect(outcomes(done)).toEqual(allIdentical)
    expect(done.report?.verdict).toBe('identical')
    sample.write('pipelines/train.yaml', text)
    expect(await surroundings()).toEqual(before)
  }, 60_000)

  test('data that changed since is named, file by file; the rest goes on from the recorded artifact', async () => {
    const file = join(sample.project, 'data', 'flights-2001-01.parquet')
    const content = readFileSync(file)
    const uncommitted = await withoutCommittedData(async (run) => {
      writeFileSync(file, content.subarray(0, content.length - 1))
      return reproduce(run.id)
    })
    writeFileSync(file, content)
    expect(uncommitted.report).toMatchObject({
      verdict: 'differs',
      sources: [
        {
          step: 'extract',
          path: 'data/flights-2001-01.parquet',
          recorded: expect.any(String),
          found: expect.any(String),
        },
      ],
    })
    expect(uncommitted.report?.sources[0]?.found).not.toBe(uncommitted.report?.sources[0]?.recorded)
    expect(outcomes(uncommitted)).toEqual(['extract: not-run', ...allIdentical.slice(1)])
  }, 60_000)

  test('a commit that is gone is told', async () => {
    const git = join(sample.project, '.git')
    renameSync(git, `${git}-away`)
    try {
      sample.git('init', '--quiet')
      const failed = await reproduce(first.id)
      expect(failed).toMatchObject({ status: 'failed', problem: { code: 'not-found', found: first.gitCommit } })
    } finally {
      rmSync(git, { recursive: true })
      renameSync(`${git}-away`, git)
    }
  }, 60_000)

  test('a run that is not there, under way, or itself a repetition is refused', async () => {
    const [done] = await sample.client.call('listReproductions', { params: { id: second.id } })
    await expect(sample.client.call('reproduceRun', { params: { id: 'nothing' } })).rejects.toMatchObject({
      problem: { code: 'run-not-found' },
    })
    const repeated = { params: { id: done?.newRunId ?? '' } }
    await expect(sample.client.call('reproduceRun', repeated)).rejects.toMatchObject({ problem: { code: 'conflict' } })
    await expect(sample.client.call('retryRun', { ...repeated, query: { from: 'train' } })).rejects.toMatchObject({
      problem: { code: 'conflict' },
    })
  }, 60_000)

  test('cancelled, it ends as such and leaves nothing behind', async () => {
    const before = await surroundings()
    const { id } = await sample.client.call('reproduceRun', { params: { id: second.id } })
    const cancelled = await sample.client.call('cancelReproduction', { params: { id } })
    expect(cancelled).toMatchObject({ status: 'cancelled', report: null, problem: { code: 'cancelled' } })
    expect(await surroundings()).toEqual(before)
    await expect(sample.client.call('cancelReproduction', { params: { id } })).rejects.toMatchObject({
      problem: { code: 'run-finished' },
    })
  }, 60_000)

  test('left by an engine that stopped, it has failed, and its folder and work tree are gone', async () => {
    const before = await surroundings()
    const { id } = await sample.client.call('reproduceRun', { params: { id: second.id } })
    await expect
      .poll(async () => (await sample.client.call('getReproduction', { params: { id } })).newRunId, { timeout: 30_000 })
      .not.toBeNull()
    await sample.restart()
    const left = await sample.client.call('getReproduction', { params: { id } })
    expect(['failed', 'finished']).toContain(left.status)
    const run = await sample.client.call('getRun', { params: { id: left.newRunId ?? '' } })
    expect(run.finishedAt).not.toBeNull()
    expect(await surroundings()).toEqual({ ...before, endpoints: expect.any(Array) })
  }, 60_000)
})

/** A run whose data git does not hold, as where it is large. */
async function withoutCommittedData(work: (run: Run) => Promise<Reproduction>): Promise<Reproduction> {
  sample.write('.gitignore', 'data/\n')
  sample.git('rm', '--quiet', '-r', '--cached', 'data')
  sample.git('add', '.gitignore')
  sample.git('commit', '--quiet', '-m', 'data is too large')
  return work(await sample.run())
}
