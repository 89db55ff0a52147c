import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openAlertBench } from './testing/alert-bench.ts'
import { type Receiver, startReceiver } from './testing/receiver.ts'

const wantedKills = 12
const child = fileURLToPath(new URL('./testing/alert-child.ts', import.meta.url))

let root: string
let receiver: Receiver
beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'esteira-outbox-'))
  // Every third request fails, so that some deliveries wait to be tried again when the kill comes.
  receiver = await startReceiver((index) => (index % 3 === 1 ? 500 : 204))
})
afterEach(async () => {
  await receiver.close()
  rmSync(root, { recursive: true, force: true })
})

/** Returns how long it worked; undefined where it was killed. */
async function runChild(now: number, dieAfterMs?: number): Promise<number | undefined> {
  const started = spawn(process.execPath, [child, root, String(now), String(dieAfterMs ?? '')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [printed, [code, signal]] = await Promise.all([text(started.stdout), once(started, 'exit')])
  if (signal === 'SIGKILL') return undefined
  expect(code).toBe(0)
  return Number(printed)
}

test(`what was stored is told at least once and in its order, whatever is killed around it (${wantedKills} kills)`, async () => {
  const setUp = openAlertBench({ path: root })
  setUp.parts.webhooks.put('ops', { url: receiver.url, allowLinkLocal: false })
  await setUp.close()
  const hour = 3_600_000
  const wholeMs = (await runChild(hour)) ?? 0
  expect(wholeMs).toBeGreaterThan(0)
  let kills = 0
  let cutOff = 0
  for (let round = 2; kills < wantedKills && round < 4 * wantedKills; round++) {
    if ((await runChild(round * hour, wholeMs * (kills / wantedKills))) === undefined) kills += 1
    const bench = openAlertBench({ path: root })
    const waiting = bench.parts.alerts
      .list({ limit: 1_000, state: 'all' })
      .items.some(({ deliveries }) => deliveries.pending > 0)
    if (waiting) cutOff += 1
    await bench.close()
  }
  expect(kills).toBe(wantedKills)
  // Some kills came while something was still to be told: else they say nothing.
  expect(cutOff).toBeGreaterThan(0)
  expect(await runChild(1_000 * hour)).toBeGreaterThan(0)

  const bench = openAlertBench({ path: root })
  const alerts = bench.parts.alerts.list({ limit: 1_000, state: 'all' }).items
  const received = receiver.received.map(({ headers }) => String(headers['esteira-delivery']))
  for (const { id } of alerts) {
    const { history, events } = bench.parts.alerts.get(id)
    const changes = events.map(({ kind }) => kind).filter((kind) => kind === 'raised' || kind === 'cleared')
    expect(history.map(({ about, state }) => `${about} ${state}`)).toEqual(changes.map((kind) => `${kind} delivered`))
    const firsts = history.map((delivery) => received.indexOf(delivery.id))
    expect(firsts).not.toContain(-1)
    expect(firsts).toEqual([...firsts].sort((a, b) => a - b))
  }
  expect(alerts.length).toBeGreaterThan(2)
  expect(bench.store.check()).toEqual([])
  await bench.close()
}, 300_000)
