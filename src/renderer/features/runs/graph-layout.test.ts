import { describe, expect, it } from 'vitest'
import { essentialEdges, nodeSize, placeSteps } from './graph-layout.ts'

const chain = [
  { name: 'extract', dependsOn: [] },
  { name: 'check', dependsOn: ['extract'] },
  { name: 'split', dependsOn: ['extract', 'check'] },
]

describe('essentialEdges', () => {
  it('leaves out an edge that a longer way implies', () => {
    expect(essentialEdges(chain)).toEqual([
      { from: 'extract', to: 'check' },
      { from: 'check', to: 'split' },
    ])
  })
  it('keeps both ways of a diamond', () => {
    const diamond = [
      { name: 'a', dependsOn: [] },
      { name: 'b', dependsOn: ['a'] },
      { name: 'c', dependsOn: ['a'] },
      { name: 'd', dependsOn: ['b', 'c'] },
    ]
    expect(essentialEdges(diamond)).toHaveLength(4)
  })
  it('ends on a cycle and on unknown names, as broken files have them', () => {
    expect(() =>
      essentialEdges([
        { name: 'a', dependsOn: ['b'] },
        { name: 'b', dependsOn: ['a', 'gone'] },
      ]),
    ).not.toThrow()
  })
})

describe('placeSteps', () => {
  it('puts each step below those that it waits for, without overlap', () => {
    const places = placeSteps(chain)
    const tops = chain.map(({ name }) => places.get(name)?.y ?? Number.NaN)
    for (const [index, top] of tops.entries()) {
      if (index > 0) expect(top).toBeGreaterThan((tops[index - 1] ?? 0) + nodeSize.height)
    }
  })
  it('places a graph with a cycle too', () => {
    expect(
      placeSteps([
        { name: 'a', dependsOn: ['b'] },
        { name: 'b', dependsOn: ['a'] },
      ]).size,
    ).toBe(2)
  })
})
