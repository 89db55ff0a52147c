/** What is kept of a run so that it can be traced, compared and made again. */
import { z } from 'zod'
import { instantSchema } from './names.ts'
import { artifactTypeSchema, parametersSchema } from './runs.ts'

/** What the run was made with. */
export const runEnvironmentSchema = z.object({
  esteira: z.string(),
  node: z.string(),
  /** e.g. `linux x64`. */
  platform: z.string(),
  /** SHA-256 of the lock file that fixes every library; null in a packaged application, whose version says it. */
  lock: z.string().nullable(),
})
export type RunEnvironment = z.infer<typeof runEnvironmentSchema>

/** Where the champion of a model stood when the run was stored. */
export const previousModelSchema = z.object({
  model: z.string(),
  alias: z.string(),
  version: z.number().int(),
  artifactHash: z.string(),
  /** The run that made it. */
  runId: z.string(),
})
export type PreviousModel = z.infer<typeof previousModelSchema>

/** What differed from the commit when the run was stored. */
export const gitChangesSchema = z.object({
  /** Holds `changes.patch`, for `git apply`; null where every change is left out. */
  artifactHash: z.string().nullable(),
  bytes: z.number().int(),
  /** Of the repository, with "/". The first hundred; `fileCount` counts all. */
  files: z.array(z.string()),
  fileCount: z.number().int(),
  /** Changed files that the patch does not hold: too large, or of a kind that holds secrets. */
  omitted: z.array(
    z.object({ path: z.string(), bytes: z.number().int(), reason: z.enum(['too-large', 'may-hold-secrets']) }),
  ),
})
export type GitChanges = z.infer<typeof gitChangesSchema>

const metricsByPartSchema = z.object({
  /** The step that says so. */
  step: z.string(),
  training: z.record(z.string(), z.number()).nullable(),
  validation: z.record(z.string(), z.number()).nullable(),
  test: z.record(z.string(), z.number()).nullable(),
})

export const runRecordSchema = z.object({
  runId: z.string(),
  /** False for runs of before this was kept: what was not noted is null or empty. */
  complete: z.boolean(),
  /** M1: versions of the pipeline and of each component. */
  pipeline: z.object({
    name: z.string(),
    version: z.string(),
    /** Equal for equal plans, wherever they are made. */
    planHash: z.string(),
  }),
  components: z.array(z.object({ step: z.string(), component: z.string(), version: z.string().nullable() })),
  /** M2: start, end and duration. */
  startedAt: instantSchema.nullable(),
  finishedAt: instantSchema.nullable(),
  durationMs: z.number().int().nullable(),
  steps: z.array(
    z.object({
      step: z.string(),
      startedAt: instantSchema.nullable(),
      finishedAt: instantSchema.nullable(),
      durationMs: z.number().int().nullable(),
      cached: z.boolean(),
      attempt: z.number().int(),
    }),
  ),
  /** M3: who or what executed it. */
  startedBy: z.string(),
  osUser: z.string().nullable(),
  /** The decision of a trigger that started it. */
  triggerDecision: z.object({ triggerId: z.string(), decisionId: z.string() }).nullable(),
  /** M4 */
  parameters: parametersSchema,
  seed: z.number().int(),
  /** M5: what each step made. */
  artifacts: z.array(
    z.object({
      step: z.string(),
      output: z.string(),
      type: artifactTypeSchema,
      hash: z.string(),
      files: z.array(z.string()),
      bytes: z.number().int(),
      /** Whether all of its files are in their place. */
      available: z.boolean(),
    }),
  ),
  /** M6 */
  previousModels: z.array(previousModelSchema),
  /** M7: metrics of the training, validation and test rows. */
  metrics: z.array(metricsByPartSchema),
  git: z.object({ commit: z.string(), dirty: z.boolean(), changes: gitChangesSchema.nullable() }).nullable(),
  environment: runEnvironmentSchema.nullable(),
  /** What trained the models, e.g. `tfjs 4.22.0 wasm (simd)`. */
  backends: z.array(z.string()),
  /** The files of the project that steps read, as they were. */
  sources: z.array(z.object({ step: z.string(), path: z.string(), sha256: z.string() })),
  references: z.array(
    z.object({ step: z.string(), kind: z.enum(['dataset', 'feature-view', 'model']), name: z.string() }),
  ),
  /** The run that this one repeats. */
  reproduces: z.string().nullable(),
})
export type RunRecord = z.infer<typeof runRecordSchema>
