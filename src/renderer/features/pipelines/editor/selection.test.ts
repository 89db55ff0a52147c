import { expect, it } from 'vitest'
import { problemsByStep, stepAtLine, stepOfProblem } from './selection.ts'

const steps = [
  { name: 'extract', lines: { from: 3, to: 5 } },
  { name: 'stats', lines: { from: 6, to: 6 } },
]

it.each([
  [2, undefined],
  [3, 'extract'],
  [5, 'extract'],
  [6, 'stats'],
  [7, undefined],
])('finds the step at line %i', (line, name) => {
  expect(stepAtLine(steps, line)).toBe(name)
})

it('goes by the path of a problem before its line', () => {
  expect(stepOfProblem(steps, { file: 'f', path: 'steps.stats.in', line: 4, message: '' })).toBe('stats')
  expect(stepOfProblem(steps, { file: 'f', path: 'parameters', line: 2, message: '' })).toBeUndefined()
  expect(stepOfProblem(steps, { file: 'f', line: 4, message: '' })).toBe('extract')
  expect(stepOfProblem(steps, { file: 'f', message: '' })).toBeUndefined()
})

it('gathers the problems of a step', () => {
  const problems = ['a', 'b'].map((message) => ({ file: 'f', path: 'steps.extract.with', message }))
  expect([...problemsByStep(steps, problems)]).toEqual([['extract', problems]])
})
