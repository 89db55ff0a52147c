/** The nodes and edges of the graph library, made of what the canvas draws. */

import { type Layout, stepSize } from './canvas-layout.ts'
import type { CanvasEdge, CanvasStep } from './canvas-model.ts'
import { handleId, orderHandles } from './connecting.ts'
import type { StepEdgeType } from './step-edge.tsx'
import type { StepNodeData, StepNodeType } from './step-node.tsx'

/** Kept by step, so that a node whose step did not change is not drawn again. */
export type NodeDataCache = WeakMap<CanvasStep, StepNodeData>

interface NodesRequest {
  readonly steps: readonly CanvasStep[]
  readonly layout: Layout
  readonly selected: string | undefined
  readonly renaming: string | undefined
  readonly labelOf: (step: CanvasStep) => string
  readonly acts: Pick<StepNodeData, 'onRename' | 'onRenameEnd'>
  readonly cache: NodeDataCache
}

export function toNodes({ steps, layout, selected, renaming, labelOf, acts, cache }: NodesRequest): StepNodeType[] {
  return steps.map((step) => ({
    id: step.name,
    type: 'step',
    position: layout.places.get(step.name) ?? { x: 0, y: 0 },
    ...stepSize,
    data: dataOf(step, step.name === renaming, acts, cache),
    selected: step.name === selected,
    ariaLabel: labelOf(step),
  }))
}

function dataOf(step: CanvasStep, renaming: boolean, acts: NodesRequest['acts'], cache: NodeDataCache): StepNodeData {
  const known = cache.get(step)
  if (known?.renaming === renaming) return known
  const data = { step, renaming, ...acts }
  cache.set(step, data)
  return data
}

export function toEdges(
  edges: readonly CanvasEdge[],
  layout: Layout,
  selected: string | undefined,
  labelOf: (edge: CanvasEdge) => string,
): StepEdgeType[] {
  return edges.map((edge) => ({
    id: edge.id,
    type: 'step',
    source: edge.from,
    target: edge.to,
    sourceHandle: edge.output === undefined ? orderHandles.out : handleId('out', edge.output),
    targetHandle: edge.input === undefined ? orderHandles.in : handleId('in', edge.input),
    data: { edge, way: layout.ways.get(edge.id) ?? noWay },
    selected: edge.id === selected,
    deletable: edge.kind !== 'condition',
    ariaLabel: labelOf(edge),
  }))
}
const noWay: readonly never[] = []
