import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { isStale } from './build.ts'
import { electronMajor } from './electron.ts'
import { homeArguments, readStartArguments } from './start-arguments.ts'
import { whyNoWindow } from './why-no-window.ts'

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
  const products = ['out/main/index.cjs', 'out/preload/index.cjs', 'out/renderer/index.html', 'out/.built']
  it('is so until built, after a change, and when something built is missing', async () => {
    await write('src/renderer/app/app.tsx', 100)
    expect(isStale(folder)).toBe(true)
    for (const path of products) await write(path, 200)
    expect(isStale(folder)).toBe(false)
    await write('src/main/engine/engine.ts', 300)
    expect(isStale(folder)).toBe(false)
    await write('src/shared/runs.ts', 300)
    expect(isStale(folder)).toBe(true)
    await write('out/.built', 400)
    expect(isStale(folder)).toBe(false)
    await rm(join(folder, 'out/preload/index.cjs'))
    expect(isStale(folder)).toBe(true)
  })
})
