import { mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { addProjects } from '../registry/testing.ts'
import { Store } from '../store/store.ts'
import { AccessGuard } from './access-guard.ts'
import { EndpointAccessStore } from './endpoint-access.ts'
import { createInferenceApp, listen } from './inference-app.ts'
import { ServedEndpoints } from './served-endpoints.ts'
import { binarySignature, send, type TestRuntime, testRuntime } from './testing.ts'

const engineSecret = 'the-secret-of-the-engine'
const shop = 'https://shop.example.com'
const body = { rows: [{ distance: 75 }] }

let folder: string
let store: Store
let guard: AccessGuard
let access: EndpointAccessStore
let now = 1_000
let isOutside = false
let url: string
let port: number
let close: () => Promise<void>
let runtime: TestRuntime

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'esteira-access-'))
  store = Store.open(join(folder, 'metadata.db'))
  addProjects(store, ['p'])
  for (const name of ['flights', 'other']) {
    store.run("INSERT INTO endpoint (name, project_id, created_at) VALUES ($name, 'p', 0)", { name })
  }
  guard = new AccessGuard(engineSecret)
  access = openAccess()
  runtime = testRuntime(binarySignature)
  const served = new ServedEndpoints(async () => runtime)
  const app = createInferenceApp(served, { answered: () => {}, failed: () => {} }, undefined, guard)
  port = await listen(app, '127.0.0.1', 0)
  for (const name of ['flights', 'other']) {
    await served.load(name, { model: 'm', version: 1, files: new Map(), projectId: 'p' })
    served.activate(name, 1)
  }
  url = `http://127.0.0.1:${port}`
  close = () => app.close()
})
afterEach(async () => {
  await close()
  store.close()
  rmSync(folder, { recursive: true })
})

function openAccess(): EndpointAccessStore {
  return new EndpointAccessStore({
    store,
    clock: () => now++,
    endpoints: {
      get: (name) => z.enum(['flights', 'other']).parse(name),
      list: () => [{ name: 'flights' }, { name: 'other' }],
    },
    enforce: async (endpoint, enforced) => guard.set(endpoint, enforced),
    isOutside: () => isOutside,
  })
}

const predict = (headers: Record<string, string> = {}, endpoint = 'flights') =>
  send(`${url}/models/${endpoint}/predict`, { body, headers: { 'content-type': 'application/json', ...headers } })
const bearer = (key: string) => ({ authorization: `Bearer ${key}` })

async function requireKey(): Promise<string> {
  const { key } = await access.addKey('flights', 'the shop')
  await access.change('flights', { keysRequired: true })
  return key
}

describe('an endpoint that requires keys', () => {
  it('goes on requiring them while other machines can reach it', async () => {
    await requireKey()
    isOutside = true
    await expect(access.change('flights', { keysRequired: false })).rejects.toMatchObject({ code: 'conflict' })
    expect(access.all().get('flights')?.keysRequired).toBe(true)
    isOutside = false
    expect((await access.change('flights', { keysRequired: false })).rules.keysRequired).toBe(false)
  })

  it('answers those who have one, in either header, on every route', async () => {
    const key = await requireKey()
    expect((await predict(bearer(key))).status).toBe(200)
    expect((await predict({ 'x-api-key': key })).status).toBe(200)
    const inputs = [{ name: 'distance', shape: [1], datatype: 'FP64', data: [75] }]
    const routes: [string, unknown][] = [
      ['/models/flights/predict', body],
      ['/models/flights/explain', body],
      ['/v2/models/flights/infer', { inputs }],
      ['/v2/models/flights/versions/1/infer', { inputs }],
      ['/v2/models/flights', undefined],
      ['/v2/models/flights/ready', undefined],
    ]
    for (const [path, content] of routes) {
      const json: Record<string, string> = content === undefined ? {} : { 'content-type': 'application/json' }
      const refused = await send(url + path, { body: content, headers: json })
      expect([path, refused.status, refused.headers['www-authenticate']]).toEqual([path, 401, 'Bearer'])
      expect([path, (await send(url + path, { body: content, headers: { ...json, ...bearer(key) } })).status]).toEqual([
        path,
        200,
      ])
    }
  })

  it('refuses none, wrong, foreign and revoked ones before it reads the body', async () => {
    const key = await requireKey()
    const foreign = await access.addKey('other', 'another endpoint')
    const wrong = ['', 'x', `${key}x`, key.slice(0, -1), key.toUpperCase(), foreign.key, 'a'.repeat(10_000)]
    for (const given of wrong) {
      const { status, json } = await predict(bearer(given))
      expect([given.slice(0, 50), status, json.code]).toEqual([given.slice(0, 50), 401, 'unauthorized'])
    }
    const { status } = await send(`${url}/models/flights/predict`, {
      body: '{nonsense',
      headers: { 'content-type': 'application/json' },
    })
    expect(status).toBe(401)
    const [stored] = access.get('flights').keys
    await access.revokeKey('flights', stored?.id ?? '')
    expect((await predict(bearer(key))).status).toBe(401)
    // It goes on asking for keys: revoking the last one must not open it.
    expect(access.get('flights').rules.keysRequired).toBe(true)
    expect((await predict()).status).toBe(401)
  })

  it('leaves the others open, and the health of the server', async () => {
    await requireKey()
    expect((await predict({}, 'other')).status).toBe(200)
    expect((await send(`${url}/v2/health/ready`)).status).toBe(200)
  })

  it('answers the engine', async () => {
    await requireKey()
    expect((await predict(bearer(engineSecret))).status).toBe(200)
  })

  it('cannot be without a key that holds', async () => {
    await expect(access.change('flights', { keysRequired: true })).rejects.toMatchObject({ code: 'conflict' })
    const { stored } = await access.addKey('flights', 'a')
    await access.revokeKey('flights', stored.id)
    await expect(access.change('flights', { keysRequired: true })).rejects.toMatchObject({ code: 'conflict' })
  })
})

describe('keys', () => {
  it('are stored as digests alone, and outlive the engine', async () => {
    const key = await requireKey()
    const dump = JSON.stringify(store.all(z.record(z.string(), z.unknown()), 'SELECT * FROM endpoint_key'))
    expect(dump).toContain('the shop')
    expect(dump).not.toContain(key)
    expect(dump).not.toContain(key.slice('esk_'.length))
    guard.set('flights', { keysRequired: false, origins: [], maxBodyBytes: 1_024, timeLimitMs: 30_000, digests: [] })
    access = openAccess()
    await access.restore()
    expect((await predict()).status).toBe(401)
    expect((await predict(bearer(key))).status).toBe(200)
  })

  it('are listed newest first with their state; revoking one again keeps the time', async () => {
    const first = await access.addKey('flights', 'first')
    await access.addKey('flights', 'second')
    const { keys } = await access.revokeKey('flights', first.stored.id)
    expect(keys.map(({ name, revokedAt }) => [name, revokedAt !== null])).toEqual([
      ['second', false],
      ['first', true],
    ])
    expect((await access.revokeKey('flights', first.stored.id)).keys).toEqual(keys)
    await expect(access.revokeKey('other', first.stored.id)).rejects.toMatchObject({ code: 'not-found' })
  })
})

describe('pages of other origins', () => {
  it('are refused unless their origin is allowed at that endpoint', async () => {
    await access.change('flights', { origins: [shop] })
    const allowed = await predict({ origin: shop, 'sec-fetch-site': 'cross-site' })
    expect([allowed.status, allowed.headers['access-control-allow-origin'], allowed.headers.vary]).toEqual([
      200,
      shop,
      'Origin',
    ])
    for (const origin of ['https://evil.example.com', `${shop}.evil.com`, 'http://shop.example.com', 'null']) {
      expect([origin, (await predict({ origin })).json.code]).toEqual([origin, 'forbidden-origin'])
    }
    expect((await predict({ origin: shop }, 'other')).json.code).toBe('forbidden-origin')
  })

  it('hear what they may send before they send it, without a key', async () => {
    await requireKey()
    await access.change('flights', { origins: [shop] })
    const ask = (headers: Record<string, string>) =>
      send(`${url}/models/flights/predict`, { method: 'OPTIONS', headers })
    const { status, headers } = await ask({ origin: shop, 'access-control-request-method': 'POST' })
    expect([status, headers['access-control-allow-origin'], headers['access-control-allow-methods']]).toEqual([
      204,
      shop,
      'GET, POST',
    ])
    expect((await ask({ origin: 'https://evil.example.com' })).json.code).toBe('forbidden-origin')
    expect((await ask({})).json.code).toBe('method-not-allowed')
    // An error can be read by the page too.
    expect((await predict({ origin: shop })).headers['access-control-allow-origin']).toBe(shop)
  })
})

describe('a time limit', () => {
  it('ends a request that takes longer, and none without one', async () => {
    await access.change('flights', { timeLimitMs: 50 })
    let release = () => {}
    runtime.wait = () =>
      new Promise((resolve) => {
        release = resolve
      })
    const late = await predict()
    expect([late.status, late.json.code]).toEqual([504, 'deadline-passed'])
    const infer = await send(`${url}/v2/models/flights/infer`, {
      body: { inputs: [{ name: 'distance', shape: [1], datatype: 'FP64', data: [75] }] },
    })
    expect([infer.status, infer.json.code]).toEqual([504, 'deadline-passed'])
    const explained = await send(`${url}/models/flights/explain`, { body })
    expect([explained.status, explained.json.code]).toEqual([504, 'deadline-passed'])
    runtime.wait = () => Promise.resolve()
    release()
    await access.change('flights', { timeLimitMs: 60_000 })
    expect((await predict()).status).toBe(200)
  })

  it('of a single request of the protocol is told in microseconds, as the clients of Triton do', async () => {
    const inputs = [{ name: 'distance', shape: [1], datatype: 'FP64', data: [75] }]
    const ask = (timeout: unknown) =>
      send(`${url}/v2/models/flights/infer`, { body: { inputs, parameters: { timeout } } })
    expect((await ask(60_000_000)).status).toBe(200)
    expect((await ask(0)).status).toBe(200)
    expect((await ask(0.001)).json.code).toBe('deadline-passed')
    expect((await ask('soon')).json.code).toBe('invalid-request')
  })

  it('is the usual one for rules that were stored before there was one', async () => {
    await access.change('flights', { maxBodyBytes: 2_048 })
    store.run("UPDATE endpoint_access SET rules = json_remove(rules, '$.timeLimitMs')", {})
    expect(access.get('flights').rules).toMatchObject({ maxBodyBytes: 2_048, timeLimitMs: 30_000 })
  })
})

describe('a limit of the body', () => {
  const rows = Array.from({ length: 100 }, () => ({ distance: 75 }))

  it('holds for a request that says its size', async () => {
    await access.change('flights', { maxBodyBytes: 1_024 })
    expect((await predict()).status).toBe(200)
    const large = await send(`${url}/models/flights/predict`, {
      body: { rows },
      headers: { 'content-type': 'application/json' },
    })
    expect([large.status, large.json.code]).toEqual([413, 'body-too-large'])
  })

  it('holds for a request in chunks', async () => {
    await access.change('flights', { maxBodyBytes: 1_024 })
    const text = JSON.stringify({ rows })
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect(port, '127.0.0.1')
      let read = ''
      socket.setEncoding('utf8').on('data', (chunk) => {
        read += chunk
        if (read.includes('\r\n\r\n')) socket.destroy()
      })
      socket.on('close', () => resolve(read)).on('error', reject)
      socket.write(
        `POST /models/flights/predict HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Type: application/json\r\n` +
          `Transfer-Encoding: chunked\r\n\r\n${text.length.toString(16)}\r\n${text}\r\n0\r\n\r\n`,
      )
    })
    expect(answer).toMatch(/^HTTP\/1\.1 413 /)
  })
})
