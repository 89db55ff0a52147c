/** What a person says of a gate. */
import { z } from 'zod'
import { durationSchema } from '#shared/durations.ts'
import { requirementSchema } from '#shared/gate.ts'
import { modelReferenceSchema } from '#shared/models.ts'
import { nameSchema } from '#shared/names.ts'

export const metricSchema = z.enum(['auc', 'accuracy', 'f1', 'macroF1', 'r2', 'logLoss', 'brier', 'rmse', 'mae'])

const sliceRuleSchema = z.strictObject({
  column: z
    .union([z.string(), z.array(z.string()).min(1).max(2)])
    .describe('A column of the rows, or two to cross: [origin, late_before].'),
  maxDrop: z
    .number()
    .min(0)
    .optional()
    .describe('The most that the metric may be worse in any slice than that of the version to beat.'),
  worst: z
    .number()
    .optional()
    .describe('The least that the metric may be in any slice; the most, for a metric where less is better.'),
  maxDeviation: z
    .number()
    .min(0)
    .optional()
    .describe('The most that the metric may vary over the slices, as a standard deviation.'),
  minRows: z.number().int().min(2).default(100).describe('Smaller slices are not judged.'),
  require: requirementSchema
    .default('interval')
    .describe(
      'interval: few rows excuse a slice as far as chance explains its figure; point: every figure counts as it stands.',
    ),
})
export type SliceOptions = z.output<typeof sliceRuleSchema>

const newestSchema = z.strictObject({
  dataset: nameSchema.describe('A dataset of the project with a `time` column.'),
  span: durationSchema.describe('How far back from its newest row, e.g. 14d.'),
})

const deploymentSchema = z.strictObject({
  endpoint: nameSchema
    .optional()
    .describe('Where it will be deployed: what answers there now says which inputs callers send today.'),
  newInputs: z
    .enum(['reject', 'allow'])
    .default('reject')
    .describe('Whether the version may ask callers for other inputs than what answers at the endpoint today.'),
  mode: z
    .enum(['load', 'load-and-query'])
    .default('load-and-query')
    .describe('Whether to load the model into the inference server only, or also to ask it for predictions.'),
  rows: z
    .number()
    .int()
    .min(1)
    .max(10_000)
    .default(100)
    .describe(
      'How many rows of the evaluation to ask for, one a request; the answers must be those of the evaluation.',
    ),
  tolerance: z.number().min(0).default(1e-9).describe('How far a served answer may be from the recorded one.'),
  maxLatency: durationSchema
    .optional()
    .describe('The most time that 95 of 100 requests of one row may take, e.g. 0.05s.'),
  maxMemoryMb: z
    .number()
    .positive()
    .optional()
    .describe('The most memory that the loaded model may take in the inference server.'),
  timeout: durationSchema.default('60s').describe('How long one try may take, loading and requests together.'),
  tries: z.number().int().min(1).max(10).default(2).describe('How often to try before the check fails.'),
})
export type DeploymentOptions = z.output<typeof deploymentSchema>

export const gateOptionsSchema = z.strictObject({
  thresholds: z
    .partialRecord(metricSchema, z.number())
    .default({})
    .describe('Limits by metric: the least auc, accuracy, f1, macroF1 or r2, the most logLoss, brier, rmse or mae.'),
  against: z
    .string()
    .regex(/^[^@/\s]+@[^@/\s]+$/, 'must have the form model@alias, such as flight-delay@champion')
    .optional()
    .describe(
      'The version to beat, such as flight-delay@champion. It is scored again on the very rows of the evaluation.',
    ),
  baseline: z
    .union([z.literal('dummy'), modelReferenceSchema])
    .optional()
    .describe(
      'What any model must beat: dummy, the best constant answer (the shares of the classes; the mean, or the median for mae), or a registered version.',
    ),
  rule: z
    .string()
    .min(1)
    .optional()
    .describe(
      'What the business would do without a model: SQL over the columns of one row that gives a class, a probability, a score or a value, e.g. "distance > 1000".',
    ),
  metric: metricSchema
    .optional()
    .describe('What to compare by. Default: auc (binary), accuracy (multiclass), rmse (regression).'),
  minImprovement: z
    .number()
    .default(0)
    .describe('By how much the candidate must be better than `against`; negative allows a loss.'),
  require: requirementSchema
    .default('interval')
    .describe('Whether the improvement itself must reach what is asked for, or the lower end of its interval.'),
  confidence: z.number().min(0.5).max(0.999).default(0.95).describe('Of the intervals.'),
  resamples: z
    .number()
    .int()
    .min(200)
    .max(20_000)
    .default(1_000)
    .describe('How often the rows are drawn anew for an interval.'),
  newest: newestSchema
    .optional()
    .describe(
      'Compares with `against` also on the newest labelled rows of a dataset: those newer than the rows of the evaluation, and these as far as they lie in the span. Needs the input "model".',
    ),
  slices: z
    .union([sliceRuleSchema, z.array(sliceRuleSchema).min(1)])
    .optional()
    .describe('That the model is as good everywhere: one rule, or a list of them.'),
  deployment: deploymentSchema
    .optional()
    .describe('That the model loads and answers in the inference server as it should. Needs the input "model".'),
  blessed: z
    .enum(['promote', 'ask', 'keep'])
    .default('promote')
    .describe('What becomes of a version that passes: it is promoted, a person is asked, or what answers is kept.'),
  rejected: z
    .enum(['keep', 'ask'])
    .default('keep')
    .describe('What becomes of a version that does not pass: what answers is kept, or a person is asked.'),
})
export type GateOptions = z.output<typeof gateOptionsSchema>
