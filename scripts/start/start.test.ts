import { existsSync, globSync } from 'node:fs'
import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { engineBundle, isStale, pagesAndShell } from './build.ts'
import { electronMajor } from './electron.ts'
import { homeArguments, readStartArguments } from './start-arguments.ts'
import { whyNoWindow } from './why-no-window.ts'

const appRoot = fileURLToPath(new URL('../..', import.meta.url))
let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'esteira-start-'))
})
afterEach(() => rm(folder, { recursive: true }))

/** A file, and the folders that it changes, as of a time. */
async function write(path: string, modifiedAt: number): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true })
  await writeFile(join(folder, path), '25.1.1')
  for (let each = path; each !== '.'; each = dirname(each)) await utimes(join(folder, each), modifiedAt, modifiedAt)
}

it('keeps its own arguments and passes the others on', () => {
  expect(readStartArguments(['--home', '/a b', '--no-sandbox', '--port=0', '--headless'], {})).toEqual({
    headless: true,
    sandbox: false,
    browser: true,
    passedOn: ['--home', '/a b', '--port=0'],
  })
  expect(readStartArguments(['--no-browser'], {}).browser).toBe(false)
  expect(readStartArguments([], { ESTEIRA_NO_BROWSER: '1' }).browser).toBe(false)
  expect(homeArguments(['--port=0', '--home', '/a'])).toEqual(['--home', '/a'])
  expect(homeArguments(['--home=/a', '--port=0'])).toEqual(['--home=/a'])
})

describe('whyNoWindow', () => {
  const desktop = { headless: false, sandbox: true, platform: 'linux', isRoot: false, hasDisplay: true } as const
  it('knows of each obstacle', () => {
    expect(whyNoWindow(desktop)).toBeUndefined()
    expect(whyNoWindow({ ...desktop, headless: true })).toContain('asked')
    expect(whyNoWindow({ ...desktop, hasDisplay: false })).toContain('display')
    expect(whyNoWindow({ ...desktop, isRoot: true })).toContain('--no-sandbox')
    expect(whyNoWindow({ ...desktop, isRoot: true, sandbox: false })).toBeUndefined()
    expect(whyNoWindow({ ...desktop, platform: 'darwin', hasDisplay: false, isRoot: true })).toBeUndefined()
  })
})

it('tells the Electron version from the folder of the executable', async () => {
  await write('dist/version', 1)
  expect(electronMajor(join(folder, 'dist/electron'))).toBe(25)
  expect(electronMajor(join(folder, 'elsewhere/electron'))).toBe(0)
})

describe('isStale', () => {
  const target = {
    name: 'pages',
    sources: ['src/renderer/**', 'src/shared/**', 'package-lock.json'],
    products: ['out/renderer/index.html'],
    stamp: 'out/.built',
    command: [],
  }
  it('is so until built, after a change, and when something built is missing', async () => {
    await write('src/renderer/app/app.tsx', 100)
    expect(isStale(folder, target)).toBe(true)
    await write('out/renderer/index.html', 200)
    await write('out/.built', 200)
    expect(isStale(folder, target)).toBe(false)
    await write('src/main/engine/engine.ts', 300)
    await utimes(join(folder, 'src'), 100, 100)
    expect(isStale(folder, target)).toBe(false)
    await write('src/shared/runs.ts', 300)
    expect(isStale(folder, target)).toBe(true)
    await write('out/.built', 400)
    expect(isStale(folder, target)).toBe(false)
    await rm(join(folder, 'out/renderer/index.html'))
    expect(isStale(folder, target)).toBe(true)
  })

  it('knows targets whose programs and sources exist', () => {
    for (const { command, sources } of [pagesAndShell, engineBundle]) {
      expect(existsSync(join(appRoot, command[0] ?? ''))).toBe(true)
      expect(sources.filter((pattern) => globSync(pattern, { cwd: appRoot }).length === 0)).toEqual([])
    }
  })
})
