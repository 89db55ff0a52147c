import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type CacheKeyParts, cacheKey } from './cache-key.ts'

const parts: CacheKeyParts = {
  component: { name: 'data/read', version: '1' },
  options: { a: 1, b: { c: [1, 2] } },
  inputs: { data: ['h1', 'h2'] },
  sources: [{ path: 'data.csv', sha256: 's1' }],
  seed: 0,
}

const changes: [string, Partial<CacheKeyParts>][] = [
  ['the component', { component: { name: 'data/write', version: '1' } }],
  ['its version', { component: { name: 'data/read', version: '2' } }],
  ['an option', { options: { a: 2, b: { c: [1, 2] } } }],
  ['the type of an option', { options: { a: '1', b: { c: [1, 2] } } }],
  ['a nested option', { options: { a: 1, b: { c: [2, 1] } } }],
  ['a further option', { options: { a: 1, b: { c: [1, 2] }, d: null } }],
  ['an input', { inputs: { data: ['h1', 'h3'] } }],
  ['the order of inputs', { inputs: { data: ['h2', 'h1'] } }],
  ['the name of an input', { inputs: { other: ['h1', 'h2'] } }],
  ['the content of a source', { sources: [{ path: 'data.csv', sha256: 's2' }] }],
  ['the name of a source', { sources: [{ path: 'other.csv', sha256: 's1' }] }],
  ['a source that is gone', { sources: [] }],
  ['the seed', { seed: 1 }],
]

test.each(changes)('%s changes the key', (_, change) => {
  expect(cacheKey({ ...parts, ...change })).not.toBe(cacheKey(parts))
})

test('each change gives a key of its own', () => {
  const keys = changes.map(([, change]) => cacheKey({ ...parts, ...change }))
  expect(new Set(keys).size).toBe(keys.length)
})

test('the order in which options are written does not matter, nor what else the component is', () => {
  const component = { version: '1', name: 'data/read', summary: 'Reworded.' }
  expect(cacheKey({ ...parts, component, options: { b: { c: [1, 2] }, a: 1 } })).toBe(cacheKey(parts))
})

test('equal keys mean equal options', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.dictionary(fc.string(), fc.jsonValue()), (a, b) => {
      const [one, other] = [a, b].map((options) => cacheKey({ ...parts, options: JSON.parse(JSON.stringify(options)) }))
      if (one === other) expect(JSON.parse(JSON.stringify(a))).toEqual(JSON.parse(JSON.stringify(b)))
    }),
  )
})
