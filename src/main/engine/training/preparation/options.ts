/** What a person may say about features: the options of `data/prepare`. */
import { z } from 'zod'
import { datePartSchema } from './preparation.ts'

const numericOptionsSchema = z.strictObject({
  kind: z.literal('numeric'),
  impute: z
    .union([z.enum(['median', 'mean']), z.number()])
    .default('median')
    .describe('What stands in for a missing value.'),
  missingIndicator: z
    .boolean()
    .optional()
    .describe('Adds a 0/1 feature that tells missing values. Default: where the training rows have any.'),
  scale: z
    .enum(['auto', 'standard', 'min-max', 'quantile', 'none'])
    .default('auto')
    .describe('auto: quantile for columns with long tails, else standard.'),
  clip: z
    .union([z.boolean(), z.tuple([z.number(), z.number()])])
    .default(true)
    .describe('Limits values to the range seen in training widened by a quarter, or to [low, high]. false: no limits.'),
})
export type NumericOptions = z.output<typeof numericOptionsSchema>

const categoricalOptionsSchema = z.strictObject({
  kind: z.literal('categorical'),
  maxCategories: z
    .number()
    .int()
    .min(1)
    .default(1_000)
    .describe('The most frequent values kept; the others count as unseen.'),
  minCount: z
    .number()
    .int()
    .min(1)
    .optional()
    .describe('Values seen less often in the training rows count as unseen. Default: 2 below 1,000 rows, else 5.'),
})
export type CategoricalOptions = z.output<typeof categoricalOptionsSchema>

const booleanOptionsSchema = z.strictObject({ kind: z.literal('boolean') })

const dateOptionsSchema = z.strictObject({
  kind: z.literal('date'),
  parts: z
    .array(datePartSchema)
    .min(1)
    .optional()
    .describe(
      'Default: the hour unless all times are midnight, the weekday from two weeks on, the day of the year from a year on, the year from two on. ' +
        'days is days since 1970, for trends.',
    ),
})

export const featureOptionsSchema = z.discriminatedUnion('kind', [
  numericOptionsSchema,
  categoricalOptionsSchema,
  booleanOptionsSchema,
  dateOptionsSchema,
])
export type FeatureOptions = z.output<typeof featureOptionsSchema>

export const defaultNumeric = numericOptionsSchema.parse({ kind: 'numeric' })
export const defaultCategorical = categoricalOptionsSchema.parse({ kind: 'categorical' })
