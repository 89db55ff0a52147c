import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Matrix } from '#shared/backtest.ts'
import { Engine } from './engine.ts'
import { homeAt } from './kernel/home.ts'
import { homeProblems, killUntilDone } from './pipelines/testing/kill.ts'
import { seededMoments } from './pipelines/testing/moments.ts'
import { makeBacktestProject } from './testing/backtest-project.ts'
import { createProjectClient } from './testing/project-client.ts'

const wantedKills = 8

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'esteira-backtest-'))
  makeBacktestProject(join(root, 'project'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

/** Everything but how long it took. */
async function outcome(home: string) {
  const engine = await Engine.start({ home, port: 0, inferencePort: 0, background: false })
  try {
    const client = createProjectClient(engine)
    const { items } = await client.call('listBacktests', {})
    const runs = (await client.call('listRuns', {})).items
    const backtest = await client.call('getBacktest', { params: { id: items[0]?.id ?? '' } })
    return {
      backtests: items.length,
      runs: runs.map(({ pipeline, status }) => ({ pipeline, status })),
      status: backtest.status,
      matrix: backtest.matrix && withoutTimes(backtest.matrix),
      models: await client.call('listModels', {}),
    }
  } finally {
    await engine.stop()
  }
}

function withoutTimes(matrix: Matrix): Matrix {
  return { ...matrix, models: matrix.models.map((model) => ({ ...model, computeSeconds: 0 })) }
}

test(`a back-test killed at ${wantedKills} random moments ends with the same figures, by one run`, async () => {
  const child = fileURLToPath(new URL('./testing/backtest-child.ts', import.meta.url))
  const env = { ...process.env, NODE_COMPILE_CACHE: join(root, 'compiled') }
  async function carryOn(name: string, nextMoment: () => ReturnType<ReturnType<typeof seededMoments>> | undefined) {
    const home = homeAt(join(root, name))
    const kills = await killUntilDone({
      command: [process.execPath, child, home.path, join(root, 'project')],
      env,
      underWay: /under way/,
      nextMoment,
      afterKill: async () => expect(await homeProblems(home)).toEqual([]),
    })
    return { kills, outcome: await outcome(home.path) }
  }
  const started = performance.now()
  const undisturbed = await carryOn('undisturbed', () => undefined)
  const runMs = performance.now() - started
  expect(undisturbed.outcome).toMatchObject({
    backtests: 1,
    runs: [{ pipeline: 'train (back-test)', status: 'succeeded' }],
    status: 'succeeded',
    models: [],
  })
  const moments = seededMoments(20_010_701, { startMs: 800, runMs: runMs * 0.6 })
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
