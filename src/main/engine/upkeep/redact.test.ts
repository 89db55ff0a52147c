import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { lastLines } from './log-tail.ts'
import { redact } from './redact.ts'

const folders = [
  { path: '/home/ana', shownAs: '~' },
  { path: '/home/ana/.esteira', shownAs: '<home>' },
  { path: 'C:\\Users\\ana', shownAs: '~' },
]
const shown = (text: string) => redact(text, { folders })

test('folders are shown by what stands for them, the longest first', () => {
  expect(shown('at /home/ana/.esteira/work and /home/ana/notes')).toBe('at <home>/work and ~/notes')
  expect(shown('"C:\\\\Users\\\\ana\\\\x" C:\\Users\\ana\\x')).toBe('"~\\\\x" ~\\x')
  expect(shown('at /home/bruno/x and /Users/carla/y')).toBe('at /home/[user]/x and /Users/[user]/y')
})

test('tokens and passwords are taken out wherever they stand', () => {
  const token = 'ab'.repeat(32)
  expect(shown(`x ${token} y`)).toBe('x [redacted] y')
  expect(shown('Authorization: Bearer abc.def?token=xyz&a=1')).toBe('Authorization: Bearer [redacted]&a=1')
  expect(shown('{"password":"hunter2","api_key": "k1","secret=s"}')).toBe(
    '{"password":"[redacted]","api_key": "[redacted]","secret=[redacted]"}',
  )
  expect(shown('auc 0.62 of run 01m85b9jh3cbzs9pkq25')).toBe('auc 0.62 of run 01m85b9jh3cbzs9pkq25')
})

test('the last lines of a long file are whole, and a file that is not there has none', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'esteira-tail-'))
  const path = join(folder, 'engine.log')
  writeFileSync(path, Array.from({ length: 1_000 }, (_, line) => `line ${line}\n`).join(''))
  expect(await lastLines(path, 2, 1_000)).toEqual(['line 998', 'line 999'])
  expect(await lastLines(path, 1_000, 25)).toEqual(['line 998', 'line 999'])
  expect(await lastLines(path, 5_000, 1_000_000)).toHaveLength(1_000)
  expect(await lastLines(join(folder, 'none'), 10, 100)).toEqual([])
  rmSync(folder, { recursive: true })
})
