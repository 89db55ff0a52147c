import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { thinCurve } from './downsample.ts'

const curve = (ys: readonly number[]) => ys.map((y, x) => ({ x, y }))

describe('thinCurve', () => {
  it('leaves a short curve as it is', () => {
    expect(thinCurve(curve([1, 2, 3]), 3)).toEqual(curve([1, 2, 3]))
    expect(thinCurve([], 3)).toEqual([])
  })

  it('keeps the peak that stands out of each bucket', () => {
    // Two inner buckets of four: the triangle with the neighbours is widest at the peak and at the trough.
    expect(thinCurve(curve([0, 0, 0, 9, 0, 0, -9, 0, 0, 0]), 4).map(({ x }) => x)).toEqual([0, 3, 6, 9])
  })

  it('keeps the ends, the order and the limit, and invents no point', () => {
    const values = fc.array(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), { maxLength: 300 })
    fc.assert(
      fc.property(values, fc.integer({ min: 3, max: 50 }), (ys, limit) => {
        const points = curve(ys)
        const kept = thinCurve(points, limit)
        expect(kept.length).toBe(Math.min(limit, points.length))
        expect(kept[0]).toBe(points[0])
        expect(kept.at(-1)).toBe(points.at(-1))
        expect(
          kept.every((point, index) => points.includes(point) && (index === 0 || point.x > (kept[index - 1]?.x ?? 0))),
        ).toBe(true)
      }),
    )
  })
})
