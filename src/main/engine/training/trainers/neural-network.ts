import { z } from 'zod'
import { defineTrainer, sharedDefaults, sharedOptions } from './trainer.ts'

/** A multilayer perceptron over numbers and category embeddings, beside a linear part (wide and deep). */
export const neuralNetwork = defineTrainer({
  name: 'neural-network',
  summary: 'A small dense network with category embeddings; finds curves and interactions.',
  options: z.strictObject({
    ...sharedOptions,
    hidden: z
      .array(z.number().int().min(1).max(4_096))
      .min(1)
      .max(8)
      .optional()
      .describe('Units of the hidden layers. Default: [64, 32], below 2,000 rows [32].'),
    embeddingWidth: z
      .number()
      .int()
      .min(1)
      .max(256)
      .optional()
      .describe(
        'Numbers that stand for one category. Default: half the root of the largest number of categories, 2 to 16.',
      ),
    dropout: z
      .number()
      .min(0)
      .max(0.9)
      .optional()
      .describe('Share of hidden units left out at each step. Default: 0.2 below 2,000 rows, else 0.1.'),
  }),
  plan(options, { rows, width, cardinalities, outputs }) {
    const { epochs, batchSize, patience } = sharedDefaults(options, rows)
    const small = rows < 2_000
    const widest = cardinalities.reduce((most, cardinality) => Math.max(most, cardinality), 0)
    return {
      shape: {
        width,
        cardinalities: [...cardinalities],
        embeddingWidth: options.embeddingWidth ?? Math.min(16, Math.max(2, Math.round(Math.sqrt(widest) / 2))),
        hidden: options.hidden ?? (small ? [32] : [64, 32]),
        outputs,
      },
      fit: {
        epochs,
        batchSize,
        patience,
        schedule: options.schedule,
        dropout: options.dropout ?? (small ? 0.2 : 0.1),
        weightDecay: options.weightDecay ?? (small ? 0.05 : 0.3),
        learningRate: options.learningRate ?? (small ? 0.005 : 0.002),
      },
    }
  },
})
