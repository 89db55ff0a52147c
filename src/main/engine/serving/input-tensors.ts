/** The `inputs` of a request of the Open Inference Protocol: their form checked, their values read. */
import { EsteiraError, nearestName } from '../kernel/errors.ts'
import type { Steps } from '../kernel/turns.ts'
import { type BinaryTail, decodeTensor } from './binary-tensors.ts'
import { readContent } from './content-types.ts'
import { datatypes, type Scalar } from './datatypes.ts'
import type { InputTensor } from './tensors.ts'

/** More than any tensor of rows needs; it bounds how deep nested data is followed. */
const maxDimensions = 8
/** More than any model has inputs. */
const maxTensors = 10_000
/** Values, and tensors, that are read at once: less than a millisecond. */
const [stepValues, stepTensors] = [1_024, 64]
const datatypeNames = [...datatypes.keys()]

/**
 * JSON null in `data` means a missing value, and so does NaN in binary data.
 * @param tail the bytes behind the JSON, where the binary data of tensors is
 * @throws EsteiraError `invalid-request`
 */
export function* parseTensors(inputs: unknown, tail: BinaryTail): Steps<InputTensor[]> {
  if (!Array.isArray(inputs) || inputs.length === 0 || inputs.length > maxTensors) {
    throw new EsteiraError('invalid-request', 'The request needs "inputs": a list with at least one tensor.', {
      where: 'inputs',
      ...(Array.isArray(inputs) && { found: `${inputs.length} tensors`, allowed: `1 to ${maxTensors}` }),
    })
  }
  const tensors: InputTensor[] = []
  for (const [index, input] of inputs.entries()) {
    tensors.push(yield* parseTensor(input, tail, `inputs[${index}]`))
    if (index % stepTensors === stepTensors - 1) yield
  }
  tail.end()
  return tensors
}

function* parseTensor(input: unknown, tail: BinaryTail, where: string): Steps<InputTensor> {
  const fail = (detail: string, context: { found?: string; allowed?: string; nearest?: string | undefined } = {}) =>
    new EsteiraError('invalid-request', detail, { where, ...context } as const)
  if (typeof input !== 'object' || input === null) throw fail('A tensor must be a JSON object.')
  const { name, datatype, shape, data, parameters }: Partial<Record<string, unknown>> = { ...input }
  if (typeof name !== 'string') throw fail('A tensor needs a "name".')
  if (typeof datatype !== 'string' || !datatypes.has(datatype)) {
    const found = typeof datatype === 'string' ? datatype.slice(0, 100) : typeof datatype
    throw fail(`Tensor "${name}" has no known datatype.`, {
      found,
      allowed: datatypeNames.join(', '),
      nearest: nearestName(found, datatypeNames),
    })
  }
  if (!isShape(shape)) throw fail(`Tensor "${name}" needs a "shape": a list of whole numbers.`)
  const tensor = { name, datatype, shape, where, parameters }
  const binarySize = binarySizeOf(tensor)
  const length = shape.reduce((product, dimension) => product * dimension, 1)
  if (binarySize !== undefined && data !== undefined) {
    throw fail(`Tensor "${name}" has both "data" and binary_data_size.`)
  }
  const values =
    binarySize === undefined
      ? yield* flatten(tensor, length, data)
      : yield* decodeTensor(datatype, tail.take(binarySize, where), length, tensor)
  return { name, datatype, shape, data: yield* readContent(tensor, values) }
}

interface Described {
  readonly name: string
  readonly datatype: string
  readonly shape: readonly number[]
  readonly where: string
  readonly parameters: unknown
}

/** Undefined for a tensor whose data is in the JSON. */
function binarySizeOf({ name, where, parameters }: Described): number | undefined {
  if (typeof parameters !== 'object' || parameters === null || !('binary_data_size' in parameters)) return undefined
  const size = parameters.binary_data_size
  if (typeof size === 'number' && Number.isSafeInteger(size) && size >= 0) return size
  throw new EsteiraError('invalid-request', `The binary_data_size of tensor "${name}" is not a number of bytes.`, {
    where,
    found: shown(size),
  })
}

/** The values of `data`, nested or flat, as the datatype holds them. */
function* flatten({ name, datatype, shape, where }: Described, length: number, data: unknown): Steps<Scalar[]> {
  const fail = (detail: string, context: { found?: string; allowed?: string }) =>
    new EsteiraError('invalid-request', detail, { where, ...context })
  if (!Array.isArray(data)) {
    throw fail(`Tensor "${name}" needs "data": a list.`, {
      allowed: 'a list of values, or binary data whose length binary_data_size tells',
    })
  }
  const flat: readonly unknown[] = data.some(Array.isArray) ? data.flat(maxDimensions) : data
  if (flat.length !== length) {
    throw fail(`The data of tensor "${name}" does not fill its shape.`, {
      found: `${flat.length} values`,
      allowed: `${length} values for shape [${shape.join(', ')}]`,
    })
  }
  const type = datatypes.get(datatype)
  const values: Scalar[] = []
  for (const [index, value] of flat.entries()) {
    if (index % stepValues === stepValues - 1) yield
    const held = value === null ? null : type?.hold(value)
    if (held === undefined) {
      throw fail(`Value ${index} of tensor "${name}" is not of type ${datatype}.`, { found: shown(value) })
    }
    values.push(held)
  }
  return values
}

/** Lists and objects are not written out: they can be nested deeper than JSON.stringify can follow. */
function shown(value: unknown): string {
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'a list' : 'an object'
  return (typeof value === 'string' ? JSON.stringify(value) : String(value)).slice(0, 100)
}

function isShape(shape: unknown): shape is number[] {
  return (
    Array.isArray(shape) &&
    shape.length <= maxDimensions &&
    shape.every((length) => Number.isSafeInteger(length) && length >= 0)
  )
}
