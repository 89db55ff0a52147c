/** Tells the signature of a model from its graph, and from what a person says where the graph does not. Pure. */
import type { InputType, OnnxHint, Signature, SignatureInput } from '#shared/models.ts'
import { EsteiraError } from '../../kernel/errors.ts'
import type { Bindings, BoundType } from './bindings.ts'
import type { ElementType, OnnxGraph, OnnxTensor } from './graph.ts'

export interface Bound {
  readonly signature: Signature
  readonly bindings: Bindings
}

const inputTypes: Readonly<Record<BoundType, InputType>> = {
  float32: 'number',
  float64: 'number',
  int64: 'integer',
  int32: 'integer',
  bool: 'boolean',
  string: 'text',
}

/** @throws EsteiraError `model-unusable` where the graph is none that rows can be given to, `parameter-invalid` for a hint that does not fit */
export function bind(graph: OnnxGraph, hint: OnnxHint): Bound {
  const inputs = bindInputs(graph, hint)
  const { output, classes } = bindOutput(graph, hint)
  const task = classes.length === 0 ? 'regression' : classes.length === 2 ? 'binary' : 'multiclass'
  if (hint.task !== undefined && hint.task !== task)
    throw wrongHint('task', `The graph is that of a ${task} model, not ${hint.task}.`)
  return {
    signature: { inputs: inputs.signature, target: hint.target, task, classes },
    bindings: { formatVersion: 1, inputs: inputs.bindings, output },
  }
}

function bindInputs(graph: OnnxGraph, hint: OnnxHint): { signature: SignatureInput[]; bindings: Bindings['inputs'] } {
  const single = graph.inputs.length === 1 ? graph.inputs[0] : undefined
  const bindings = graph.inputs.map((tensor) => {
    const type = boundType(tensor)
    if (tensor.shape.length > 2 || tensor.shape.length === 0) throw notRows(tensor)
    const width = tensor.shape.length === 1 ? 1 : (tensor.shape[1] ?? (single === undefined ? 1 : hint.inputs?.length))
    if (width === undefined)
      throw wrongHint('inputs', `The input "${tensor.name}" does not say how many columns it has: name them.`)
    const columns = width === 1 && single === undefined ? [tensor.name] : columnNames(tensor, width, hint)
    return { name: tensor.name, type, columns, rank: tensor.shape.length === 1 ? (1 as const) : (2 as const) }
  })
  if (bindings.length === 0) throw unusable('The graph has no inputs.')
  const signature = bindings.flatMap(({ columns, type }) =>
    columns.map((name) => signatureInput(name, inputTypes[type], hint)),
  )
  const names = new Set(signature.map(({ name }) => name))
  const stray = hint.inputs?.find(({ name }) => !names.has(name))
  if (stray !== undefined)
    throw wrongHint('inputs', `The graph has no input "${stray.name}"; it has ${[...names].join(', ')}.`)
  return { signature, bindings }
}

function columnNames({ name, shape }: OnnxTensor, width: number, { inputs }: OnnxHint): string[] {
  if (inputs === undefined) {
    return width === 1 && shape.length === 1 ? [name] : Array.from({ length: width }, (_, index) => `f${index}`)
  }
  if (inputs.length === width) return inputs.map((input) => input.name)
  throw wrongHint('inputs', `The input "${name}" has ${width} columns, but ${inputs.length} are named.`)
}

function signatureInput(name: string, type: InputType, hint: OnnxHint): SignatureInput {
  const said = hint.inputs?.find((input) => input.name === name)
  if (said?.type !== undefined && (said.type === 'text') !== (type === 'text'))
    throw wrongHint(`inputs.${name}`, `The graph takes ${type} values for "${name}", not ${said.type}.`)
  return { name, type: said?.type ?? type, required: said?.required ?? true }
}

function boundType(tensor: OnnxTensor): BoundType {
  if (tensor.type !== 'other') return tensor.type
  throw unusable(`The input "${tensor.name}" has a type of element that rows cannot be turned into.`)
}

const numeric: readonly ElementType[] = ['float32', 'float64']

/** The probabilities of a classifier, else the only number that the graph gives. */
function bindOutput(graph: OnnxGraph, hint: OnnxHint): { output: Bindings['output']; classes: string[] } {
  const numbers = graph.outputs.filter(({ type }) => numeric.includes(type))
  const [first, second] = numbers
  if (first === undefined) throw unusable('The graph gives no numbers: neither probabilities nor a value.')
  if (second !== undefined)
    throw unusable(`The graph gives several outputs of numbers: ${numbers.map(({ name }) => name).join(', ')}.`)
  const classes = hint.classes ?? graph.classes
  const width = first.shape.length < 2 ? (first.shape.length === 0 ? null : 1) : (first.shape[1] ?? null)
  if (classes === undefined || classes.length === 0) {
    if (hint.task === 'binary') return { output: { name: first.name, form: 'positive' }, classes: ['false', 'true'] }
    if (graph.outputs.length > 1 || (width ?? 1) > 1 || hint.task === 'multiclass')
      throw wrongHint('classes', 'The graph does not name its classes: give them in the order of its probabilities.')
    return { output: { name: first.name, form: 'value' }, classes: [] }
  }
  if (width === 1 && classes.length === 2)
    return { output: { name: first.name, form: 'positive' }, classes: [...classes] }
  if (width !== null && width !== classes.length)
    throw wrongHint('classes', `The graph gives ${width} probabilities a row, but there are ${classes.length} classes.`)
  return { output: { name: first.name, form: 'probabilities' }, classes: [...classes] }
}

function notRows({ name, shape }: OnnxTensor): EsteiraError {
  return unusable(
    `The input "${name}" is not one of rows and columns: its shape is [${shape.map((size) => size ?? '?').join(', ')}].`,
  )
}

function unusable(detail: string): EsteiraError {
  return new EsteiraError('model-unusable', detail, {
    allowed: 'inputs of shape [rows] or [rows, columns], and one output of probabilities or values',
  })
}

function wrongHint(where: string, detail: string): EsteiraError {
  return new EsteiraError('parameter-invalid', detail, { where: `signature.${where}` })
}
