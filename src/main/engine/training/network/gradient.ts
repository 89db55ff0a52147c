/**
 * Loss and gradient of one batch. TensorFlow.js differentiates the dense part; the table look-ups and their gradients,
 * which are plain copies and sums, happen here, so that no backend needs kernels for them.
 */
import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core'
import type { Task } from '#shared/models.ts'
import type { Tf } from '../backend.ts'
import type { Encoded, Targets } from '../encoded.ts'
import type { Random } from '../random.ts'
import { deepLayers, type NetworkShape, tableOffsets, totalWeights, viewWeights } from './network.ts'

export interface Batch {
  readonly rows: number
  /** rows × (width + features × embeddingWidth): the input of the deep part, or of the wide part alone when linear. */
  readonly input: Float32Array
  /** rows × outputs: what the wide tables add. */
  readonly offset: Float32Array
  /** rows × features: table rows. */
  readonly tableRows: Int32Array
  readonly targets: Float32Array
  readonly weights: Float32Array
}

/** Copies the rows `order[from … to)` and looks their categories up in the tables. */
export function gatherBatch(
  shape: NetworkShape,
  all: Float32Array,
  encoded: Encoded,
  targets: Targets,
  order: Uint32Array,
  from: number,
  to: number,
): Batch {
  const { width, outputs } = shape
  const embeddingWidth = shape.hidden.length === 0 ? 0 : shape.embeddingWidth
  const { wideTables, embeddings } = viewWeights(shape, all)
  const offsets = tableOffsets(shape.cardinalities)
  const features = offsets.length
  const rows = to - from
  const inputWidth = width + features * embeddingWidth
  const input = new Float32Array(rows * inputWidth)
  const offset = new Float32Array(rows * outputs)
  const tableRows = new Int32Array(rows * features)
  const values = new Float32Array(rows)
  const weights = new Float32Array(rows).fill(1)
  for (let row = 0; row < rows; row++) {
    const source = order[from + row] ?? 0
    values[row] = targets.values[source] ?? 0
    if (targets.weights !== undefined) weights[row] = targets.weights[source] ?? 1
    const start = row * inputWidth
    for (let column = 0; column < width; column++) input[start + column] = encoded.numeric[source * width + column] ?? 0
    for (let feature = 0; feature < features; feature++) {
      const tableRow = (offsets[feature] ?? 0) + (encoded.codes[feature]?.[source] ?? 0)
      tableRows[row * features + feature] = tableRow
      for (let j = 0; j < outputs; j++) {
        offset[row * outputs + j] = (offset[row * outputs + j] ?? 0) + (wideTables[tableRow * outputs + j] ?? 0)
      }
      const target = start + width + feature * embeddingWidth
      for (let j = 0; j < embeddingWidth; j++) input[target + j] = embeddings[tableRow * embeddingWidth + j] ?? 0
    }
  }
  return { rows, input, offset, tableRows, targets: values, weights }
}

export interface LossAndGradient {
  readonly loss: number
  /** In the layout of all weights. */
  readonly gradient: Float32Array
}

/** The mean loss over the batch and its gradient. `dropout` is the share of hidden units left out. */
export function lossAndGradient(
  tf: Tf,
  shape: NetworkShape,
  task: Task,
  all: Float32Array,
  batch: Batch,
  dropout: number,
  random: Random,
): LossAndGradient {
  const weights = viewWeights(shape, all)
  const layers = deepLayers(shape)
  const { width, outputs } = shape
  const inputWidth = batch.rows === 0 ? 0 : batch.input.length / batch.rows
  // Kept out of the value that `tidy` returns: it would walk through every number in search of tensors.
  let result: LossAndGradient = { loss: Number.NaN, gradient: new Float32Array(0) }
  tf.tidy(() => {
    const input = tf.tensor2d(batch.input, [batch.rows, inputWidth])
    const numeric = inputWidth === width ? input : tf.slice2d(input, [0, 0], [batch.rows, width])
    const masks =
      dropout === 0 ? [] : layers.slice(0, -1).map(({ units }) => dropoutMask(tf, batch.rows, units, dropout, random))
    const parameters: Tensor[] = [
      tf.tensor2d(batch.offset, [batch.rows, outputs]),
      tf.tensor1d(weights.bias),
      ...(width > 0 ? [tf.tensor2d(weights.wide, [width, outputs])] : []),
      ...(layers.length > 0 ? [input] : []),
      ...layers.map((layer, index) => tf.tensor2d(weights.kernels[index] ?? [], [layer.inputs, layer.units])),
      ...weights.biases.map((values) => tf.tensor1d(values)),
    ]
    const forward = (...tensors: Tensor[]): Tensor => {
      let next = 0
      const take = (): Tensor => tensors[next++] ?? tf.scalar(0)
      let output = tf.add(take(), take())
      if (width > 0) output = tf.add(output, tf.matMul(numeric, take()))
      if (layers.length > 0) {
        let hidden = take()
        const kernels = layers.map(take)
        const biases = layers.map(take)
        layers.forEach((_, index) => {
          const kernel = kernels[index]
          const bias = biases[index]
          if (kernel === undefined || bias === undefined) return
          hidden = tf.add(tf.matMul(hidden, kernel), bias)
          if (index < layers.length - 1) {
            hidden = tf.relu(hidden)
            const mask = masks[index]
            if (mask !== undefined) hidden = tf.mul(hidden, mask)
          }
        })
        output = tf.add(output, hidden)
      }
      return meanLoss(tf, task, output, batch)
    }
    const { value, grads } = tf.valueAndGrads(forward)(parameters)
    const slopes = grads.map((gradient) => gradient.dataSync<'float32'>())
    result = { loss: value.dataSync()[0] ?? Number.NaN, gradient: assemble(shape, batch, slopes) }
  })
  return result
}

/** Zero for the units left out; the others are scaled up so that the expected sum stays the same. */
function dropoutMask(tf: Tf, rows: number, units: number, rate: number, random: Random): Tensor2D {
  const scale = 1 / (1 - rate)
  const mask = new Float32Array(rows * units)
  for (let index = 0; index < mask.length; index++) mask[index] = random.next() < rate ? 0 : scale
  return tf.tensor2d(mask, [rows, units])
}

/** Cross-entropy of logits, numerically stable, or half the squared error; weighted by row. */
function meanLoss(tf: Tf, task: Task, output: Tensor, batch: Batch): Tensor {
  const rowWeights = tf.tensor1d(batch.weights)
  if (task === 'multiclass') {
    const classes = output.shape[1] ?? 1
    const oneHot = tf.oneHot(tf.tensor1d(Int32Array.from(batch.targets), 'int32'), classes)
    return tf.neg(tf.mean(tf.mul(tf.sum(tf.mul(tf.logSoftmax(output), oneHot), 1), rowWeights)))
  }
  const values = tf.tensor1d(batch.targets)
  const flat = tf.reshape(output, [batch.rows])
  if (task === 'regression') return tf.mul(tf.mean(tf.mul(tf.square(tf.sub(flat, values)), rowWeights)), 0.5)
  // max(z, 0) - z·y + log(1 + exp(-|z|))
  const loss = tf.add(tf.sub(tf.relu(flat), tf.mul(flat, values)), tf.log1p(tf.exp(tf.neg(tf.abs(flat)))))
  return tf.mean(tf.mul(loss, rowWeights))
}

/** Puts the gradients of the tensors into the layout of the weights, summing those of the table rows. */
function assemble(shape: NetworkShape, batch: Batch, slopes: readonly Float32Array[]): Float32Array {
  const gradient = new Float32Array(totalWeights(shape))
  const views = viewWeights(shape, gradient)
  const layers = deepLayers(shape)
  const queue = [...slopes]
  const take = (): Float32Array => queue.shift() ?? new Float32Array(0)
  const offsetSlope = take()
  views.bias.set(take())
  if (shape.width > 0) views.wide.set(take())
  const features = shape.cardinalities.length
  addToTables(views.wideTables, offsetSlope, 0, 0, shape.outputs, shape.outputs, features, batch)
  if (layers.length === 0) return gradient
  const inputSlope = take()
  const inputWidth = layers[0]?.inputs ?? 0
  addToTables(
    views.embeddings,
    inputSlope,
    shape.width,
    shape.embeddingWidth,
    inputWidth,
    shape.embeddingWidth,
    features,
    batch,
  )
  for (const kernel of views.kernels) kernel.set(take())
  for (const bias of views.biases) bias.set(take())
  return gradient
}

/** table[tableRow] += slope[row][first + feature · step …], `length` numbers each, in row order. */
function addToTables(
  table: Float32Array,
  slope: Float32Array,
  first: number,
  step: number,
  slopeWidth: number,
  length: number,
  features: number,
  batch: Batch,
): void {
  for (let row = 0; row < batch.rows; row++) {
    for (let feature = 0; feature < features; feature++) {
      const target = (batch.tableRows[row * features + feature] ?? 0) * length
      const source = row * slopeWidth + first + feature * step
      for (let j = 0; j < length; j++) table[target + j] = (table[target + j] ?? 0) + (slope[source + j] ?? 0)
    }
  }
}
