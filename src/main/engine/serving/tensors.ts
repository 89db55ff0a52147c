/**
 * Tensors of the Open Inference Protocol v2 (REST) as rows, and outputs as tensors.
 * https://github.com/kserve/open-inference-protocol/blob/main/specification/protocol/inference_rest.md
 */
import type { InputType, Signature, SignatureInput } from '#shared/models.ts'
import { EsteiraError, nearestName } from '../kernel/errors.ts'
import { outputWidth, predictedClass } from './outputs.ts'

type Scalar = number | boolean | string | null

/** A tensor as it came, its form checked: `data` is flat, row-major and as long as the shape says. */
export interface InputTensor {
  readonly name: string
  readonly datatype: string
  readonly shape: readonly number[]
  readonly data: readonly Scalar[]
}

export interface TensorMetadata {
  readonly name: string
  readonly datatype: string
  /** -1: any number of rows. */
  readonly shape: readonly number[]
}

export interface OutputTensor extends TensorMetadata {
  readonly data: readonly (number | string)[]
}

/** The smallest value and the first one too large. */
const integerLimits: Readonly<Record<string, readonly [number, number]>> = {
  UINT8: [0, 2 ** 8],
  UINT16: [0, 2 ** 16],
  UINT32: [0, 2 ** 32],
  UINT64: [0, 2 ** 64],
  INT8: [-(2 ** 7), 2 ** 7],
  INT16: [-(2 ** 15), 2 ** 15],
  INT32: [-(2 ** 31), 2 ** 31],
  INT64: [-(2 ** 63), 2 ** 63],
}
/** More than any tensor of rows needs; it bounds how deep nested data is followed. */
const maxDimensions = 8
const datatypes = ['BOOL', ...Object.keys(integerLimits), 'FP16', 'FP32', 'FP64', 'BYTES']

/** Checks the `inputs` of a request. JSON null in `data` means a missing value. @throws EsteiraError `invalid-request` */
export function parseTensors(inputs: unknown): InputTensor[] {
  if (!Array.isArray(inputs) || inputs.length === 0) {
    throw new EsteiraError('invalid-request', 'The request needs "inputs": a list with at least one tensor.', {
      where: 'inputs',
    })
  }
  return inputs.map((input, index) => parseTensor(input, `inputs[${index}]`))
}

function parseTensor(input: unknown, where: string): InputTensor {
  const fail = (detail: string, context: { found?: string; allowed?: string; nearest?: string | undefined } = {}) =>
    new EsteiraError('invalid-request', detail, { where, ...context } as const)
  if (typeof input !== 'object' || input === null) throw fail('A tensor must be a JSON object.')
  const { name, datatype, shape, data }: Partial<Record<string, unknown>> = { ...input }
  if (typeof name !== 'string') throw fail('A tensor needs a "name".')
  if (typeof datatype !== 'string' || !datatypes.includes(datatype)) {
    throw fail(`Tensor "${name}" has no known datatype.`, {
      found: String(datatype),
      allowed: datatypes.join(', '),
      nearest: nearestName(String(datatype), datatypes),
    })
  }
  if (!isShape(shape)) throw fail(`Tensor "${name}" needs a "shape": a list of whole numbers.`)
  if (!Array.isArray(data)) {
    throw fail(`Tensor "${name}" needs "data": a list. The binary data extension is not supported.`)
  }
  const flat: readonly unknown[] = data.some(Array.isArray) ? data.flat(maxDimensions) : data
  const size = shape.reduce((product, length) => product * length, 1)
  if (flat.length !== size) {
    throw fail(`The data of tensor "${name}" does not fill its shape.`, {
      found: `${flat.length} values`,
      allowed: `${size} values for shape [${shape.join(', ')}]`,
    })
  }
  const bad = flat.findIndex((value) => value !== null && !fits(value, datatype))
  if (bad >= 0) {
    throw fail(`Value ${bad} of tensor "${name}" is not of type ${datatype}.`, {
      found: shown(flat[bad]),
    })
  }
  return { name, datatype, shape, data: flat.filter(isScalar) }
}

/** Lists and objects are not written out: they can be nested deeper than JSON.stringify can follow. */
function shown(value: unknown): string {
  if (typeof value === 'object') return Array.isArray(value) ? 'a list' : 'an object'
  return JSON.stringify(value).slice(0, 100)
}

function isShape(shape: unknown): shape is number[] {
  return (
    Array.isArray(shape) &&
    shape.length <= maxDimensions &&
    shape.every((length) => Number.isSafeInteger(length) && length >= 0)
  )
}

function isScalar(value: unknown): value is Scalar {
  return value === null || typeof value === 'number' || typeof value === 'boolean' || typeof value === 'string'
}

function fits(value: unknown, datatype: string): boolean {
  if (datatype === 'BYTES') return typeof value === 'string'
  if (datatype === 'BOOL') return typeof value === 'boolean' || value === 0 || value === 1
  if (typeof value !== 'number' || !Number.isFinite(value)) return false
  const limits = integerLimits[datatype]
  if (limits === undefined) return true
  return Number.isInteger(value) && value >= limits[0] && value < limits[1]
}

/**
 * The rows that the tensors hold: one tensor per column, of shape [n] or [n, 1], or a single tensor of shape [n, k] whose
 * columns are the inputs in the order of the signature. Names and values are left to the check against the signature.
 * @throws EsteiraError `invalid-request` where the tensors do not form rows
 */
export function tensorsToRows(signature: Signature, tensors: readonly InputTensor[]): Record<string, unknown>[] {
  const [first] = tensors
  if (first !== undefined && tensors.length === 1 && isMatrix(signature, first)) return matrixRows(signature, first)
  const rows: Record<string, unknown>[] = Array.from({ length: first?.data.length ?? 0 }, () => ({}))
  const types = new Map(signature.inputs.map((input) => [input.name, input.type]))
  const seen = new Set<string>()
  for (const tensor of tensors) {
    checkColumn(tensor, rows.length)
    if (seen.has(tensor.name)) {
      throw new EsteiraError('invalid-request', `Tensor "${tensor.name}" is given twice.`, { where: 'inputs' })
    }
    seen.add(tensor.name)
    const type = types.get(tensor.name)
    for (const [index, row] of rows.entries()) setValue(row, tensor.name, rowValue(tensor.data[index], type))
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

function matrixRows(signature: Signature, tensor: InputTensor): Record<string, unknown>[] {
  const [length = 0, width = 0] = tensor.shape
  return Array.from({ length }, (_, row) => {
    const values: Record<string, unknown> = {}
    for (const [column, input] of signature.inputs.entries()) {
      setValue(values, input.name, rowValue(tensor.data[row * width + column], input.type))
    }
    return values
  })
}

/** Also for a column that is called `__proto__`. */
function setValue(row: Record<string, unknown>, name: string, value: unknown): void {
  Object.defineProperty(row, name, { value, enumerable: true, configurable: true, writable: true })
}

/** Tensors of numbers may stand for booleans: some clients have no other type. */
function rowValue(value: Scalar | undefined, type: InputType | undefined): unknown {
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
 * The outputs as tensors: `prediction`, or `label`, `probability` (of that label) and `probabilities` (in the order of
 * the classes). `wanted` undefined: all of them.
 */
export function outputTensors(
  signature: Signature,
  outputs: Float64Array,
  wanted: ReadonlySet<string> | undefined,
): OutputTensor[] {
  const width = outputWidth(signature)
  const rows = outputs.length / width
  return outputMetadata(signature)
    .filter(({ name }) => wanted === undefined || wanted.has(name))
    .map(({ name, datatype, shape: [, columns = 1] }) => ({
      name,
      datatype,
      shape: [rows, columns],
      data: outputData(name, signature.classes, outputs, rows),
    }))
}

function outputData(
  name: string,
  classes: readonly string[],
  outputs: Float64Array,
  rows: number,
): (number | string)[] {
  if (name === 'prediction' || name === 'probabilities') return Array.from(outputs)
  return Array.from({ length: rows }, (_, row) => {
    const chosen = predictedClass(outputs, row, classes.length)
    return name === 'label' ? (classes[chosen] ?? '') : (outputs[row * classes.length + chosen] ?? Number.NaN)
  })
}
