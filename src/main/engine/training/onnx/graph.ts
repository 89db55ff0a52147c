/**
 * What an ONNX file says of itself: inputs, outputs and classes, read without running anything of it.
 * https://github.com/onnx/onnx/blob/main/onnx/onnx-ml.proto
 */
import { EsteiraError } from '../../kernel/errors.ts'
import { concatenated, readFields, readNumbers, type WireField, writeBytesField, writeVarintField } from './wire.ts'

/** Field numbers of the messages. */
const model = { producerName: 2, producerVersion: 3, graph: 7 } as const
const graph = { node: 1, initializer: 5, input: 11, output: 12 } as const
const node = { input: 1, output: 2, opType: 4, attribute: 5 } as const
const attribute = { name: 1, ints: 8, strings: 9 } as const
const tensor = { name: 8, location: 14 } as const
const valueInfo = { name: 1, type: 2 } as const
const tensorType = { type: 1, elementType: 1, shape: 2 } as const
const dimension = { dimension: 1, value: 1 } as const

export type ElementType = 'float32' | 'float64' | 'int64' | 'int32' | 'bool' | 'string' | 'other'
const float32Code = 1
const elementTypes: Readonly<Record<number, ElementType>> = {
  1: 'float32',
  6: 'int32',
  7: 'int64',
  8: 'string',
  9: 'bool',
  11: 'float64',
}

export interface OnnxTensor {
  readonly name: string
  readonly type: ElementType
  /** Null: any size, as the number of rows is. */
  readonly shape: readonly (number | null)[]
}

export interface OnnxGraph {
  /** What made the file, e.g. `skl2onnx 1.20.0`. */
  readonly producer: string
  /** Without weights, which older files list among the inputs. */
  readonly inputs: readonly OnnxTensor[]
  /** Tensors alone. */
  readonly outputs: readonly OnnxTensor[]
  /** Of a classifier, in the order of its probabilities; undefined where the graph does not say. */
  readonly classes: readonly string[] | undefined
}

/**
 * The graph, and the file in a form whose outputs are all tensors: a ZipMap, which makes a list of dictionaries of the
 * probabilities of scikit-learn and LightGBM models, is taken out.
 * @throws EsteiraError `model-unusable`
 */
export function readOnnx(bytes: Uint8Array): { graph: OnnxGraph; bytes: Uint8Array } {
  try {
    const fields = readFields(bytes)
    const place = fields.find(({ number }) => number === model.graph)
    if (place === undefined) throw unusable('holds no graph')
    const plain = withoutZipMap(place.bytes)
    const whole = concatenated([
      bytes.subarray(0, place.from),
      writeBytesField(model.graph, plain),
      bytes.subarray(place.to),
    ])
    const producer = [model.producerName, model.producerVersion]
      .map((number) => textOf(fields, number))
      .join(' ')
      .trim()
    return { graph: describe(readFields(plain), classesOf(readFields(place.bytes)), producer), bytes: whole }
  } catch (error) {
    if (error instanceof RangeError) throw unusable('is not an ONNX file', error)
    throw error
  }
}

function describe(fields: readonly WireField[], classes: OnnxGraph['classes'], producer: string): OnnxGraph {
  const initializers = fields.filter(({ number }) => number === graph.initializer).map(({ bytes }) => readFields(bytes))
  if (initializers.some((one) => one.some(({ number, value }) => number === tensor.location && value === 1n)))
    throw unusable('keeps its weights in another file; export it with the weights inside')
  const weights = new Set(initializers.map((one) => textOf(one, tensor.name)))
  const tensors = (wanted: number) =>
    fields.filter(({ number }) => number === wanted).flatMap(({ bytes }) => tensorOf(bytes) ?? [])
  return {
    producer,
    inputs: tensors(graph.input).filter(({ name }) => !weights.has(name)),
    outputs: tensors(graph.output),
    classes,
  }
}

/** Undefined for what is no tensor. */
function tensorOf(info: Uint8Array): OnnxTensor | undefined {
  const fields = readFields(info)
  const type = messageOf(messageOf(fields, valueInfo.type) ?? [], tensorType.type)
  if (type === undefined) return undefined
  const code = Number(type.find(({ number }) => number === tensorType.elementType)?.value ?? 0n)
  const sizes = (messageOf(type, tensorType.shape) ?? []).filter(({ number }) => number === dimension.dimension)
  return {
    name: textOf(fields, valueInfo.name),
    type: elementTypes[code] ?? 'other',
    shape: sizes.map(({ bytes }) => {
      const size = readFields(bytes).find(({ number }) => number === dimension.value)?.value
      return size === undefined || size <= 0n ? null : Number(size)
    }),
  }
}

/** Each ZipMap goes, and the tensor that it read becomes the output in place of what it made. */
function withoutZipMap(bytes: Uint8Array): Uint8Array {
  const fields = readFields(bytes)
  const zipped = new Map<string, string>()
  for (const field of fields.filter(({ number }) => number === graph.node)) {
    const parts = readFields(field.bytes)
    if (textOf(parts, node.opType) === 'ZipMap') zipped.set(textOf(parts, node.output), textOf(parts, node.input))
  }
  if (zipped.size === 0) return bytes
  const kept = fields.map((field) => {
    const own = bytes.subarray(field.from, field.to)
    if (field.number === graph.node) {
      return textOf(readFields(field.bytes), node.opType) === 'ZipMap' ? new Uint8Array(0) : own
    }
    const source =
      field.number === graph.output ? zipped.get(textOf(readFields(field.bytes), valueInfo.name)) : undefined
    return source === undefined ? own : writeBytesField(graph.output, probabilitiesInfo(source))
  })
  return concatenated(kept)
}

/** A tensor of float32 of any size. */
function probabilitiesInfo(name: string): Uint8Array {
  const typed = writeBytesField(tensorType.type, writeVarintField(tensorType.elementType, float32Code))
  return concatenated([
    writeBytesField(valueInfo.name, new TextEncoder().encode(name)),
    writeBytesField(valueInfo.type, typed),
  ])
}

/** As the ZipMap or the classifier itself lists them. */
function classesOf(fields: readonly WireField[]): string[] | undefined {
  for (const { bytes } of fields.filter(({ number }) => number === graph.node)) {
    for (const field of readFields(bytes).filter(({ number }) => number === node.attribute)) {
      const parts = readFields(field.bytes)
      const name = textOf(parts, attribute.name)
      if (!/^classlabels_(?:int64s|ints|strings)$/.test(name)) continue
      const texts = parts.filter(({ number }) => number === attribute.strings)
      const numbers = parts.filter(({ number }) => number === attribute.ints)
      const found = [...texts.map((text) => decode(text.bytes)), ...numbers.flatMap(readNumbers).map(String)]
      if (found.length > 1) return found
    }
  }
  return undefined
}

function messageOf(fields: readonly WireField[], wanted: number): WireField[] | undefined {
  const field = fields.find(({ number }) => number === wanted)
  return field && readFields(field.bytes)
}

function textOf(fields: readonly WireField[], wanted: number): string {
  const field = fields.find(({ number }) => number === wanted)
  return field === undefined ? '' : decode(field.bytes)
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes)
}

function unusable(what: string, cause?: unknown): EsteiraError {
  return new EsteiraError('model-unusable', `The file ${what}.`, { next: 'Export the model as ONNX again.', cause })
}
