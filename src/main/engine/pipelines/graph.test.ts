import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { downstreamOf, type Graph, orderGraph } from './graph.ts'

const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g']

/** Any edges at all: cycles, edges to itself, to unknown names, twice. */
const anyGraph = fc
  .array(fc.tuple(fc.constantFrom(...names), fc.array(fc.constantFrom(...names, 'unknown'), { maxLength: 3 })), {
    maxLength: 7,
  })
  .map((edges): Graph => new Map(edges))

/** Edges only to names that come before: no cycle. */
const acyclicGraph = fc
  .array(fc.array(fc.nat(), { maxLength: 3 }), { maxLength: 12 })
  .map(
    (rows): Graph =>
      new Map(rows.map((picks, index) => [`n${index}`, index === 0 ? [] : picks.map((pick) => `n${pick % index}`)])),
  )
  .chain((graph) =>
    fc.shuffledSubarray([...graph], { minLength: graph.size }).map((entries): Graph => new Map(entries)),
  )

describe('the order', () => {
  it('keeps that of the map among free nodes', () => {
    const graph = new Map([
      ['z', []],
      ['y', ['x']],
      ['x', []],
      ['w', ['z']],
    ])
    expect(orderGraph(graph)).toEqual({ kind: 'ordered', names: ['z', 'x', 'w', 'y'] })
  })

  it('of any graph without cycles holds every node once, after all it depends on', () => {
    fc.assert(
      fc.property(acyclicGraph, (graph) => {
        const order = orderGraph(graph)
        expect(order.kind).toBe('ordered')
        expect(order.names.toSorted()).toEqual([...graph.keys()].toSorted())
        for (const [name, dependencies] of graph) {
          for (const dependency of dependencies) {
            expect(order.names.indexOf(dependency)).toBeLessThan(order.names.indexOf(name))
          }
        }
      }),
    )
  })

  it('of any graph is an order or a cycle that really is one', () => {
    let cycles = 0
    fc.assert(
      fc.property(anyGraph, (graph) => {
        const order = orderGraph(graph)
        if (order.kind === 'ordered') {
          expect(order.names).toHaveLength(graph.size)
          return
        }
        cycles++
        expect(order.names.length).toBeGreaterThan(0)
        expect(new Set(order.names).size).toBe(order.names.length)
        for (const [index, name] of order.names.entries()) {
          expect(graph.get(name)).toContain(order.names[(index + 1) % order.names.length])
        }
      }),
      { numRuns: 500 },
    )
    expect(cycles).toBeGreaterThan(20)
  })

  it('of a graph that is deep or wide is found quickly', () => {
    const chain: Graph = new Map(Array.from({ length: 20_000 }, (_, i) => [`n${i}`, i === 0 ? [] : [`n${i - 1}`]]))
    expect(orderGraph(chain).names).toHaveLength(20_000)
    expect(downstreamOf(chain, ['n0']).size).toBe(19_999)
  })
})

describe('downstream', () => {
  /** The definition, by brute force. */
  function reaches(graph: Graph, from: string, to: string): boolean {
    return (graph.get(from) ?? []).some((dependency) => dependency === to || reaches(graph, dependency, to))
  }

  it('is everything that depends on a name, directly or not, and nothing else', () => {
    fc.assert(
      fc.property(acyclicGraph, fc.array(fc.nat({ max: 11 }), { maxLength: 3 }), (graph, picks) => {
        const roots = picks.map((pick) => `n${pick}`).filter((name) => graph.has(name))
        const expected = [...graph.keys()].filter(
          (name) => !roots.includes(name) && roots.some((root) => reaches(graph, name, root)),
        )
        expect([...downstreamOf(graph, roots)].toSorted()).toEqual(expected.toSorted())
      }),
    )
  })
})
