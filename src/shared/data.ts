/** Datasets as they are looked at, queried, described and checked. */
import { z } from 'zod'
import { anomalySchema, comparisonSchema, exampleRowsSchema, verdictsSchema } from './anomalies.ts'
import { columnReasonSchema } from './column-reasons.ts'
import { fileProblemSchema, problemSchema } from './errors.ts'
import { taskSchema } from './models.ts'
import { instantSchema } from './names.ts'
import { commitInfoSchema, lineRangeSchema, yamlEditSchema } from './pipelines.ts'
import { datasetSpecSchema } from './projects.ts'
import { jsonSchema } from './runs.ts'
import { datasetSchemaSchema } from './schema.ts'
import { columnTypeSchema, statisticsSchema } from './statistics.ts'

export const tableColumnSchema = z.object({ name: z.string(), type: columnTypeSchema, storageType: z.string() })
export type TableColumn = z.infer<typeof tableColumnSchema>

/** Rows of a table from `offset` on, as JSON values: instants as ISO 8601, large integers as text, long texts cut. */
export const tablePageSchema = z.object({
  columns: z.array(tableColumnSchema),
  rows: z.array(z.array(jsonSchema)),
  offset: z.number().int(),
  /** How many rows there are in all. */
  total: z.number().int(),
})
export type TablePage = z.infer<typeof tablePageSchema>

export const tablePageQuerySchema = z.object({
  offset: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
})

export const sqlQuestionSchema = z.object({
  sql: z.string().min(1).max(100_000),
  offset: z.number().int().min(0).default(0),
  limit: z.number().int().min(1).max(1_000).default(100),
})
export type SqlQuestion = z.infer<typeof sqlQuestionSchema>

export const sqlAnswerSchema = tablePageSchema.extend({ elapsedMs: z.number() })
export type SqlAnswer = z.infer<typeof sqlAnswerSchema>

export const datasetInfoSchema = z.object({
  name: z.string(),
  spec: datasetSpecSchema,
  format: z.string().nullable(),
  fileCount: z.number().int(),
  bytes: z.number(),
  /** Of the newest file. */
  modifiedAt: instantSchema.nullable(),
  /** The schema file that a pipeline checks it with, else `schemas/<dataset>.yaml` where there is one. */
  schemaFile: z.string().nullable(),
  /** Why it cannot be read. */
  problem: problemSchema.nullable(),
})
export type DatasetInfo = z.infer<typeof datasetInfoSchema>

/** A schema file under work. */
export const schemaDraftSchema = z.object({
  text: z.string(),
  /** Null where the text does not hold a whole schema. */
  schema: datasetSchemaSchema.nullable(),
  /** Where each column stands. */
  lines: z.record(z.string(), lineRangeSchema),
  problems: z.array(fileProblemSchema),
})
export type SchemaDraft = z.infer<typeof schemaDraftSchema>

/** An anomaly with rows that show it, and what accepting it would change. */
export const reportedAnomalySchema = anomalySchema.extend({
  /** Rows at fault, where single rows are; at most ten. */
  rows: exampleRowsSchema.nullable(),
  /** What accepting does to the schema file, in words; null where it cannot be accepted. */
  acceptance: z.string().nullable(),
  /** Whether rows that show it can be put aside by `data/quarantine`. */
  quarantinable: z.boolean(),
})
export type ReportedAnomaly = z.infer<typeof reportedAnomalySchema>

/** A step of a pipeline after which rows that break the schema can be put aside. */
export const quarantinePlaceSchema = z.object({
  pipeline: z.string(),
  file: z.string(),
  /** The step that reads the data. */
  after: z.string(),
  /** The step that puts rows aside already; null where there is none. */
  step: z.string().nullable(),
})
export type QuarantinePlace = z.infer<typeof quarantinePlaceSchema>

export const validationReportSchema = z.object({
  /** What was checked, in words: `dataset flights` or `step extract of run …`. */
  subject: z.string(),
  schemaFile: z.string(),
  environment: z.string(),
  /** Those that the schema knows. */
  environments: z.array(z.string()),
  rows: z.number(),
  anomalies: z.array(reportedAnomalySchema),
  verdicts: verdictsSchema,
  /** Every comparison that was made, moved or not. */
  comparisons: z.array(comparisonSchema),
  /** Where rows can be put aside, or are already: the pipelines whose data this is. */
  quarantine: z.array(quarantinePlaceSchema),
})
export type ValidationReport = z.infer<typeof validationReportSchema>

/** What is checked: a dataset as it is now, or the data that a `data/validate` step of a run was given. */
export const validationSubjectSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('dataset'), dataset: z.string() }),
  z.object({ kind: z.literal('step'), runId: z.string(), step: z.string() }),
])
export type ValidationSubject = z.infer<typeof validationSubjectSchema>

/** A file that was changed for a person, and what it takes to take that back. */
export const acceptedAnomalySchema = z.object({
  file: z.string(),
  before: z.string(),
  after: z.string(),
  sha256: z.string(),
  /** Null where the folder is not under git, or the file held other changes that were not committed. */
  commit: commitInfoSchema.nullable(),
  /** Why there is no commit. */
  note: z.string().nullable(),
})
export type AcceptedAnomaly = z.infer<typeof acceptedAnomalySchema>

/** The keys of a schema that inference can add. */
export const proposalKeySchema = z.enum([
  'rows',
  'type',
  'presence',
  'domain.values',
  'domain.pattern',
  'domain.min',
  'domain.max',
  'domain.allowNan',
  'domain.allowInfinite',
  'unique',
  'notIn',
  'drift',
  'skew',
])
export type ProposalKey = z.infer<typeof proposalKeySchema>

/** What re-inference would add to a schema. Nothing that the file says is changed. */
export const schemaProposalSchema = z.object({
  /** Undefined where it concerns the dataset. */
  column: z.string().optional(),
  key: proposalKeySchema,
  /** One sentence. */
  words: z.string(),
  edits: z.array(yamlEditSchema),
  /** The lines that the file gains. */
  lines: z.string(),
})
export type SchemaProposal = z.infer<typeof schemaProposalSchema>

export const schemaProposalsSchema = z.object({
  file: z.string(),
  text: z.string(),
  /** Of the text as the file has it; null for a new file. */
  sha256: z.string().nullable(),
  proposals: z.array(schemaProposalSchema),
  /** Where the data is otherwise than the schema says. It stays as a person decided. */
  kept: z.array(z.object({ column: z.string(), words: z.string() })),
})
export type SchemaProposals = z.infer<typeof schemaProposalsSchema>

/** A data file outside any project, looked at before a project is made of it. */
export const dataFilePreviewSchema = z.object({
  path: z.string(),
  bytes: z.number(),
  /** How it is read, as `esteira.yaml` would say it. */
  spec: datasetSpecSchema,
  page: tablePageSchema,
})
export type DataFilePreview = z.infer<typeof dataFilePreviewSchema>

/** What a new project would do with the file. */
export const dataFileAdviceSchema = z.object({
  task: taskSchema,
  target: z.string(),
  classes: z.array(z.string()),
  columns: z.array(
    z.object({
      name: z.string(),
      use: z.boolean(),
      /** Why it is left out, or to be looked at with care: in English, and as structure. */
      reason: z.string().nullable(),
      why: columnReasonSchema.nullable(),
    }),
  ),
  statistics: statisticsSchema,
})
export type DataFileAdvice = z.infer<typeof dataFileAdviceSchema>
