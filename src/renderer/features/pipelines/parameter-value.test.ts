import { expect, it } from 'vitest'
import { parameterKind, parameterText, parseParameter } from './parameter-value.ts'

it.each([
  ['number', '0,5', { value: 0.5 }],
  ['number', ' 12 ', { value: 12 }],
  ['number', '', { problem: 'notANumber' }],
  ['number', '1e999', { problem: 'notANumber' }],
  ['number', 'twelve', { problem: 'notANumber' }],
  ['text', '12', { value: '12' }],
  ['boolean', 'false', { value: false }],
  ['json', '["a", 1]', { value: ['a', 1] }],
  ['json', '[a]', { problem: 'notJson' }],
] as const)('%s from %j', (kind, text, result) => {
  expect(parseParameter(kind, text)).toEqual(result)
})

it('brings each declared value through the form unchanged', () => {
  for (const value of [1.5, true, 'text', ['a', 'b'], { a: 1 }, null]) {
    expect(parseParameter(parameterKind(value), parameterText(value))).toEqual({ value })
  }
})
