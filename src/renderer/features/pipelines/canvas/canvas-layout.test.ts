import fc from 'fast-check'
import { expect, it } from 'vitest'
import { layOut, pathThrough, portOffset, stepSize, viewOf } from './canvas-layout.ts'

const edge = (from: string, to: string) => ({ id: `${from}→${to}`, from, to })

it('places steps below those that they read, without overlap', () => {
  const graph = fc.oneof(fc.integer({ min: 2, max: 25 }), fc.integer({ min: 51, max: 60 })).chain((count) =>
    fc.record({
      count: fc.constant(count),
      pairs: fc.array(fc.tuple(fc.nat(count - 1), fc.nat(count - 1)), { maxLength: 50 }),
    }),
  )
  fc.assert(
    fc.property(graph, ({ count, pairs }) => {
      const names = Array.from({ length: count }, (_, index) => `s${index}`)
      const edges = pairs.filter(([a, b]) => a < b).map(([a, b]) => edge(`s${a}`, `s${b}`))
      const { places } = layOut(names, edges)
      for (const { from, to } of edges) expect(places.get(from)?.y).toBeLessThan(places.get(to)?.y ?? 0)
      const list = [...places.values()]
      for (const [index, a] of list.entries()) {
        for (const b of list.slice(index + 1)) {
          expect(Math.abs(a.x - b.x) >= stepSize.width || Math.abs(a.y - b.y) >= stepSize.height).toBe(true)
        }
      }
    }),
    { numRuns: 40 },
  )
})

it('leads a long edge around the steps between', () => {
  const { ways, places } = layOut(['a', 'b', 'c'], [edge('a', 'b'), edge('b', 'c'), edge('a', 'c')])
  expect([...ways.keys()]).toEqual(['a→c'])
  const beside = ways.get('a→c')?.some(({ x }) => {
    const left = places.get('b')?.x ?? 0
    return x < left || x > left + stepSize.width
  })
  expect(beside).toBe(true)
})

it('ends in a file that goes in circles, small or large', () => {
  const circle = [edge('a', 'b'), edge('b', 'a')]
  expect(layOut(['a', 'b'], circle).places.size).toBe(2)
  const others = Array.from({ length: 60 }, (_, index) => `s${index}`)
  expect(layOut(['a', 'b', ...others], circle).places.size).toBe(62)
})

it('places a thousand steps in no time', () => {
  const names = Array.from({ length: 1_000 }, (_, index) => `s${index}`)
  const edges = names.slice(1).map((name, index) => edge(`s${Math.floor(index / 2)}`, name))
  const start = performance.now()
  expect(layOut(names, edges).places.size).toBe(1_000)
  expect(performance.now() - start).toBeLessThan(1_000)
})

it('spreads ports evenly and draws through every point', () => {
  expect([portOffset(0, 1), portOffset(0, 3), portOffset(2, 3)]).toEqual([98, 49, 147])
  expect(
    pathThrough([
      { x: 0, y: 0 },
      { x: 10, y: 20 },
    ]),
  ).toBe('M0,0C0,10 10,10 10,20')
})

it('shows all steps where they can be read, else the first ones', () => {
  const places = new Map([
    ['a', { x: 0, y: 0 }],
    ['b', { x: 0, y: 952 }],
  ])
  expect(viewOf(places, { width: 400, height: 1036 }, 0.7)).toEqual({ x: 102, y: 18, zoom: 1 })
  expect(viewOf(places, { width: 400, height: 836 }, 0.7)).toEqual({ x: 121.6, y: 18, zoom: 0.8 })
  expect(viewOf(places, { width: 400, height: 300 }, 0.7)).toEqual({ x: 131.4, y: 18, zoom: 0.7 })
})
