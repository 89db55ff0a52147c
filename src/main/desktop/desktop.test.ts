/** The decisions of the shell that need no Electron. The shell itself is tested end to end. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { findEngine } from './engine-record.ts'
import { requestSchemas } from './ipc-requests.ts'
import { readOptions } from './options.ts'
import { isOfOrigin } from './origin.ts'
import { statusActOf, statusActs, statusActUrl, statusPageHtml } from './status-page.ts'
import { languageOfSystem, texts } from './texts.ts'
import { usablePlace } from './window-place.ts'

const cleanUps: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp()
})

describe('readOptions', () => {
  it('takes the home from the arguments, then from the environment', () => {
    expect(readOptions(['electron', '.', '--home', '/a'], { ESTEIRA_HOME: '/b' }, 10).home).toBe('/a')
    expect(readOptions(['electron', '.', '--home=/a'], {}, 10).home).toBe('/a')
    expect(readOptions(['electron', '.'], { ESTEIRA_HOME: '/b' }, 10).home).toBe('/b')
    expect(readOptions(['electron', '.'], {}, 10).home).toMatch(/\.esteira$/)
  })
  it('tells another app of the same home what it needs', () => {
    expect(readOptions(['--home', '/a', '--hidden'], {}, 10)).toMatchObject({
      homeArguments: ['--home', '/a'],
      hidden: true,
    })
    expect(readOptions([], {}, 10)).toMatchObject({ homeArguments: [], hidden: false })
  })
  it('passes ports on to the engine', () => {
    expect(readOptions(['--port=0', '--inference-port', '7'], {}, 10).engineArguments).toEqual([
      '--port',
      '0',
      '--inference-port',
      '7',
    ])
  })
  it('only attaches when told to, or when the runtime cannot load the native modules', () => {
    expect(readOptions([], {}, 10).attachOnly).toBe(false)
    expect(readOptions([], { ESTEIRA_ENGINE: 'attach' }, 10).attachOnly).toBe(true)
    expect(readOptions([], {}, 8).attachOnly).toBe(true)
  })
})

describe('findEngine', () => {
  async function homeWith(record: unknown): Promise<string> {
    const home = await mkdtemp(join(tmpdir(), 'esteira-desktop-'))
    cleanUps.push(() => rm(home, { recursive: true }))
    await writeFile(join(home, 'engine.json'), typeof record === 'string' ? record : JSON.stringify(record))
    return home
  }
  async function serve(body: string): Promise<string> {
    const server = createServer((_, response) => response.end(body)).listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    cleanUps.push(() => server.close())
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  }

  it('finds an engine that answers', async () => {
    const controlUrl = await serve('{"status":"ok","version":"1"}')
    const home = await homeWith({ pid: 1, controlUrl, inferenceUrl: null, token: 't' })
    expect(await findEngine(home)).toEqual({ pid: 1, controlUrl, token: 't' })
  })
  it('passes over a stale record, another program at the port, a damaged file and a foreign host', async () => {
    const other = await serve('{"hello":"world"}')
    expect(await findEngine(await homeWith({ pid: 1, controlUrl: 'http://127.0.0.1:1', token: 't' }))).toBeUndefined()
    expect(await findEngine(await homeWith({ pid: 1, controlUrl: other, token: 't' }))).toBeUndefined()
    expect(await findEngine(await homeWith('{"pid":'))).toBeUndefined()
    expect(
      await findEngine(await homeWith({ pid: 1, controlUrl: 'http://example.com:80', token: 't' })),
    ).toBeUndefined()
    expect(await findEngine('/nowhere')).toBeUndefined()
  })
})

describe('isOfOrigin', () => {
  const origin = 'http://127.0.0.1:4870'
  it.each([
    ['http://127.0.0.1:4870/runs/1', true],
    ['http://127.0.0.1:4871/', false],
    ['http://127.0.0.1:4870.example.com/', false],
    ['http://127.0.0.1:4870@example.com/', false],
    ['https://127.0.0.1:4870/', false],
    ['file:///etc/passwd', false],
    ['data:text/html,x', false],
    ['not an address', false],
  ])('%s: %s', (url, expected) => {
    expect(isOfOrigin(url, origin)).toBe(expected)
  })
  it('is false for everything while there is no engine', () => {
    expect(isOfOrigin('http://127.0.0.1:4870/', undefined)).toBe(false)
  })
})

describe('requests of the page', () => {
  it('must have the declared form', () => {
    const notify = (value: unknown) => requestSchemas.notify.safeParse(value).success
    expect(notify({ title: 'a', body: 'b', path: '/runs/1' })).toBe(true)
    expect(notify({ title: 'a', body: 'b', path: 'https://example.com' })).toBe(false)
    expect(notify({ title: 'a', body: 'b', path: '//example.com' })).toBe(false)
    expect(notify({ title: 'a', body: 'b', more: 1 })).toBe(false)
    expect(notify({ title: 'a'.repeat(201), body: '' })).toBe(false)
    expect(requestSchemas.pickFolder.safeParse(undefined).success).toBe(false)
    expect(requestSchemas.setAppearance.safeParse({ language: 'fr', colorScheme: 'auto' }).success).toBe(false)
    expect(requestSchemas.getOpenAtLogin.safeParse({}).success).toBe(false)
    expect(requestSchemas.setOpenAtLogin.safeParse({ open: 'yes' }).success).toBe(false)
  })
})

describe('usablePlace', () => {
  const screens = [{ x: 0, y: 0, width: 1920, height: 1080 }]
  it('keeps a place that lies on a screen', () => {
    const place = { x: 100, y: 50, width: 1000, height: 700, maximized: true }
    expect(usablePlace(place, screens)).toEqual(place)
  })
  it('keeps the size, but not the place, when the screen is gone', () => {
    const place = { x: 3000, y: 50, width: 1000, height: 700, maximized: false }
    expect(usablePlace(place, screens)).toEqual({ width: 1000, height: 700, maximized: false })
  })
  it('starts afresh from damaged or absurd values', () => {
    for (const stored of [undefined, 'x', { width: 1, height: 1, maximized: false }, { width: 'a' }]) {
      expect(usablePlace(stored, screens)).toMatchObject({ width: 1280, height: 840 })
    }
  })
})

describe('statusPageHtml', () => {
  const base = { home: '/home/<b>', attachOnly: false, texts: texts.en, language: 'en' }
  it('escapes what comes from outside, and runs no script', () => {
    const html = statusPageHtml({ ...base, state: { kind: 'lost', log: '<script>alert(1)</script>', starts: 1 } })
    expect(html).not.toContain('<script')
    expect(html).not.toContain('<b>')
    expect(html).toContain("default-src 'none'")
    for (const act of statusActs) expect(html).toContain(statusActUrl(act))
    expect(html).toContain(texts.en.failingTitle)
  })
  it('knows its own links, and no other', () => {
    expect(statusActs.map((act) => statusActOf(statusActUrl(act)))).toEqual([...statusActs])
    expect(statusActOf('https://logs.invalid/x')).toBeUndefined()
  })
  it('says how to start the engine where the shell may not', () => {
    const html = statusPageHtml({ ...base, attachOnly: true, state: { kind: 'starting' } })
    expect(html).toContain('npx esteira serve')
    expect(statusPageHtml({ ...base, state: { kind: 'starting' } })).not.toContain(statusActUrl('retry'))
  })
})

describe('texts', () => {
  it('have the same keys in both languages, none left in English', () => {
    const same = Object.entries(texts.en).filter(([key, text]) =>
      Object.entries(texts['pt-BR']).some(([k, t]) => k === key && t === text),
    )
    expect(Object.keys(texts['pt-BR']).sort()).toEqual(Object.keys(texts.en).sort())
    expect(same.map(([key]) => key).sort()).toEqual(['endpoints', 'pipelines', 'triggers'])
    expect(languageOfSystem('pt-BR')).toBe('pt-BR')
    expect(languageOfSystem('pl')).toBe('en')
  })
})
