import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openFileLogger } from './logger.ts'

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'esteira-logger-'))
  path = join(folder, 'logs', 'engine.log')
})
afterEach(() => rmSync(folder, { recursive: true }))

const readLines = () =>
  readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .map((line): unknown => JSON.parse(line))

test('writes one JSON object a line, from the chosen level on', () => {
  const logger = openFileLogger({ path, clock: () => 0 })
  logger.debug('too fine')
  logger.info('engine started', { port: 4870 })
  logger.error('failed', { error: new Error('why') })
  logger.close()
  expect(readLines()).toEqual([
    { time: '1970-01-01T00:00:00.000Z', level: 'info', text: 'engine started', port: 4870 },
    {
      time: '1970-01-01T00:00:00.000Z',
      level: 'error',
      text: 'failed',
      error: { message: 'why', stack: expect.stringContaining('logger.test') },
    },
  ])
})

test('keeps tokens out, by the name of the field and inside texts', () => {
  const logger = openFileLogger({ path })
  logger.info('GET /x?token=s3cret1 with Bearer s3cret2', {
    headers: { Authorization: 's3cret3' },
    engineToken: 's3cret4',
  })
  logger.error('failed', { error: new Error('Authorization: Bearer s3cret5') })
  logger.close()
  expect(readFileSync(path, 'utf8')).not.toContain('s3cret')
  expect(readFileSync(path, 'utf8')).toContain('GET /x?token=[redacted] with Bearer [redacted]')
})

test('never grows past its bound: the file before is kept once', () => {
  const logger = openFileLogger({ path, maxBytes: 1_000 })
  for (let index = 0; index < 200; index++) logger.info(`line ${index}`)
  logger.close()
  expect(statSync(path).size).toBeLessThan(1_200)
  expect(statSync(`${path}.1`).size).toBeLessThan(1_200)
  expect(existsSync(`${path}.2`)).toBe(false)
  expect(readFileSync(path, 'utf8')).toContain('line 199')
})

test('goes on where the last process stopped, readable by its owner only', () => {
  for (const text of ['first', 'second']) {
    const logger = openFileLogger({ path, clock: () => 0 })
    logger.info(text)
    logger.close()
  }
  expect(readLines()).toMatchObject([{ text: 'first' }, { text: 'second' }])
  expect(statSync(path).mode & 0o077).toBe(0)
})

test('a log that cannot be written disturbs nobody', () => {
  const logger = openFileLogger({ path: '/dev/null/engine.log' })
  expect(() => logger.info('lost')).not.toThrow()
})
