/** Asked from another address than loopback: over TLS with a real certificate, by key, under the right name, and no other way. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { request as httpsRequest } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { defaultAccessRules } from '#shared/access.ts'
import { outsideStateSchema } from '#shared/engine.ts'
import { Engine } from '../engine.ts'
import { addProjects } from '../registry/testing.ts'
import { Store } from '../store/store.ts'
import { AccessGuard, digestOf } from './access-guard.ts'
import { createInferenceApp, listen } from './inference-app.ts'
import { type OutsideListener, openOutside } from './outside.ts'
import { outsideAddress } from './outside-options.ts'
import { ServedEndpoints } from './served-endpoints.ts'
import { regressionSignature, send, testRuntime } from './testing.ts'

let folder = ''
let certFile = ''
let keyFile = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'esteira-outside-'))
  certFile = join(folder, 'cert.pem')
  keyFile = join(folder, 'key.pem')
  const subject = ['-subj', '/CN=models.example', '-addext', 'subjectAltName=DNS:models.example,IP:127.0.0.1']
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2']
  execFileSync('openssl', ['req', '-x509', ...curve, '-keyout', keyFile, '-out', certFile, ...subject], {
    stdio: 'pipe',
  })
})
afterAll(() => rmSync(folder, { recursive: true }))

interface Asked {
  readonly path?: string
  readonly method?: string
  readonly headers?: Record<string, string>
  readonly body?: unknown
}

/** Trusts the certificate of the test and nothing else. */
function askOutside(port: number, { path, method = 'POST', headers = {}, body }: Asked): Promise<[number, string]> {
  const options = {
    ...{ host: '127.0.0.1', port, method, servername: 'models.example', ca: readFileSync(certFile) },
    path: path ?? '/models/closed/predict',
    headers: { host: `models.example:${port}`, 'content-type': 'application/json', ...headers },
  }
  return new Promise((resolve, reject) => {
    const request = httpsRequest(options, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (part: string) => {
        text += part
      })
      response.on('end', () => resolve([response.statusCode ?? 0, text]))
    })
    request.on('error', reject)
    request.end(body === undefined ? undefined : JSON.stringify(body))
  })
}

describe('the listener for other machines', () => {
  const guard = new AccessGuard('engine')
  const served = new ServedEndpoints(async () => testRuntime(regressionSignature))
  const app = createInferenceApp(served, { answered: () => {}, failed: () => {} }, undefined, guard)
  let listener: OutsideListener
  let loopback = ''
  const body = { rows: [{ x: 1 }] }
  const key = { authorization: 'Bearer good' }

  beforeAll(async () => {
    for (const name of ['closed', 'open']) {
      await served.load(name, { model: 'm', version: 1, files: new Map() })
      served.activate(name, 1)
    }
    guard.set('closed', { ...defaultAccessRules, keysRequired: true, digests: [digestOf('good')] })
    loopback = `http://127.0.0.1:${await listen(app, '127.0.0.1', 0)}`
    const address = await outsideAddress({ host: '127.0.0.1', port: 0, names: ['models.example'], certFile, keyFile })
    listener = await openOutside(app, address)
  })
  afterAll(async () => {
    await Promise.all([app.close(), listener.close()])
  })
  const ask = (asked: Asked) => askOutside(listener.port, { body, ...asked })
  const codeOf = ([status, text]: [number, string]) => [status, JSON.parse(text).code]

  it('answers who has the key, encrypted', async () => {
    const [status, text] = await ask({ headers: key })
    expect([status, JSON.parse(text).predictions]).toEqual([200, [{ prediction: 3 }]])
    expect((await ask({ path: '/v2/health/live', method: 'GET', body: undefined }))[0]).toBe(200)
    await expect(fetch(`http://127.0.0.1:${listener.port}/v2/health/live`)).rejects.toThrow()
  })

  it('refuses who has none, whatever the rules of the endpoint', async () => {
    expect(codeOf(await ask({}))).toEqual([401, 'unauthorized'])
    expect(codeOf(await ask({ headers: { authorization: 'Bearer bad' } }))).toEqual([401, 'unauthorized'])
    expect(codeOf(await ask({ path: '/models/open/predict' }))).toEqual([401, 'unauthorized'])
    expect(codeOf(await ask({ path: '/models/unknown/predict' }))).toEqual([401, 'unauthorized'])
    expect((await send(`${loopback}/models/open/predict`, { body })).status).toBe(200)
  })

  it('refuses other names, and what is for this machine alone', async () => {
    const rebound = { ...key, host: `evil.example:${listener.port}` }
    expect(codeOf(await ask({ headers: rebound }))).toEqual([403, 'forbidden-host'])
    expect(codeOf(await ask({ path: '/metrics', method: 'GET', headers: key, body: undefined }))).toEqual([
      404,
      'not-found',
    ])
    const page = { ...key, origin: 'https://evil.example' }
    expect(codeOf(await ask({ headers: page }))).toEqual([403, 'forbidden-origin'])
    expect((await send(`${loopback}/metrics`)).status).toBe(200)
    // The name of the outside opens nothing on loopback.
    const host = `models.example:${new URL(loopback).port}`
    expect((await send(`${loopback}/models/open/predict`, { body, headers: { host } })).status).toBe(403)
  })

  it('says what is wrong with a certificate, its key and an address', async () => {
    const swapped = outsideAddress({ host: '127.0.0.1', port: 0, names: [], certFile: keyFile, keyFile: certFile })
    await expect(swapped.then((address) => openOutside(app, address))).rejects.toMatchObject({ code: 'invalid-usage' })
    const half = outsideAddress({ host: '127.0.0.1', port: 0, names: [], certFile })
    await expect(half).rejects.toMatchObject({ code: 'invalid-usage' })
    const gone = outsideAddress({ host: '127.0.0.1', port: 0, names: [], certFile: 'no.pem', keyFile })
    await expect(gone).rejects.toMatchObject({ code: 'invalid-usage', context: { found: 'no.pem' } })
    await expect(openOutside(app, { host: '203.0.113.1', port: 0, names: [] })).rejects.toMatchObject({
      code: 'invalid-usage',
    })
    await expect(openOutside(app, { host: '127.0.0.1', port: listener.port, names: [] })).rejects.toMatchObject({
      code: 'port-in-use',
    })
  })
})

describe('an engine', () => {
  const outside = () => ({ host: '127.0.0.1', port: 0, names: ['models.example'], certFile, keyFile })
  const start = (home: string) =>
    Engine.start({ home, port: 0, inferencePort: 0, outside: outside(), background: false })

  it('is not started for other machines while an endpoint requires no key', async () => {
    const home = join(folder, 'home')
    const first = await start(home)
    const { outsideUrl, inferenceUrl } = first.info()
    expect([outsideUrl, inferenceUrl]).toEqual([expect.stringMatching(/^https:/), expect.stringMatching(/^http:/)])
    const port = Number(new URL(outsideUrl ?? '').port)
    expect((await askOutside(port, { path: '/models/flights/predict', body: {} }))[0]).toBe(401)
    const { controlUrl } = first.info()
    const headers = { authorization: `Bearer ${first.token}` }
    const state = outsideStateSchema.parse(
      await (await fetch(`${controlUrl}/api/v1/engine/outside`, { headers })).json(),
    )
    expect(state).toEqual({
      listener: { url: outsideUrl, names: expect.arrayContaining(['models.example', 'localhost']) },
      endpoints: [],
    })
    await first.stop()
    const store = Store.open(join(home, 'metadata.db'))
    addProjects(store, ['p'])
    store.run("INSERT INTO endpoint (name, project_id, created_at) VALUES ('flights', 'p', 0)")
    store.close()
    await expect(start(home)).rejects.toMatchObject({ code: 'conflict', context: { found: 'flights' } })
  }, 60_000)
})
