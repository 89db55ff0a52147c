import { type Edge, Handle, type Node, type NodeProps, Position, ReactFlowProvider, useReactFlow } from '@xyflow/react'
import { useEffect, useMemo, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { StepExecution } from '#shared/runs.ts'
import { FlowFrame } from '../../components/flow-frame.tsx'
import { CacheIcon } from '../../components/icons.tsx'
import { StatusIcon, toneClass } from '../../components/status.tsx'
import { Duration } from '../../components/time.tsx'
import { useFormat } from '../../lib/format.ts'
import { essentialEdges, type GraphStep, nodeSize, placeSteps } from './graph-layout.ts'
import styles from './step-graph.module.css'

interface Step extends GraphStep {
  readonly component: string
  /** In the graph of a run: how the step stands. */
  readonly execution?: StepExecution
}

export interface StepGraphProps {
  steps: readonly Step[]
  label: string
  selected?: string | undefined
  /** Called with the step that was chosen, or undefined when the ground was. */
  onSelect?: (step: string | undefined) => void
}

type StepNode = Node<{ step: Step }, 'step'>
const nodeTypes = { step: StepNodeView }
const fit = { padding: 0.06, maxZoom: 1 } as const

export default function StepGraphCanvas(props: StepGraphProps) {
  return (
    <ReactFlowProvider>
      <Graph {...props} />
    </ReactFlowProvider>
  )
}

function Graph({ steps, label, selected, onSelect }: StepGraphProps) {
  const { t } = useTranslation()
  // The layout depends on the shape alone; progress changes many times a second.
  const shape = JSON.stringify(steps.map(({ name, dependsOn }) => ({ name, dependsOn })))
  const places = useMemo(() => placeSteps(JSON.parse(shape)), [shape])
  const edges = useMemo(() => toEdges(steps), [steps])
  const nodes = steps.map(
    (step): StepNode => ({
      id: step.name,
      type: 'step',
      position: places.get(step.name) ?? { x: 0, y: 0 },
      ...nodeSize,
      data: { step },
      selected: step.name === selected,
      ariaLabel: `${step.name}, ${step.component}${step.execution ? `, ${t(`status.${step.execution.status}`)}` : ''}`,
    }),
  )
  return (
    <FlowFrame<StepNode>
      className={styles.graph}
      label={label}
      nodes={nodes}
      edges={edges}
      nodeTypes={nodeTypes}
      fit={fit}
      zoom={{ least: 0.2, most: 1.5 }}
      onSelect={onSelect}
      onLeave={() => onSelect?.(undefined)}
    >
      <Refit shape={shape} />
    </FlowFrame>
  )
}

function toEdges(steps: readonly Step[]): Edge[] {
  const running = new Set(steps.filter((step) => step.execution?.status === 'running').map((step) => step.name))
  return essentialEdges(steps).map(({ from, to }) => ({
    id: `${from}→${to}`,
    source: from,
    target: to,
    type: 'smoothstep',
    animated: running.has(to),
  }))
}

/** Shows the whole graph again when its shape or the size of its window changes. */
function Refit({ shape }: { shape: string }) {
  const { fitView } = useReactFlow()
  const anchor = useRef<HTMLDivElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new shape must be shown whole
  useEffect(() => {
    const window = anchor.current?.closest('.react-flow')
    if (!window) return
    const observer = new ResizeObserver(() => void fitView(fit))
    observer.observe(window)
    return () => observer.disconnect()
  }, [fitView, shape])
  return <div ref={anchor} hidden />
}

function StepNodeView({ data, selected }: NodeProps<StepNode>) {
  const { step } = data
  const { execution } = step
  return (
    <div
      className={`${styles.node} ${execution ? toneClass(execution.status) : ''}`}
      data-status={execution?.status}
      data-selected={selected || undefined}
    >
      <Handle type="target" position={Position.Top} isConnectable={false} />
      {execution && <NodeStatus execution={execution} />}
      <span className={styles.name}>{step.name}</span>
      <span className={styles.detail}>
        <span className="ellipsis">{step.component}</span>
        {execution && execution.startedAt !== null && !execution.cached && (
          <Duration startedAt={execution.startedAt} finishedAt={execution.finishedAt} />
        )}
      </span>
      {execution?.status === 'running' && <NodeProgress progress={execution.progress} />}
      <Handle type="source" position={Position.Bottom} isConnectable={false} />
    </div>
  )
}

function NodeStatus({ execution }: { execution: StepExecution }) {
  const { t } = useTranslation()
  const cached = execution.cached && execution.status === 'succeeded'
  return (
    <span className={styles.status}>
      {cached ? <CacheIcon size={13} /> : <StatusIcon status={execution.status} size={13} />}
      {cached ? t('run.cached') : t(`status.${execution.status}`)}
    </span>
  )
}

function NodeProgress({ progress }: { progress: number | null }) {
  const format = useFormat()
  const fraction = progress ?? 0
  return (
    <span className={styles.progress} title={format.percent(fraction)}>
      <span className={styles.bar} style={{ width: `${Math.round(fraction * 100)}%` }} />
    </span>
  )
}
