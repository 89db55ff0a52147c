/**
 * The fitted preparation (`preparation.json`): everything needed to turn raw rows into numbers, and nothing else.
 * Training, evaluation and serving all run `compilePreparation`, so there is no training-serving skew.
 */
import { z } from 'zod'
import { inputTypeSchema } from '#shared/models.ts'
import { columnTypeSchema } from '#shared/statistics.ts'

export const datePartSchema = z.enum(['hour', 'weekday', 'day-of-month', 'month', 'day-of-year', 'year', 'days'])
export type DatePart = z.infer<typeof datePartSchema>

/** Raw value to about unit size. Values beyond the limits count as the nearest limit. */
const scalingSchema = z.discriminatedUnion('method', [
  z.object({
    method: z.literal('linear'),
    center: z.number(),
    spread: z.number().positive(),
    low: z.number().nullable(),
    high: z.number().nullable(),
  }),
  /** The share of training values below, by linear interpolation between increasing knots, as a number of mean 0 and deviation 1. */
  z.object({ method: z.literal('quantile'), knots: z.array(z.number()).min(2), shares: z.array(z.number()).min(2) }),
])
export type Scaling = z.infer<typeof scalingSchema>

const source = { column: z.string(), part: datePartSchema.optional() }

export const preparedFeatureSchema = z.discriminatedUnion('kind', [
  z.object({
    ...source,
    kind: z.literal('numeric'),
    /** The raw value that stands in for a missing one. */
    fill: z.number(),
    missingIndicator: z.boolean(),
    scaling: scalingSchema,
  }),
  /** Sine and cosine of the first `harmonics` multiples of the angle value / period; all zero where missing. */
  z.object({ ...source, kind: z.literal('cyclic'), period: z.number().positive(), harmonics: z.number().int().min(1) }),
  /** Code 0 is anything unseen, code 1 is missing, code 2 the first of the vocabulary. */
  z.object({ ...source, kind: z.literal('categorical'), vocabulary: z.array(z.string()) }),
])
export type PreparedFeature = z.infer<typeof preparedFeatureSchema>

export const preparationSchema = z.object({
  formatVersion: z.literal(1),
  inputs: z.array(z.object({ name: z.string(), type: inputTypeSchema })),
  /** Columns that DuckDB derives from the inputs. */
  expressions: z.array(z.object({ name: z.string(), sql: z.string(), type: columnTypeSchema })),
  features: z.array(preparedFeatureSchema),
  /** Regression: outputs of the network are (value - mean) / deviation. */
  target: z.object({ name: z.string(), mean: z.number(), deviation: z.number().positive() }),
})
export type Preparation = z.infer<typeof preparationSchema>

export const unseenCode = 0
export const missingCode = 1
export const firstVocabularyCode = 2
