import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import {
  createHome,
  type Home,
  homeFolder,
  homeToken,
  readEngineFile,
  removeEngineFile,
  writeEngineFile,
} from './home.ts'

let root: string
let home: Home
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'esteira-home-'))
  home = createHome(join(root, 'home'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

it('is named by the option before the environment', () => {
  expect(homeFolder('/a/b')).toBe('/a/b')
})

it('cannot be made where a file stands', () => {
  writeFileSync(join(root, 'file'), '')
  expect(() => createHome(join(root, 'file', 'home'))).toThrow(expect.objectContaining({ code: 'home-unusable' }))
})

it('keeps its token, and makes a new one in place of one that is damaged', () => {
  const token = homeToken(home)
  expect(token).toMatch(/^[0-9a-f]{64}$/)
  expect(homeToken(home)).toBe(token)
  expect(homeToken(createHome(join(root, 'other')))).not.toBe(token)
  writeFileSync(home.tokenPath, 'short')
  expect(homeToken(home)).toMatch(/^[0-9a-f]{64}$/)
})

it.skipIf(process.platform === 'win32')('shows its token to its user alone', () => {
  homeToken(home)
  writeEngineFile(home, { pid: process.pid, controlUrl: 'http://127.0.0.1:1', inferenceUrl: null, token: 't' })
  expect(statSync(home.tokenPath).mode & 0o077).toBe(0)
  expect(statSync(home.engineFilePath).mode & 0o077).toBe(0)
})

it('says who serves it, and removes only what this process wrote', () => {
  const file = { pid: process.pid + 1, controlUrl: 'http://127.0.0.1:1', inferenceUrl: null, token: 't' }
  writeEngineFile(home, file)
  removeEngineFile(home)
  expect(readEngineFile(home)).toEqual(file)
  writeEngineFile(home, { ...file, pid: process.pid })
  removeEngineFile(home)
  expect(readEngineFile(home)).toBeUndefined()
  writeFileSync(home.engineFilePath, '{"pid":')
  expect(readEngineFile(home)).toBeUndefined()
})
