/** The request log of an endpoint, the ground truth that comes later, and what both together say of its models. */
import { z } from 'zod'
import { durationSchema } from './durations.ts'
import { intervalSchema } from './gate.ts'
import { taskSchema } from './models.ts'
import { instantSchema } from './names.ts'
import { featureReadSchema } from './online.ts'
import { jsonSchema } from './runs.ts'

const mebibyte = 1024 * 1024

export const requestLogSettingsSchema = z.object({
  on: z.boolean().describe('Whether requests and their answers are logged.'),
  sampleRate: z
    .number()
    .min(0)
    .max(1)
    .describe(
      'The share of the requests that is logged. The id of a request decides, so that it is the same everywhere.',
    ),
  redact: z
    .array(z.string().min(1).max(200))
    .max(500)
    .describe('Inputs whose values are never written. What is asked of them, such as drift, has no answer.'),
  keepDays: z.number().min(1).max(3_650).describe('Requests and labels older than this are removed.'),
  keepBytes: z
    .number()
    .int()
    .min(mebibyte)
    .max(2 ** 50)
    .describe('Beyond this size on disk the oldest are removed.'),
})
export type RequestLogSettings = z.infer<typeof requestLogSettingsSchema>

export const defaultRequestLogSettings: RequestLogSettings = {
  on: true,
  sampleRate: 1,
  redact: [],
  keepDays: 30,
  keepBytes: 1024 * mebibyte,
}

/** Why the log lacks something. */
export const requestLogTroubleSchema = z.object({
  since: instantSchema,
  /** What the disk said: `disk-full`, `unwritable`, or `slow`. */
  kind: z.enum(['disk-full', 'unwritable', 'slow']),
  message: z.string(),
})
export type RequestLogTrouble = z.infer<typeof requestLogTroubleSchema>

/** How the log of all endpoints is doing since the inference server started. */
export const requestLogStateSchema = z.object({
  /** Null while everything is written. */
  trouble: requestLogTroubleSchema.nullable(),
  /** Records that were not written. */
  dropped: z.number().int(),
})
export type RequestLogState = z.infer<typeof requestLogStateSchema>

export const requestLogSchema = z.object({
  settings: requestLogSettingsSchema,
  state: requestLogStateSchema,
  /** On disk, labels included. */
  bytes: z.number().int(),
  /** Of the oldest record; null where there is none. */
  oldest: instantSchema.nullable(),
})
export type RequestLog = z.infer<typeof requestLogSchema>

/** `answered`: the caller got this answer. `shadow`: it was made beside the answer and compared alone. */
export const requestRoleSchema = z.enum(['answered', 'shadow'])
export type RequestRole = z.infer<typeof requestRoleSchema>

/** One row that was predicted, or a request that failed. */
export const requestSummarySchema = z.object({
  id: z.string(),
  /** Its place in the request, from 0. */
  row: z.number().int(),
  at: instantSchema,
  revision: z.number().int(),
  /** Null where no model answered. */
  model: z.string().nullable(),
  version: z.number().int().nullable(),
  role: requestRoleSchema,
  arm: z.string().nullable(),
  /** The code of the error; null for an answer. */
  error: z.string().nullable(),
  /** A class, or a number. */
  prediction: z.union([z.string(), z.number()]).nullable(),
  /** Of the predicted class; null for a number. */
  probability: z.number().nullable(),
  /** Null until it is known. */
  label: z.union([z.string(), z.number()]).nullable(),
  /** Whether the predicted class is the true one; null without a label, and for numbers. */
  correct: z.boolean().nullable(),
  latencyMs: z.number(),
})
export type RequestSummary = z.infer<typeof requestSummarySchema>

/** One label as it came. Of several for the same row, the last one holds. */
export const receivedLabelSchema = z.object({ label: z.string(), receivedAt: instantSchema })

export const requestDetailsSchema = requestSummarySchema.extend({
  endpoint: z.string(),
  /** Split key, where the endpoint splits its traffic by one. */
  key: z.string().nullable(),
  /** As the model took them, what was filled included; a redacted one is not there. */
  inputs: z.record(z.string(), jsonSchema),
  /** What the feature store had for the inputs that the caller left out. */
  features: z.array(featureReadSchema),
  probabilities: z.record(z.string(), z.number()).nullable(),
  /** Oldest first. */
  labels: z.array(receivedLabelSchema),
})
export type RequestDetails = z.infer<typeof requestDetailsSchema>

/** A metric of labelled answers. */
export const scoredMetricSchema = z.object({
  name: z.string(),
  value: z.number(),
  /** Null where too few rows, or rows of too few kinds, give none. */
  interval: intervalSchema.nullable(),
})
export type ScoredMetric = z.infer<typeof scoredMetricSchema>

/** What the answers of a span of time were worth, as far as the truth is known. */
export const scoreSchema = z.object({
  from: instantSchema,
  to: instantSchema,
  /** Answered rows that the log holds. */
  rows: z.number().int(),
  /** Of these, those whose label is known. */
  labelled: z.number().int(),
  task: taskSchema.nullable(),
  /** Empty where no label is known. */
  metrics: z.array(scoredMetricSchema),
  /** Between answer and label, of the labelled rows; null without one. */
  labelDelayMs: z.object({ p50: z.number(), p95: z.number() }).nullable(),
})
export type Score = z.infer<typeof scoreSchema>

export const performanceBySchema = z.enum(['day', 'revision', 'slice'])
export type PerformanceBy = z.infer<typeof performanceBySchema>

export const performanceSchema = z.object({
  endpoint: z.string(),
  /** Of all rows together. */
  all: scoreSchema,
  by: performanceBySchema,
  /** By day: oldest first, UTC. By revision: by number. By slice: the most rows first. */
  parts: z.array(scoreSchema.extend({ part: z.string(), revision: z.number().int().nullable() })),
  /** Labels whose request the log does not hold, or not yet. */
  unmatchedLabels: z.number().int(),
})
export type Performance = z.infer<typeof performanceSchema>

/** A label: a class, true or false, or a number. Kept as text. */
const labelValueSchema = z.union([z.string().min(1).max(1_000), z.number(), z.boolean()])

/** Whose label it is: a row of a request, or the last one that was answered for these values. */
export const feedbackSchema = z.union([
  z.strictObject({
    id: z.string().min(1).max(200).describe('Of the request, as its answer told it in the header x-request-id.'),
    row: z.number().int().min(0).default(0).describe('Its place among the rows of the request, from 0.'),
    label: labelValueSchema,
  }),
  z.strictObject({
    entity: z
      .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
      .refine((values) => Object.keys(values).length > 0, 'must name at least one input or key')
      .describe('Inputs, or keys of the feature store, and their values.'),
    at: z
      .union([instantSchema, z.iso.datetime({ offset: true })])
      .optional()
      .describe('The label belongs to the last answer for these values up to this time. Default: now.'),
    within: durationSchema.default('1d').describe('How long before that time the answer may have been given.'),
    label: labelValueSchema,
  }),
])
export type Feedback = z.output<typeof feedbackSchema>

export const feedbackBodySchema = z.union([
  feedbackSchema,
  z.strictObject({ labels: z.array(feedbackSchema).min(1).max(100_000) }),
])

export const feedbackAnswerSchema = z.object({
  /** Labels that are stored now. Whether the log knows their requests is told by the performance of the endpoint. */
  accepted: z.number().int(),
})
export type FeedbackAnswer = z.infer<typeof feedbackAnswerSchema>

/** What of the log is wanted. */
export const requestFilterSchema = z.object({
  show: z
    .enum(['all', 'errors', 'labelled', 'wrong'])
    .default('all')
    .describe('Requests that failed, answers whose label is known, or answers of another class than their label.'),
  id: z.string().max(200).optional().describe('Only ids that hold this text.'),
  role: requestRoleSchema.optional(),
})
export type RequestFilter = z.output<typeof requestFilterSchema>
