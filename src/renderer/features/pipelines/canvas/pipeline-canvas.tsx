import '@xyflow/react/dist/base.css'
import { useComputedColorScheme } from '@mantine/core'
import { replaceEqualDeep } from '@tanstack/react-query'
import {
  type Connection,
  Controls,
  type Edge,
  MiniMap,
  type OnConnectStartParams,
  ReactFlow,
  ReactFlowProvider,
} from '@xyflow/react'
import { type KeyboardEvent, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useEditor } from '../editor/use-pipeline-editor.ts'
import styles from './canvas.module.css'
import { layOut, shapeOf } from './canvas-layout.ts'
import { type CanvasEdge, type CanvasStep, canvasEdges, canvasStep } from './canvas-model.ts'
import { type NodeDataCache, toEdges, toNodes } from './canvas-nodes.ts'
import { CanvasView } from './canvas-view.tsx'
import { FittingPorts, fittingPorts, portOfHandle } from './connecting.ts'
import { refusal } from './connection.ts'
import { StepEdge, type StepEdgeType } from './step-edge.tsx'
import { StepNode, type StepNodeType } from './step-node.tsx'
import type { CanvasActs } from './use-canvas-acts.ts'

const nodeTypes = { step: StepNode }
const edgeTypes = { step: StepEdge }
/** From here on only what is in view is drawn, and a map helps to find the way. */
const largeGraph = 40

interface PipelineCanvasProps {
  acts: CanvasActs
  /** `A` or `/` was pressed. */
  onPalette: () => void
  /** A component was dropped, on a step or beside all. */
  onDrop: (component: string, step: string | undefined) => void
}

export default function PipelineCanvas(props: PipelineCanvasProps) {
  return (
    <ReactFlowProvider>
      <Canvas {...props} />
    </ReactFlowProvider>
  )
}

/** What is drawn. Parts that did not change stay the same objects, so that only the others are drawn again. */
function useDrawing() {
  const { steps, catalogue, problemsOf } = useEditor()
  const kept = useRef<{ steps: CanvasStep[]; edges: CanvasEdge[] }>({ steps: [], edges: [] })
  return useMemo(() => {
    const fresh = {
      steps: steps.map((step) =>
        canvasStep(step, catalogue.get(step.component), problemsOf.get(step.name)?.length ?? 0),
      ),
      edges: canvasEdges(steps, catalogue),
    }
    kept.current = replaceEqualDeep(kept.current, fresh)
    return kept.current
  }, [steps, catalogue, problemsOf])
}

function Canvas({ acts, onPalette, onDrop }: PipelineCanvasProps) {
  const { t } = useTranslation()
  const colorScheme = useComputedColorScheme('light')
  const editor = useEditor()
  const { steps, edges } = useDrawing()
  const shape = shapeOf(steps, edges)
  // biome-ignore lint/correctness/useExhaustiveDependencies: places depend on the shape alone
  const layout = useMemo(
    () =>
      layOut(
        steps.map(({ name }) => name),
        edges,
      ),
    [shape],
  )
  const [renaming, setRenaming] = useState<string>()
  const [selectedEdge, setSelectedEdge] = useState<string>()
  const [start, setStart] = useState<OnConnectStartParams>()
  const fitting = useMemo(() => {
    const port = start === undefined ? undefined : portOfHandle(start.nodeId, start.handleId)
    return port && fittingPorts(editor.steps, editor.catalogue, port)
  }, [start, editor.steps, editor.catalogue])
  const selected = editor.selected?.name
  const latest = useRef({ acts, renaming })
  latest.current = { acts, renaming }
  const [nodeData] = useState<NodeDataCache>(() => new WeakMap())
  const keptNodes = useRef<StepNodeType[]>([])
  const nodes = useMemo(() => {
    const acts = {
      onRename: (name: string) =>
        latest.current.renaming && void latest.current.acts.rename(latest.current.renaming, name),
      onRenameEnd: () => setRenaming(undefined),
    }
    const labelOf = (step: CanvasStep) => `${step.name}, ${step.component}`
    const fresh = toNodes({ steps, layout, selected, renaming, labelOf, acts, cache: nodeData })
    keptNodes.current = replaceEqualDeep(keptNodes.current, fresh)
    return keptNodes.current
  }, [steps, layout, selected, renaming, nodeData])
  const flowEdges = useMemo(
    () => toEdges(edges, layout, selectedEdge, ({ from, to, kind }) => t(`pipelines.edgeKind.${kind}`, { from, to })),
    [edges, layout, selectedEdge, t],
  )
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target instanceof HTMLInputElement) return
    if (event.key === 'a' || event.key === 'A' || event.key === '/') onPalette()
    else if (event.key === 'F2' && selected !== undefined) setRenaming(selected)
    else return
    event.preventDefault()
  }
  return (
    <FittingPorts value={fitting}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the keys belong to the graph inside, whose nodes have the focus */}
      <div className={styles.ground} onKeyDown={onKeyDown} data-outdated={editor.outdated || undefined}>
        <ReactFlow<StepNodeType, StepEdgeType>
          className={styles.graph}
          aria-label={t('run.pipelineGraph')}
          colorMode={colorScheme}
          nodes={nodes}
          edges={flowEdges}
          nodeTypes={nodeTypes}
          edgeTypes={edgeTypes}
          nodesDraggable={false}
          zoomOnDoubleClick={false}
          onlyRenderVisibleElements={steps.length >= largeGraph}
          deleteKeyCode={['Delete', 'Backspace']}
          multiSelectionKeyCode={null}
          selectionKeyCode={null}
          minZoom={0.1}
          maxZoom={1.6}
          connectionRadius={26}
          proOptions={{ hideAttribution: true }}
          isValidConnection={(connection) => mayConnect(connection, editor)}
          onConnectStart={(_, params) => setStart(params)}
          onConnectEnd={() => setStart(undefined)}
          onConnect={(connection) => connect(connection, acts)}
          onNodeClick={(_, node) => {
            setSelectedEdge(undefined)
            editor.select(node.id)
          }}
          onNodeDoubleClick={(_, node) => setRenaming(node.id)}
          onEdgeClick={(_, edge) => setSelectedEdge(edge.id)}
          onPaneClick={() => {
            setSelectedEdge(undefined)
            editor.select(undefined)
          }}
          onNodesChange={(changes) => {
            // Enter and Space on a focused node arrive here.
            for (const change of changes) if (change.type === 'select' && change.selected) editor.select(change.id)
          }}
          onEdgesChange={(changes) => {
            for (const change of changes)
              if (change.type === 'select') setSelectedEdge(change.selected ? change.id : undefined)
          }}
          onBeforeDelete={async ({ nodes: gone, edges: cut }) => {
            // The text is what changes; the graph follows it.
            const [step] = gone
            const edge = cut.find(({ id }) => id === selectedEdge)?.data?.edge
            if (edge !== undefined) void acts.removeEdge(edge)
            else if (step !== undefined) void acts.removeStep(step.id)
            return false
          }}
          onDragOver={(event) => event.preventDefault()}
          onDrop={(event) => {
            event.preventDefault()
            const component = event.dataTransfer.getData('text/plain')
            const node = event.target instanceof Element ? event.target.closest('.react-flow__node') : null
            onDrop(component, node?.getAttribute('data-id') ?? undefined)
          }}
        >
          <CanvasView layout={layout} selected={selected} />
          <Controls showInteractive={false} fitViewOptions={{ padding: 0.06, maxZoom: 1, minZoom: 0.1 }} />
          {steps.length >= largeGraph && <MiniMap pannable zoomable ariaLabel={t('pipelines.minimap')} />}
        </ReactFlow>
      </div>
    </FittingPorts>
  )
}

function placesOf(connection: Connection | Edge) {
  const from = portOfHandle(connection.source, connection.sourceHandle)
  const to = portOfHandle(connection.target, connection.targetHandle)
  return from?.side === 'out' && to?.side === 'in' ? { from, to } : undefined
}

function mayConnect(connection: Connection | Edge, { steps, catalogue }: ReturnType<typeof useEditor>): boolean {
  const places = placesOf(connection)
  if (places === undefined) return false
  const { from, to } = places
  const output = { step: from.step, output: from.port }
  return refusal(steps, catalogue, output, { step: to.step, input: to.port }) === undefined
}

function connect(connection: Connection, acts: CanvasActs): void {
  const places = placesOf(connection)
  if (places !== undefined) void acts.connect(places.from, places.to)
}
