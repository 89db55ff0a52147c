import { describe, expect, test } from 'vitest'
import type { Column } from '../tables/columns.ts'
import { detectTask, fitTarget, knownTargets } from './target.ts'

const text = (...values: (string | null)[]): Column => ({ kind: 'text', values })
const numeric = (...values: number[]): Column => ({ kind: 'numeric', values: Float64Array.from(values) })
const repeat = (values: number[], times: number): number[] => Array.from({ length: times }, () => values).flat()

describe('the task', () => {
  test.each([
    ['booleans', numeric(0, 1), 'boolean', 'binary'],
    ['two texts', text('a', 'b', null), 'text', 'binary'],
    ['three texts', text('a', 'b', 'c'), 'text', 'multiclass'],
    ['0 and 1', numeric(0, 1, 1, Number.NaN), 'integer', 'binary'],
    ['a few whole numbers seen often', numeric(...repeat([1, 2, 3], 10)), 'integer', 'multiclass'],
    ['a few whole numbers seen seldom', numeric(1, 2, 3, 4), 'integer', 'regression'],
    ['many whole numbers', numeric(...repeat([...Array(11).keys()], 20)), 'integer', 'regression'],
    ['fractions', numeric(...repeat([0.5, 1.5, 2.5], 20)), 'number', 'regression'],
  ] as const)('of %s', (_, column, type, task) => {
    expect(detectTask(column, type)).toBe(task)
  })
})

describe('the classes', () => {
  test.each([
    [
      ['yes', 'no', 'yes', 'yes'],
      ['no', 'yes'],
    ],
    [
      ['Negative', 'positive', 'positive'],
      ['Negative', 'positive'],
    ],
    [
      ['late', 'punctual', 'punctual'],
      ['punctual', 'late'],
    ],
    [
      ['b', 'a'],
      ['a', 'b'],
    ],
  ])('of %j are [negative, positive]', (labels, classes) => {
    expect(fitTarget('t', text(...labels), 'text', 'binary').classes).toEqual(classes)
  })
  test('of numbers sort by value', () => {
    expect(fitTarget('t', numeric(10, 9, 2), 'integer', 'multiclass').classes).toEqual(['2', '9', '10'])
  })
  test('leave rows out that are missing or unknown', () => {
    const known = knownTargets(text('b', null, 'c', 'a'), 'text', ['a', 'b'])
    expect([[...known.rows], [...known.values]]).toEqual([
      [0, 3],
      [1, 0],
    ])
  })
})

describe('a target is refused', () => {
  test.each([
    ['of one class', text('a', 'a', null), 'text', 'binary', /only one class .* "a"/],
    ['without values', text(null), 'text', 'multiclass', /no value/],
    ['of three classes as binary', text('a', 'b', 'c'), 'text', 'binary', /3 classes/],
    ['of text as regression', text('a', 'b'), 'text', 'regression', /cannot be regression/],
    ['that never varies', numeric(2, 2), 'number', 'regression', /same value, 2/],
    [
      'of too many classes',
      text(...Array.from({ length: 201 }, (_, index) => `c${index}`)),
      'text',
      'multiclass',
      /at most 200/,
    ],
  ] as const)('%s', (_, column, type, task, message) => {
    expect(() => fitTarget('t', column, type, task)).toThrow(message)
  })
})
