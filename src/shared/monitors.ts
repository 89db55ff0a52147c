/** Monitors: standing questions about an endpoint in production, and the readings that answer them. */
import { z } from 'zod'
import { alertRuleSpecSchema, alertRuleSpecsSchema } from './alert-rules.ts'
import { driftCellSchema, driftMeasurementSchema, driftMeasureSchema } from './drift.ts'
import { durationSchema } from './durations.ts'
import { fileProblemSchema } from './errors.ts'
import { instantSchema, nameSchema } from './names.ts'
import { nothingSchema, partNoteSchema, sampleOfSchema } from './reading-words.ts'

/** What a check can ask. */
export const checkKindSchema = z.enum([
  'traffic',
  'latency',
  'errors',
  'drift',
  'prediction-drift',
  'performance',
  'estimated-performance',
  'missing-labels',
  'feature-staleness',
  'data-quality',
])
export type CheckKind = z.infer<typeof checkKindSchema>

/** Which checks the triggers `drift` and `performance` read: those that may be named, and those that are read where none is. */
export const checksRead = {
  drift: { named: ['drift', 'prediction-drift'], usual: ['drift'] },
  performance: { named: ['performance', 'estimated-performance'], usual: ['performance'] },
} as const satisfies Record<string, Record<'named' | 'usual', readonly CheckKind[]>>

const limitSchema = z
  .strictObject({
    above: z.number().optional().describe('Crossed by a value above this.'),
    below: z.number().optional().describe('Crossed by a value below this.'),
  })
  .refine(({ above, below }) => above !== undefined || below !== undefined, 'must hold above, below or both')
export type Limit = z.output<typeof limitSchema>

const windowSchema = z.union([
  durationSchema,
  z.strictObject({
    sliding: durationSchema.optional().describe('The newest span of this length, at every look.'),
    tumbling: durationSchema
      .optional()
      .describe(
        'Spans of this length one after another, in UTC; weeks begin on Mondays. The last whole one is looked at.',
      ),
  }),
])

const common = {
  warning: limitSchema.optional().describe('From where on a reading is a warning: { above: 0.1 } or { below: 0.6 }.'),
  critical: limitSchema.optional().describe('From where on a reading is critical: at least as far out as the warning.'),
  window: windowSchema.optional().describe('In place of the window of the monitor.'),
  minRows: z.number().int().min(1).optional().describe('In place of that of the monitor.'),
}
/** For values that are estimated from a sample, and so have a confidence interval. */
const interval = {
  crossed: z
    .enum(['interval', 'value'])
    .default('interval')
    .describe(
      'When a limit counts as crossed: once the whole 95 % confidence interval lies beyond it, or as soon as the value does.',
    ),
}
const slice = z.string().min(1).optional().describe('An input whose values are looked at one by one as well.')
const columns = z.array(z.string().min(1)).min(1).optional()
const comparedWith = z
  .enum(['training', 'previous'])
  .default('training')
  .describe('What is compared with: what the version learned from, or the window before.')

const performanceMetricSchema = z.enum(['auc', 'accuracy', 'f1', 'macroF1', 'r2', 'logLoss', 'brier', 'rmse', 'mae'])
const estimatedMetricSchema = z.enum(['auc', 'accuracy', 'f1', 'logLoss'])

/** One entry of `checks`, by kind. */
export const checkSpecSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('traffic').describe('Requests a minute, over the window.'), ...common }),
  z.strictObject({
    kind: z.literal('latency').describe('How long answered requests took, in milliseconds.'),
    percentile: z
      .number()
      .min(1)
      .max(100)
      .default(99)
      .describe('Which of a hundred requests, from the fastest on, is held against the limits.'),
    ...common,
  }),
  z.strictObject({
    kind: z.literal('errors').describe('The share of requests that failed or were refused, from 0 to 1.'),
    ...interval,
    ...common,
  }),
  z.strictObject({
    kind: z
      .literal('drift')
      .describe('How far the inputs moved: their drift weighted by what the model leans on, from 0 to 1.'),
    against: comparedWith,
    of: z
      .enum(['weighted', 'columns'])
      .default('weighted')
      .describe('What is held against the limits: the weighted drift, or the number of columns that drifted.'),
    columns: columns.describe('These inputs alone. Default: all.'),
    measures: z
      .record(z.string(), driftMeasureSchema)
      .optional()
      .describe('Input to the measure that decides whether it drifted.'),
    ...common,
  }),
  z.strictObject({
    kind: z
      .literal('prediction-drift')
      .describe('How far the predictions moved: the Jensen-Shannon distance, from 0 to 1; 0 where chance explains it.'),
    against: comparedWith,
    ...common,
  }),
  z.strictObject({
    kind: z.literal('performance').describe('How good the predictions were, as far as labels have come.'),
    metric: performanceMetricSchema.describe('The metric that is held against the limits.'),
    slice,
    ...interval,
    ...common,
  }),
  z.strictObject({
    kind: z
      .literal('estimated-performance')
      .describe(
        'How good the predictions probably were, from calibrated scores alone: an estimate for while labels lag.',
      ),
    metric: estimatedMetricSchema.describe('The metric that is held against the limits. For models of two classes.'),
    ...interval,
    ...common,
  }),
  z.strictObject({
    kind: z
      .literal('missing-labels')
      .describe('The share of predictions without a label when one was due, from 0 to 1.'),
    after: durationSchema.describe('How long after a prediction its label is expected.'),
    ...interval,
    ...common,
  }),
  z.strictObject({
    kind: z
      .literal('feature-staleness')
      .describe('The share of features filled from the online store that were stale or missing, from 0 to 1.'),
    ...interval,
    ...common,
  }),
  z.strictObject({
    kind: z
      .literal('data-quality')
      .describe('The number of anomalies of the inputs against a schema: missing, out of domain, new categories.'),
    schema: z
      .string()
      .min(1)
      .describe('The schema file, e.g. schemas/flights.yaml; its environment SERVING is looked at.'),
    ...common,
  }),
])
export type CheckSpec = z.output<typeof checkSpecSchema>

/** `monitors/<name>.yaml`, as a person writes it. */
export const monitorSpecSchema = z.strictObject({
  name: nameSchema.describe('Equal to the file name without .yaml.'),
  description: z.string().default('').describe('What is watched, and what for.'),
  owner: z.string().default('').describe('Whom to ask when a limit is crossed.'),
  endpoint: nameSchema.describe('The endpoint that is watched.'),
  window: windowSchema
    .default('1d')
    .describe('What each look covers: the newest span, such as 6h or 7d, or { tumbling: 1d }: span after span.'),
  every: durationSchema.optional().describe('How often to look. Default: every hour, or with each tumbling window.'),
  minRows: z.number().int().min(1).default(200).describe('With fewer rows nothing is concluded.'),
  checks: z
    .record(nameSchema, checkSpecSchema)
    .refine((checks) => Object.keys(checks).length > 0, 'must hold a check')
    .describe('What is asked, each by a name of its own. A check without limits is recorded alone.'),
  alerts: alertRuleSpecsSchema,
})
export type MonitorSpec = z.output<typeof monitorSpecSchema>

/** A span of time that is looked at, in milliseconds. */
export const monitorWindowSchema = z.object({
  kind: z.enum(['sliding', 'tumbling']),
  lengthMs: z.number().int().positive(),
})
export type MonitorWindow = z.infer<typeof monitorWindowSchema>

/** A monitor in the one form that all parts use: defaults filled in, durations in milliseconds. */
export const monitorSchema = z.object({
  projectId: z.string(),
  name: nameSchema,
  /** Relative to the project folder. */
  file: z.string(),
  description: z.string(),
  owner: z.string(),
  endpoint: nameSchema,
  everyMs: z.number().int().positive(),
  checks: z.array(
    z.object({
      name: nameSchema,
      spec: checkSpecSchema,
      window: monitorWindowSchema,
      minRows: z.number().int(),
    }),
  ),
  alerts: z.array(alertRuleSpecSchema),
})
export type Monitor = z.infer<typeof monitorSchema>
export type MonitorCheck = Monitor['checks'][number]

/** `no-data`: too few rows, or nothing to compare with; says nothing, neither good nor bad. */
export const readingStatusSchema = z.enum(['ok', 'warning', 'critical', 'no-data'])
export type ReadingStatus = z.infer<typeof readingStatusSchema>

const intervalSchema = z.object({ low: z.number(), high: z.number(), confidence: z.number() })
export type Interval = z.infer<typeof intervalSchema>

/** What the value of a reading, or of a part of it, is counted in. */
export const readingUnitSchema = z.enum(['requests-per-minute', 'milliseconds', 'share', 'distance', 'count', 'metric'])
export type ReadingUnit = z.infer<typeof readingUnitSchema>

/** A part of a reading: one input, one slice, one percentile, one feature, one anomaly. */
export const readingPartSchema = z.object({
  name: z.string(),
  value: z.number().nullable(),
  interval: intervalSchema.optional(),
  rows: z.number().int().optional(),
  /** Whether this part stands out by itself: an input drifted, a slice crossed the limit, an anomaly is severe. */
  bad: z.boolean(),
  /** In English, where a number does not say it; and as structure, absent in old readings. */
  detail: z.string().optional(),
  note: partNoteSchema.optional(),
})
export type ReadingPart = z.infer<typeof readingPartSchema>

/** One answer of one check, stored for good until it is pruned. */
export const readingSchema = z.object({
  id: z.string(),
  projectId: z.string(),
  monitor: z.string(),
  check: z.string(),
  kind: checkKindSchema,
  endpoint: z.string(),
  /** When it was made. */
  at: instantSchema,
  /** What was looked at: `from` included, `to` not. */
  from: instantSchema,
  to: instantSchema,
  /** The model version that was judged; null where the question is about no model, or none answers. */
  model: z.string().nullable(),
  version: z.number().int().nullable(),
  /** Null with `no-data`. */
  value: z.number().nullable(),
  unit: readingUnitSchema,
  /** The metric of performance, e.g. auc. */
  metric: z.string().optional(),
  interval: intervalSchema.optional(),
  /** True where the value is estimated without labels. */
  estimate: z.boolean(),
  /** What the value rests on: rows, or requests for traffic, latency and errors. */
  rows: z.number().int(),
  status: readingStatusSchema,
  /** Why the status is what it is: one sentence in English. All that it is made of is beside it. */
  reason: z.string(),
  /** With `no-data`: how many rows are asked for, and why nothing can be said. Absent in old readings. */
  minRows: z.number().int().optional(),
  nothing: nothingSchema.optional(),
  limits: z.object({ warning: limitSchema.nullable(), critical: limitSchema.nullable() }),
  parts: z.array(readingPartSchema),
})
export type Reading = z.infer<typeof readingSchema>

/** What a reading rests on, for a person to look into: both distributions of every input, bins of scores and the like. */
export const readingEvidenceSchema = z.object({
  reading: readingSchema,
  /** What was compared with what, in English; empty where nothing was compared. */
  current: z.string(),
  reference: z.string(),
  /** The same as structure; absent in old readings too. */
  compared: z.object({ current: sampleOfSchema, reference: sampleOfSchema }).optional(),
  currentRows: z.number().int(),
  referenceRows: z.number().int(),
  distributions: z.array(
    z.object({
      feature: z.string(),
      cells: z.array(driftCellSchema),
      measures: z.array(driftMeasurementSchema),
    }),
  ),
  /** Figures that belong to it, by name. */
  figures: z.record(z.string(), z.number().nullable()),
})
export type ReadingEvidence = z.infer<typeof readingEvidenceSchema>

/** A monitor with the newest reading of each of its checks; null where there is none yet. */
export const monitorStateSchema = monitorSchema.extend({
  project: z.string(),
  /** The worst of the newest readings; `no-data` where no check has concluded anything. */
  status: readingStatusSchema,
  lastLookAt: instantSchema.nullable(),
  nextLookAt: instantSchema.nullable(),
  /** How many of its checks are answered while it is being looked at; else null. */
  looking: z.object({ done: z.number().int(), of: z.number().int() }).nullable(),
  latest: z.array(z.object({ check: z.string(), reading: readingSchema.nullable() })),
})
export type MonitorState = z.infer<typeof monitorStateSchema>

/** The monitors whose files are in order, and every problem of the others. */
export const monitorListSchema = z.object({
  monitors: z.array(monitorStateSchema),
  problems: z.array(fileProblemSchema.extend({ projectId: z.string() })),
})
export type MonitorList = z.infer<typeof monitorListSchema>

/** A point of the history of a check: the worst reading of a stretch of time, where there are too many for a chart. */
export const readingPointSchema = readingSchema
  .pick({
    id: true,
    at: true,
    from: true,
    to: true,
    value: true,
    interval: true,
    rows: true,
    status: true,
    version: true,
  })
  .extend({ parts: z.array(readingPartSchema.pick({ name: true, value: true, bad: true })) })
export type ReadingPoint = z.infer<typeof readingPointSchema>

export const readingHistoryQuerySchema = z.object({
  from: z.coerce.number().int().nonnegative().optional().describe('Epoch ms. Default: from the first reading on.'),
  to: z.coerce.number().int().nonnegative().optional().describe('Epoch ms. Default: to the last reading.'),
  points: z.coerce.number().int().min(2).max(2_000).default(300).describe('At most so many points.'),
})

export const readingHistorySchema = z.object({
  monitor: z.string(),
  check: z.string(),
  kind: checkKindSchema,
  unit: readingUnitSchema,
  estimate: z.boolean(),
  /** How many readings there are in the span: more than points where they were thinned. */
  readings: z.number().int(),
  points: z.array(readingPointSchema),
})
export type ReadingHistory = z.infer<typeof readingHistorySchema>

export const monitorListQuerySchema = z.object({
  project: z.string().optional().describe('The id of a project: its monitors alone.'),
  endpoint: z.string().optional().describe('The name of an endpoint: its monitors alone.'),
})
