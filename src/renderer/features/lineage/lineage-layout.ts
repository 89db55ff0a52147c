import { graphlib, layout } from '@dagrejs/dagre'
import type { ShownGraph } from './graph-state.ts'

export const nodeSize = { width: 196, height: 48 } as const
const gaps = { nodesep: 14, ranksep: 46 } as const

/** Where each node stands, from what was first on the left: the upper left corner, in pixels. */
export function placeNodes({ nodes, edges }: ShownGraph): ReadonlyMap<string, { x: number; y: number }> {
  const graph = new graphlib.Graph()
  graph.setGraph({ rankdir: 'LR', ...gaps })
  graph.setDefaultEdgeLabel(() => ({}))
  for (const { id } of nodes) graph.setNode(id, { ...nodeSize })
  for (const { from, to } of edges) graph.setEdge(from, to)
  layout(graph)
  return new Map(
    nodes.map(({ id }) => {
      const { x, y } = graph.node(id)
      return [id, { x: x - nodeSize.width / 2, y: y - nodeSize.height / 2 }]
    }),
  )
}
