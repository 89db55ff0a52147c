import { describe, expect, it } from 'vitest'
import type { LineageEdge, LineageNode } from '#shared/lineage.ts'
import { formatOpened, mergeGraphs, nodeTowards, open, parseOpened, pathsThrough } from './graph-state.ts'

const node = (id: string): LineageNode => ({
  ...{ id, kind: 'step', label: id, detail: '', projectId: null, at: null, state: null },
})
const edge = (from: string, to: string): LineageEdge => ({ from, to, label: '' })
const graph = { nodes: ['a', 'b', 'c', 'd'].map(node), edges: [edge('a', 'b'), edge('b', 'c'), edge('a', 'd')] }

describe('the graph that is shown', () => {
  it('holds each node and edge once, and no edge that leads out of it', () => {
    const merged = mergeGraphs([graph, { nodes: [node('b')], edges: [edge('a', 'b'), edge('b', 'x')] }])
    expect(merged.nodes.map(({ id }) => id)).toEqual(['a', 'b', 'c', 'd'])
    expect(merged.edges).toEqual(graph.edges)
  })

  it('has the ways through a node: what leads to it and what it leads to', () => {
    expect([...pathsThrough(graph, 'b')].sort()).toEqual(['a', 'b', 'c'])
    expect([...pathsThrough(graph, 'd')].sort()).toEqual(['a', 'd'])
  })

  it('is gone through by arrow keys, to the nearest', () => {
    const places = new Map([
      ['a', { x: 0, y: 0 }],
      ['b', { x: 1, y: 10 }],
      ['d', { x: 1, y: -2 }],
    ])
    expect(nodeTowards('ArrowRight', 'a', graph.edges, places)).toBe('d')
    expect(nodeTowards('ArrowLeft', 'b', graph.edges, places)).toBe('a')
    expect(nodeTowards('ArrowUp', 'b', graph.edges, places)).toBe('d')
    expect(nodeTowards('ArrowDown', 'b', graph.edges, places)).toBeUndefined()
  })
})

describe('what was opened', () => {
  it('stands in the address and is read from it again', () => {
    const opened = open(open(open([], 'step:r/a', 'upstream'), 'b', 'downstream'), 'b', 'downstream')
    expect(formatOpened(opened)).toBe('u:step:r/a d2:b')
    expect(parseOpened(formatOpened(opened))).toEqual(opened)
  })

  it('is nothing where the address says nothing that can be read', () => {
    expect(parseOpened(undefined)).toEqual([])
    expect(parseOpened('x:y nonsense u:')).toEqual([])
    expect(formatOpened([])).toBeUndefined()
  })
})
