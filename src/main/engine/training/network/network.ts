/**
 * The one architecture of the built-in trainers, after "Wide & Deep Learning" (Cheng et al. 2016):
 *
 *   output = bias + numeric · wide + Σ wideTables[code] + deep(numeric, embeddings[code])
 *
 * Without hidden layers only the wide part remains: a linear model.
 */
import { z } from 'zod'
import type { Random } from '../random.ts'

export const networkShapeSchema = z.object({
  /** Numeric inputs. */
  width: z.number().int().min(0),
  /** Codes of each categorical input. */
  cardinalities: z.array(z.number().int().min(1)),
  /** Numbers that stand for one category in the deep part. */
  embeddingWidth: z.number().int().min(0),
  hidden: z.array(z.number().int().min(1)),
  /** 1 for binary (a logit) and regression, else one logit per class. */
  outputs: z.number().int().min(1),
})
export type NetworkShape = z.infer<typeof networkShapeSchema>

/** All arrays row-major. The tables of all categorical inputs lie one after the other. */
export interface NetworkWeights {
  readonly bias: Float32Array
  /** width × outputs */
  readonly wide: Float32Array
  /** Σ cardinalities × outputs */
  readonly wideTables: Float32Array
  /** Σ cardinalities × embeddingWidth */
  readonly embeddings: Float32Array
  /** Per layer, the last one being the output layer of the deep part: inputs × units. */
  readonly kernels: readonly Float32Array[]
  readonly biases: readonly Float32Array[]
}

export interface Layer {
  readonly inputs: number
  readonly units: number
}

/** The dense layers of the deep part; none for a linear model. */
export function deepLayers(shape: NetworkShape): Layer[] {
  if (shape.hidden.length === 0) return []
  const sizes = [shape.width + shape.cardinalities.length * shape.embeddingWidth, ...shape.hidden]
  return sizes.map((inputs, index) => ({ inputs, units: sizes[index + 1] ?? shape.outputs }))
}

/** Where the table of each categorical input begins, in rows. */
export function tableOffsets(cardinalities: readonly number[]): number[] {
  let offset = 0
  return cardinalities.map((cardinality) => {
    const start = offset
    offset += cardinality
    return start
  })
}

/** The length of every array of the weights, in the order in which they are stored. */
export function weightLengths(shape: NetworkShape): { name: string; length: number }[] {
  const rows = shape.cardinalities.reduce((sum, cardinality) => sum + cardinality, 0)
  const layers = deepLayers(shape)
  return [
    { name: 'bias', length: shape.outputs },
    { name: 'wide', length: shape.width * shape.outputs },
    { name: 'wideTables', length: rows * shape.outputs },
    { name: 'embeddings', length: layers.length === 0 ? 0 : rows * shape.embeddingWidth },
    ...layers.map((layer, index) => ({ name: `kernels.${index}`, length: layer.inputs * layer.units })),
    ...layers.map((layer, index) => ({ name: `biases.${index}`, length: layer.units })),
  ]
}

/** Cuts one array of all weights, in the order of `weightLengths`, into views. */
export function viewWeights(shape: NetworkShape, all: Float32Array): NetworkWeights {
  let offset = 0
  const take = (length: number): Float32Array => {
    const view = all.subarray(offset, offset + length)
    offset += length
    return view
  }
  const [bias = 0, wide = 0, wideTables = 0, embeddings = 0] = weightLengths(shape).map(({ length }) => length)
  const layers = deepLayers(shape)
  return {
    bias: take(bias),
    wide: take(wide),
    wideTables: take(wideTables),
    embeddings: take(embeddings),
    kernels: layers.map((layer) => take(layer.inputs * layer.units)),
    biases: layers.map((layer) => take(layer.units)),
  }
}

export function totalWeights(shape: NetworkShape): number {
  return weightLengths(shape).reduce((sum, { length }) => sum + length, 0)
}

/**
 * Weights to start from: He et al. (2015) for the hidden layers, small embeddings; the wide part and the output layer
 * begin at zero, so that training starts from the base rate (`bias`) and adds what the data shows.
 */
export function initialWeights(shape: NetworkShape, bias: readonly number[], random: Random): Float32Array {
  const all = new Float32Array(totalWeights(shape))
  const weights = viewWeights(shape, all)
  weights.bias.set(bias)
  fillNormal(weights.embeddings, 0.3, random)
  const layers = deepLayers(shape)
  weights.kernels.slice(0, -1).forEach((kernel, index) => {
    fillNormal(kernel, Math.sqrt(2 / Math.max(1, layers[index]?.inputs ?? 1)), random)
  })
  return all
}

function fillNormal(array: Float32Array, stdDev: number, random: Random): void {
  for (let index = 0; index < array.length; index++) array[index] = random.normal() * stdDev
}
