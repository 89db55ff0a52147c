import fc from 'fast-check'
import { expect, it } from 'vitest'
import { defaultSplit, moveEdge, openShare, readSplit, type SidePart } from './split-sizes.ts'

it('gives to one part what it takes from its neighbour', () => {
  const wider = moveEdge(defaultSplit, 'inspector', -0.05)
  expect(wider.inspector).toBeCloseTo(0.32)
  expect(wider.text).toBe(0.35)
  const moved = moveEdge(defaultSplit, 'text', 0.05)
  expect([moved.inspector, moved.text]).toEqual([expect.closeTo(0.32), expect.closeTo(0.3)])
})

it('leaves every open part wide enough, however far an edge is moved', () => {
  const part = fc.constantFrom<SidePart>('inspector', 'text')
  const moves = fc.array(fc.tuple(part, fc.double({ min: -1, max: 1, noNaN: true })), { maxLength: 20 })
  fc.assert(
    fc.property(moves, (list) => {
      const split = list.reduce((before, [which, by]) => moveEdge(before, which, by), defaultSplit)
      expect(split.inspector).toBeGreaterThanOrEqual(0.179)
      expect(split.text).toBeGreaterThanOrEqual(0.179)
      expect(1 - openShare(split, 'inspector') - openShare(split, 'text')).toBeGreaterThanOrEqual(0.249)
    }),
  )
})

it('begins anew where what was kept cannot be read', () => {
  expect(readSplit(null)).toEqual(defaultSplit)
  expect(readSplit('{"inspector": 9}')).toEqual(defaultSplit)
  expect(readSplit(JSON.stringify({ ...defaultSplit, textOpen: false }))).toEqual({ ...defaultSplit, textOpen: false })
})
