import { z } from 'zod'
import { problemSchema } from './errors.ts'
import { instantSchema } from './names.ts'

export const artifactTypeSchema = z.enum([
  'table',
  'statistics',
  'anomalies',
  'drift',
  'splits',
  'prepared',
  'model',
  'evaluation',
  'verdict',
  'model-version',
  'deployment',
  'file',
])
export type ArtifactType = z.infer<typeof artifactTypeSchema>

/** An immutable folder of named files, each stored by its SHA-256. `hash` covers the type and every file. */
export const artifactSchema = z.object({
  hash: z.string(),
  type: artifactTypeSchema,
  files: z.array(z.object({ name: z.string(), sha256: z.string(), bytes: z.number().int() })),
})
export type Artifact = z.infer<typeof artifactSchema>

export const runStatusSchema = z.enum(['queued', 'running', 'succeeded', 'failed', 'cancelled'])
export type RunStatus = z.infer<typeof runStatusSchema>
export const stepStatusSchema = z.enum(['waiting', 'running', 'succeeded', 'failed', 'skipped', 'cancelled'])
export type StepStatus = z.infer<typeof stepStatusSchema>

/** JSON scalars, lists and objects, as parameters and options are written in YAML. */
export const jsonSchema = z.json()
export type Json = z.infer<typeof jsonSchema>
export const parametersSchema = z.record(z.string(), jsonSchema)
export type Parameters = z.infer<typeof parametersSchema>

export const stepExecutionSchema = z.object({
  name: z.string(),
  component: z.string(),
  /** The version of the component that gave the result, or would have; absent in runs of before it was noted. */
  componentVersion: z.string().optional(),
  status: stepStatusSchema,
  /** True where the result came from the step cache. */
  cached: z.boolean(),
  /** The run that made the result which came from the cache; absent where that is not known. */
  cachedFrom: z.string().optional(),
  attempt: z.number().int(),
  /** 0 to 1; null until the step says. */
  progress: z.number().nullable(),
  progressMessage: z.string().nullable(),
  startedAt: instantSchema.nullable(),
  finishedAt: instantSchema.nullable(),
  /** Steps whose end this one waits for: data edges and `needs`. */
  dependsOn: z.array(z.string()),
  inputs: z.record(z.string(), z.array(z.string())),
  outputs: z.record(z.string(), z.string()),
  /** Small named results that conditions and people read, e.g. `rows`, `blessed`. */
  values: z.record(z.string(), jsonSchema),
  /** Why it was skipped. */
  reason: z.string().nullable(),
  error: problemSchema.nullable(),
})
export type StepExecution = z.infer<typeof stepExecutionSchema>

export const runSummarySchema = z.object({
  id: z.string(),
  projectId: z.string(),
  pipeline: z.string(),
  /** Hash of the resolved pipeline file: the pipeline version. */
  pipelineVersion: z.string(),
  status: runStatusSchema,
  /** What started it: `api`, `cli`, `gui`, a trigger. */
  startedBy: z.string(),
  createdAt: instantSchema,
  startedAt: instantSchema.nullable(),
  finishedAt: instantSchema.nullable(),
  stepsTotal: z.number().int(),
  stepsDone: z.number().int(),
  /** Of the last step that published metrics: what to compare runs by. */
  metrics: z.record(z.string(), z.number()),
  error: problemSchema.nullable(),
})
export type RunSummary = z.infer<typeof runSummarySchema>

export const runSchema = runSummarySchema.extend({
  parameters: parametersSchema,
  gitCommit: z.string().nullable(),
  gitDirty: z.boolean().nullable(),
  seed: z.number().int(),
  steps: z.array(stepExecutionSchema),
})
export type Run = z.infer<typeof runSchema>

export const logLineSchema = z.object({
  sequence: z.number().int(),
  step: z.string(),
  at: instantSchema,
  level: z.enum(['debug', 'info', 'warning', 'error']),
  text: z.string(),
})
export type LogLine = z.infer<typeof logLineSchema>

/** One point of a learning curve or any other measured series. */
export const metricPointSchema = z.object({
  step: z.string(),
  name: z.string(),
  /** Epoch or other ordinal. */
  index: z.number().int(),
  value: z.number().nullable(),
  at: instantSchema,
})
export type MetricPoint = z.infer<typeof metricPointSchema>
