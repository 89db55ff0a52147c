/**
 * The forward pass in plain typed arrays: the one that validation, evaluation, gate and serving all use.
 *
 * Each row is computed by itself and always in the same order, so a row gets the same bits whatever batch it comes in.
 * For networks of this size it is faster than TensorFlow.js, whose cost per call exceeds the arithmetic.
 */
import type { Encoded } from '../encoded.ts'
import { deepLayers, type NetworkShape, type NetworkWeights, tableOffsets } from './network.ts'

/** Raw outputs (logits, or a standardised value), row-major `length` × outputs. */
export type Forward = (encoded: Encoded) => Float64Array

/**
 * Prepares the weights for fast use. The product of each embedding with the first layer is computed here once, which
 * turns the categorical part of that layer into a sum of table rows.
 */
export function createForward(shape: NetworkShape, weights: NetworkWeights): Forward {
  const offsets = tableOffsets(shape.cardinalities)
  const layers = deepLayers(shape)
  const first = layers[0]
  const tables = first === undefined ? new Float64Array(0) : firstLayerTables(shape, weights, first.units)
  const sizes = layers.map((layer) => layer.units)
  const buffers = sizes.map((units) => new Float64Array(units))

  return (encoded) => {
    const { outputs, width } = shape
    const result = new Float64Array(encoded.length * outputs)
    for (let row = 0; row < encoded.length; row++) {
      const start = row * outputs
      for (let output = 0; output < outputs; output++) result[start + output] = weights.bias[output] ?? 0
      addDense(encoded.numeric, row * width, width, weights.wide, outputs, result, start)
      addTableRows(encoded, row, offsets, weights.wideTables, outputs, result, start)
      let input: Float64Array | undefined
      for (let layer = 0; layer < buffers.length; layer++) {
        const buffer = buffers[layer]
        const kernel = weights.kernels[layer]
        const biases = weights.biases[layer]
        const units = sizes[layer] ?? 0
        if (buffer === undefined || kernel === undefined || biases === undefined) break
        buffer.set(biases)
        if (input === undefined) {
          addDense(encoded.numeric, row * width, width, kernel, units, buffer, 0)
          addTableRows(encoded, row, offsets, tables, units, buffer, 0)
        } else {
          addDense(input, 0, input.length, kernel, units, buffer, 0)
        }
        if (layer < buffers.length - 1) rectify(buffer)
        input = buffer
      }
      if (input !== undefined) {
        for (let output = 0; output < outputs; output++) {
          result[start + output] = (result[start + output] ?? 0) + (input[output] ?? 0)
        }
      }
    }
    return result
  }
}

/** Σ cardinalities × units: every embedding times its part of the first kernel. */
function firstLayerTables(shape: NetworkShape, weights: NetworkWeights, units: number): Float64Array {
  const { embeddingWidth, width, cardinalities } = shape
  const kernel = weights.kernels[0] ?? new Float32Array(0)
  const rows = cardinalities.reduce((sum, cardinality) => sum + cardinality, 0)
  const tables = new Float64Array(rows * units)
  let row = 0
  cardinalities.forEach((cardinality, feature) => {
    const part = kernel.subarray((width + feature * embeddingWidth) * units)
    for (const end = row + cardinality; row < end; row++) {
      addDense(weights.embeddings, row * embeddingWidth, embeddingWidth, part, units, tables, row * units)
    }
  })
  return tables
}

/** target[at + j] += Σ input[from + i] · kernel[i][j]. Zeros, frequent after a rectifier, are skipped. */
function addDense(
  input: Float32Array | Float64Array,
  from: number,
  inputs: number,
  kernel: Float32Array,
  units: number,
  target: Float64Array,
  at: number,
): void {
  for (let i = 0; i < inputs; i++) {
    const value = input[from + i] ?? 0
    if (value === 0) continue
    const kernelRow = i * units
    for (let j = 0; j < units; j++) {
      target[at + j] = (target[at + j] ?? 0) + value * (kernel[kernelRow + j] ?? 0)
    }
  }
}

function addTableRows(
  encoded: Encoded,
  row: number,
  offsets: readonly number[],
  table: Float32Array | Float64Array,
  units: number,
  target: Float64Array,
  at: number,
): void {
  for (let feature = 0; feature < offsets.length; feature++) {
    const code = encoded.codes[feature]?.[row] ?? 0
    const tableRow = ((offsets[feature] ?? 0) + code) * units
    for (let j = 0; j < units; j++) target[at + j] = (target[at + j] ?? 0) + (table[tableRow + j] ?? 0)
  }
}

function rectify(values: Float64Array): void {
  for (let index = 0; index < values.length; index++) {
    if ((values[index] ?? 0) < 0) values[index] = 0
  }
}
