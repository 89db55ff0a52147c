/** Which output may feed which input. Pure; the engine checks the same again. */
import type { ComponentInfo, DraftStep, EdgeReference } from '#shared/pipelines.ts'
import type { ArtifactType } from '#shared/runs.ts'

export type Catalogue = ReadonlyMap<string, ComponentInfo>
export type GraphStep = Pick<DraftStep, 'name' | 'component' | 'inputs' | 'needs' | 'when'>

/** Why two ports do not connect. */
export type Refusal = 'same-step' | 'unknown' | 'type' | 'cycle' | 'already'

export interface OutputPlace {
  readonly step: string
  readonly output: string
}
export interface InputPlace {
  readonly step: string
  readonly input: string
}

export function catalogueOf(components: readonly ComponentInfo[]): Catalogue {
  return new Map(components.map((component) => [component.name, component]))
}

/** The outputs of a component that an input of these types can read. */
export function fittingOutputs(component: ComponentInfo | undefined, types: readonly ArtifactType[]): string[] {
  if (component === undefined) return []
  return Object.entries(component.outputs).flatMap(([name, { type }]) => (types.includes(type) ? [name] : []))
}

/** The output that a reference of the file means; undefined where it means none, or could mean several. */
export function outputMeant(
  reference: EdgeReference,
  types: readonly ArtifactType[],
  steps: readonly GraphStep[],
  catalogue: Catalogue,
): string | undefined {
  if (reference.output !== null) return reference.output
  const source = indexOf(steps).byName.get(reference.step)
  const fitting = fittingOutputs(catalogue.get(source?.component ?? ''), types)
  return fitting.length === 1 ? fitting[0] : undefined
}

/** How the file refers to an output: by the step alone where that says enough. */
export function referenceTo(
  from: OutputPlace,
  types: readonly ArtifactType[],
  steps: readonly GraphStep[],
  catalogue: Catalogue,
): EdgeReference {
  const open = { step: from.step, output: null }
  return outputMeant(open, types, steps, catalogue) === from.output ? open : from
}

const stepInCondition = /\bsteps\.([\p{L}\p{N}_-]+)/gu

/** The steps that a condition reads. */
export function stepsRead(when: string | null): string[] {
  return [...new Set([...(when ?? '').matchAll(stepInCondition)].flatMap((match) => match[1] ?? []))]
}

interface GraphIndex {
  readonly byName: ReadonlyMap<string, GraphStep>
  readonly dependencies: ReadonlyMap<string, readonly string[]>
}

/** Asked for many pairs of steps in a row, so each list of steps is read once. */
const indexes = new WeakMap<readonly GraphStep[], GraphIndex>()

function indexOf(steps: readonly GraphStep[]): GraphIndex {
  const known = indexes.get(steps)
  if (known !== undefined) return known
  const index = {
    byName: new Map(steps.map((step) => [step.name, step])),
    dependencies: new Map(steps.map((step) => [step.name, dependenciesOf(step)])),
  }
  indexes.set(steps, index)
  return index
}

/** All steps that the step waits for directly: by data, order or condition. */
function dependenciesOf(step: GraphStep): string[] {
  const byData = Object.values(step.inputs).flatMap((references) => references.map((reference) => reference.step))
  return [...new Set([...byData, ...step.needs, ...stepsRead(step.when)])]
}

/** Whether `step` waits for `other`, directly or not, or is the same. */
export function waitsFor(steps: readonly GraphStep[], step: string, other: string): boolean {
  const { dependencies } = indexOf(steps)
  const seen = new Set<string>()
  const open = [step]
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (name === other) return true
    if (seen.has(name)) continue
    seen.add(name)
    open.push(...(dependencies.get(name) ?? []))
  }
  return false
}

/** Why the input may not read the output; undefined where it may. An input that takes one gives up the one it has. */
export function refusal(
  steps: readonly GraphStep[],
  catalogue: Catalogue,
  from: OutputPlace,
  to: InputPlace,
): Refusal | undefined {
  if (from.step === to.step) return 'same-step'
  const { byName } = indexOf(steps)
  const target = byName.get(to.step)
  const source = byName.get(from.step)
  const input = catalogue.get(target?.component ?? '')?.inputs[to.input]
  const output = catalogue.get(source?.component ?? '')?.outputs[from.output]
  if (target === undefined || input === undefined || output === undefined) return 'unknown'
  if (!input.types.includes(output.type)) return 'type'
  const references = target.inputs[to.input] ?? []
  const already = references.some(
    (each) => each.step === from.step && outputMeant(each, input.types, steps, catalogue) === from.output,
  )
  if (already) return 'already'
  return waitsFor(steps, from.step, to.step) ? 'cycle' : undefined
}

/** Every output that the input may read, in the order of the file, those that it already reads included. */
export function outputsThatFit(steps: readonly GraphStep[], catalogue: Catalogue, to: InputPlace): OutputPlace[] {
  return steps.flatMap((step) =>
    Object.keys(catalogue.get(step.component)?.outputs ?? {})
      .map((output) => ({ step: step.name, output }))
      .filter((from) => [undefined, 'already'].includes(refusal(steps, catalogue, from, to))),
  )
}

/** The edges that a new step gets from the selected one: each input that exactly one of its outputs fits. */
export function obviousInputs(
  component: ComponentInfo,
  selected: GraphStep | undefined,
  catalogue: Catalogue,
): Record<string, EdgeReference[]> {
  const source = catalogue.get(selected?.component ?? '')
  if (selected === undefined || source === undefined) return {}
  const names = Object.entries(component.inputs).flatMap(([name, { types }]) =>
    fittingOutputs(source, types).length === 1 ? [name] : [],
  )
  return Object.fromEntries(names.map((name) => [name, [{ step: selected.name, output: null }]]))
}
