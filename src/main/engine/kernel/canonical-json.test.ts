import fc from 'fast-check'
import { expect, test } from 'vitest'
import { canonicalJson, hashJson } from './canonical-json.ts'

/** The same value with the keys of every object in reverse order. */
function reversed(value: unknown): unknown {
  if (value === null || typeof value !== 'object') return value
  if (Array.isArray(value)) return value.map(reversed)
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, part]) => [key, reversed(part)]),
  )
}

test('keys are ordered at every depth, lists keep their order', () => {
  expect(canonicalJson({ b: [2, 1, { d: 1, c: 2 }], a: null, B: 'x' })).toBe(
    '{"B":"x","a":null,"b":[2,1,{"c":2,"d":1}]}',
  )
  expect(canonicalJson({ a: undefined, b: 1 })).toBe('{"b":1}')
})

test('equal values give equal text, whatever the order of keys, and the text gives the value back', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(canonicalJson(reversed(value))).toBe(canonicalJson(value))
      expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)))
    }),
  )
})

test('the hash is SHA-256 of the text', () => {
  // printf '{"a":1}' | sha256sum
  expect(hashJson({ a: 1 })).toBe('015abd7f5cc57a2dd94b7590f04ad8084273905ee33ec5cebeae62276a97f862')
  expect(hashJson({ a: 1 })).not.toBe(hashJson({ a: '1' }))
})
