/** The command as it is used, in processes of their own that attach to one running engine. */
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { EventBus } from '../../kernel/events.ts'
import { createHome } from '../../kernel/home.ts'
import { silentLogger } from '../../kernel/logger.ts'
import { createAlertParts } from '../../monitoring/alerts/alert-parts.ts'
import { Outbox } from '../../monitoring/alerts/outbox.ts'
import { monitorWith, readingAt } from '../../monitoring/alerts/testing/readings.ts'
import { type Receiver, startReceiver } from '../../monitoring/alerts/testing/receiver.ts'
import { Store } from '../../store/store.ts'

const launcher = fileURLToPath(new URL('../esteira.js', import.meta.url))

let folder: string
let engine: ChildProcess
let receiver: Receiver

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'esteira-cli-alerts-'))
  receiver = await startReceiver((index) => (index === 0 ? 410 : 204))
  raiseAlerts()
  const serve = ['serve', '--port', '0', '--inference-port', '0', '--json']
  const args = [launcher, '--home', join(folder, 'home'), ...serve]
  engine = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] })
  if (engine.stdout === null) throw new Error('stdout is a pipe')
  await once(engine.stdout, 'data')
})
afterAll(async () => {
  engine.kill()
  if (engine.exitCode === null) await once(engine, 'exit')
  await receiver.close()
  rmSync(folder, { recursive: true })
})

/** One critical and open, of which a webhook that is not there could not be told; one that is over. */
function raiseAlerts(): void {
  const store = Store.open(createHome(join(folder, 'home')).databasePath)
  store.run("INSERT INTO project (id, path, name, added_at) VALUES ('p1', 'p1', 'p1', 0)")
  const refuse = () => Promise.reject(new Error('not in this test'))
  const { alerts } = createAlertParts({
    store,
    projects: { get: refuse },
    endpoints: { revisions: () => [], hasEndedRollout: () => false, rollBack: refuse },
    events: new EventBus(() => undefined),
    clock: () => now,
    logger: silentLogger,
  })
  let now = Date.parse('2026-11-22T12:00:00Z')
  const read = (check: string, values: readonly number[], entry = {}) => {
    for (const value of values) {
      now += 60_000
      alerts.observe(readingAt(now, value, { id: `${check}${now}`, check }), monitorWith(entry))()
    }
  }
  read('by-origin', [0.58, 0.58, 0.7, 0.7, 0.7])
  read('auc', [0.52, 0.51], { notify: [{ webhook: 'ops' }] })
  const outbox = new Outbox(store)
  for (const { id } of alerts.list({ limit: 10, state: 'open' }).items)
    for (const delivery of outbox.ofAlert(id)) outbox.settle(delivery.id, 'failed', 'There is no webhook "ops".', now)
  store.close()
}

interface Ended {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

function esteira(...args: string[]): Promise<Ended> {
  const env = { ...process.env, NO_COLOR: '1' }
  const all = [launcher, '--home', join(folder, 'home'), 'alerts', ...args]
  return new Promise((done) =>
    execFile(process.execPath, all, { env }, (error, stdout, stderr) =>
      done({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr }),
    ),
  )
}

async function json(...args: string[]) {
  const { code, stdout, stderr } = await esteira(...args, '--json')
  expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' })
  return JSON.parse(stdout)
}

test('alerts are listed, those that are over when asked for, shown and acknowledged', async () => {
  const { stdout, stderr } = await esteira()
  expect(stderr).toBe('')
  expect(stdout).toMatch(/critical +flights +auc +flights +2026-11-22 12:07/)
  expect(stdout).toContain('1 open, 1 of them critical, 1 not acknowledged')
  expect(stdout).not.toContain('by-origin')
  expect((await esteira('list', '--all')).stdout).toMatch(/over \(warning\) +flights +by-origin .*cleared 2026-11-22/)
  expect((await esteira('list', '--endpoint', 'other')).stdout).toContain('No alerts here (')
  expect((await esteira('list', '--limit', '0')).stderr).toContain('A number from 1 to 1000.')

  const { items } = await json('list')
  expect(items).toMatchObject([{ monitor: 'flights', check: 'auc', severity: 'critical', state: 'open' }])
  const [{ id }] = items
  const shown = await esteira('show', id)
  expect(shown.stdout).toContain(`critical: flights, check auc, endpoint flights  (${id})\nAUC 0.51 of 500 rows.\n`)
  expect(shown.stdout).toContain('raised, critical: AUC 0.51 of 500 rows.')
  expect((await esteira('acknowledge', id, '--note', 'New fleet.', '--by', 'Ada')).stdout).toBe(
    'The alert of flights, check auc, is acknowledged.\n',
  )
  expect((await esteira('show', id)).stdout).toContain('acknowledged by Ada: New fleet.')
  expect((await esteira('list')).stdout).toContain('0 not acknowledged')
  expect(await esteira('show', 'nothing')).toMatchObject({ code: 2, stderr: expect.stringContaining('alert') })
})

test('a webhook is made, tried, told what was given up once it is there, and removed', async () => {
  expect((await esteira('webhooks')).stdout).toContain('No webhooks yet: esteira alerts webhooks add NAME URL.')
  const [{ id }] = (await json('list')).items
  expect((await esteira('list')).stdout).toContain('1 not delivered')
  const [, delivery = ''] = /given up: .*esteira alerts retry (\S+)\)/.exec((await esteira('show', id)).stdout) ?? []

  expect((await esteira('webhooks', 'add', 'ops', receiver.url)).stdout).toMatch(/^Secret, shown this once: \S{20,}\n$/)
  expect((await esteira('webhooks', 'list')).stdout).toContain(receiver.url)
  const refused = await esteira('webhooks', 'test', 'ops')
  expect(refused.code).not.toBe(0)
  expect(refused.stdout).toContain('410')
  expect((await esteira('webhooks', 'test', 'ops')).code).toBe(0)
  expect((await esteira('retry', delivery)).stdout).toBe('It is tried again: webhook ops.\n')
  await expect.poll(() => receiver.received.length, { timeout: 30_000 }).toBe(3)
  expect(JSON.parse(receiver.received[2]?.body ?? '')).toMatchObject({ alert: { check: 'auc' } })
  expect(receiver.received[2]?.headers['esteira-signature']).toEqual(expect.any(String))
  expect((await esteira('webhooks', 'remove', 'ops')).stdout).toBe('The webhook "ops" is removed.\n')
  expect(await esteira('webhooks', 'remove', 'ops')).toMatchObject({ code: 2, stderr: expect.stringContaining('ops') })
})
