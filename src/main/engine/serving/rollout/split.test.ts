import fc from 'fast-check'
import { expect, test } from 'vitest'
import { assign, type KeyedRequest, positionOf, type Split } from './split.ts'

const canary: Split = { rolloutId: 'r1', kind: 'canary', share: 0.25, key: undefined }
const request = (rows: readonly unknown[] = [], headers: Record<string, string> = {}): KeyedRequest => ({
  headers,
  rows: () => rows,
})

test('without a key, chance decides by the share', () => {
  expect(assign(canary, request(), 0.2499)).toEqual({ arm: 'candidate', counts: true })
  expect(assign(canary, request(), 0.25)).toEqual({ arm: 'stable', counts: true })
})

test('a key has the same version each time, whatever chance says', () => {
  const split: Split = { ...canary, kind: 'a-b', share: 0.5, key: { column: 'customer' } }
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), fc.double({ min: 0, max: 1 }), (customer, chance) => {
      const [first, second] = [0, chance].map((drawn) => assign(split, request([{ customer }]), drawn))
      expect(second).toEqual(first)
      expect(first).toMatchObject({ key: customer, counts: true })
    }),
  )
})

test('a key that has the new version keeps it when the share rises', () => {
  const at = (share: number, customer: string) =>
    assign({ ...canary, share, key: { header: 'X-Customer' } }, request([], { 'x-customer': customer }), 0).arm
  fc.assert(
    fc.property(
      fc.string({ minLength: 1 }),
      fc.double({ min: 0.01, max: 0.98, noNaN: true }),
      fc.double({ min: 0, max: 0.5, noNaN: true }),
      (customer, share, more) => {
        if (at(share, customer) === 'candidate') expect(at(Math.min(0.99, share + more), customer)).toBe('candidate')
      },
    ),
  )
})

test('keys spread evenly, and otherwise in another rollout', () => {
  const keys = Array.from({ length: 20_000 }, (_, index) => `customer-${index}`)
  const chosen = (salt: string) => keys.filter((key) => positionOf(salt, key) < 0.3)
  const [one, other] = [chosen('r1'), new Set(chosen('r2'))]
  // 0.3 · 20,000 = 6,000 with a standard deviation of 65; both: 1,800 with one of 40.
  expect(Math.abs(one.length - 6_000)).toBeLessThan(5 * 65)
  expect(Math.abs(one.filter((key) => other.has(key)).length - 1_800)).toBeLessThan(5 * 40)
})

test.each<[string, readonly unknown[]]>([
  ['no rows', []],
  ['no such column', [{ other: 1 }]],
  ['a missing value', [{ customer: null }]],
  ['something that is no value', [{ customer: { id: 1 } }]],
  ['rows of several keys', [{ customer: 1 }, { customer: 2 }]],
  ['a row without', [{ customer: 1 }, {}]],
  ['a row that is none', ['text']],
  ['a key of the prototype', [{}]],
])('a request with %s is not counted by a test, and no chance gives it the new version', (_, rows) => {
  const split: Split = { ...canary, kind: 'a-b', share: 0.99, key: { column: 'customer' } }
  expect(assign(split, request(rows), 0)).toEqual({ arm: 'stable', counts: false })
})

test('a canary assigns what has no key by chance', () => {
  const split: Split = { ...canary, key: { header: 'x-user' } }
  expect(assign(split, request(), 0.1)).toEqual({ arm: 'candidate', counts: true })
})

test('a shadow answers nothing', () => {
  expect(assign({ ...canary, kind: 'shadow', share: 1 }, request(), 0)).toEqual({ arm: 'stable', counts: true })
})
