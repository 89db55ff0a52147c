import { graphlib, layout } from '@dagrejs/dagre'

export interface GraphStep {
  readonly name: string
  readonly dependsOn: readonly string[]
}
export interface Place {
  readonly x: number
  readonly y: number
}

export const nodeSize = { width: 216, height: 50 } as const
const gaps = { nodesep: 22, ranksep: 26 } as const

/** The edges worth drawing: one that a longer way already implies says nothing about the order. */
export function essentialEdges(steps: readonly GraphStep[]): { from: string; to: string }[] {
  const byName = new Map(steps.map((step) => [step.name, step]))
  const reached = new Map<string, Set<string>>()
  const ancestors = (name: string): Set<string> => {
    const known = reached.get(name)
    if (known !== undefined) return known
    const found = new Set<string>()
    // Registered before it is filled, so that a cycle in a broken file ends.
    reached.set(name, found)
    for (const parent of byName.get(name)?.dependsOn ?? []) {
      found.add(parent)
      for (const each of ancestors(parent)) found.add(each)
    }
    return found
  }
  return steps.flatMap((step) =>
    step.dependsOn
      .filter((parent) => byName.has(parent))
      .filter((parent) => !step.dependsOn.some((other) => other !== parent && ancestors(other).has(parent)))
      .map((parent) => ({ from: parent, to: step.name })),
  )
}

/** Where each step stands, from top to bottom: the upper left corner of its node, in pixels. */
export function placeSteps(steps: readonly GraphStep[]): ReadonlyMap<string, Place> {
  const graph = new graphlib.Graph()
  graph.setGraph({ rankdir: 'TB', ...gaps })
  graph.setDefaultEdgeLabel(() => ({}))
  for (const step of steps) graph.setNode(step.name, { ...nodeSize })
  for (const edge of essentialEdges(steps)) graph.setEdge(edge.from, edge.to)
  layout(graph)
  return new Map(
    steps.map((step) => {
      const { x, y } = graph.node(step.name)
      return [step.name, { x: x - nodeSize.width / 2, y: y - nodeSize.height / 2 }]
    }),
  )
}
