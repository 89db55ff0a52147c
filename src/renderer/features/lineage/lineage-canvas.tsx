import { type Edge, Handle, type Node, type NodeProps, Position, ReactFlowProvider, useReactFlow } from '@xyflow/react'
import { type KeyboardEvent, useEffect, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { LineageDirection, LineageNode } from '#shared/lineage.ts'
import { FlowFrame } from '../../components/flow-frame.tsx'
import { edgeId, isArrow, nodeTowards, pathsThrough, type ShownGraph } from './graph-state.ts'
import styles from './lineage.module.css'
import { nodeSize, placeNodes } from './lineage-layout.ts'

export interface LineageCanvasProps {
  graph: ShownGraph
  /** The thing that was asked about. */
  centre: string
  selected: string
  onSelect: (id: string) => void
  onOpen: (id: string, direction: LineageDirection) => void
}

type Data = { node: LineageNode; centre: boolean; off: boolean }
type GraphNode = Node<Data, 'thing'>
const nodeTypes = { thing: ThingView }
const fit = { padding: 0.08, maxZoom: 1.1 } as const

export default function LineageCanvas(props: LineageCanvasProps) {
  return (
    <ReactFlowProvider>
      <Canvas {...props} />
    </ReactFlowProvider>
  )
}

function Canvas({ graph, centre, selected, onSelect, onOpen }: LineageCanvasProps) {
  const { t } = useTranslation()
  const places = useMemo(() => placeNodes(graph), [graph])
  const onPath = useMemo(() => pathsThrough(graph, selected), [graph, selected])
  const nodes = graph.nodes.map(
    (node): GraphNode => ({
      id: node.id,
      type: 'thing',
      position: places.get(node.id) ?? { x: 0, y: 0 },
      ...nodeSize,
      data: { node, centre: node.id === centre, off: !onPath.has(node.id) },
      selected: node.id === selected,
      ariaLabel: [t(`lineage.kinds.${node.kind}`), node.label, node.detail].filter((part) => part !== '').join(', '),
    }),
  )
  const edges = graph.edges.map((edge): Edge => {
    const on = onPath.has(edge.from) && onPath.has(edge.to)
    return {
      id: edgeId(edge),
      source: edge.from,
      target: edge.to,
      type: 'default',
      className: on ? (styles.onPath ?? '') : (styles.offPath ?? ''),
      focusable: false,
    }
  })
  const move = (event: KeyboardEvent) => {
    if (!isArrow(event.key)) return
    event.preventDefault()
    event.stopPropagation()
    if (event.shiftKey && event.key === 'ArrowLeft') return onOpen(selected, 'upstream')
    if (event.shiftKey && event.key === 'ArrowRight') return onOpen(selected, 'downstream')
    const next = nodeTowards(event.key, selected, graph.edges, places)
    if (next === undefined) return
    onSelect(next)
    const { currentTarget } = event
    // The node that is focused is the one that is selected, so that a screen reader says it.
    requestAnimationFrame(() => currentTarget.querySelector<HTMLElement>(`[data-id="${CSS.escape(next)}"]`)?.focus())
  }
  return (
    <div className={styles.canvas} onKeyDownCapture={move}>
      <FlowFrame<GraphNode>
        className={styles.flow}
        label={t('lineage.graph')}
        nodes={nodes}
        edges={edges}
        nodeTypes={nodeTypes}
        fit={fit}
        zoom={{ least: 0.1, most: 1.6 }}
        sparing
        onSelect={onSelect}
      >
        <Refit shape={graph} />
      </FlowFrame>
    </div>
  )
}

/** Shows all of it again when there is more. */
function Refit({ shape }: { shape: ShownGraph }) {
  const { fitView } = useReactFlow()
  const size = `${shape.nodes.length} ${shape.edges.length}`
  // biome-ignore lint/correctness/useExhaustiveDependencies: a graph of another size must be shown whole
  useEffect(() => {
    const frame = requestAnimationFrame(() => void fitView(fit))
    return () => cancelAnimationFrame(frame)
  }, [fitView, size])
  return null
}

function ThingView({ data: { node, centre, off }, selected }: NodeProps<GraphNode>) {
  const { t } = useTranslation()
  return (
    <div
      className={styles.node}
      data-kind={node.kind}
      data-centre={centre || undefined}
      data-selected={selected || undefined}
      data-off={off || undefined}
    >
      <Handle type="target" position={Position.Left} isConnectable={false} />
      <span className={styles.kind}>
        <span>{t(`lineage.kinds.${node.kind}`)}</span>
        <span className="ellipsis">{node.state ?? ''}</span>
      </span>
      <span className={styles.label} title={node.label}>
        {node.label}
        {node.detail !== '' && <span className={styles.detail}> {node.detail}</span>}
      </span>
      <Handle type="source" position={Position.Right} isConnectable={false} />
    </div>
  )
}
