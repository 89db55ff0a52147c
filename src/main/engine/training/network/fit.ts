/** The training loop that all built-in trainers share. */
import type { Task } from '#shared/models.ts'
import { EsteiraError } from '../../kernel/errors.ts'
import type { Tf } from '../backend.ts'
import type { Encoded, Targets } from '../encoded.ts'
import { createRandom } from '../random.ts'
import { createAdam } from './adam.ts'
import { createForward } from './forward.ts'
import { gatherBatch, lossAndGradient } from './gradient.ts'
import { meanLoss } from './loss.ts'
import { initialWeights, type NetworkShape, viewWeights, weightLengths } from './network.ts'
import { unseenCategories } from './unseen.ts'

export interface FitOptions {
  readonly epochs: number
  readonly batchSize: number
  readonly learningRate: number
  readonly schedule: 'cosine' | 'constant'
  readonly dropout: number
  readonly weightDecay: number
  /** Epochs without a better validation loss before training stops. */
  readonly patience: number
  readonly seed: number
}

export interface FitProgress {
  readonly signal: AbortSignal
  progress(fraction: number, message?: string): void
  metric(name: string, index: number, value: number): void
}

export interface Fitted {
  /** All weights of the epoch with the lowest validation loss. */
  readonly weights: Float32Array
  readonly epoch: number
  readonly epochsRun: number
  readonly validationLoss: number
}

export interface Sample {
  readonly encoded: Encoded
  readonly targets: Targets
}

/** Between two looks at the event loop, so that a cancellation is honoured soon. */
const yieldAfterMs = 50

/**
 * Minimises the loss by AdamW over shuffled batches and keeps the weights of the best epoch.
 * Throws `training-failed` when the loss is no longer a number, and the signal's reason on abort.
 */
export async function fitNetwork(
  tf: Tf,
  shape: NetworkShape,
  task: Task,
  bias: readonly number[],
  training: Sample,
  validation: Sample,
  options: FitOptions,
  watch: FitProgress,
): Promise<Fitted> {
  const random = createRandom(options.seed)
  const weights = initialWeights(shape, bias, random)
  const groups = weightLengths(shape)
  const adam = createAdam(
    groups.map(({ length }) => length),
    groups.map(({ name }) => (name.startsWith('bias') ? 0 : options.weightDecay)),
  )
  const unseen = unseenCategories(shape, training.encoded)
  const rows = training.encoded.length
  const stepsPerEpoch = Math.ceil(rows / options.batchSize)
  const totalSteps = stepsPerEpoch * options.epochs
  let best: Fitted | undefined
  let step = 0
  let lastYield = performance.now()
  for (let epoch = 0; epoch < options.epochs; epoch++) {
    const order = random.permutation(rows)
    let lossSum = 0
    for (let from = 0; from < rows; from += options.batchSize) {
      const to = Math.min(rows, from + options.batchSize)
      const batch = gatherBatch(shape, weights, training.encoded, training.targets, order, from, to)
      const { loss, gradient } = lossAndGradient(tf, shape, task, weights, batch, options.dropout, random)
      if (!Number.isFinite(loss)) throw diverged(epoch, options.learningRate)
      lossSum += loss * batch.rows
      adam.step(weights, gradient, rateAt(options, step, totalSteps))
      step += 1
      if (performance.now() - lastYield > yieldAfterMs) {
        watch.progress(step / totalSteps, `epoch ${epoch + 1} of ${options.epochs}`)
        await new Promise(setImmediate)
        watch.signal.throwIfAborted()
        lastYield = performance.now()
      }
    }
    unseen.fill(weights)
    const validationLoss = meanLoss(
      task,
      createForward(shape, viewWeights(shape, weights))(validation.encoded),
      validation.targets,
    )
    watch.metric('loss', epoch, lossSum / rows)
    watch.metric('validationLoss', epoch, validationLoss)
    if (!Number.isFinite(validationLoss)) throw diverged(epoch, options.learningRate)
    if (best === undefined || validationLoss < best.validationLoss) {
      best = { weights: weights.slice(), epoch, epochsRun: epoch + 1, validationLoss }
    }
    best = { ...best, epochsRun: epoch + 1 }
    if (epoch - best.epoch >= options.patience) break
  }
  if (best === undefined) throw diverged(0, options.learningRate)
  return best
}

/** Warm-up over the first 5 % of the steps, then constant, or half a cosine down to 2 % of the rate. */
function rateAt(options: FitOptions, step: number, totalSteps: number): number {
  const done = step / totalSteps
  const warmUp = Math.min(1, (step + 1) / Math.max(1, totalSteps * 0.05))
  const decay = options.schedule === 'constant' ? 1 : 0.02 + 0.49 * (1 + Math.cos(Math.PI * done))
  return options.learningRate * warmUp * decay
}

function diverged(epoch: number, learningRate: number): EsteiraError {
  return new EsteiraError('training-failed', `The loss stopped being a finite number in epoch ${epoch + 1}.`, {
    where: `epoch ${epoch + 1}`,
    next: `Lower the learning rate (it was ${learningRate}), or look for extreme values in the numeric columns.`,
  })
}
