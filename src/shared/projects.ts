import { z } from 'zod'
import { fileProblemSchema } from './errors.ts'
import { taskSchema } from './models.ts'
import { instantSchema, nameSchema } from './names.ts'
import { artifactTypeSchema, parametersSchema } from './runs.ts'

/** A dataset as declared in `esteira.yaml`. */
export const datasetSpecSchema = z.strictObject({
  path: z.string().min(1).describe('File, folder or glob, relative to the project folder, with "/" between folders.'),
  format: z
    .enum(['csv', 'parquet', 'json', 'sqlite'])
    .optional()
    .describe('Told from the file extension when left out.'),
  csv: z
    .strictObject({
      delimiter: z.string().min(1).max(4).optional().describe('What stands between two values.'),
      encoding: z.string().optional().describe('utf-8, utf-16 or latin-1.'),
      header: z.boolean().optional().describe('Whether the first line holds the names of the columns.'),
      decimalSeparator: z.enum(['.', ',']).optional().describe('What stands before the decimals of a number.'),
      quote: z.string().max(1).optional().describe('What encloses a value that holds a delimiter.'),
      dateFormat: z.string().optional().describe('strptime form, e.g. %d/%m/%Y.'),
      timestampFormat: z.string().optional().describe('strptime form, e.g. %d/%m/%Y %H:%M.'),
      nullValues: z.array(z.string()).optional().describe('Texts that mean "missing".'),
    })
    .optional()
    .describe('How to read CSV; what is left out is detected.'),
  table: z.string().optional().describe('SQLite only: the table to read.'),
  query: z
    .string()
    .optional()
    .describe(
      'SQL over the table "source" that derives columns or leaves rows out; DuckDB dialect. Default: select * from source.',
    ),
  time: z
    .string()
    .min(1)
    .optional()
    .describe('The column that says when a row happened: what freshness, spans of data and new rows are told by.'),
  description: z.string().optional().describe('What the data is, for people.'),
})
export type DatasetSpec = z.infer<typeof datasetSpecSchema>

/** `esteira.yaml`. */
export const projectSpecSchema = z.strictObject({
  name: nameSchema.describe('The name of the project.'),
  description: z.string().optional().describe('What the project is for.'),
  datasets: z.record(nameSchema, datasetSpecSchema).default({}).describe('The data that steps can read, by name.'),
})
export type ProjectSpec = z.infer<typeof projectSpecSchema>

export const projectSchema = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string(),
  path: z.string(),
  trusted: z.boolean(),
  addedAt: instantSchema,
  /** False when the folder or its `esteira.yaml` is gone or unreadable. */
  available: z.boolean(),
  pipelines: z.array(z.string()),
  datasets: z.array(z.string()),
})
export type Project = z.infer<typeof projectSchema>

/** A pipeline as the canvas and the CLI show it, with every problem found in its file. */
export const pipelineSchema = z.object({
  projectId: z.string(),
  name: z.string(),
  file: z.string(),
  version: z.string(),
  parameters: parametersSchema,
  steps: z.array(
    z.object({
      name: z.string(),
      component: z.string(),
      dependsOn: z.array(z.string()),
      /** Input name to the outputs that it reads. */
      inputs: z.record(z.string(), z.array(z.object({ step: z.string(), output: z.string() }))),
      outputs: z.record(z.string(), artifactTypeSchema),
    }),
  ),
  problems: z.array(fileProblemSchema),
})
export type Pipeline = z.infer<typeof pipelineSchema>

/** What `esteira init` found out and decided, column by column. */
export const initReportSchema = z.object({
  project: projectSchema,
  task: taskSchema,
  target: z.string(),
  rows: z.number().int(),
  columns: z.array(z.object({ name: z.string(), type: z.string(), used: z.boolean(), reason: z.string().optional() })),
  files: z.array(z.string()),
})
export type InitReport = z.infer<typeof initReportSchema>
