import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Engine } from './engine.ts'
import { resourcesPath } from './kernel/app-paths.ts'
import { homeAt } from './kernel/home.ts'
import { homeProblems, killUntilDone } from './pipelines/testing/kill.ts'
import { seededMoments } from './pipelines/testing/moments.ts'
import { createProjectClient } from './testing/project-client.ts'

const wantedKills = 50

/** The sample's main job, on fewer flights and for fewer epochs. */
const pipeline = `name: train
seed: 7
steps:
  extract: { uses: data/extract, with: { dataset: flights, limit: 6000 } }
  stats: { uses: data/statistics, in: { data: extract } }
  check: { uses: data/validate, in: { statistics: stats }, with: { schema: schemas/flights.yaml, stopOn: never } }
  split: { uses: data/split, in: { data: extract }, needs: [check], with: { by: random } }
  prepare: { uses: data/prepare, in: { data: split }, with: { target: late } }
  train: { uses: model/train, in: { data: prepare }, with: { trainer: neural-network, epochs: 6 } }
  evaluate: { uses: model/evaluate, in: { model: train, data: prepare } }
  gate: { uses: model/gate, in: { evaluation: evaluate }, with: { thresholds: { auc: 0.5 }, against: flights@champion } }
  register: { uses: model/register, in: { model: train, verdict: gate }, with: { model: flights } }
  deploy: { uses: model/deploy, in: { version: register }, with: { endpoint: flights } }
`

let root: string
let projectPath: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'esteira-survival-'))
  projectPath = join(root, 'project')
  const sample = join(resourcesPath, 'samples', 'flight-delay')
  for (const part of ['esteira.yaml', 'schemas', join('data', 'flights-2001-01.parquet')]) {
    cpSync(join(sample, part), join(projectPath, part), { recursive: true })
  }
  mkdirSync(join(projectPath, 'pipelines'))
  writeFileSync(join(projectPath, 'pipelines', 'train.yaml'), pipeline)
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

/** Everything that the only run of a home gave, told by content. */
async function outcome(home: string) {
  const engine = await Engine.start({ home, port: 0, inferencePort: 0 })
  try {
    const client = createProjectClient(engine)
    const { items } = await client.call('listRuns', {})
    const run = await client.call('getRun', { params: { id: items[0]?.id ?? '' } })
    const versions = await client.call('listModelVersions', { params: { name: 'flights' } })
    const moves = await client.call('listAliasMoves', { params: { name: 'flights' } })
    const revisions = await client.call('listRevisions', { params: { name: 'flights' } })
    return {
      runs: items.length,
      status: run.status,
      metrics: run.metrics,
      // What is registered and deployed carries ids and times of its own; the files before it must be the same.
      outputs: run.steps.slice(0, -2).map(({ name, status, outputs }) => ({ name, status, outputs })),
      versions: versions.items.map(({ version, artifactHash, aliases }) => ({ version, artifactHash, aliases })),
      aliasMoves: moves.items.length,
      revisions: revisions.map(({ number, version }) => ({ number, version })),
    }
  } finally {
    await engine.stop()
  }
}

test(`a training run killed at ${wantedKills} random moments ends with the same model, registered and deployed once`, async () => {
  const child = fileURLToPath(new URL('./testing/train-child.ts', import.meta.url))
  const env = { ...process.env, NODE_COMPILE_CACHE: join(root, 'compiled') }
  async function carryOn(name: string, nextMoment: () => ReturnType<ReturnType<typeof seededMoments>> | undefined) {
    const home = homeAt(join(root, name))
    const kills = await killUntilDone({
      command: [process.execPath, child, home.path, projectPath],
      env,
      underWay: /under way/,
      nextMoment,
      afterKill: async () => expect(await homeProblems(home)).toEqual([]),
    })
    expect(await homeProblems(home)).toEqual([])
    return { kills, outcome: await outcome(home.path) }
  }
  // Once to fill the cache of compiled code, so that the time of the second is that of the others.
  await carryOn('warm-up', () => undefined)
  const started = performance.now()
  const undisturbed = await carryOn('undisturbed', () => undefined)
  const runMs = performance.now() - started
  expect(undisturbed.outcome).toMatchObject({
    runs: 1,
    status: 'succeeded',
    versions: [{ version: 1, aliases: ['champion'] }],
    aliasMoves: 1,
    revisions: [{ number: 1, version: 1 }],
  })
  const moments = seededMoments(20_010_101, { startMs: 800, runMs: runMs * 0.6 })
  let kills = 0
  for (let round = 0; kills < wantedKills; round++) {
    const left = wantedKills - kills
    let planned = 0
    const disturbed = await carryOn(`round-${round}`, () => (planned++ < left ? moments() : undefined))
    kills += disturbed.kills
    expect(disturbed.outcome).toEqual(undisturbed.outcome)
  }
  expect(kills).toBeGreaterThanOrEqual(wantedKills)
}, 600_000)
