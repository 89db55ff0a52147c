import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { tellByCommand } from './command-sender.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'esteira-command-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const tell = (script: string, more: { timeoutMs?: number; signal?: AbortSignal } = {}) =>
  tellByCommand({
    command: [process.execPath, '-e', script],
    folder,
    body: '{}',
    signal: new AbortController().signal,
    ...more,
  })

it('ends a program that does not end, and what it started', async () => {
  const child = `require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'inherit' })`
  await expect(tell(`${child}; setInterval(() => {}, 1000)`, { timeoutMs: 500 })).rejects.toThrow(
    'It did not end within 0.5 s.',
  )
}, 30_000)
it('ends it when the engine stops', async () => {
  const stop = new AbortController()
  const told = tell(`require('node:fs').writeFileSync('started', ''); setInterval(() => {}, 1000)`, {
    signal: stop.signal,
  })
  await expect.poll(() => existsSync(join(folder, 'started')), { timeout: 20_000 }).toBe(true)
  stop.abort()
  await expect(told).rejects.toThrow('The engine stopped meanwhile.')
}, 30_000)
it('a program that reads nothing is none the worse for it', async () => {
  await expect(tell('process.stdin.destroy(); console.log("told")')).resolves.toBe('told')
}, 30_000)
