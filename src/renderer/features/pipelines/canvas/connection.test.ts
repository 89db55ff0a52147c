import { describe, expect, it } from 'vitest'
import { obviousInputs, outputMeant, outputsThatFit, referenceTo, refusal, stepsRead, waitsFor } from './connection.ts'
import { catalogue, components, from, stepOf } from './fixtures.ts'

const steps = [
  stepOf('extract', 'data/extract'),
  stepOf('stats', 'data/statistics', { inputs: { data: from('extract') } }),
  stepOf('halve', 'data/halve', { inputs: { data: from('extract') }, when: 'steps.stats.values.rows > 0' }),
  stepOf('join', 'data/join', { inputs: { tables: [...from('halve', 'first')] }, needs: ['stats'] }),
  stepOf('again', 'data/halve', { inputs: { data: from('join') } }),
]

describe('refusal', () => {
  it.each([
    ['a fitting type', 'extract', 'data', 'again', 'data', undefined],
    ['another type', 'stats', 'statistics', 'again', 'data', 'type'],
    ['the step itself', 'halve', 'first', 'halve', 'data', 'same-step'],
    ['a circle by data', 'join', 'data', 'halve', 'data', 'cycle'],
    ['a circle by a condition', 'again', 'first', 'stats', 'data', 'cycle'],
    ['what is connected already', 'extract', 'data', 'halve', 'data', 'already'],
    ['the same output once more, where many are taken', 'halve', 'first', 'join', 'tables', 'already'],
    ['another output, where many are taken', 'halve', 'second', 'join', 'tables', undefined],
    ['an output that is not there', 'extract', 'rows', 'again', 'data', 'unknown'],
    ['a step that is not there', 'gone', 'data', 'again', 'data', 'unknown'],
  ])('of %s', (_, step, output, target, input, expected) => {
    expect(refusal(steps, catalogue, { step, output }, { step: target, input })).toBe(expected)
  })
})

it('offers every output that fits, the one in use included', () => {
  const places = outputsThatFit(steps, catalogue, { step: 'again', input: 'data' })
  expect(places.map(({ step, output }) => `${step}.${output}`)).toEqual([
    'extract.data',
    'halve.first',
    'halve.second',
    'join.data',
  ])
})

it('reads an edge that leaves the output open as the planner does', () => {
  expect(outputMeant({ step: 'halve', output: null }, ['table'], steps, catalogue)).toBeUndefined()
  expect(outputMeant({ step: 'halve', output: null }, ['statistics'], steps, catalogue)).toBe('about')
  expect(referenceTo({ step: 'halve', output: 'about' }, ['statistics'], steps, catalogue).output).toBeNull()
  expect(referenceTo({ step: 'halve', output: 'first' }, ['table'], steps, catalogue).output).toBe('first')
})

it('follows data, order and conditions, and ends in a file that goes in circles', () => {
  expect(waitsFor(steps, 'again', 'stats')).toBe(true)
  expect(waitsFor(steps, 'extract', 'again')).toBe(false)
  const circle = [stepOf('a', 'data/join', { needs: ['b'] }), stepOf('b', 'data/join', { needs: ['a'] })]
  expect(waitsFor(circle, 'a', 'c')).toBe(false)
  expect(stepsRead('steps.gate.values.blessed == true and steps.gate.status == "x"')).toEqual(['gate'])
})

it('connects a new step where there is one way to', () => {
  const [, statistics, , halve, join] = components
  if (statistics === undefined || halve === undefined || join === undefined) throw new Error('A component is missing.')
  expect(obviousInputs(statistics, steps[0], catalogue)).toEqual({ data: from('extract') })
  expect(obviousInputs(join, steps[2], catalogue)).toEqual({})
  expect(obviousInputs(statistics, undefined, catalogue)).toEqual({})
})
