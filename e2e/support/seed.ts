/** What the tests need to find in an engine. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { Project } from '#shared/projects.ts'
import type { Parameters, Run } from '#shared/runs.ts'
import type { TestEngine } from './engine.ts'

const pollMs = 300

/**
 * The sample, which does only what the test does: its schedule fires a little after each hour, so all triggers are held
 * back first. A test of triggers lets them go on.
 */
export async function addSample({ client }: TestEngine): Promise<Project> {
  await client.call('pauseTriggers', { body: { paused: true } })
  return client.call('addSample', { body: {} })
}

/** Runs a pipeline to its end, whatever that is. */
export async function runToEnd(
  { client }: TestEngine,
  projectId: string,
  pipeline: string,
  parameters: Parameters = {},
): Promise<Run> {
  let run = await client.call('startRun', { body: { projectId, pipeline, parameters, startedBy: 'e2e' } })
  while (run.status === 'queued' || run.status === 'running') {
    await wait(pollMs)
    run = await client.call('getRun', { params: { id: run.id } })
  }
  return run
}

/** The sample with two versions of its model; whatever the gates said, the first one answers at its endpoint. */
export async function twoVersions(engine: TestEngine): Promise<void> {
  const { client } = engine
  const { id } = await addSample(engine)
  await runToEnd(engine, id, 'train')
  const shorter = await runToEnd(engine, id, 'train', { to: '2001-02-01' })
  if (shorter.status !== 'succeeded') throw new Error(`The second run failed: ${JSON.stringify(shorter.error)}`)
  await client.call('deploy', { params: { name: 'flight-delay' }, body: { model: 'flight-delay', version: 1 } })
}

export interface Seeded {
  readonly projectId: string
  readonly succeeded: Run
  readonly failed: Run
}

/** The sample with one finished run, and a project in trouble: a run that fails and a pipeline with mistakes. */
export async function seed(engine: TestEngine): Promise<Seeded> {
  const { client } = engine
  const sample = await addSample(engine)
  const succeeded = await runToEnd(engine, sample.id, 'train')
  if (succeeded.status !== 'succeeded') throw new Error(`The sample failed: ${JSON.stringify(succeeded.error)}`)
  const troubled = await client.call('addProject', { body: { path: await writeTroubledProject(engine.home) } })
  return { projectId: sample.id, succeeded, failed: await runToEnd(engine, troubled.id, 'wrong-query') }
}

/** A project whose one pipeline asks for a column that is not there, and whose other one has two mistakes. */
export async function writeTroubledProject(folder: string): Promise<string> {
  const path = join(folder, 'troubled')
  await mkdir(join(path, 'pipelines'), { recursive: true })
  await writeFile(join(path, 'esteira.yaml'), 'name: troubled\ndatasets:\n  readings: { path: readings.csv }\n')
  await writeFile(
    join(path, 'readings.csv'),
    `at,value\n${Array.from({ length: 50 }, (_, i) => `${i},${i * 2}`).join('\n')}\n`,
  )
  await writeFile(
    join(path, 'pipelines/wrong-query.yaml'),
    'name: wrong-query\nsteps:\n  extract: { uses: data/extract, with: { dataset: readings, where: "no_such_column > 1" } }\n' +
      '  stats: { uses: data/statistics, in: { data: extract } }\n',
  )
  await writeFile(
    join(path, 'pipelines/mistaken.yaml'),
    'name: mistaken\nsteps:\n  extract: { uses: data/extrat, with: { dataset: readings } }\n  stats: { uses: data/statistics, in: { data: extact } }\n',
  )
  return path
}

/** A project whose gate asks for more than any model can give; `epochs` says how long its training takes. */
export async function writeGatedProject(folder: string, epochs = 1): Promise<string> {
  const path = join(folder, 'gated')
  await mkdir(join(path, 'pipelines'), { recursive: true })
  await writeFile(join(path, 'esteira.yaml'), 'name: gated\ndatasets:\n  readings: { path: readings.csv }\n')
  const rows = Array.from({ length: 400 }, (_, i) => `${i},${(i * 7) % 100},${(i * 13) % 3 === 0 ? 'yes' : 'no'}`)
  await writeFile(join(path, 'readings.csv'), `at,value,late\n${rows.join('\n')}\n`)
  await writeFile(
    join(path, 'pipelines/train.yaml'),
    `name: train
steps:
  extract: { uses: data/extract, with: { dataset: readings } }
  split: { uses: data/split, in: { data: extract } }
  prepare: { uses: data/prepare, in: { data: split }, with: { target: late } }
  train: { uses: model/train, in: { data: prepare }, with: { trainer: neural-network, epochs: ${epochs}, patience: ${epochs} } }
  evaluate: { uses: model/evaluate, in: { model: train, data: prepare } }
  gate: { uses: model/gate, in: { evaluation: evaluate }, with: { thresholds: { accuracy: 1 } } }
`,
  )
  return path
}

/** Rows that a version was tested on, as they are asked for: its inputs alone. */
export async function testRows({ client }: TestEngine, model: string, version: number, count: number) {
  const { evaluation, signature } = await client.call('getModelVersion', { params: { name: model, version } })
  if (evaluation === null) throw new Error(`Version ${version} of ${model} was not evaluated.`)
  const page = await client.call('readArtifactTable', {
    params: { hash: evaluation.artifactHash, file: 'test.parquet' },
    query: { offset: 0, limit: Math.min(count, evaluation.content.rows) },
  })
  const isInput = (name: string) => signature.inputs.some((input) => input.name === name)
  return page.rows.map((row) => {
    const cells = page.columns.map(({ name }, column) => [name, row[column] ?? null] as const)
    return Object.fromEntries(cells.filter(([name]) => isInput(name)))
  })
}
