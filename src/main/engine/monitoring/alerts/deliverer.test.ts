import { createHmac } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Logger } from '../../kernel/logger.ts'
import { type AlertBench, openAlertBench } from './testing/alert-bench.ts'
import { type Received, type Receiver, startReceiver } from './testing/receiver.ts'

let bench: AlertBench
const receivers: Receiver[] = []
const logged: string[] = []
const log = (message: string, facts?: unknown) => void logged.push(`${message} ${JSON.stringify(facts)}`)
const logger: Logger = { debug: log, info: log, warning: log, error: log }

beforeEach(() => {
  logged.length = 0
  bench = openAlertBench({ logger })
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await bench.close()
  for (const receiver of receivers.splice(0)) await receiver.close()
})

async function receiver(statusOf?: (index: number) => number): Promise<Receiver> {
  const started = await startReceiver(statusOf)
  receivers.push(started)
  return started
}

const toWebhook = { notify: [{ webhook: 'ops' }] }
const toCommand = (...command: string[]) => ({ notify: [{ command }] })
const state = () => bench.last().history.map((delivery) => `${delivery.about} ${delivery.state} ${delivery.attempts}`)
const details = () => bench.last().events.flatMap((event) => (event.kind === 'delivery' ? [event.detail] : []))

/** As a receiver checks it. */
function isSigned({ headers, body }: Received, secret: string): boolean {
  const [, seconds, given] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(headers['esteira-signature'])) ?? []
  return createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex') === given
}

describe('a webhook', () => {
  it('gets a signed request that says what happened', async () => {
    const { url, received } = await receiver()
    const { secret } = bench.parts.webhooks.put('ops', { url, allowLinkLocal: false })
    bench.parts.start()
    bench.read([0.59, 0.59], toWebhook)
    await expect.poll(state).toEqual(['raised delivered 1'])
    const [sent] = received
    if (sent === undefined) throw new Error('nothing was received')
    expect(isSigned(sent, secret)).toBe(true)
    expect(isSigned(sent, 'another')).toBe(false)
    expect(isSigned({ ...sent, body: sent.body.replace('flights', 'elsewhere') }, secret)).toBe(false)
    const { id } = bench.last().history[0] ?? {}
    expect(JSON.parse(sent.body)).toMatchObject({
      id,
      type: 'alert.raised',
      alert: { monitor: 'flights', check: 'auc', severity: 'warning', endpoint: 'flights', state: 'open' },
      reading: { value: 0.59, metric: 'auc', rows: 500 },
    })
    expect(sent.headers['esteira-delivery']).toBe(id)
  })
  it('that fails first is tried again later, the same delivery; what comes after waits for it', async () => {
    const { url, received } = await receiver((index) => (index < 2 ? 500 : 200))
    bench.parts.webhooks.put('ops', { url, allowLinkLocal: false })
    bench.parts.start()
    bench.read([0.59, 0.59], toWebhook)
    await expect.poll(state).toEqual(['raised pending 1'])
    bench.read([0.5, 0.5, 0.7, 0.7, 0.7], toWebhook)
    expect(state()).toEqual(['raised pending 1', 'escalated pending 0', 'cleared pending 0'])
    bench.now += 60_000
    bench.parts.deliverer.wake()
    await expect.poll(state).toEqual(['raised pending 2', 'escalated pending 0', 'cleared pending 0'])
    bench.now += 60_000
    bench.parts.deliverer.wake()
    await expect.poll(state).toEqual(['raised delivered 3', 'escalated delivered 1', 'cleared delivered 1'])
    const types = received.map(({ body }) => JSON.parse(body).type)
    expect(types).toEqual(['alert.raised', 'alert.raised', 'alert.raised', 'alert.escalated', 'alert.cleared'])
    expect(new Set(received.slice(0, 3).map(({ headers }) => headers['esteira-delivery'])).size).toBe(1)
  })
  it('that never answers well is given up where a person sees it, and may be tried again', async () => {
    let status = 503
    const { url } = await receiver(() => status)
    bench.parts.webhooks.put('ops', { url, allowLinkLocal: false })
    bench.parts.start()
    bench.read([0.59, 0.59], toWebhook)
    for (let attempt = 1; attempt < 10; attempt++) {
      await expect.poll(state).toEqual([`raised pending ${attempt}`])
      bench.now += 40 * 60_000
      bench.parts.deliverer.wake()
    }
    await expect.poll(state).toEqual(['raised failed 10'])
    expect(bench.last().deliveries).toEqual({ pending: 0, failed: 1 })
    expect(bench.parts.alerts.list({ limit: 1, state: 'all' }).counts.undelivered).toBe(1)
    expect(bench.last().history[0]?.problem).toBe('The receiver answered 503.')
    status = 200
    const { id = '' } = bench.last().history[0] ?? {}
    bench.parts.alerts.retry(id)
    await expect.poll(state).toEqual(['raised delivered 1'])
    expect(() => bench.parts.alerts.retry(id)).toThrow(expect.objectContaining({ code: 'conflict' }))
  })
  it('follows no redirect', async () => {
    const { url, received } = await receiver(() => 302)
    bench.parts.webhooks.put('ops', { url, allowLinkLocal: false })
    expect(await bench.parts.deliverer.testWebhook('ops')).toMatchObject({
      ok: false,
      detail: 'The receiver answered 302.',
    })
    expect(received).toHaveLength(1)
  })
  it('reaches no address of this link, unless a person says so', async () => {
    const put = (url: string, allowLinkLocal: boolean) => () =>
      bench.parts.webhooks.put('cloud', { url, allowLinkLocal })
    const refused = expect.objectContaining({ code: 'invalid-request' })
    expect(put('http://169.254.169.254/latest/meta-data', false)).toThrow(refused)
    expect(put('http://[fe80::1]/', false)).toThrow(refused)
    expect(put('http://169.254.169.254/latest/meta-data', true)).not.toThrow()
    expect(put('http://user:password@127.0.0.1/', false)).toThrow(refused)
  })
  it('tells nobody its secret but the one who made it: not in lists, in logs, or in the history', async () => {
    const { url } = await receiver(() => 500)
    const { secret } = bench.parts.webhooks.put('ops', { url, allowLinkLocal: false })
    bench.parts.start()
    bench.read([0.59, 0.59], toWebhook)
    await expect.poll(state).toEqual(['raised pending 1'])
    const told = JSON.stringify([bench.parts.webhooks.list(), bench.last(), bench.events, logged])
    expect(told).not.toContain(secret)
    expect(secret.length).toBeGreaterThan(40)
  })
  it('that the home does not have is tried as long as any other: it may still be made', async () => {
    bench.parts.start()
    bench.read([0.59, 0.59], toWebhook)
    await expect.poll(state).toEqual(['raised pending 1'])
    expect(details()).toEqual([expect.stringContaining('The home has no webhook "ops".')])
  })
  it('hears of critical alerts alone where the entry says so, and of their end', async () => {
    const { url, received } = await receiver()
    bench.parts.webhooks.put('ops', { url, allowLinkLocal: false })
    bench.parts.start()
    const entry = { notify: [{ webhook: 'ops', severity: 'critical' }] }
    bench.read([0.59, 0.59, 0.7, 0.7, 0.7, 0.59, 0.59, 0.5, 0.5, 0.7, 0.7, 0.7], entry)
    await expect
      .poll(() => received.map(({ body }) => JSON.parse(body).type))
      .toEqual(['alert.escalated', 'alert.cleared'])
  })
})

describe('a command', () => {
  it('gets the alert on its standard input, in the project folder, without a shell', async () => {
    writeFileSync(
      join(bench.folder, 'page.mjs'),
      `import { readFileSync, writeFileSync } from 'node:fs'
       writeFileSync('told.json', JSON.stringify({ args: process.argv.slice(2), input: JSON.parse(readFileSync(0, 'utf8')), secrets: process.env.ESTEIRA_TEST_SECRET ?? null }))`,
    )
    vi.stubEnv('ESTEIRA_TEST_SECRET', 'not to be passed on')
    bench.parts.start()
    bench.read([0.59, 0.59], toCommand(process.execPath, 'page.mjs', '$(touch pwned)', 'a b'))
    await expect.poll(state, { timeout: 20_000 }).toEqual(['raised delivered 1'])
    const told = JSON.parse(readFileSync(join(bench.folder, 'told.json'), 'utf8'))
    expect(told).toMatchObject({ args: ['$(touch pwned)', 'a b'], input: { type: 'alert.raised' }, secrets: null })
  }, 30_000)
  it('is not run in a folder that is not trusted, and that is not tried again', async () => {
    bench.trusted = false
    bench.parts.start()
    bench.read([0.59, 0.59], toCommand(process.execPath, '-e', '0'))
    await expect.poll(state).toEqual(['raised failed 1'])
    expect(details()).toEqual(['The project folder is not trusted to run code.'])
  })
  it('that fails says how, with the end of what it printed', async () => {
    bench.parts.start()
    const script = 'console.log("x".repeat(100000)); console.error("no such channel"); process.exit(3)'
    bench.read([0.59, 0.59], toCommand(process.execPath, '-e', script))
    await expect.poll(state, { timeout: 20_000 }).toEqual(['raised pending 1'])
    expect(details()[0]).toMatch(/^It ended with 3\. /)
    expect(details()[0]?.length).toBeLessThanOrEqual(500)
  }, 30_000)
  it('that is not there is told, and holds nothing else up', async () => {
    const { url } = await receiver()
    bench.parts.webhooks.put('ops', { url, allowLinkLocal: false })
    bench.parts.start()
    bench.read([0.59, 0.59], { notify: [{ command: ['./no-such-program'] }, { webhook: 'ops' }] })
    await expect.poll(() => state().sort()).toEqual(['raised delivered 1', 'raised pending 1'])
  })
})
