/** Model packages, the registry and what an evaluation holds. */
import { z } from 'zod'
import { judgementSchema, verdictSchema } from './gate.ts'
import { instantSchema, nameSchema } from './names.ts'
import { jsonSchema, parametersSchema } from './runs.ts'

export const taskSchema = z.enum(['binary', 'multiclass', 'regression'])
export type Task = z.infer<typeof taskSchema>

/** How one input of a model is written in JSON. `timestamp` is an ISO 8601 string or epoch milliseconds. */
export const inputTypeSchema = z.enum(['number', 'integer', 'boolean', 'text', 'timestamp'])
export type InputType = z.infer<typeof inputTypeSchema>

export const signatureInputSchema = z.object({
  name: z.string(),
  type: inputTypeSchema,
  /** False where the training data had missing values, so that leaving it out is legitimate. */
  required: z.boolean(),
  /** The most frequent known values of a category, for forms and messages; others are accepted as unseen. */
  examples: z.array(z.string()).optional(),
  /** Of the training rows, as a request takes it: the median of numbers and instants, else the most frequent value. */
  typical: z.union([z.number(), z.boolean(), z.string()]).optional(),
})
export type SignatureInput = z.infer<typeof signatureInputSchema>

export const signatureSchema = z.object({
  inputs: z.array(signatureInputSchema),
  target: z.string(),
  task: taskSchema,
  /** The classes in the order of the probabilities; binary: [negative, positive]. Empty for regression. */
  classes: z.array(z.string()),
})
export type Signature = z.infer<typeof signatureSchema>

/** What a person says of an ONNX model where its graph does not. */
export const onnxHintSchema = z.strictObject({
  target: z.string().min(1).default('target').describe('What the model predicts: the column that holds the truth.'),
  task: taskSchema.optional().describe('binary: the only output is the probability of the positive class.'),
  classes: z
    .array(z.string())
    .min(2)
    .optional()
    .describe('In the order of the probabilities; of two, the positive one last. Default: as the graph says.'),
  inputs: z
    .array(
      z.strictObject({ name: z.string().min(1), type: inputTypeSchema.optional(), required: z.boolean().optional() }),
    )
    .optional()
    .describe(
      'The columns of a matrix in their order, by name; or more about inputs that have names. Default: f0, f1, …',
    ),
})
export type OnnxHint = z.infer<typeof onnxHintSchema>

/** Named scalars: auc, accuracy, f1, logLoss, brier | accuracy, macroF1, logLoss | rmse, mae, r2. */
export const metricsSchema = z.record(z.string(), z.number())
export type Metrics = z.infer<typeof metricsSchema>

/** `manifest.json` of a model package. The package also holds the weights and `preparation.json`. */
export const modelManifestSchema = z.object({
  formatVersion: z.literal(1),
  runtime: z.enum(['tfjs', 'onnx']),
  trainer: z.string(),
  signature: signatureSchema,
  /** Of the validation rows, at the kept epoch. */
  validationMetrics: metricsSchema,
  trainedRows: z.number().int(),
  environment: z.object({
    esteira: z.string(),
    node: z.string(),
    platform: z.string(),
    /** e.g. `tfjs 4.22.0 wasm (simd)` or `tfjs-node 4.22.0`. */
    backend: z.string(),
    seed: z.number().int(),
  }),
})
export type ModelManifest = z.infer<typeof modelManifestSchema>

const pointSchema = z.object({ x: z.number(), y: z.number() })
/** A curve thinned to at most a few hundred points. */
export const curveSchema = z.array(pointSchema)

export const calibrationBinSchema = z.object({
  meanPredicted: z.number(),
  observed: z.number(),
  rows: z.number().int(),
})

export const sliceEvaluationSchema = z.object({
  column: z.string(),
  value: z.string(),
  rows: z.number().int(),
  metrics: metricsSchema,
})
export type SliceEvaluation = z.infer<typeof sliceEvaluationSchema>

/**
 * How much worse the metric gets when the values of one input are shuffled among the rows (Breiman 2001): positive where
 * the model leans on the input, 0 where it does not read it. Inputs are shuffled as they come, before the preparation.
 */
export const importanceSchema = z.object({
  metric: z.string(),
  /** How many rows were scored each time. */
  rows: z.number().int(),
  repeats: z.number().int(),
  /** The most important first. `deviation`: the standard deviation over the repeats. */
  inputs: z.array(z.object({ name: z.string(), mean: z.number(), deviation: z.number() })),
})
export type Importance = z.infer<typeof importanceSchema>

/** What the model scores on the rows that it was fitted on: far better there than on the test rows is overfitting. */
export const trainingScoreSchema = z.object({
  metrics: metricsSchema,
  /** How many rows were scored. */
  rows: z.number().int(),
  /** How many there are: more than were scored where a sample of them was. */
  of: z.number().int(),
})
export type TrainingScore = z.infer<typeof trainingScoreSchema>

/** `evaluation.json`: what a model scores on rows it never saw. */
export const evaluationSchema = z.object({
  task: taskSchema,
  target: z.string(),
  classes: z.array(z.string()),
  rows: z.number().int(),
  metrics: metricsSchema,
  slices: z.array(sliceEvaluationSchema),
  /** counts[actual][predicted], in the order of `classes`; absent for regression. */
  confusion: z.array(z.array(z.number())).optional(),
  /** Binary only: x false positive rate, y true positive rate. */
  roc: curveSchema.optional(),
  /** Binary only: x recall, y precision. */
  precisionRecall: curveSchema.optional(),
  /** Binary: probability bins. Regression: predicted-value bins. */
  calibration: z.array(calibrationBinSchema).optional(),
  /** Absent in evaluations made before it was computed, or without it. */
  importance: importanceSchema.optional(),
  /** Absent where the step was given no training rows, and in evaluations made before it was computed. */
  training: trainingScoreSchema.optional(),
})
export type Evaluation = z.infer<typeof evaluationSchema>

export const modelVersionSchema = z.object({
  model: nameSchema,
  version: z.number().int().min(1),
  createdAt: instantSchema,
  projectId: z.string(),
  runId: z.string(),
  step: z.string(),
  /** The model package. */
  artifactHash: z.string(),
  signature: signatureSchema,
  metrics: metricsSchema,
  verdict: verdictSchema.optional(),
  aliases: z.array(z.string()),
})
export type ModelVersion = z.infer<typeof modelVersionSchema>

export const registeredModelSchema = z.object({
  name: nameSchema,
  projectId: z.string(),
  createdAt: instantSchema,
  description: z.string(),
  latestVersion: z.number().int().nullable(),
  aliases: z.record(z.string(), z.number().int()),
})
export type RegisteredModel = z.infer<typeof registeredModelSchema>

/** What a move of an alias rests on. Null for what a move by hand, or one of long ago, does not have. */
export const moveEvidenceSchema = z.object({
  /** The verdict of the gate. */
  verdictHash: z.string().nullable(),
  runId: z.string().nullable(),
  step: z.string().nullable(),
  /** The decision of a person. */
  approvalId: z.string().nullable(),
  /** Where a version was taken back: the endpoint, the revision that answers no more, and the rollout that ended. */
  endpoint: z.string().nullable(),
  revision: z.number().int().nullable(),
  rolloutId: z.string().nullable(),
})
export type MoveEvidence = z.infer<typeof moveEvidenceSchema>

/** One entry of the append-only ledger of alias moves. `toVersion` null: the alias was removed. */
export const aliasMoveSchema = z.object({
  id: z.string(),
  model: z.string(),
  alias: z.string(),
  fromVersion: z.number().int().nullable(),
  toVersion: z.number().int().nullable(),
  at: instantSchema,
  /** Who: `run <id>`, `api`, `cli`. */
  actor: z.string(),
  reason: z.string(),
  /** What the gate said, where the reason is its. */
  gate: judgementSchema.optional(),
  evidence: moveEvidenceSchema,
})
export type AliasMove = z.infer<typeof aliasMoveSchema>

/** A version named as `model@alias` or `model/version`. */
export const modelReferenceSchema = z
  .string()
  .regex(
    /^[^@/\s]+(@[^@/\s]+|\/\d+)$/,
    'must have the form model@alias or model/version, such as flight-delay@champion',
  )

export const revisionSchema = z.object({
  id: z.string(),
  endpoint: z.string(),
  /** 1, 2, 3 … per endpoint. */
  number: z.number().int(),
  model: z.string(),
  version: z.number().int(),
  createdAt: instantSchema,
  actor: z.string(),
  reason: z.string(),
  /** What the gate said, where the reason is its. */
  gate: judgementSchema.optional(),
})
export type Revision = z.infer<typeof revisionSchema>

export const endpointSchema = z.object({
  name: nameSchema,
  projectId: z.string(),
  createdAt: instantSchema,
  /** What answers now; null before the first deployment. */
  revision: revisionSchema.nullable(),
  state: z.enum(['ready', 'loading', 'failed', 'empty']),
  /** Why it is not ready. */
  message: z.string().optional(),
  url: z.string().nullable(),
})
export type Endpoint = z.infer<typeof endpointSchema>

/** A step on the way from the data to a model version. */
export const lineageStepSchema = z.object({
  name: z.string(),
  component: z.string(),
  /** True where the result came from the step cache. */
  cached: z.boolean(),
  dependsOn: z.array(z.string()),
  options: parametersSchema,
  /** Input and output names to the hashes of their artifacts. */
  inputs: z.record(z.string(), z.array(z.string())),
  outputs: z.record(z.string(), z.string()),
  values: z.record(z.string(), jsonSchema),
})
export type LineageStep = z.infer<typeof lineageStepSchema>

/** The rows that a version was made from. */
export const lineageDatasetSchema = z.object({
  step: z.string(),
  dataset: z.string(),
  /** The SQL condition on the rows taken; null: all. */
  where: z.string().nullable(),
  rows: z.number().int().nullable(),
  /** Of the rows, as they were read. */
  artifactHash: z.string().nullable(),
})
export type LineageDataset = z.infer<typeof lineageDatasetSchema>

/** Where a version comes from, back to data and commit. */
export const lineageSchema = z.object({
  run: z.object({
    id: z.string(),
    projectId: z.string(),
    pipeline: z.string(),
    pipelineVersion: z.string(),
    parameters: parametersSchema,
    seed: z.number().int(),
    startedBy: z.string(),
    createdAt: instantSchema,
    gitCommit: z.string().nullable(),
    /** Whether files differed from the commit. */
    gitDirty: z.boolean().nullable(),
  }),
  datasets: z.array(lineageDatasetSchema),
  /** What the registering step waited for, and that step, in the order of the run. */
  steps: z.array(lineageStepSchema),
})
export type Lineage = z.infer<typeof lineageSchema>

export const modelVersionDetailsSchema = modelVersionSchema.extend({
  description: z.string(),
  manifest: modelManifestSchema,
  package: z.array(z.object({ name: z.string(), sha256: z.string(), bytes: z.number().int() })),
  /** Of the run's evaluate step that scored this very model; null where none did. */
  evaluation: z
    .object({
      step: z.string(),
      artifactHash: z.string(),
      /** Hash of the rows that were scored: the same where two versions were scored on the same rows. */
      rowsHash: z.string().nullable(),
      content: evaluationSchema,
    })
    .nullable(),
  /** The endpoints where it answers now. */
  serving: z.array(z.object({ endpoint: z.string(), revision: z.number().int(), since: instantSchema })),
  lineage: lineageSchema,
})
export type ModelVersionDetails = z.infer<typeof modelVersionDetailsSchema>
