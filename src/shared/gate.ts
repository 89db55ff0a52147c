/** What a gate says: four questions about a candidate, each answered by checks with the figures behind them. */
import { z } from 'zod'
import { gateFindingSchema } from './gate-findings.ts'

const metrics = z.record(z.string(), z.number())

/** Where the improvement lies with the given confidence: a paired bootstrap over the very same rows. */
export const intervalSchema = z.object({
  low: z.number(),
  high: z.number(),
  /** Such as 0.95. */
  confidence: z.number(),
  /** How many times the rows were drawn anew. */
  resamples: z.number().int(),
})
export type Interval = z.infer<typeof intervalSchema>

/** Good enough; better than what there is; as good everywhere; able to serve. */
export const gateCheckKindSchema = z.enum(['threshold', 'comparison', 'slices', 'deployment'])
export type GateCheckKind = z.infer<typeof gateCheckKindSchema>

/** One check that a gate made, worded in English. */
export const gateCheckSchema = z.object({
  check: z.string(),
  passed: z.boolean(),
  value: z.number().nullable(),
  limit: z.number().nullable(),
  reason: z.string(),
  /** Absent in verdicts made before there were four kinds. */
  kind: gateCheckKindSchema.optional(),
  /** What the reason says, as structure; absent in old verdicts. */
  finding: gateFindingSchema.optional(),
})
export type GateCheck = z.infer<typeof gateCheckSchema>

/** `point`: the improvement itself must reach what is asked for; `interval`: the lower end of its interval must. */
export const requirementSchema = z.enum(['point', 'interval'])
export type Requirement = z.infer<typeof requirementSchema>

/** The candidate beside one other way to answer, both scored on the very same rows. */
export const comparisonSchema = z.object({
  with: z.enum(['champion', 'baseline', 'rule']),
  /** `model@alias`, `dummy`, or the SQL of the rule. */
  name: z.string(),
  /** Of the registered model compared with; null for what is none. */
  version: z.number().int().nullable(),
  /** The rows: null for those of the evaluation, else in words. */
  span: z.string().nullable(),
  rows: z.number().int(),
  metric: z.string(),
  candidate: z.number().nullable(),
  other: z.number().nullable(),
  /** Positive where the candidate is better, whatever the direction of the metric. */
  improvement: z.number().nullable(),
  interval: intervalSchema.nullable(),
  minImprovement: z.number(),
  require: requirementSchema,
  passed: z.boolean(),
  /** All metrics of the other. */
  metrics,
})
export type Comparison = z.infer<typeof comparisonSchema>

export const judgedSliceSchema = z.object({
  value: z.string(),
  rows: z.number().int(),
  metric: z.number(),
  /** Of the metric, by the bootstrap; null where it could not be told. */
  standardError: z.number().nullable(),
  /** Of the champion on the same rows. */
  champion: z.number().nullable(),
  /** How much worse than the champion; negative where better. */
  drop: z.number().nullable(),
  dropError: z.number().nullable(),
  passed: z.boolean(),
})
export type JudgedSlice = z.infer<typeof judgedSliceSchema>

/** The metric over the slices of one column, or of two crossed. */
export const slicesFiguresSchema = z.object({
  columns: z.array(z.string()),
  metric: z.string(),
  /** Slices with fewer rows are not judged. */
  minRows: z.number().int(),
  /** How many were left out for that. */
  small: z.number().int(),
  slices: z.array(judgedSliceSchema),
  /** Standard deviation of the metric over the slices, as seen; null for fewer than two slices. */
  deviation: z.number().nullable(),
  /** What is left of it without what chance alone explains, given how few rows some slices have. */
  trueDeviation: z.number().nullable(),
  /** The value of the worst slice. */
  worst: z.string().nullable(),
})
export type SlicesFigures = z.infer<typeof slicesFiguresSchema>

/** What loading and asking the candidate in the real serving runtime told. */
export const deploymentFiguresSchema = z.object({
  mode: z.enum(['load', 'load-and-query']),
  /** How many tries it took; all of them where it failed. */
  tries: z.number().int(),
  loadMs: z.number().nullable(),
  /** Requests of one row each, over HTTP. */
  requests: z.number().int(),
  latencyMs: z.object({ p50: z.number(), p95: z.number(), max: z.number() }).nullable(),
  memoryBytes: z.number().nullable(),
  /** The largest distance between what was served and what training's evaluation recorded for the same row. */
  maxDifference: z.number().nullable(),
  /** What answers at the endpoint today, which callers were written against; null where nothing does. */
  endpoint: z.object({ name: z.string(), model: z.string(), version: z.number().int() }).nullable(),
  /** Inputs that callers do not send today and would have to. */
  newInputs: z.array(z.string()),
  /** Inputs that callers send today and would have to leave out. */
  removedInputs: z.array(z.string()),
  problem: z.string().nullable(),
})
export type DeploymentFigures = z.infer<typeof deploymentFiguresSchema>

/** What becomes of a version: it is promoted, what answers is kept, or a person is asked. */
export const outcomeSchema = z.enum(['promote', 'keep', 'ask'])
export type Outcome = z.infer<typeof outcomeSchema>

/** `verdict.json`: blessed only if every check passed. What later versions added is optional, so that old ones stay readable. */
export const verdictSchema = z.object({
  blessed: z.boolean(),
  reason: z.string(),
  checks: z.array(gateCheckSchema),
  /** `model@alias` that was compared, its version, and both scored on the same rows; absent without a champion. */
  against: z.object({ model: z.string(), alias: z.string(), version: z.number().int(), metrics }).optional(),
  metrics,
  rows: z.number().int(),
  /** Absent in old verdicts: a blessed version was promoted, another was not. */
  outcome: outcomeSchema.optional(),
  comparisons: z.array(comparisonSchema).optional(),
  slices: z.array(slicesFiguresSchema).optional(),
  deployment: deploymentFiguresSchema.optional(),
})
export type Verdict = z.infer<typeof verdictSchema>

/** Of a verdict what its reason says: beside ledgers whose reason is that of the verdict. */
export const judgementSchema = verdictSchema.pick({ blessed: true, checks: true })
export type Judgement = z.infer<typeof judgementSchema>
