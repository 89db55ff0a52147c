/**
 * Tensors of the Open Inference Protocol v2 (REST) as rows, and outputs as tensors.
 * https://github.com/kserve/open-inference-protocol/blob/main/specification/protocol/inference_rest.md
 */
import type { InputType, Signature, SignatureInput } from '#shared/models.ts'
import { EsteiraError } from '../kernel/errors.ts'
import type { Steps } from '../kernel/turns.ts'
import type { Scalar } from './datatypes.ts'
import { outputWidth, predictedClass } from './outputs.ts'

/** A tensor as it came, its form checked: `data` is flat, row-major and as long as the shape says. */
export interface InputTensor {
  readonly name: string
  readonly datatype: string
  readonly shape: readonly number[]
  readonly data: readonly Scalar[]
}

/** Values that are put into rows at once: less than a millisecond. */
const stepValues = 1_024

export interface TensorMetadata {
  readonly name: string
  readonly datatype: string
  /** -1: any number of rows. */
  readonly shape: readonly number[]
}

/** One output that is asked for. */
export interface WantedOutput {
  readonly name: string
  /** Whether its data are to come as bytes behind the JSON. */
  readonly binary: boolean
}

export interface OutputTensor extends TensorMetadata {
  readonly parameters?: Readonly<Record<string, string | number>>
  readonly data: readonly (number | string)[] | Float64Array
  /** Whether the data go as bytes behind the JSON. */
  readonly binary: boolean
}

/**
 * The rows that the tensors hold: one tensor per column, of shape [n] or [n, 1], or a single tensor of shape [n, k] whose
 * columns are the inputs in the order of the signature. Names and values are left to the check against the signature.
 * @param form `table`: each tensor is a column, by its name
 * @throws EsteiraError `invalid-request` where the tensors do not form rows
 */
export function* tensorsToRows(
  signature: Signature,
  tensors: readonly InputTensor[],
  form: 'table' | 'any' = 'any',
): Steps<Record<string, unknown>[]> {
  const [first] = tensors
  const isAlone = first !== undefined && tensors.length === 1 && form === 'any'
  if (isAlone && isMatrix(signature, first)) return yield* matrixRows(signature, first)
  const rows: Record<string, unknown>[] = []
  const length = first?.data.length ?? 0
  const types = new Map(signature.inputs.map((input) => [input.name, input.type]))
  const seen = new Set<string>()
  for (const tensor of tensors) {
    checkColumn(tensor, length)
    if (seen.has(tensor.name)) {
      throw new EsteiraError('invalid-request', `Tensor "${tensor.name}" is given twice.`, { where: 'inputs' })
    }
    seen.add(tensor.name)
    const type = types.get(tensor.name)
    for (let index = 0; index < length; index++) {
      if (index % stepValues === stepValues - 1) yield
      const row = rows[index] ?? {}
      rows[index] = row
      setValue(row, tensor.name, rowValue(tensor.data[index], type))
    }
  }
  return rows
}

function isMatrix(signature: Signature, tensor: InputTensor): boolean {
  const [, columns] = tensor.shape
  return (
    tensor.shape.length === 2 &&
    columns === signature.inputs.length &&
    (columns > 1 || !signature.inputs.some((input) => input.name === tensor.name))
  )
}

function* matrixRows(signature: Signature, tensor: InputTensor): Steps<Record<string, unknown>[]> {
  const [length = 0, width = 0] = tensor.shape
  const stepRows = Math.ceil(stepValues / width)
  const rows: Record<string, unknown>[] = []
  for (let row = 0; row < length; row++) {
    if (row % stepRows === stepRows - 1) yield
    const values: Record<string, unknown> = {}
    for (const [column, input] of signature.inputs.entries()) {
      setValue(values, input.name, rowValue(tensor.data[row * width + column], input.type))
    }
    rows.push(values)
  }
  return rows
}

/** Also for a column that is called `__proto__`. */
function setValue(row: Record<string, unknown>, name: string, value: unknown): void {
  if (name !== '__proto__') row[name] = value
  else Object.defineProperty(row, name, { value, enumerable: true, configurable: true, writable: true })
}

/**
 * Tensors of numbers may stand for booleans: some clients have no other type. An integer beyond 2^53 is rounded for a model,
 * as it was in training; where it is none of the inputs it may be the key of an entity, of which no digit may be lost.
 */
function rowValue(value: Scalar | undefined, type: InputType | undefined): unknown {
  if (typeof value === 'bigint') return type === undefined ? String(value) : Number(value)
  if (type === 'boolean' && (value === 0 || value === 1)) return value === 1
  return value
}

function checkColumn(tensor: InputTensor, rows: number): void {
  const [length, ...rest] = tensor.shape
  if (length === rows && (rest.length === 0 || (rest.length === 1 && rest[0] === 1))) return
  throw new EsteiraError('invalid-request', `Tensor "${tensor.name}" does not have the shape of a column.`, {
    where: `inputs.${tensor.name}`,
    found: `[${tensor.shape.join(', ')}]`,
    allowed: `[${rows}] or [${rows}, 1] for every column, or one tensor with all columns`,
  })
}

/** Datatypes in which the inputs are best sent; any datatype that holds the value is taken. */
const inputDatatypes: Readonly<Record<InputType, string>> = {
  number: 'FP64',
  integer: 'INT64',
  boolean: 'BOOL',
  text: 'BYTES',
  timestamp: 'BYTES',
}

export function inputMetadata(inputs: readonly SignatureInput[]): TensorMetadata[] {
  return inputs.map(({ name, type }) => ({ name, datatype: inputDatatypes[type], shape: [-1, 1] }))
}

export function outputMetadata(signature: Signature): TensorMetadata[] {
  if (signature.task === 'regression') return [{ name: 'prediction', datatype: 'FP64', shape: [-1, 1] }]
  return [
    { name: 'label', datatype: 'BYTES', shape: [-1, 1] },
    { name: 'probability', datatype: 'FP64', shape: [-1, 1] },
    { name: 'probabilities', datatype: 'FP64', shape: [-1, signature.classes.length] },
  ]
}

/**
 * The outputs as tensors, in the order of `wanted`: `prediction`, or `label`, `probability` (of that label) and
 * `probabilities` (in the order of the classes). As a table, `probabilities` is a column for each class.
 */
export function outputTensors(
  signature: Signature,
  outputs: Float64Array,
  wanted: readonly WantedOutput[],
  form: 'table' | 'any',
): OutputTensor[] {
  const rows = outputs.length / outputWidth(signature)
  const known = new Map(outputMetadata(signature).map((output) => [output.name, output]))
  return wanted.flatMap(({ name, binary }) => {
    const { datatype = 'FP64', shape: [, columns = 1] = [] } = known.get(name) ?? {}
    if (form === 'table' && name === 'probabilities')
      return probabilityColumns(signature.classes, outputs, rows, binary)
    const content = form === 'table' && datatype === 'BYTES' ? { parameters: { content_type: 'str' } } : {}
    const data = outputData(name, signature.classes, outputs, rows)
    return { name, datatype, shape: [rows, columns], ...content, data, binary }
  })
}

function probabilityColumns(classes: readonly string[], outputs: Float64Array, rows: number, binary: boolean) {
  return classes.map(
    (name, column): OutputTensor => ({
      name: `probabilities.${name}`,
      datatype: 'FP64',
      shape: [rows, 1],
      data: Array.from({ length: rows }, (_, row) => outputs[row * classes.length + column] ?? Number.NaN),
      binary,
    }),
  )
}

function outputData(
  name: string,
  classes: readonly string[],
  outputs: Float64Array,
  rows: number,
): OutputTensor['data'] {
  if (name === 'prediction' || name === 'probabilities') return outputs
  return Array.from({ length: rows }, (_, row) => {
    const chosen = predictedClass(outputs, row, classes.length)
    return name === 'label' ? (classes[chosen] ?? '') : (outputs[row * classes.length + chosen] ?? Number.NaN)
  })
}
