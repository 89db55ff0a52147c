/** A real engine with a small project from the sample's data, under git, for tests of what runs leave behind. */
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Parameters, Run } from '#shared/runs.ts'
import { Engine } from '../engine.ts'
import { resourcesPath } from '../kernel/app-paths.ts'
import { createProjectClient, type ProjectClient } from './project-client.ts'

export const samplePipeline = `name: train
seed: 7
parameters: { from: 2001-01-01, rate: 0.01 }
steps:
  extract: { uses: data/extract, with: { dataset: flights, where: "date >= '\${{ params.from }}'", limit: 2000 } }
  split: { uses: data/split, in: { data: extract } }
  prepare: { uses: data/prepare, in: { data: split }, with: { target: late } }
  train: { uses: model/train, in: { data: prepare }, with: { trainer: linear, epochs: 2, learningRate: "\${{ params.rate }}" } }
  evaluate: { uses: model/evaluate, in: { model: train, data: prepare }, with: { slices: [origin], importance: false } }
  gate:
    uses: model/gate
    in: { evaluation: evaluate, model: train }
    # What it measures of the machine is never twice the same; a run made again is identical all the same.
    with: { thresholds: { auc: 0.4 }, deployment: { endpoint: flights, rows: 5, maxLatency: 60s } }
  register: { uses: model/register, in: { model: train, verdict: gate }, with: { model: flights } }
  deploy: { uses: model/deploy, in: { version: register }, with: { endpoint: flights } }
`

export interface SampleEngine {
  readonly engine: Engine
  readonly client: ProjectClient
  readonly root: string
  /** The project folder. */
  readonly project: string
  readonly home: string
  write(file: string, text: string): void
  git(...args: string[]): string
  /** Runs the pipeline and waits for its end. */
  run(parameters?: Parameters, pipeline?: string): Promise<Run>
  projectId(): Promise<string>
  /** Stops the engine and starts another one on the same home. */
  restart(): Promise<void>
  stop(): Promise<void>
}

export async function startSampleEngine(): Promise<SampleEngine> {
  const root = mkdtempSync(join(tmpdir(), 'esteira-lineage-'))
  const project = join(root, 'project')
  const home = join(root, 'home')
  const sample = join(resourcesPath, 'samples', 'flight-delay')
  for (const part of ['esteira.yaml', 'schemas', join('data', 'flights-2001-01.parquet')]) {
    cpSync(join(sample, part), join(project, part), { recursive: true })
  }
  function write(file: string, text: string): void {
    mkdirSync(dirname(join(project, file)), { recursive: true })
    writeFileSync(join(project, file), text)
  }
  function git(...args: string[]): string {
    const identity = ['-c', 'user.name=t', '-c', 'user.email=t@t']
    return execFileSync('git', [...identity, ...args], { cwd: project, encoding: 'utf8' })
  }
  write('pipelines/train.yaml', samplePipeline)
  git('init', '--quiet')
  git('add', '.')
  git('commit', '--quiet', '-m', 'start')
  let engine = await Engine.start({ home, port: 0, inferencePort: 0 })
  let client = createProjectClient(engine)
  return {
    get engine() {
      return engine
    },
    get client() {
      return client
    },
    root,
    project,
    home,
    write,
    git,
    async run(parameters = {}, pipeline = 'train') {
      const { id: projectId } = await client.call('addProject', { body: { path: project, trust: true } })
      const { id } = await client.call('startRun', { body: { projectId, pipeline, parameters } })
      return engine.runs.ended(id)
    },
    async projectId() {
      return (await client.call('addProject', { body: { path: project, trust: true } })).id
    },
    async restart() {
      await engine.stop()
      engine = await Engine.start({ home, port: 0, inferencePort: 0 })
      client = createProjectClient(engine)
    },
    async stop() {
      await engine.stop()
      rmSync(root, { recursive: true, force: true })
    },
  }
}
