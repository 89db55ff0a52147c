import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import { Engine } from './engine.ts'
import { resourcesPath } from './kernel/app-paths.ts'
import { type Home, homeAt } from './kernel/home.ts'
import { homeProblems, killUntilDone } from './pipelines/testing/kill.ts'
import { seededMoments } from './pipelines/testing/moments.ts'
import { Store } from './store/store.ts'
import { createProjectClient } from './testing/project-client.ts'

const wantedKills = 12

const pipeline = (seed: number, blessed: string) => `name: train
seed: ${seed}
steps:
  extract: { uses: data/extract, with: { dataset: flights, limit: 3000 } }
  split: { uses: data/split, in: { data: extract }, with: { by: random } }
  prepare: { uses: data/prepare, in: { data: split }, with: { target: late } }
  train: { uses: model/train, in: { data: prepare }, with: { trainer: linear, epochs: 1 } }
  evaluate: { uses: model/evaluate, in: { model: train, data: prepare }, with: { importance: false } }
  gate: { uses: model/gate, in: { evaluation: evaluate }, with: { thresholds: { auc: 0.1 }, blessed: ${blessed} } }
  register: { uses: model/register, in: { model: train, verdict: gate }, with: { model: flights } }
  deploy: { uses: model/deploy, in: { version: register }, with: { endpoint: flights } }
`

let root: string
let projectPath: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'esteira-approvals-'))
  projectPath = join(root, 'project')
  const sample = join(resourcesPath, 'samples', 'flight-delay')
  for (const part of ['esteira.yaml', join('data', 'flights-2001-01.parquet')]) {
    cpSync(join(sample, part), join(projectPath, part), { recursive: true })
  }
  mkdirSync(join(projectPath, 'pipelines'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

/** Version 1 is champion and answers; version 2 waits for a person. */
async function prepareHome(home: string): Promise<void> {
  const engine = await Engine.start({ home, port: 0, inferencePort: 0, background: false })
  try {
    const client = createProjectClient(engine)
    for (const [seed, blessed] of [
      [1, 'promote'],
      [2, 'ask'],
    ] as const) {
      writeFileSync(join(projectPath, 'pipelines', 'train.yaml'), pipeline(seed, blessed))
      const id = await client.startRun(projectPath, 'train')
      await engine.runs.ended(id)
      expect((await client.call('getRun', { params: { id } })).status).toBe('succeeded')
    }
  } finally {
    await engine.stop()
  }
}

const rowsSchema = {
  champions: z.object({ version: z.number() }),
  moves: z.object({ toVersion: z.number(), approvalId: z.string().nullable() }),
  counts: z.object({ decisions: z.number(), revisions: z.number(), deployed: z.number() }),
}

/** What a home says while nobody has it open. */
function stateOf(home: Home) {
  const store = Store.open(home.databasePath)
  try {
    const champions = store.all(rowsSchema.champions, "SELECT version FROM model_alias WHERE alias = 'champion'")
    const moves = store.all(
      rowsSchema.moves,
      'SELECT to_version AS toVersion, approval_id AS approvalId FROM alias_move ORDER BY id',
    )
    const [counts] = store.all(
      rowsSchema.counts,
      `SELECT (SELECT count(*) FROM approval_decision) AS decisions, (SELECT count(*) FROM revision) AS revisions,
         (SELECT count(*) FROM approval_endpoint WHERE done_at IS NOT NULL) AS deployed`,
    )
    return { champions: champions.map(({ version }) => version), moves, ...counts }
  } finally {
    store.close()
  }
}

test(`L1.5: an approval killed at ${wantedKills} random moments promotes and deploys once, with one champion at every moment`, async () => {
  const start = homeAt(join(root, 'start'))
  await prepareHome(start.path)
  expect(stateOf(start)).toMatchObject({ champions: [1], moves: [{ toVersion: 1 }], decisions: 0, revisions: 1 })
  const child = fileURLToPath(new URL('./testing/approve-child.ts', import.meta.url))
  const env = { ...process.env, NODE_COMPILE_CACHE: join(root, 'compiled') }
  async function carryOn(name: string, nextMoment: () => ReturnType<ReturnType<typeof seededMoments>> | undefined) {
    const home = homeAt(join(root, name))
    cpSync(start.path, home.path, { recursive: true })
    const kills = await killUntilDone({
      command: [process.execPath, child, home.path],
      env,
      underWay: /under way/,
      nextMoment,
      afterKill: async () => {
        expect(await homeProblems(home)).toEqual([])
        const { champions, moves, decisions } = stateOf(home)
        // Decision, ledger and alias are one: all before or all after.
        expect(champions).toEqual([1 + (decisions ?? 0)])
        expect(moves).toHaveLength(1 + (decisions ?? 0))
      },
    })
    expect(stateOf(home)).toMatchObject({
      champions: [2],
      moves: [
        { toVersion: 1, approvalId: null },
        { toVersion: 2, approvalId: expect.any(String) },
      ],
      decisions: 1,
      revisions: 2,
      deployed: 1,
    })
    return kills
  }
  await carryOn('warm-up', () => undefined)
  const started = performance.now()
  await carryOn('undisturbed', () => undefined)
  const runMs = performance.now() - started
  const moments = seededMoments(5, { startMs: runMs * 0.5, runMs: runMs * 0.3 })
  let kills = 0
  for (let round = 0; kills < wantedKills; round++) {
    let planned = 0
    kills += await carryOn(`round-${round}`, () => (planned++ < 2 ? moments() : undefined))
  }
  expect(kills).toBeGreaterThanOrEqual(wantedKills)
}, 600_000)
