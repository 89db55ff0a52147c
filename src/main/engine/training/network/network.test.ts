import { describe, expect, test } from 'vitest'
import type { Task } from '#shared/models.ts'
import { loadBackend } from '../backend.ts'
import type { Encoded, Targets } from '../encoded.ts'
import { createRandom } from '../random.ts'
import { createAdam } from './adam.ts'
import { type FitOptions, type FitProgress, fitNetwork, type Sample } from './fit.ts'
import { createForward } from './forward.ts'
import { gatherBatch, lossAndGradient } from './gradient.ts'
import { meanLoss } from './loss.ts'
import { initialWeights, type NetworkShape, totalWeights, viewWeights } from './network.ts'

const deep: NetworkShape = { width: 3, cardinalities: [4, 6], embeddingWidth: 3, hidden: [7, 5], outputs: 1 }
const shapes: [string, NetworkShape, Task][] = [
  ['deep binary', deep, 'binary'],
  ['deep multiclass', { ...deep, outputs: 4 }, 'multiclass'],
  ['deep regression', deep, 'regression'],
  ['linear binary', { ...deep, hidden: [], embeddingWidth: 0 }, 'binary'],
  ['linear multiclass', { ...deep, hidden: [], embeddingWidth: 0, outputs: 3 }, 'multiclass'],
  ['numbers alone', { ...deep, cardinalities: [] }, 'regression'],
  ['categories alone', { ...deep, width: 0 }, 'binary'],
]

function randomRows(shape: NetworkShape, length: number, seed: number): Encoded {
  const random = createRandom(seed)
  return {
    length,
    width: shape.width,
    numeric: Float32Array.from({ length: length * shape.width }, () => random.normal()),
    codes: shape.cardinalities.map((cardinality) =>
      Int32Array.from({ length }, () => Math.floor(random.next() * cardinality)),
    ),
    cardinalities: shape.cardinalities,
  }
}
function randomTargets(shape: NetworkShape, task: Task, length: number): Targets {
  const random = createRandom(99)
  const value = {
    binary: () => Number(random.next() < 0.4),
    multiclass: () => Math.floor(random.next() * shape.outputs),
    regression: random.normal,
  }
  return {
    values: Float32Array.from({ length }, value[task]),
    weights: Float32Array.from({ length }, () => 0.5 + random.next()),
  }
}
function randomWeights(shape: NetworkShape): Float32Array {
  const random = createRandom(3)
  return Float32Array.from({ length: totalWeights(shape) }, () => random.normal() * 0.5)
}

describe.each(shapes)('a %s network', (_, shape, task) => {
  const rows = randomRows(shape, 40, 1)
  const targets = randomTargets(shape, task, rows.length)
  const weights = randomWeights(shape)
  const order = Uint32Array.from({ length: rows.length }, (_unused, index) => index)
  const loss = (all: Float32Array): number =>
    meanLoss(task, createForward(shape, viewWeights(shape, all))(rows), targets)

  test('scores every row as TensorFlow.js does, to 1e-5', async () => {
    const { tf } = await loadBackend()
    for (let row = 0; row < rows.length; row++) {
      const batch = gatherBatch(shape, weights, rows, targets, order, row, row + 1)
      const theirs = lossAndGradient(tf, shape, task, weights, batch, 0, createRandom(1)).loss
      const one = {
        ...rows,
        length: 1,
        numeric: rows.numeric.subarray(row * shape.width),
        codes: rows.codes.map((codes) => codes.subarray(row)),
      }
      const own = { values: targets.values.slice(row, row + 1), weights: targets.weights?.slice(row, row + 1) }
      const mine = meanLoss(task, createForward(shape, viewWeights(shape, weights))(one), own)
      expect(Math.abs(mine - theirs)).toBeLessThan(1e-5 * Math.max(1, Math.abs(theirs)))
    }
  })

  test('has the gradient that small steps measure', async () => {
    const { tf } = await loadBackend()
    const batch = gatherBatch(shape, weights, rows, targets, order, 0, rows.length)
    const { gradient } = lossAndGradient(tf, shape, task, weights, batch, 0, createRandom(1))
    expect(gradient).toHaveLength(weights.length)
    for (let index = 0; index < weights.length; index++) {
      const step = 1e-3
      const [up, down] = [weights.slice(), weights.slice()]
      up[index] = (weights[index] ?? 0) + step
      down[index] = (weights[index] ?? 0) - step
      const measured = (loss(up) - loss(down)) / ((up[index] ?? 0) - (down[index] ?? 0))
      expect(Math.abs((gradient[index] ?? 0) - measured)).toBeLessThan(2e-3)
    }
  })

  test('gives a row the same bits in any batch', () => {
    const forward = createForward(shape, viewWeights(shape, weights))
    const together = forward(rows)
    const last = rows.length - 1
    const alone = forward({
      ...rows,
      length: 1,
      numeric: rows.numeric.subarray(last * shape.width),
      codes: rows.codes.map((codes) => codes.subarray(last)),
    })
    expect(alone).toEqual(together.slice(last * shape.outputs))
  })
})

test('AdamW makes the steps of its definition', () => {
  const weights = Float32Array.of(1, 1)
  const adam = createAdam([1, 1], [0.5, 0])
  adam.step(weights, Float32Array.of(0.2, -3), 0.1)
  // The first step is the learning rate against the sign, after the decay of the first group.
  expect(weights[0]).toBeCloseTo(0.95 - 0.1, 6)
  expect(weights[1]).toBeCloseTo(1.1, 6)
  adam.step(weights, Float32Array.of(0.1, -1), 0.1)
  const m = (0.9 * 0.02 + 0.1 * 0.1) / (1 - 0.9 ** 2)
  const v = (0.999 * 0.00004 + 0.001 * 0.01) / (1 - 0.999 ** 2)
  expect(weights[0]).toBeCloseTo(0.85 * 0.95 - (0.1 * m) / Math.sqrt(v), 5)
})

describe('training', () => {
  const shape: NetworkShape = { width: 2, cardinalities: [5], embeddingWidth: 2, hidden: [8], outputs: 1 }
  const sample = (length: number, seed: number): Sample => {
    const encoded = randomRows(shape, length, seed)
    // Exclusive or of the signs: nothing that a linear part could learn.
    const label = (row: number): number =>
      Number((encoded.numeric[row * 2] ?? 0) * (encoded.numeric[row * 2 + 1] ?? 0) > 0)
    return { encoded, targets: { values: Float32Array.from({ length }, (_, row) => label(row)) } }
  }
  const options: FitOptions = {
    epochs: 20,
    batchSize: 32,
    learningRate: 0.02,
    schedule: 'cosine',
    dropout: 0.1,
    weightDecay: 0.01,
    patience: 20,
    seed: 5,
  }
  const quiet: FitProgress = {
    signal: new AbortController().signal,
    progress: () => undefined,
    metric: () => undefined,
  }
  const run = async (changes: Partial<FitOptions> = {}, watch: FitProgress = quiet) => {
    const { tf } = await loadBackend()
    return await fitNetwork(tf, shape, 'binary', [0], sample(500, 1), sample(200, 2), { ...options, ...changes }, watch)
  }

  test('finds an interaction, and gives the same bits for the same seed', async () => {
    const [first, again, other] = [await run(), await run(), await run({ seed: 6 })]
    expect(first.validationLoss).toBeLessThan(0.35)
    expect(again).toEqual(first)
    expect(other.weights).not.toEqual(first.weights)
  })

  test('keeps the weights of the best epoch and stops when nothing improves', async () => {
    const losses: number[] = []
    const metric = (name: string, _epoch: number, value: number): void =>
      void (name === 'validationLoss' && losses.push(value))
    const fitted = await run({ epochs: 200, learningRate: 0.3, patience: 3 }, { ...quiet, metric })
    expect(fitted.epochsRun).toBe(losses.length)
    expect(fitted.epochsRun).toBe(fitted.epoch + 1 + 3)
    const validation = sample(200, 2)
    const kept = meanLoss(
      'binary',
      createForward(shape, viewWeights(shape, fitted.weights))(validation.encoded),
      validation.targets,
    )
    expect(kept).toBe(Math.min(...losses))
  })

  test('leaves no tensor behind', async () => {
    const { tf } = await loadBackend()
    const before = tf.memory().numTensors
    await run({ epochs: 1 })
    expect(tf.memory().numTensors).toBe(before)
  })

  test('stops soon after an abort, with its reason', async () => {
    const controller = new AbortController()
    const reason = new Error('stopped')
    let abortedAt = 0
    setTimeout(() => {
      abortedAt = performance.now()
      controller.abort(reason)
    }, 300)
    await expect(run({ epochs: 10_000, patience: 10_000 }, { ...quiet, signal: controller.signal })).rejects.toBe(
      reason,
    )
    expect(performance.now() - abortedAt).toBeLessThan(1_000)
  })

  test('says what to do when the loss diverges', async () => {
    const { tf } = await loadBackend()
    const bad = sample(500, 1)
    bad.encoded.numeric[0] = Number.NaN
    await expect(fitNetwork(tf, shape, 'binary', [0], bad, sample(50, 2), options, quiet)).rejects.toMatchObject({
      code: 'training-failed',
    })
  })

  test('gives categories without a training row the average of the others', async () => {
    const { tf } = await loadBackend()
    const training = sample(500, 1)
    const codes = training.encoded.codes[0]?.map((code) => (code === 4 ? 0 : code)) ?? new Int32Array(0)
    training.encoded.codes[0]?.set(codes)
    const fitted = await fitNetwork(tf, shape, 'binary', [0], training, sample(50, 2), { ...options, epochs: 2 }, quiet)
    const { wideTables } = viewWeights(shape, fitted.weights)
    const mean = codes.reduce((sum, code) => sum + (wideTables[code] ?? 0), 0) / 500
    expect(wideTables[4]).toBeCloseTo(mean, 6)
  })
})

test('weights start at the base rate, whatever the row', () => {
  const all = initialWeights(deep, [0.7], createRandom(1))
  const outputs = createForward(deep, viewWeights(deep, all))(randomRows(deep, 5, 4))
  expect(outputs).toEqual(Float64Array.from({ length: 5 }, () => Math.fround(0.7)))
})
