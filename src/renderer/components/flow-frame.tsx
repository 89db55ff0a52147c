import '@xyflow/react/dist/base.css'
import { useComputedColorScheme } from '@mantine/core'
import { Controls, type Edge, type FitViewOptions, type Node, type NodeTypes, ReactFlow } from '@xyflow/react'
import type { ReactNode } from 'react'

interface FlowFrameProps<Shown extends Node> {
  label: string
  className: string | undefined
  nodes: Shown[]
  edges: Edge[]
  nodeTypes: NodeTypes
  fit: FitViewOptions
  zoom: { readonly least: number; readonly most: number }
  /** Only what is in view is drawn: for graphs of hundreds of nodes. */
  sparing?: boolean
  /** By mouse, Enter or Space; left out, nothing can be chosen. */
  onSelect?: ((id: string) => void) | undefined
  /** A click on the ground. */
  onLeave?: () => void
  /** What follows the view, such as a fit to a new shape. */
  children: ReactNode
}

/** A graph that is looked at: its nodes are chosen, and neither moved nor connected. Stands in a `ReactFlowProvider`. */
export function FlowFrame<Shown extends Node>(props: FlowFrameProps<Shown>) {
  const { label, className = '', nodes, edges, nodeTypes, fit, zoom, sparing = false, onSelect, onLeave } = props
  const colorScheme = useComputedColorScheme('light')
  const chosen = onSelect !== undefined
  return (
    <ReactFlow<Shown>
      className={className}
      aria-label={label}
      colorMode={colorScheme}
      nodes={nodes}
      edges={edges}
      nodeTypes={nodeTypes}
      nodesDraggable={false}
      nodesConnectable={false}
      edgesFocusable={false}
      nodesFocusable={chosen}
      elementsSelectable={chosen}
      deleteKeyCode={null}
      fitView
      fitViewOptions={fit}
      minZoom={zoom.least}
      maxZoom={zoom.most}
      onlyRenderVisibleElements={sparing}
      proOptions={{ hideAttribution: true }}
      onNodeClick={(_, node) => onSelect?.(node.id)}
      onPaneClick={() => onLeave?.()}
      onNodesChange={(changes) => {
        // Enter and Space on a focused node arrive here.
        for (const change of changes) if (change.type === 'select' && change.selected) onSelect?.(change.id)
      }}
    >
      {props.children}
      <Controls showInteractive={false} />
    </ReactFlow>
  )
}
