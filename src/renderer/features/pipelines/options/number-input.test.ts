import { expect, it } from 'vitest'
import { limitsText, parseNumber } from './number-input.ts'

const integer = { kind: 'number', integer: true, min: 1, max: 64 } as const
const share = { kind: 'number', integer: false, above: 0, below: 1 } as const

it.each([
  [integer, '12', { value: 12 }],
  [integer, '64', { value: 64 }],
  [integer, '65', { problem: 'outOfLimits' }],
  [integer, '1.5', { problem: 'notAnInteger' }],
  [share, '0,25', { value: 0.25 }],
  [share, '1', { problem: 'outOfLimits' }],
  [share, '0', { problem: 'outOfLimits' }],
  [share, ' ', { problem: 'notANumber' }],
  [share, 'a', { problem: 'notANumber' }],
] as const)('reads into %j the text %j', (form, text, result) => {
  expect(parseNumber(form, text)).toEqual(result)
})

it('writes limits as signs', () => {
  expect([integer, share, { ...share, below: undefined }].map(limitsText)).toEqual(['1 ≤ x ≤ 64', '0 < x < 1', '0 < x'])
  expect(limitsText({ kind: 'number', integer: false })).toBe('')
})
