import { z } from 'zod'

/** How two samples of a column are compared. The engine has one file for each. */
export const driftMeasureSchema = z.enum([
  'l-infinity',
  'jensen-shannon-divergence',
  'population-stability-index',
  'chi-square',
  'wasserstein',
  'kolmogorov-smirnov',
  'normalized-absolute-difference',
])
export type DriftMeasureName = z.infer<typeof driftMeasureSchema>

/** One cell of a column: the shares of the rows of both samples that lie in it. */
export const driftCellSchema = z.object({
  /** `range`: numbers from `from` to below `to`, or the one number where both are equal. `other`: values not kept apart. */
  kind: z.enum(['value', 'range', 'other', 'missing', 'infinite']),
  value: z.string().optional(),
  from: z.number().optional(),
  to: z.number().optional(),
  current: z.number(),
  reference: z.number(),
})
export type DriftCell = z.infer<typeof driftCellSchema>

/** What one measure says of one column. `value` is null where the measure is not defined for what was seen. */
export const driftMeasurementSchema = z.object({
  measure: z.string(),
  value: z.number().nullable(),
  threshold: z.number(),
  drifted: z.boolean(),
  /** Drift is a value above the limit (a distance) or below it (a p-value). Absent in older reports: above. */
  drifts: z.enum(['above', 'below']).optional(),
  /** What the value was held against: the threshold, or what chance alone reaches in samples of this size if that is more. */
  limit: z.number().optional(),
})
export type DriftMeasurement = z.infer<typeof driftMeasurementSchema>

/** One comparison of one column by the measure that decides. What is optional is absent in older reports. */
export const driftResultSchema = driftMeasurementSchema.extend({
  feature: z.string(),
  /** Whether the column is what a model predicts. */
  target: z.boolean().optional(),
  /** The share of the column in the weighted drift, by the importance of the inputs of a model; null for the target. */
  weight: z.number().nullable().optional(),
  /** The Jensen-Shannon distance (the root of the divergence), from 0 to 1; 0 where chance alone explains it. */
  distance: z.number().optional(),
  /** All measures that apply, the one that decides among them. */
  measures: z.array(driftMeasurementSchema).optional(),
  /** Both distributions, the commonest values or the whole range of numbers. */
  cells: z.array(driftCellSchema).optional(),
})
export type DriftResult = z.infer<typeof driftResultSchema>

/** Whether a classifier can tell rows of one sample from those of the other: drift of columns together. */
export const multivariateDriftSchema = z.object({
  /** Area under the ROC curve on rows held out: 0.5 where the samples cannot be told apart, 1 where they are disjoint. */
  auc: z.number(),
  /** What the area was held against: the threshold, or what chance alone reaches. */
  limit: z.number(),
  drifted: z.boolean(),
  /** Rows that were taken of each sample, half of them held out. */
  rows: z.number().int(),
  columns: z.array(z.string()),
})
export type MultivariateDrift = z.infer<typeof multivariateDriftSchema>

/** What the comparisons come to. */
export const driftSummarySchema = z.object({
  /** The distances of the columns, weighted by how much the model leans on each: from 0 to 1. */
  weightedDrift: z.number(),
  /** Weighted drift beyond this asks for a retraining. */
  retrainAbove: z.number(),
  /** Value skew is no fault of the data: it asks for a retraining, where schema skew stops the pipeline. */
  verdict: z.enum(['retrain', 'stable']),
  /** Why, one sentence each. */
  reasons: z.array(z.string()),
  /** Where the weights come from, in words; null where all columns weigh the same. */
  weights: z.string().nullable(),
  /** How often, at most, a report names a column that drifted where none did. */
  falseAlarmRate: z.number(),
  /** Columns of the current data alone, of the reference alone, and those whose values are of another kind. */
  appeared: z.array(z.string()),
  vanished: z.array(z.string()),
  changedType: z.array(z.string()),
})
export type DriftSummary = z.infer<typeof driftSummarySchema>

export const driftReportSchema = z.object({
  /** What was compared with what, in words: `flights 2001-03` against `training data of flight-delay 1`. */
  current: z.string(),
  reference: z.string(),
  currentRows: z.number(),
  referenceRows: z.number(),
  results: z.array(driftResultSchema),
  /** Absent in reports made before it was computed. */
  summary: driftSummarySchema.optional(),
  /** Only where the rows themselves were given. */
  multivariate: multivariateDriftSchema.optional(),
})
export type DriftReport = z.infer<typeof driftReportSchema>

const daySchema = z.iso.date()

/** Days (UTC) of a dataset, `to` not among them. Left out: from its first, to its last; without both, all rows. */
export const driftWindowSchema = z.object({
  from: daySchema.optional().describe('The first day, such as 2001-03-01 (UTC). Default: the first of the dataset.'),
  to: daySchema.optional().describe('The day after the last one. Default: after the last of the dataset.'),
})
export type DriftWindow = z.infer<typeof driftWindowSchema>

/** What a window is compared with. */
export const driftAgainstSchema = z
  .string()
  .regex(
    /^(\S*\.\.\S*|[^@/\s]+(@[^@/\s]+|\/\d+))$/,
    'must be a window such as 2001-01-01..2001-03-01, or a model such as flight-delay@champion',
  )
  .describe(
    'Another window, such as 2001-01-01..2001-03-01, or the training data of a model version, such as flight-delay@champion.',
  )

/** Drift of a window of a dataset, answered from its sketches. */
export const datasetDriftSchema = z.object({
  dataset: z.string(),
  window: driftWindowSchema,
  against: z.string(),
  /** Days that were put together. */
  spans: z.number().int(),
  /** How long the answer took once the sketches were up to date. */
  elapsedMs: z.number(),
  report: driftReportSchema,
})
export type DatasetDrift = z.infer<typeof datasetDriftSchema>

/** One column in one stretch of time, against the reference. */
export const spanDriftColumnSchema = driftMeasurementSchema.extend({
  feature: z.string(),
  distance: z.number().optional(),
})

/** How a dataset moved from stretch to stretch, each against the same reference. */
export const driftHistorySchema = z.object({
  dataset: z.string(),
  /** Empty where the dataset names no column of time: then there is but one stretch. */
  time: z.string().nullable(),
  by: z.enum(['day', 'week', 'month']),
  against: z.string(),
  reference: z.string(),
  referenceRows: z.number(),
  /** Rows whose time is missing belong to no stretch. */
  rowsWithoutTime: z.number(),
  spans: z.array(
    z.object({
      from: daySchema,
      to: daySchema,
      rows: z.number(),
      weightedDrift: z.number(),
      verdict: driftSummarySchema.shape.verdict,
      columns: z.array(spanDriftColumnSchema),
    }),
  ),
})
export type DriftHistory = z.infer<typeof driftHistorySchema>
