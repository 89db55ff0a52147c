import { expect, test } from 'vitest'
import { typicalValue } from './typical.ts'

test('numbers and instants: the median, in the form that a request takes', () => {
  expect(typicalValue('number', Float64Array.of(1.5, 100, 2, Number.NaN))).toBe(2)
  expect(typicalValue('number', Float64Array.of(1 / 3))).toBe(0.333333)
  expect(typicalValue('integer', Float64Array.of(1, 2))).toBe(2)
  expect(typicalValue('timestamp', Float64Array.of(Date.UTC(2001, 0, 2, 3, 4, 5, 678)))).toBe('2001-01-02T03:04:05Z')
})

test('other values: the most frequent', () => {
  expect(typicalValue('boolean', Float64Array.of(1, 0, 0))).toBe(false)
  expect(typicalValue('text', ['b', 'a', null, 'b'])).toBe('b')
  expect(typicalValue('text', ['b', 'a'])).toBe('a')
})

test('nothing, where there is no value', () => {
  expect(typicalValue('text', [null])).toBeUndefined()
  expect(typicalValue('number', Float64Array.of(Number.NaN))).toBeUndefined()
  expect(typicalValue('number', [])).toBeUndefined()
})
