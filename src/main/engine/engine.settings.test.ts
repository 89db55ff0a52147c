import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createClient } from '#shared/client.ts'
import type { EngineEvent } from '#shared/events.ts'
import { settingsRoutes } from '#shared/routes/settings.ts'
import { sender } from './cli/http.ts'
import { Engine, type EngineOptions } from './engine.ts'
import { homeAt, readEngineFile } from './kernel/home.ts'

let root: string
let engine: Engine
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'esteira-settings-'))
})
afterEach(async () => {
  await engine.stop()
  rmSync(root, { recursive: true, force: true })
})

async function start(options: Partial<EngineOptions> = {}) {
  engine = await Engine.start({ home: join(root, 'home'), port: 0, inferencePort: 0, ...options })
  return clientWith(engine.token)
}

function clientWith(token: string) {
  return createClient(sender(engine.info().controlUrl, token))
}

function writeProject(pipeline: string): string {
  const path = join(root, 'project')
  mkdirSync(join(path, 'pipelines'), { recursive: true })
  writeFileSync(join(path, 'esteira.yaml'), 'name: flights\n')
  writeFileSync(join(path, 'pipelines', 'train.yaml'), pipeline)
  return path
}

test('settings have defaults, are kept across starts, and say what is in use and what after a restart', async () => {
  let client = await start()
  const before = await client.call('getSettings')
  const controlPort = Number(new URL(engine.info().controlUrl).port)
  expect(before).toMatchObject({
    settings: { controlPort: 4870, inferencePort: 4871, retentionDays: null, maxCacheBytes: 10_000_000_000 },
    ports: { control: { inUse: controlPort, afterRestart: 4870, fromCommandLine: true } },
  })
  const free = 40_000 + (process.pid % 10_000)
  const body = { controlPort: free, retentionDays: 30 }
  expect(await client.call('putSettings', { body })).toMatchObject({
    settings: { controlPort: free, inferencePort: 4871, retentionDays: 30 },
    ports: { control: { inUse: controlPort, afterRestart: free, fromCommandLine: true } },
  })
  await engine.stop()
  engine = await Engine.start({ home: join(root, 'home'), inferencePort: 0 })
  client = clientWith(engine.token)
  expect(engine.info().controlUrl).toBe(`http://127.0.0.1:${free}`)
  expect((await client.call('getSettings')).ports.control).toEqual({
    inUse: free,
    afterRestart: free,
    fromCommandLine: false,
  })
})

test('settings that cannot be are refused, and nothing changes', async () => {
  const client = await start()
  for (const body of [{ controlPort: 80 }, { retentionDays: 0 }, { maxCacheBytes: -1 }, { inferencePort: 4870 }]) {
    await expect(client.call('putSettings', { body })).rejects.toMatchObject({ problem: { code: 'invalid-request' } })
  }
  expect((await client.call('getSettings')).settings).toMatchObject({ controlPort: 4870, inferencePort: 4871 })
})

test('a rotated token is the only one that counts, at once and after a restart, and is never logged', async () => {
  const client = await start()
  const old = engine.token
  const stream = await fetch(`${engine.info().controlUrl}/api/v1/events`, {
    headers: { authorization: `Bearer ${old}` },
  })
  const { token } = await client.call('rotateToken')
  expect(token).toMatch(/^[0-9a-f]{64}$/)
  expect(token).not.toBe(old)
  await expect(client.call('listProjects')).rejects.toMatchObject({ problem: { code: 'unauthorized' } })
  expect(await clientWith(token).call('listProjects')).toEqual([])
  // Who was listening with the old one hears no more.
  await stream.text()
  const home = homeAt(join(root, 'home'))
  expect(readEngineFile(home)?.token).toBe(token)
  await engine.stop()
  await start()
  expect(engine.token).toBe(token)
  const log = readFileSync(join(home.logsPath, 'engine.log'), 'utf8')
  expect(log).not.toContain(token)
  expect(log).not.toContain(old)
})

test('a project is trusted and distrusted', async () => {
  const client = await start()
  const body = { path: writeProject('name: train\nsteps:\n  one: { uses: data/extract, with: { dataset: x } }\n') }
  const { id } = await client.call('addProject', { body })
  expect(await client.call('trustProject', { params: { id }, body: { trusted: true } })).toMatchObject({
    id,
    trusted: true,
  })
  expect(await client.call('getProject', { params: { id } })).toMatchObject({ trusted: true })
  expect(await client.call('trustProject', { params: { id }, body: { trusted: false } })).toMatchObject({
    trusted: false,
  })
  await expect(client.call('trustProject', { params: { id: 'no' }, body: { trusted: true } })).rejects.toMatchObject({
    problem: { code: 'project-not-found' },
  })
})

test('disk use and clean-up over HTTP', async () => {
  const client = await start()
  const events: EngineEvent[] = []
  engine.events.subscribe((event) => events.push(event))
  const use = await client.call('getDiskUse')
  expect(settingsRoutes.getDiskUse.response.parse(use)).toEqual(use)
  expect(use.kinds.find(({ kind }) => kind === 'database')?.bytes).toBeGreaterThan(0)
  expect(use.freeBytes).toBeGreaterThan(0)
  const [report, same] = await Promise.all([client.call('cleanUp'), client.call('cleanUp')])
  expect(report).toEqual({ removedRuns: 0, removedArtifacts: 0, freedBytes: 0 })
  expect(same).toEqual(report)
  expect(events).toMatchObject([
    { type: 'clean-up-changed', underWay: true },
    { type: 'clean-up-changed', underWay: false, removedRuns: 0 },
  ])
})

test('diagnostics hold versions, checks and the log, and neither tokens nor the names of folders', async () => {
  const client = await start()
  const body = { path: writeProject('name: train\nsteps:\n  one: { uses: data/extract, with: { dataset: x } }\n') }
  await client.call('addProject', { body })
  const logPath = join(root, 'home', 'logs', 'engine.log')
  appendFileSync(logPath, `{"text":"${engine.token} in ${homedir()}/private and ${root}/project, password=hunter2"}\n`)
  const diagnostics = await client.call('getDiagnostics')
  expect(diagnostics).toMatchObject({
    platform: { os: process.platform },
    versions: { node: process.versions.node },
    counts: { project: 1, run: 0 },
    settings: { settings: { retentionDays: null } },
  })
  expect(diagnostics.checks.map(({ name, state }) => `${name} ${state}`)).toContain('database ok')
  expect(diagnostics.log.at(-1)).toBe('{"text":"[redacted] in ~/private and <project 1>, password=[redacted]"}')
  const text = JSON.stringify(diagnostics)
  for (const secret of [engine.token, root, 'hunter2']) expect(text).not.toContain(secret)
})

test('triggers are listed, paused and read again over HTTP, and the schedule of an edited file counts', async () => {
  const client = await start()
  const pipeline = (schedule: string) =>
    `name: train\nsteps:\n  one: { uses: data/extract, with: { dataset: x } }\ntriggers:\n  - { schedule: "${schedule}", timeZone: UTC }\n`
  const body = { path: writeProject(pipeline('0 3 * * 1')) }
  const { id } = await client.call('addProject', { body })
  const state = await client.call('listTriggers')
  expect(state).toMatchObject({
    paused: false,
    triggers: [{ projectId: id, pipeline: 'train', kind: 'schedule', label: 'schedule 0 3 * * 1', lastAt: null }],
  })
  expect(new Date(state.triggers[0]?.nextAt ?? 0).toISOString()).toMatch(/T03:00:00\.000Z$/)
  expect(await client.call('pauseTriggers', { body: { paused: true } })).toMatchObject({
    paused: true,
    triggers: [{ nextAt: null }],
  })
  writeProject(pipeline('0 4 * * 1'))
  expect(await client.call('rereadTriggers')).toEqual({ ok: true })
  expect(await client.call('listTriggers')).toMatchObject({ triggers: [{ label: 'schedule 0 4 * * 1' }] })
})
