/** The back-test of trigger policies: history replayed, span by span, through rules that say when to retrain. */
import { z } from 'zod'
import { problemSchema } from './errors.ts'
import { instantSchema, nameSchema, pageQuerySchema, pageSchema } from './names.ts'
import { runStatusSchema } from './runs.ts'

/** The longest history: the number of cells grows with its square. */
export const maxSpans = 36

/** More lines than these cannot be told apart in a chart. */
export const maxPolicies = 12

export const spanLengthSchema = z
  .string()
  .regex(
    /^(month|quarter|year|week|day|[1-9]\d{0,3}d)$/,
    'must be month, quarter, year, week, day or a number of days such as 10d',
  )
  .describe('How long a span is: month, quarter, year, week, day or a number of days such as 10d.')

/** What the policies are called that are offered where none are given. A page says them in its language. */
export const usualPolicyNames = {
  never: 'never',
  everySpan: 'every span',
  onDrift: 'on drift',
  onPerformance: 'on performance',
  either: 'drift or performance, at most every 2',
  ofFile: "the file's triggers",
} as const

const dateSchema = z.iso.date()

const spansAtLeastOne = z.number().int().min(1).max(maxSpans)

/** One question that a policy asks at the end of a span. */
export const policyConditionSchema = z.discriminatedUnion('kind', [
  z
    .strictObject({ kind: z.literal('every'), spans: spansAtLeastOne })
    .describe('Holds at every so manieth end of a span, counted from the first training, like a schedule.'),
  z
    .strictObject({ kind: z.literal('new-data'), rows: z.number().int().min(1) })
    .describe('Holds when so many labelled rows have come since the champion was trained.'),
  z
    .strictObject({ kind: z.literal('drift'), above: z.number().min(0) })
    .describe("Holds when the span's drift from the champion's training data is above."),
  z
    .strictObject({ kind: z.literal('performance'), metric: z.string().min(1).max(100), limit: z.number() })
    .describe("Holds when the champion's metric on the newest labelled span is worse than the limit."),
])
export type PolicyCondition = z.infer<typeof policyConditionSchema>

const budgetSchema = z.strictObject({
  retrainings: z
    .number()
    .int()
    .min(0)
    .nullable()
    .default(null)
    .describe('The most retrainings over the whole history.'),
  computeSeconds: z.number().min(0).nullable().default(null).describe('The most seconds of retraining over it.'),
})

/** A rule that says when to retrain. */
export const policySchema = z.strictObject({
  name: z.string().trim().min(1).max(100),
  anyOf: z
    .array(z.array(policyConditionSchema).min(1).max(10))
    .max(10)
    .describe('Retrain when all conditions of any one list hold; without lists, never.'),
  cooldownSpans: z
    .number()
    .int()
    .min(0)
    .max(maxSpans)
    .default(0)
    .describe('The least number of spans between retrainings.'),
  budget: budgetSchema.default({ retrainings: null, computeSeconds: null }),
})
export type Policy = z.infer<typeof policySchema>

/** What of a back-test can be changed after everything was computed. */
export const replaySettingsSchema = z.object({
  policies: z.array(policySchema).min(1).max(maxPolicies),
  metric: z
    .string()
    .min(1)
    .max(100)
    .nullable()
    .default(null)
    .describe('By which the policies are compared; null: the main metric of what the model predicts.'),
  gate: z
    .strictObject({
      mode: z.enum(['better', 'none']).default('better'),
      minimumGain: z.number().min(0).default(0),
    })
    .default({ mode: 'better', minimumGain: 0 })
    .describe(
      'better: a retrained model becomes champion only if it scores higher than the champion on the rows that its training held back, by minimumGain.',
    ),
  labelDelaySpans: z
    .number()
    .int()
    .min(0)
    .max(maxSpans)
    .default(0)
    .describe('After how many further spans the labels of a span are known, for scores and for training.'),
})
export type ReplaySettings = z.infer<typeof replaySettingsSchema>

export const windowParametersSchema = z
  .strictObject({ from: z.string().min(1), to: z.string().min(1) })
  .describe('The parameters of the pipeline that say from when (included) to when (excluded) it reads rows.')

/** What decides which models and scores are computed. */
export const matrixSettingsSchema = z.object({
  projectId: z.string(),
  pipeline: nameSchema,
  from: dateSchema.describe('The first day of the history.'),
  to: dateSchema.describe('The day after the last one.'),
  span: spanLengthSchema,
  window: windowParametersSchema,
  initialSpans: spansAtLeastOne.default(1).describe('How many spans the first model learns from.'),
  trainingSpans: spansAtLeastOne
    .nullable()
    .default(null)
    .describe('How many newest spans a model learns from; null: all so far.'),
})
export type MatrixSettings = z.infer<typeof matrixSettingsSchema>

export const backtestRequestSchema = z.object({
  ...matrixSettingsSchema.partial({ from: true, to: true, span: true, window: true }).shape,
  ...replaySettingsSchema.partial({ policies: true }).shape,
  startedBy: z.string().min(1).max(100).default('api'),
})
export type BacktestRequest = z.output<typeof backtestRequestSchema>
/** What a caller passes. */
export type BacktestInput = z.input<typeof backtestRequestSchema>

/** A span of history. `to` is excluded. */
export const spanSchema = z.object({ label: z.string(), from: dateSchema, to: dateSchema })
export type Span = z.infer<typeof spanSchema>

const whySchema = z.string().nullable().describe('Why there is no figure; null where there is one.')

/** Everything that a replay can ask for: models by the last span that they were trained on, and what they were worth. */
export const matrixSchema = z.object({
  spans: z.array(spanSchema.extend({ rows: z.number().int().nullable(), problem: whySchema })),
  models: z.array(
    z.object({
      /** Index of the last span whose rows it was trained on. */
      through: z.number().int(),
      from: dateSchema,
      to: dateSchema,
      computeSeconds: z.number(),
      problem: whySchema,
    }),
  ),
  /** Of a model on a later span. */
  scores: z.array(
    z.object({
      model: z.number().int(),
      span: z.number().int(),
      metrics: z.record(z.string(), z.number()),
      problem: whySchema,
    }),
  ),
  /** Of a model on the rows that the training of `heldOut` kept apart. */
  tests: z.array(
    z.object({
      model: z.number().int(),
      heldOut: z.number().int(),
      metrics: z.record(z.string(), z.number()),
      problem: whySchema,
    }),
  ),
  /** Of a later span from the training data of a model. */
  drifts: z.array(
    z.object({
      model: z.number().int(),
      span: z.number().int(),
      value: z.number().nullable(),
      /** The columns that moved beyond their thresholds, farthest first. */
      columns: z.array(z.string()),
      problem: whySchema,
    }),
  ),
})
export type Matrix = z.infer<typeof matrixSchema>

/** What a condition saw. `value` is null where it could not be told, which `why` explains: it does not hold then. */
export const evidenceSchema = z.object({
  condition: policyConditionSchema,
  value: z.number().nullable(),
  holds: z.boolean(),
  /** Further words: the columns that drifted, or why there is no value. */
  note: z.string().nullable(),
})
export type Evidence = z.infer<typeof evidenceSchema>

export const decisionSchema = z.enum([
  /** The first model, which every policy has. */
  'initial',
  /** Retrained, and the new model became champion. */
  'promoted',
  /** Retrained, and the gate kept the champion. */
  'kept',
  /** Retraining was due, and failed. */
  'failed',
  /** Retraining was due, but no label has come since the last one. */
  'nothing-new',
  'cooldown',
  'budget',
  /** No reason to retrain. */
  'quiet',
])
export type Decision = z.infer<typeof decisionSchema>

/** The end of one span under a policy, and what followed. */
export const replayRowSchema = z.object({
  /** Index of the span that ended. */
  span: z.number().int(),
  decision: decisionSchema,
  evidence: z.array(z.array(evidenceSchema)),
  gate: z
    .object({
      challenger: z.number().int(),
      challengerScore: z.number().nullable(),
      championScore: z.number().nullable(),
    })
    .nullable(),
  /** Why the training failed. */
  problem: z.string().nullable(),
  /** The last span that the champion of the following span was trained on; null while there is none. */
  champion: z.number().int().nullable(),
  /** Of the champion on the following span. */
  score: z.number().nullable(),
  scoreProblem: z.string().nullable(),
  /** Better than never retraining by so much, whichever direction of the metric is better. */
  gain: z.number().nullable(),
  /** Spent at this end of a span. */
  computeSeconds: z.number(),
})
export type ReplayRow = z.infer<typeof replayRowSchema>

export const replayResultSchema = z.object({
  policy: policySchema,
  rows: z.array(replayRowSchema),
  totals: z.object({
    meanScore: z.number().nullable(),
    worstScore: z.number().nullable(),
    /** Index of the span that was scored worst. */
    worstSpan: z.number().int().nullable(),
    meanGain: z.number().nullable(),
    /** Without the first training. */
    retrainings: z.number().int(),
    promotions: z.number().int(),
    computeSeconds: z.number(),
  }),
  /** A condition that can never be told, such as one on a metric that no evaluation has. */
  problems: z.array(z.object({ message: z.string(), found: z.string(), allowed: z.array(z.string()) })),
})
export type ReplayResult = z.infer<typeof replayResultSchema>

/** `running` until the run of its matrix has ended; `incomplete`: some cells could not be computed. */
export const backtestStatusSchema = z.enum(['running', 'succeeded', 'incomplete', 'failed', 'cancelled'])

export const backtestSummarySchema = z.object({
  id: z.string(),
  projectId: z.string(),
  pipeline: z.string(),
  createdAt: instantSchema,
  status: backtestStatusSchema,
  /** Of the matrix; null where that run has been cleaned up. */
  run: z
    .object({ id: z.string(), status: runStatusSchema, stepsDone: z.number().int(), stepsTotal: z.number().int() })
    .nullable(),
  matrixSettings: matrixSettingsSchema,
  settings: replaySettingsSchema,
})
export type BacktestSummary = z.infer<typeof backtestSummarySchema>

export const backtestSchema = backtestSummarySchema.extend({
  spans: z.array(spanSchema),
  matrix: matrixSchema.nullable(),
  /** The metric that the results are of; null until there are any. */
  metric: z.string().nullable(),
  results: z.array(replayResultSchema),
  problem: problemSchema.nullable(),
})
export type Backtest = z.infer<typeof backtestSchema>

export const backtestListQuerySchema = pageQuerySchema.extend({
  projectId: z.string().optional(),
  pipeline: z.string().optional(),
})
export const backtestPageSchema = pageSchema(backtestSummarySchema)
export type BacktestPage = z.infer<typeof backtestPageSchema>

/** What a back-test of a pipeline would do if nothing were said. */
export const backtestDefaultsSchema = z.object({
  parameters: z.array(z.string()).describe('Of the pipeline.'),
  window: windowParametersSchema.nullable(),
  from: dateSchema.nullable(),
  to: dateSchema.nullable(),
  span: spanLengthSchema,
  metric: z.string(),
  metrics: z.array(z.string()),
  policies: z.array(policySchema),
  notes: z.array(z.string()).describe('What could not be found out, and what of the file cannot be replayed.'),
})
export type BacktestDefaults = z.infer<typeof backtestDefaultsSchema>
