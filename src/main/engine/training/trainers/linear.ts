import { z } from 'zod'
import { defineTrainer, sharedDefaults, sharedOptions } from './trainer.ts'

/** Logistic or linear regression: one weight per number and per category. Quick, hard to beat on little data. */
export const linear = defineTrainer({
  name: 'linear',
  summary: 'Logistic regression for classes, linear regression for numbers.',
  options: z.strictObject(sharedOptions),
  plan(options, { rows, width, cardinalities, outputs }) {
    const { epochs, batchSize, patience } = sharedDefaults(options, rows)
    return {
      shape: { width, cardinalities: [...cardinalities], embeddingWidth: 0, hidden: [], outputs },
      fit: {
        epochs,
        batchSize,
        patience,
        schedule: options.schedule,
        dropout: 0,
        weightDecay: options.weightDecay ?? 0.01,
        learningRate: options.learningRate ?? 0.02,
      },
    }
  },
})
