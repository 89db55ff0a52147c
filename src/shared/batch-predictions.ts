/** Batch prediction: what a model predicts for all rows of a file or dataset. */
import { z } from 'zod'
import { metricsSchema, modelReferenceSchema } from './models.ts'

/** `report.json` of the step `model/predict`. */
export const rowProblemSchema = z.object({
  problem: z.string(),
  rows: z.number().int(),
  /** Numbers of the first such rows, from 1. */
  first: z.array(z.number().int()),
})
export type RowProblem = z.infer<typeof rowProblemSchema>

export const predictionScoresSchema = z.object({
  metrics: metricsSchema,
  /** How many rows were scored. */
  rows: z.number().int(),
  /** How many have a target that the model knows: more than were scored where a sample of them was. */
  of: z.number().int(),
})
export type PredictionScores = z.infer<typeof predictionScoresSchema>

export const predictionReportSchema = z.object({
  rows: z.number().int(),
  predicted: z.number().int(),
  /** Rows that could not be predicted: they are in the table, with the reason in the column "problem". */
  failed: z.number().int(),
  problems: z.array(rowProblemSchema),
  /** Absent where the rows have no target. */
  scores: predictionScoresSchema.optional(),
})
export type PredictionReport = z.infer<typeof predictionReportSchema>

/** The rows come from an uploaded file or a dataset of the model's project. */
export const batchSourceSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('upload'),
    path: z.string().min(1).max(4_096).describe('As `uploadDataFile` answered.'),
  }),
  z.strictObject({
    kind: z.literal('dataset'),
    dataset: z.string().min(1),
    where: z.string().min(1).max(100_000).optional().describe('A SQL condition on the rows to take.'),
  }),
])
export type BatchSource = z.infer<typeof batchSourceSchema>

export const batchPredictionRequestSchema = z.strictObject({
  model: modelReferenceSchema.optional().describe('Such as flight-delay@champion or flight-delay/3.'),
  endpoint: z.string().min(1).optional().describe('In place of the model: the version that answers there.'),
  source: batchSourceSchema,
  keep: z.array(z.string()).optional().describe('The columns of the rows to keep beside the answers. Default: all.'),
  startedBy: z.enum(['cli', 'api', 'ui']).default('api'),
})
export type BatchPredictionRequest = z.infer<typeof batchPredictionRequestSchema>
