/** Kills an engine while a version comes to an endpoint, is promoted and is taken back, and looks at what is left. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import type { Rollout } from '#shared/rollout.ts'
import { Engine } from './engine.ts'
import { resourcesPath } from './kernel/app-paths.ts'
import { type Home, homeAt } from './kernel/home.ts'
import { homeProblems } from './pipelines/testing/kill.ts'
import { flightRow } from './serving/testing-flights.ts'
import { createProjectClient, type ProjectClient } from './testing/project-client.ts'
import { hasCandidate, readRollouts, rolloutOf, testKeys } from './testing/rollout-home.ts'

const name = 'flights'
const answerSchema = z.object({ revision: z.number() })
const child = fileURLToPath(new URL('./testing/rollout-child.ts', import.meta.url))

const pipeline = (seed: number, deploy: string) => `name: train
seed: ${seed}
steps:
  extract: { uses: data/extract, with: { dataset: flights, limit: 2000 } }
  split: { uses: data/split, in: { data: extract }, with: { by: random } }
  prepare: { uses: data/prepare, in: { data: split }, with: { target: late } }
  train: { uses: model/train, in: { data: prepare }, with: { trainer: linear, epochs: 1 } }
  register: { uses: model/register, in: { model: train }, with: { model: flights } }
${deploy}`
const deployStep = '  deploy: { uses: model/deploy, in: { version: register } }\n'

let root: string
/** Nothing under way; a canary at its first step; one at its last. In all of them version 2 is the champion. */
let homes: { readonly idle: Home; readonly first: Home; readonly last: Home }

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'esteira-rollout-kill-'))
  const projectPath = join(root, 'project')
  const sample = join(resourcesPath, 'samples', 'flight-delay')
  for (const part of ['esteira.yaml', join('data', 'flights-2001-01.parquet')]) {
    cpSync(join(sample, part), join(projectPath, part), { recursive: true })
  }
  mkdirSync(join(projectPath, 'pipelines'))
  homes = { idle: homeAt(join(root, 'idle')), first: homeAt(join(root, 'first')), last: homeAt(join(root, 'last')) }
  await withEngine(homes.idle, async (client, engine) => {
    for (const [seed, deploy] of [
      [1, deployStep],
      [2, ''],
    ] as const) {
      writeFileSync(join(projectPath, 'pipelines', 'train.yaml'), pipeline(seed, deploy))
      const id = await client.startRun(projectPath, 'train')
      await engine.runs.ended(id)
      expect((await client.call('getRun', { params: { id } })).status).toBe('succeeded')
    }
    // The version has passed the infrastructure check then.
    const { id } = await start(client, { keepChampion: true })
    await client.call('abortRollout', { params: { name, id }, body: { reason: '' } })
  })
  cpSync(homes.idle.path, homes.first.path, { recursive: true })
  await withEngine(homes.first, (client) => start(client))
  cpSync(homes.idle.path, homes.last.path, { recursive: true })
  await withEngine(homes.last, (client) => start(client, { steps: [0.7] }))
}, 120_000)
afterAll(() => rmSync(root, { recursive: true, force: true }))

async function withEngine<T>(home: Home, work: (client: ProjectClient, engine: Engine) => Promise<T>): Promise<T> {
  const engine = await Engine.start({ home: home.path, port: 0, inferencePort: 0, background: false })
  try {
    return await work(createProjectClient(engine), engine)
  } finally {
    await engine.stop()
  }
}

function start(client: ProjectClient, change: object = {}) {
  const body = { model: name, version: 2, rollout: rolloutOf(change), reason: '' }
  return client.call('startRollout', { params: { name }, body })
}

async function kill(home: Home, happening: string, afterMs: number): Promise<void> {
  const env = { ...process.env, NODE_COMPILE_CACHE: join(root, 'compiled') }
  const stdio = ['ignore', 'pipe', 'pipe'] as const
  const started = spawn(process.execPath, [child, home.path, happening, String(afterMs)], { env, stdio: [...stdio] })
  const [errors, [, signal]] = await Promise.all([text(started.stderr), once(started, 'exit')])
  expect(signal, errors).toBe('SIGKILL')
}

/** Who answers each key, once somebody does. */
async function answers(engine: Engine): Promise<Map<string, number>> {
  const revisions = new Map<string, number>()
  const url = `${engine.info().inferenceUrl}/models/${name}/predict`
  const body = JSON.stringify({ rows: [flightRow] })
  for (const key of testKeys) {
    const headers = { 'content-type': 'application/json', 'x-user': key }
    let answer = await fetch(url, { method: 'POST', headers, body })
    // The model is being loaded: nobody is refused for ever.
    for (; answer.status === 503; answer = await fetch(url, { method: 'POST', headers, body })) await answer.text()
    expect(answer.status).toBe(200)
    revisions.set(key, answerSchema.parse(await answer.json()).revision)
  }
  return revisions
}

async function look(home: Home): Promise<string> {
  expect(await homeProblems(home)).toEqual([])
  const { last, problems, champion, answering } = readRollouts(home, name)
  expect(problems).toEqual([])
  if (last === undefined) throw new Error('the home has no rollout')
  const { state, revision, stable, spec } = last
  expect(answering).toEqual([state === 'promoted' ? revision : stable.revision])
  const isTakenBack = (state === 'rolled-back' || state === 'aborted') && !spec.keepChampion
  expect(champion).toBe(isTakenBack ? 1 : 2)
  await withEngine(home, async (client, engine) => {
    const expected = (key: string) => (hasCandidate(last, key) ? revision : stable.revision)
    expect(await answers(engine)).toEqual(new Map(testKeys.map((key) => [key, expected(key)])))
    await goBack(client, last)
    expect(new Set((await answers(engine)).values()).size).toBe(1)
  })
  const after = readRollouts(home, name)
  expect(after).toMatchObject({ problems: [], champion: 1 })
  return `${state} at ${last.share}`
}

/** It goes on from there: what is under way can be ended, what has ended is not in the way. */
async function goBack(client: ProjectClient, { state, ...last }: Rollout): Promise<void> {
  if (state === 'promoted') {
    await client.call('rollBack', { params: { name }, body: {} })
    return
  }
  const { id } = state === 'running' ? last : await start(client)
  await client.call('abortRollout', { params: { name, id }, body: { reason: '' } })
}

/** What is done from where, and when the kill comes. What the engine does by itself it does a second after its start. */
const plan = [
  { happening: 'start', from: 'idle', momentsMs: [0, 30, 90] },
  { happening: 'ramp', from: 'first', momentsMs: [880, 1_010] },
  { happening: 'ramp', from: 'last', momentsMs: [880, 1_010] },
  { happening: 'promote', from: 'first', momentsMs: [0, 6, 20] },
  { happening: 'stop-condition', from: 'last', momentsMs: [880, 1_010] },
  { happening: 'abort', from: 'last', momentsMs: [0, 6] },
] as const

test('a rollout killed at its start, a step, its promotion and its roll-back is before or after it, and goes on', async () => {
  const kills = plan.flatMap(({ happening, from, momentsMs }) =>
    momentsMs.map((ms) => ({ happening, from, ms, home: homeAt(join(root, `${happening}-${from}-${ms}`)) })),
  )
  const outcomes: string[] = []
  const work = async () => {
    for (let next = kills.shift(); next !== undefined; next = kills.shift()) {
      cpSync(homes[next.from].path, next.home.path, { recursive: true })
      await kill(next.home, next.happening, next.ms)
      outcomes.push(`${next.happening} from ${next.from} after ${next.ms} ms: ${await look(next.home)}`)
    }
  }
  await Promise.all([work(), work()])
  expect(outcomes).toHaveLength(14)
}, 300_000)
