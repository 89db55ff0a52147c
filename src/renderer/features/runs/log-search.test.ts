import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { LogLine } from '#shared/runs.ts'
import { filterLog, findLines, logText, splitMatches, stepMatch } from './log-search.ts'

const line = (sequence: number, step: string, level: LogLine['level'], text: string): LogLine => ({
  sequence,
  step,
  at: 0,
  level,
  text,
})
const lines = [line(1, 'a', 'debug', 'Start'), line(2, 'b', 'info', 'epoch 1 (loss)'), line(3, 'b', 'error', 'restart')]

it('filters by step and by the least level', () => {
  expect(filterLog(lines, undefined, 'debug')).toBe(lines)
  expect(filterLog(lines, 'b', 'info').map(({ sequence }) => sequence)).toEqual([2, 3])
  expect(filterLog(lines, undefined, 'warning').map(({ sequence }) => sequence)).toEqual([3])
})

it('finds text whatever its case, and nothing for nothing', () => {
  expect(findLines(lines, 'START')).toEqual([0, 2])
  expect(findLines(lines, '(loss)')).toEqual([1])
  expect(findLines(lines, ' ')).toEqual([])
})

it('splits a text around its matches without losing a letter', () => {
  expect(splitMatches('Start, restart', 'start')).toEqual(['', 'Start', ', re', 'start', ''])
  fc.assert(
    fc.property(fc.string(), fc.string(), (text, sought) => {
      expect(splitMatches(text, sought).join('')).toBe(text)
    }),
  )
})

it('goes around the ends', () => {
  expect([stepMatch(3, 2, 1), stepMatch(3, 0, -1), stepMatch(0, 0, 1)]).toEqual([0, 2, 0])
})

it('writes a file of lines', () => {
  expect(logText(lines.slice(1, 2))).toBe('1970-01-01T00:00:00.000Z info    b: epoch 1 (loss)\n')
})
