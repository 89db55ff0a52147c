/** What the canvas does to a pipeline, as edits of its YAML. References of other steps follow. Pure. */
import type { EdgeReference, PipelineEdit } from '#shared/pipelines.ts'
import type { Json } from '#shared/runs.ts'
import { EsteiraError, nearestName } from '../kernel/errors.ts'
import { isMap } from '../kernel/yaml-edit-text.ts'
import { type AnyEdit, valueAt } from '../kernel/yaml-edit-value.ts'
import type { Catalogue } from './planner.ts'
import { renameInCondition } from './rename-in-condition.ts'
import { pipelineSpecSchema } from './spec.ts'

type Edit<Kind extends PipelineEdit['kind']> = Extract<PipelineEdit, { kind: Kind }>

export interface EditScope {
  /** What the file holds now; undefined where it is empty. */
  readonly value: Json | undefined
  /** What the pipeline is called: its file's name. */
  readonly name: string
  readonly catalogue: Catalogue
}

/** @throws EsteiraError `invalid-request` where a step is not there or a name cannot be one */
export function yamlEditsFor(edit: PipelineEdit, scope: EditScope): AnyEdit[] {
  switch (edit.kind) {
    case 'add-step':
      return addStep(edit, scope)
    case 'remove-step':
      return removeStep(edit, scope)
    case 'rename-step':
      return renameStep(edit, scope)
    case 'connect':
      return connect(edit, scope)
    case 'disconnect':
      return disconnect(edit, scope)
    default:
      return [edit]
  }
}

function addStep({ name, component, after, inputs, options }: Edit<'add-step'>, scope: EditScope): AnyEdit[] {
  const connected = Object.entries(inputs).filter(([, edges]) => edges.length > 0)
  const step: Json = {
    uses: component,
    ...(connected.length > 0 && {
      in: Object.fromEntries(connected.map(([input, edges]) => [input, edgesText(edges)])),
    }),
    ...(Object.keys(options).length > 0 && { with: options }),
  }
  const path = ['steps', freeName(name, component, Object.keys(stepsOf(scope.value)))]
  const head: AnyEdit[] = scope.value === undefined ? [{ kind: 'set', path: ['name'], value: scope.name }] : []
  return [
    ...head,
    after === undefined ? { kind: 'set', path, value: step } : { kind: 'insert', path, value: step, after },
  ]
}

function edgesText(edges: readonly EdgeReference[]): Json {
  const [only] = edges
  return edges.length === 1 && only !== undefined ? edgeText(only) : edges.map(edgeText)
}

function edgeText({ step, output }: EdgeReference): string {
  return output === null ? step : `${step}.${output}`
}

/** A name that a step can have and that none has yet: "train", then "train-2". */
function freeName(wanted: string, component: string, taken: readonly string[]): string {
  const base = [wanted, component.split('/').at(-1) ?? '', 'step'].map(nameFrom).find(isStepName) ?? 'step'
  let name = base
  for (let number = 2; taken.includes(name); number++) name = `${base}-${number}`
  return name
}

function nameFrom(text: string): string {
  return text
    .normalize('NFC')
    .replace(/[^\p{L}\p{N}_-]+/gu, '-')
    .replace(/^[^\p{L}]+|-+$/gu, '')
    .slice(0, 90)
}

function isStepName(name: string): boolean {
  return pipelineSpecSchema.shape.steps.keyType.safeParse(name).success
}

function removeStep({ name }: Edit<'remove-step'>, { value }: EditScope): AnyEdit[] {
  mustBeStep(value, name)
  const others = Object.keys(stepsOf(value)).filter((other) => other !== name)
  return [
    ...others.flatMap((other) => dropReferences(value, other, (reference) => stepOf(reference) === name)),
    ...others.flatMap((other) => dropNeeds(value, other, name)),
    { kind: 'remove', path: ['steps', name] },
  ]
}

/** Takes references out of all inputs of a step, or of one of them. What is left empty goes too. */
function dropReferences(
  value: Json | undefined,
  step: string,
  isGone: (reference: string) => boolean,
  inputs = inputsOf(value, step),
): AnyEdit[] {
  const dropped = Object.entries(inputs).flatMap(([input, references]) => {
    const path = ['steps', step, 'in', input]
    const all = [references].flat()
    const gone = all.flatMap((reference, index) => (typeof reference === 'string' && isGone(reference) ? [index] : []))
    if (gone.length === all.length && all.length > 0) return [{ whole: true, edits: [remove(path)] }]
    return gone.length === 0
      ? []
      : [{ whole: false, edits: gone.toReversed().map((index) => remove([...path, index])) }]
  })
  const wholeInputs = dropped.filter(({ whole }) => whole).length
  if (wholeInputs > 0 && wholeInputs === Object.keys(inputsOf(value, step)).length)
    return [remove(['steps', step, 'in'])]
  return dropped.flatMap(({ edits }) => edits)
}

function dropNeeds(value: Json | undefined, step: string, name: string): AnyEdit[] {
  const path = ['steps', step, 'needs']
  const needs = valueAt(value, path)
  if (!Array.isArray(needs) || !needs.includes(name)) return []
  if (needs.every((need) => need === name)) return [remove(path)]
  return needs.flatMap((need, index) => (need === name ? [remove([...path, index])] : [])).reverse()
}

function renameStep({ name, newName }: Edit<'rename-step'>, { value }: EditScope): AnyEdit[] {
  mustBeStep(value, name)
  if (name === newName) return []
  if (!isStepName(newName)) {
    throw new EsteiraError('invalid-request', `"${newName}" cannot be the name of a step.`, {
      found: newName,
      allowed: 'a letter, then letters, digits, "_" and "-", at most 100',
    })
  }
  // First of all: it is refused where the name is taken.
  const rename: AnyEdit = { kind: 'rename', path: ['steps', name], key: newName }
  const steps = Object.keys(stepsOf(value)).map((step) => [step, step === name ? newName : step] as const)
  const references = steps.flatMap(([old, now]) => [
    ...renameTexts(valueAt(value, ['steps', old, 'in']), ['steps', now, 'in'], (reference) =>
      stepOf(reference) === name ? newName + reference.slice(name.length) : reference,
    ),
    ...renameTexts(valueAt(value, ['steps', old, 'needs']), ['steps', now, 'needs'], (need) =>
      need === name ? newName : need,
    ),
    ...renameTexts(valueAt(value, ['steps', old, 'when']), ['steps', now, 'when'], (when) =>
      renameInCondition(when, name, newName),
    ),
  ])
  return [rename, ...references]
}

/** Edits of the texts in a value, maps and lists inside it too, that `rename` changes. */
function renameTexts(value: Json | undefined, path: (string | number)[], rename: (text: string) => string): AnyEdit[] {
  if (typeof value === 'string') {
    const renamed = rename(value)
    return renamed === value ? [] : [{ kind: 'set', path, value: renamed }]
  }
  if (Array.isArray(value)) return value.flatMap((item, index) => renameTexts(item, [...path, index], rename))
  if (!isMap(value)) return []
  return Object.entries(value).flatMap(([key, item]) => renameTexts(item, [...path, key], rename))
}

function connect({ step, input, from }: Edit<'connect'>, { value, catalogue }: EditScope): AnyEdit[] {
  mustBeStep(value, step)
  const path = ['steps', step, 'in', input]
  const reference = edgeText(from)
  const uses = valueAt(value, ['steps', step, 'uses'])
  const takesMany = typeof uses === 'string' && catalogue.get(uses)?.inputs[input]?.many === true
  const found = valueAt(value, path)
  const before = found === undefined || found === null ? [] : [found].flat()
  if (!takesMany || before.length === 0) return [{ kind: 'set', path, value: reference }]
  if (before.includes(reference)) return []
  if (Array.isArray(found)) return [{ kind: 'set', path: [...path, before.length], value: reference }]
  return [{ kind: 'set', path, value: [...before, reference] }]
}

/** `from` names a step, or one output of it as step.output. */
function disconnect({ step, input, from }: Edit<'disconnect'>, { value }: EditScope): AnyEdit[] {
  mustBeStep(value, step)
  const references = valueAt(value, ['steps', step, 'in', input])
  const isGone = (reference: string) => reference === from || stepOf(reference) === from
  const edits = references === undefined ? [] : dropReferences(value, step, isGone, { [input]: references })
  if (edits.length > 0) return edits
  throw new EsteiraError('invalid-request', `The input "${input}" of "${step}" does not read "${from}".`, {
    where: `steps.${step}.in.${input}`,
    found: from,
  })
}

function stepOf(reference: string): string {
  return reference.split('.')[0] ?? ''
}

function stepsOf(value: Json | undefined): Record<string, Json> {
  const steps = valueAt(value, ['steps'])
  return isMap(steps) ? steps : {}
}

function inputsOf(value: Json | undefined, step: string): Record<string, Json> {
  const inputs = valueAt(value, ['steps', step, 'in'])
  return isMap(inputs) ? inputs : {}
}

function mustBeStep(value: Json | undefined, name: string): void {
  const names = Object.keys(stepsOf(value))
  if (names.includes(name)) return
  const nearest = nearestName(name, names)
  throw new EsteiraError('invalid-request', `The pipeline has no step "${name}".`, {
    where: 'steps',
    found: name,
    allowed: names.join(', ') || 'no steps yet',
    ...(nearest !== undefined && { nearest }),
  })
}

function remove(path: (string | number)[]): AnyEdit {
  return { kind: 'remove', path }
}
