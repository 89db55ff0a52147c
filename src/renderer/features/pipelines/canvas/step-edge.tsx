import { BaseEdge, type Edge, type EdgeProps } from '@xyflow/react'
import { memo } from 'react'
import { type Point, pathThrough } from './canvas-layout.ts'
import type { CanvasEdge } from './canvas-model.ts'

export interface StepEdgeData extends Record<string, unknown> {
  readonly edge: CanvasEdge
  readonly way: readonly Point[]
}
export type StepEdgeType = Edge<StepEdgeData, 'step'>

/** Data in a line, order alone dashed. */
export const StepEdge = memo(function StepEdge(props: EdgeProps<StepEdgeType>) {
  const { id, sourceX, sourceY, targetX, targetY, data } = props
  const path = pathThrough([{ x: sourceX, y: sourceY }, ...(data?.way ?? []), { x: targetX, y: targetY }])
  const dash = data?.edge.kind === 'data' ? {} : { strokeDasharray: '5 4' }
  return <BaseEdge id={id} path={path} style={dash} interactionWidth={14} />
})
