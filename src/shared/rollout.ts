/** How a new version comes to an endpoint step by step: canary, A/B, shadow. */
import { z } from 'zod'
import { durationSchema } from './durations.ts'
import { judgementSchema } from './gate.ts'
import { instantSchema, nameSchema } from './names.ts'

/** Some of the traffic, never none and never all: both versions must answer for there to be a comparison. */
const shareSchema = z.number().gt(0).lt(1)

/** Where the key of a request is found. */
export const keySourceSchema = z.union([
  z.strictObject({ column: z.string().min(1).max(200).describe('An input of the model, such as a customer number.') }),
  z.strictObject({
    header: z
      .string()
      .regex(/^[A-Za-z0-9-]{1,100}$/, 'must be the name of an HTTP header, such as x-user-id')
      .describe('A header that callers send with each request.'),
  }),
])
export type KeySource = z.infer<typeof keySourceSchema>

export const stopConditionsSchema = z.strictObject({
  errorRate: z
    .union([z.number().min(0).lt(1), z.literal(false)])
    .default(0.01)
    .describe('Stop when the share of failed requests is certainly more than this above that of the stable version.'),
  latencyP99: z
    .union([z.number().gt(1).max(100), z.literal(false)])
    .default(2)
    .describe('Stop when the latency of the slowest hundredth is certainly more than this many times the stable one.'),
  latencyP99Ms: z
    .number()
    .positive()
    .optional()
    .describe('Stop when the latency of the slowest hundredth is certainly above so many milliseconds.'),
  predictions: z
    .union([z.number().gt(0).lt(1), z.literal(false)])
    .default(0.1)
    .describe(
      'Stop when the predictions are certainly distributed otherwise than those of the stable version, and by more than ' +
        'this Jensen-Shannon divergence (0: alike, 1: nothing in common).',
    ),
  label: z
    .strictObject({
      metric: z.string().min(1).max(100).describe('A metric of the task, computed as labels arrive.'),
      margin: z.number().min(0).default(0).describe('How much worse than the stable version it may be.'),
      minimumRows: z
        .number()
        .int()
        .min(10)
        .default(200)
        .describe('Labelled rows of each version before a step may end.'),
    })
    .optional()
    .describe('Stop when a metric on rows whose truth has arrived is certainly worse. Needs feedback.'),
  confidence: z
    .number()
    .min(0.8)
    .max(0.9999)
    .default(0.99)
    .describe('How certain "certainly" is, over all looks at one step together.'),
})
export type StopConditions = z.infer<typeof stopConditionsSchema>

const keepChampion = z
  .boolean()
  .optional()
  .describe(
    'Leave the champion where it is when the new version is taken back. Default: it goes back to the version that answers.',
  )

const defaultConditions = () => stopConditionsSchema.parse({})

export const canarySchema = z.strictObject({
  kind: z.literal('canary').describe('Rising shares of the traffic, each held and checked; then all of it.'),
  steps: z
    .array(shareSchema)
    .min(1)
    .max(20)
    .refine((steps) => steps.every((share, index) => share > (steps[index - 1] ?? 0)), 'must rise from step to step')
    .default([0.05, 0.25, 0.5])
    .describe('The shares of the traffic that the new version gets, one after the other.'),
  hold: durationSchema.default('10m').describe('How long each step lasts at the least.'),
  minimumRequests: z
    .number()
    .int()
    .min(1)
    .max(10_000_000)
    .default(200)
    .describe(
      'How many requests the new version must have got in a step before the next one: a quiet hour decides nothing.',
    ),
  stop: stopConditionsSchema.default(defaultConditions).describe('What ends the rollout and brings all traffic back.'),
  key: keySourceSchema.optional().describe('Requests with the same key get the same version.'),
  keepChampion,
})
export type CanarySpec = z.infer<typeof canarySchema>

export const abTestSchema = z.strictObject({
  kind: z
    .literal('a-b')
    .describe('Two versions side by side, each key always with the same one, compared by feedback.'),
  share: shareSchema.default(0.5).describe('The share of the keys that get the new version.'),
  key: keySourceSchema.describe(
    'What is assigned. A request without it, or with several, is answered by the stable version.',
  ),
  metric: z.string().min(1).max(100).describe('What decides, computed on the rows whose truth has arrived.'),
  minimumRows: z
    .number()
    .int()
    .min(10)
    .default(1_000)
    .describe('Labelled rows of each version before the test may decide.'),
  hold: durationSchema.default('1d').describe('How long the test lasts at the least.'),
  confidence: z.number().min(0.8).max(0.9999).default(0.95).describe('Of the decision, over all looks together.'),
  decides: z
    .enum(['person', 'test'])
    .default('person')
    .describe('person: the result is told and a person decides. test: the better version gets all traffic by itself.'),
  stop: stopConditionsSchema
    .default(defaultConditions)
    .describe('What ends the test early and brings all traffic back, whatever the metric says.'),
  keepChampion,
})
export type AbTestSpec = z.infer<typeof abTestSchema>

export const shadowSchema = z.strictObject({
  kind: z
    .literal('shadow')
    .describe('The new version is asked the same after the answer has gone out; nobody gets what it says.'),
  share: z.number().gt(0).max(1).default(1).describe('The share of the requests that are mirrored.'),
  keepChampion,
})
export type ShadowSpec = z.infer<typeof shadowSchema>

export const rolloutSpecSchema = z.discriminatedUnion('kind', [canarySchema, abTestSchema, shadowSchema])
export type RolloutSpec = z.infer<typeof rolloutSpecSchema>
/** As a person writes it: what has a default may be left out. */
export type RolloutSpecInput = z.input<typeof rolloutSpecSchema>

export const rolloutKindSchema = z.enum(['canary', 'a-b', 'shadow'])
export type RolloutKind = z.infer<typeof rolloutKindSchema>

/** `rolled-back`: a stop condition ended it. `aborted`: a person did. */
export const rolloutStateSchema = z.enum(['running', 'promoted', 'rolled-back', 'aborted'])
export type RolloutState = z.infer<typeof rolloutStateSchema>

/** How many fell into which bin, without the empty ones. */
export const countsSchema = z.array(z.tuple([z.number().int(), z.number().int()]))
export type Counts = readonly (readonly [bin: number, count: number])[]

/** What one version was asked since the step began. */
export const armFiguresSchema = z.object({
  requests: z.number().int(),
  errors: z.number().int(),
  /** In the buckets of the latency histogram. */
  latencies: countsSchema,
  /** One prediction a request: bins of probability, classes, or bins of the value. */
  predictions: countsSchema,
})
export type ArmFigures = z.infer<typeof armFiguresSchema>

export const shadowFiguresSchema = z.object({
  /** Mirrored requests and their rows that were compared. */
  requests: z.number().int(),
  rows: z.number().int(),
  /** Rows that got the same class or, of a regression, the same value within a thousandth. */
  agreed: z.number().int(),
  /** Mirrored requests that the new version could not answer. */
  failed: z.number().int(),
  /** Requests that were not mirrored because the server had no time for it. */
  dropped: z.number().int(),
  /** Bins of the distance between the two answers, as `differenceBinOf` has them. */
  differences: countsSchema,
  latencies: countsSchema,
})
export type ShadowFigures = z.infer<typeof shadowFiguresSchema>

/** A metric on the rows whose truth has arrived. */
export const labelFigureSchema = z.object({
  value: z.number(),
  low: z.number(),
  high: z.number(),
  /** Of the interval from low to high. */
  confidence: z.number(),
  rows: z.number().int(),
  higherIsBetter: z.boolean(),
})
export type LabelFigure = z.infer<typeof labelFigureSchema>

export const rolloutFiguresSchema = z.object({
  stable: armFiguresSchema,
  candidate: armFiguresSchema,
  shadow: shadowFiguresSchema.nullable(),
  /** Null where no label condition is set, or no truth has arrived. */
  labels: z.object({ stable: labelFigureSchema.nullable(), candidate: labelFigureSchema.nullable() }).nullable(),
})
export type RolloutFigures = z.infer<typeof rolloutFiguresSchema>

export const checkNameSchema = z.enum([
  'hold',
  'requests',
  'error-rate',
  'latency-p99',
  'latency-p99-ms',
  'predictions',
  'label-rows',
  'label',
])

export type CheckName = z.infer<typeof checkNameSchema>

/** What was looked at: `waiting` holds the step, `stop` ends the rollout. */
export const rolloutCheckSchema = z.object({
  check: checkNameSchema,
  status: z.enum(['passed', 'waiting', 'stop']),
  /** Of the new version; null where there is nothing to tell it from. */
  value: z.number().nullable(),
  /** Of the stable version, where it is compared with it. */
  stable: z.number().nullable(),
  /** What the value, or its distance from the stable one, is held against. */
  limit: z.number(),
  /** The one-sided bound of the difference or distance that was compared with the limit. */
  bound: z.number().nullable(),
})
export type RolloutCheck = z.infer<typeof rolloutCheckSchema>

export const looksSchema = z.object({
  count: z.number().int(),
  atRequests: z.number().int(),
  atLabels: z.number().int(),
})
export type Looks = z.infer<typeof looksSchema>

/** Of the feedback of an A/B test: the new version minus the stable one. */
export const abResultSchema = z.object({
  metric: z.string(),
  stable: labelFigureSchema.nullable(),
  candidate: labelFigureSchema.nullable(),
  difference: z.object({ value: z.number(), low: z.number(), high: z.number() }).nullable(),
  verdict: z.enum(['waiting', 'better', 'worse', 'no-difference']),
  /** How often it was tested, and on how many labelled rows of the new version at the last time. */
  looks: z.number().int(),
  atRows: z.number().int(),
})
export type AbResult = z.infer<typeof abResultSchema>

/** What a revision must keep to before it gets traffic. */
export const endpointBudgetSchema = z.strictObject({
  latencyP99Ms: z.number().positive().max(600_000).describe('The slowest hundredth of single-row requests.'),
  memoryMb: z.number().positive().max(1_000_000).describe('What loading the model adds to the memory of its thread.'),
  tolerance: z.number().min(0).max(1).describe('How far an answer may be from the recorded one.'),
})
export type EndpointBudget = z.infer<typeof endpointBudgetSchema>
export const defaultBudget: EndpointBudget = { latencyP99Ms: 5_000, memoryMb: 4_096, tolerance: 1e-4 }

/** What a package did in a serving runtime of its own. */
export const infrastructureCheckSchema = z.object({
  passed: z.boolean(),
  at: instantSchema,
  /** Of the model package. */
  artifactHash: z.string(),
  /** What the package was tried as; absent in what was found before it was noted. */
  model: nameSchema.optional(),
  version: z.number().int().optional(),
  budget: endpointBudgetSchema,
  loadMs: z.number().nullable(),
  /** Recorded requests that were asked; 0 for a package from before they were recorded. */
  goldenRequests: z.number().int(),
  maxDifference: z.number().nullable(),
  /** Of the short load. */
  loadRequests: z.number().int(),
  latencyP50Ms: z.number().nullable(),
  latencyP99Ms: z.number().nullable(),
  memoryBytes: z.number().nullable(),
  /** Why it did not pass; empty where it did. */
  problems: z.array(z.string()),
})
export type InfrastructureCheck = z.infer<typeof infrastructureCheckSchema>

export const rolloutEvidenceSchema = z.object({
  checks: z.array(rolloutCheckSchema),
  figures: rolloutFiguresSchema.nullable(),
  result: abResultSchema.nullable(),
  /** Of the start: what the new version did before it got traffic. */
  infrastructure: infrastructureCheckSchema.optional(),
})
export type RolloutEvidence = z.infer<typeof rolloutEvidenceSchema>

/** One entry of the append-only ledger of a rollout. */
export const rolloutEntrySchema = z.object({
  id: z.string(),
  at: instantSchema,
  /** Who: `run <id>`, `api`, `engine`. */
  actor: z.string(),
  action: z.enum(['start', 'step', 'promote', 'roll-back', 'abort']),
  fromShare: z.number(),
  toShare: z.number(),
  reason: z.string(),
  evidence: rolloutEvidenceSchema,
})
export type RolloutEntry = z.infer<typeof rolloutEntrySchema>

export const rolloutSchema = z.object({
  id: z.string(),
  endpoint: nameSchema,
  spec: rolloutSpecSchema,
  model: nameSchema,
  /** The version that comes. */
  version: z.number().int(),
  /** Number of its revision. */
  revision: z.number().int(),
  /** What answered when it started: where a roll-back leads. */
  stable: z.object({ model: nameSchema, version: z.number().int(), revision: z.number().int() }),
  state: rolloutStateSchema,
  actor: z.string(),
  reason: z.string(),
  /** What the gate said, where the reason is its. */
  gate: judgementSchema.optional(),
  createdAt: instantSchema,
  endedAt: instantSchema.nullable(),
  /** Counts from 0; of a canary the place in `steps`. */
  step: z.number().int(),
  stepSince: instantSchema,
  /** Of the traffic that the new version answers now. */
  share: z.number(),
  /** How often the figures of the step were tested, and what the new version had at the last time. */
  looks: looksSchema,
  /** Since the step began. */
  figures: rolloutFiguresSchema,
  /** As last looked at. */
  checks: z.array(rolloutCheckSchema),
  result: abResultSchema.nullable(),
})
export type Rollout = z.infer<typeof rolloutSchema>

export const rolloutDetailsSchema = z.object({
  rollout: rolloutSchema,
  /** Oldest first. */
  entries: z.array(rolloutEntrySchema),
})
export type RolloutDetails = z.infer<typeof rolloutDetailsSchema>
