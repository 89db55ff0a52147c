/** What the canvas draws of a draft: steps with their ports, and edges. Pure. */
import type { ComponentInfo, DraftStep } from '#shared/pipelines.ts'
import type { ArtifactType } from '#shared/runs.ts'
import { type Catalogue, type GraphStep, outputMeant, stepsRead } from './connection.ts'

export interface InputPort {
  readonly name: string
  /** Empty where the component, or the input, is not known. */
  readonly types: readonly ArtifactType[]
  readonly many: boolean
  readonly connected: boolean
  /** Must be connected, and is not. */
  readonly missing: boolean
}
export interface OutputPort {
  readonly name: string
  readonly type: ArtifactType | undefined
}
export interface CanvasStep {
  readonly name: string
  readonly component: string
  readonly inputs: readonly InputPort[]
  readonly outputs: readonly OutputPort[]
  readonly conditional: boolean
  readonly problems: number
}
export interface CanvasEdge {
  readonly id: string
  /** By data, by `needs`, or because a condition reads the step. */
  readonly kind: 'data' | 'order' | 'condition'
  readonly from: string
  readonly output: string | undefined
  readonly to: string
  readonly input: string | undefined
}

export function canvasStep(step: DraftStep, component: ComponentInfo | undefined, problems: number): CanvasStep {
  return {
    name: step.name,
    component: step.component,
    inputs: inputPorts(step, component),
    outputs: Object.entries(component?.outputs ?? {}).map(([name, { type }]) => ({ name, type })),
    conditional: step.when !== null,
    problems,
  }
}

function inputPorts(step: DraftStep, component: ComponentInfo | undefined): InputPort[] {
  const declared = Object.entries(component?.inputs ?? {}).map(([name, { types, many, optional }]) => {
    const connected = (step.inputs[name] ?? []).length > 0
    return { name, types, many, connected, missing: !connected && !optional }
  })
  const known = new Set(declared.map(({ name }) => name))
  const others = Object.keys(step.inputs)
    .filter((name) => !known.has(name))
    .map((name) => ({ name, types: [], many: false, connected: true, missing: false }))
  return [...declared, ...others]
}

/** Edges between steps that are there. What an edge means, but does not say, is read as the planner would. */
export function canvasEdges(steps: readonly GraphStep[], catalogue: Catalogue): CanvasEdge[] {
  const known = new Set(steps.map(({ name }) => name))
  return steps
    .flatMap((step) => [
      ...dataEdges(step, steps, catalogue),
      ...step.needs.map((name) => orderEdge('order', name, step.name)),
      ...stepsRead(step.when).map((name) => orderEdge('condition', name, step.name)),
    ])
    .filter((edge) => known.has(edge.from) && edge.from !== edge.to)
}

function dataEdges(step: GraphStep, steps: readonly GraphStep[], catalogue: Catalogue): CanvasEdge[] {
  return Object.entries(step.inputs).flatMap(([input, references]) =>
    references.map((reference): CanvasEdge => {
      const types = catalogue.get(step.component)?.inputs[input]?.types ?? []
      const output = outputMeant(reference, types, steps, catalogue)
      const id = `${reference.step}.${reference.output ?? ''}→${step.name}.${input}`
      return { id, kind: 'data', from: reference.step, output, to: step.name, input }
    }),
  )
}

function orderEdge(kind: 'order' | 'condition', from: string, to: string): CanvasEdge {
  return { id: `${from} ${kind}→ ${to}`, kind, from, output: undefined, to, input: undefined }
}
