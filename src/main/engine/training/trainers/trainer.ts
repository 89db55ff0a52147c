import { z } from 'zod'
import type { FitOptions } from '../network/fit.ts'
import type { NetworkShape } from '../network/network.ts'

/** What a trainer may base its defaults on. */
export interface TrainingFacts {
  /** Training rows. */
  readonly rows: number
  readonly width: number
  readonly cardinalities: readonly number[]
  readonly outputs: number
}

export type ClassWeights = 'none' | 'balanced' | Readonly<Record<string, number>>

export interface TrainingPlan {
  readonly shape: NetworkShape
  readonly fit: Omit<FitOptions, 'seed'>
}

/** A way to train: its options and what they come to for given data. Everything else is shared. */
export interface Trainer<Options extends z.ZodObject = z.ZodObject> {
  readonly name: string
  readonly summary: string
  readonly options: Options
  plan(options: z.output<Options>, facts: TrainingFacts): TrainingPlan
}

export function defineTrainer<Options extends z.ZodObject>(trainer: Trainer<Options>): Trainer<Options> {
  return trainer
}

/** The options that all trainers have. */
export const sharedOptions = {
  epochs: z
    .number()
    .int()
    .min(1)
    .max(10_000)
    .optional()
    .describe('Passes over the training rows, at most. Default: fewer the more rows there are, from 200 down to 3.'),
  batchSize: z
    .number()
    .int()
    .min(1)
    .max(1_000_000)
    .optional()
    .describe('Rows per step. Default: grows with the rows, 16 to 4,096.'),
  learningRate: z
    .number()
    .positive()
    .max(10)
    .optional()
    .describe('The highest step size of the schedule. Default: chosen by the batch size.'),
  schedule: z
    .enum(['cosine', 'constant'])
    .default('cosine')
    .describe('How the learning rate develops after its warm-up: down along half a cosine, or not at all.'),
  weightDecay: z
    .number()
    .min(0)
    .max(10)
    .optional()
    .describe('Pull of all weights towards zero (AdamW). Higher for small or noisy data.'),
  patience: z
    .number()
    .int()
    .min(1)
    .optional()
    .describe(
      'Epochs without a lower validation loss before training stops early. Default: a quarter of the epochs, at least 5.',
    ),
  classWeights: z
    .union([z.enum(['none', 'balanced']), z.record(z.string(), z.number().positive())])
    .default('none')
    .describe(
      'Weight of the rows by class: balanced makes all classes count alike, which shifts the probabilities away from the true rates.',
    ),
  seed: z
    .number()
    .int()
    .min(0)
    .max(Number.MAX_SAFE_INTEGER)
    .optional()
    .describe('Start of all random numbers. Default: the seed of the run.'),
}

export interface SharedDefaults {
  readonly epochs: number
  readonly batchSize: number
  readonly patience: number
}

/** The rows that all epochs together may show to the network: what bounds the time of training. */
const maxShownRows = 8_000_000

/** Batch size, epochs and patience by the number of rows, where the options leave them open. */
export function sharedDefaults(
  options: { epochs?: number | undefined; batchSize?: number | undefined; patience?: number | undefined },
  rows: number,
): SharedDefaults {
  // Some two hundred steps per epoch while the batch stays small enough to learn well and large enough to be fast.
  const batchSize =
    options.batchSize ?? Math.min(4_096, Math.max(16, 2 ** Math.round(Math.log2(Math.max(1, rows) / 150))))
  // Ever fewer passes, as each one shows more: 150 rows 200, 1,000 rows 80, 10,000 rows 25, 70,000 rows 10, 3,000,000 rows 3.
  const wished = Math.round(2_500 / Math.sqrt(Math.max(1, rows)))
  const epochs =
    options.epochs ?? Math.max(3, Math.min(200, Math.max(10, wished), Math.floor(maxShownRows / Math.max(1, rows))))
  return { batchSize, epochs, patience: options.patience ?? Math.max(5, Math.ceil(epochs / 4)) }
}
