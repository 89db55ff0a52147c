/** Datasets: rows, SQL, statistics, schemas and validation; and data files from which a project is made. */
import { z } from 'zod'
import { anomalyTypeSchema } from '../anomalies.ts'
import {
  acceptedAnomalySchema,
  dataFileAdviceSchema,
  dataFilePreviewSchema,
  datasetInfoSchema,
  schemaDraftSchema,
  schemaProposalsSchema,
  sqlAnswerSchema,
  sqlQuestionSchema,
  tablePageQuerySchema,
  tablePageSchema,
  validationReportSchema,
  validationSubjectSchema,
} from '../data.ts'
import { datasetDriftSchema, driftAgainstSchema, driftHistorySchema, driftWindowSchema } from '../drift.ts'
import { taskSchema } from '../models.ts'
import { yamlEditSchema } from '../pipelines.ts'
import { idParams, projectNameParams, route } from '../route.ts'
import { statisticsSchema } from '../statistics.ts'

const limitsSchema = z.boolean().optional().describe('Also the ranges of numbers and the number of rows.')

export const dataRoutes = {
  listDatasets: route('GET', '/projects/:id/datasets', 'The datasets of a project and their files.', {
    params: idParams,
    response: z.array(datasetInfoSchema),
  }),
  readDataset: route('GET', '/projects/:id/datasets/:name/rows', 'Rows of a dataset, in its own order.', {
    params: projectNameParams,
    query: tablePageQuerySchema,
    response: tablePageSchema,
  }),
  runSql: route('POST', '/projects/:id/sql', 'Runs a SELECT over the datasets of the project, each a table.', {
    params: idParams,
    body: sqlQuestionSchema,
    response: sqlAnswerSchema,
  }),
  getDatasetStatistics: route(
    'GET',
    '/projects/:id/datasets/:name/statistics',
    'Statistics of every column, computed when its files have changed.',
    { params: projectNameParams, response: statisticsSchema },
  ),
  getDatasetDrift: route(
    'GET',
    '/projects/:id/datasets/:name/drift',
    'How far the rows of some days moved from those of other days or the training data of a model, told from sketches.',
    {
      params: projectNameParams,
      query: driftWindowSchema.extend({ against: driftAgainstSchema }),
      response: datasetDriftSchema,
    },
  ),
  getDriftHistory: route(
    'GET',
    '/projects/:id/datasets/:name/drift/history',
    'How a dataset moved from day to day, week to week or month to month, against the same reference.',
    {
      params: projectNameParams,
      query: z.object({
        against: driftAgainstSchema.optional().describe('Default: the first day, week or month.'),
        by: driftHistorySchema.shape.by.optional().describe('Default: what gives a legible number.'),
      }),
      response: driftHistorySchema,
    },
  ),
  readArtifactTable: route('GET', '/artifacts/:hash/tables/:file', 'Rows of a Parquet file of an artifact.', {
    params: z.object({ hash: z.string(), file: z.string() }),
    query: tablePageQuerySchema,
    response: tablePageSchema,
  }),

  inferSchema: route('POST', '/projects/:id/datasets/:name/schema', 'The text of a schema that the data matches.', {
    params: projectNameParams,
    body: z.object({ target: z.string().optional(), limits: limitsSchema }),
    response: z.object({ file: z.string().describe('Where it would usually lie.'), text: z.string() }),
  }),
  proposeSchema: route(
    'POST',
    '/projects/:id/datasets/:name/schema/proposals',
    'What the data would add to the schema of the dataset, each as edits that can be accepted alone. Changes nothing.',
    {
      params: projectNameParams,
      body: z.object({
        file: z.string().optional().describe('Default: the schema file of the dataset.'),
        text: z.string().max(1_000_000).optional().describe('In place of what the file holds.'),
        target: z.string().optional(),
        limits: limitsSchema,
      }),
      response: schemaProposalsSchema,
    },
  ),
  draftSchema: route('POST', '/projects/:id/schemas/draft', 'Applies edits to the text of a schema and checks it.', {
    params: idParams,
    body: z.object({
      file: z.string(),
      text: z.string().max(1_000_000),
      edits: z.array(yamlEditSchema).max(100).default([]),
    }),
    response: schemaDraftSchema,
  }),
  validateData: route('POST', '/projects/:id/validation', 'Checks data against a schema file, with rows at fault.', {
    params: idParams,
    body: z.object({
      subject: validationSubjectSchema,
      schemaFile: z.string().optional().describe('Default: that of the step, or of the dataset.'),
      environment: z.string().optional(),
      previous: z.string().optional().describe('A dataset to compare with: drift since it.'),
      counterpart: z.string().optional().describe('A dataset of the other side of training and serving: skew.'),
    }),
    response: validationReportSchema,
  }),
  acceptAnomaly: route(
    'POST',
    '/projects/:id/validation/accept',
    'Changes the schema file so that the anomaly is the new normal, and commits that change where it can.',
    {
      params: idParams,
      body: z.object({
        subject: validationSubjectSchema,
        schemaFile: z.string(),
        environment: z.string().optional(),
        previous: z.string().optional(),
        counterpart: z.string().optional(),
        anomaly: z.object({ type: anomalyTypeSchema, column: z.string().optional(), rule: z.string().optional() }),
      }),
      response: acceptedAnomalySchema,
    },
  ),
  quarantineRows: route(
    'POST',
    '/projects/:id/validation/quarantine',
    'Adds a step to a pipeline that puts rows aside which break the schema, and commits that change where it can.',
    {
      params: idParams,
      body: z.object({
        pipeline: z.string(),
        after: z.string().describe('The step that reads the data.'),
        schemaFile: z.string(),
        environment: z.string().optional(),
      }),
      response: acceptedAnomalySchema,
    },
  ),

  previewDataFile: route('POST', '/data-files/preview', 'How a data file would be read, and its first rows.', {
    body: z.object({ path: z.string().describe('Absolute path.') }).extend(tablePageQuerySchema.shape),
    response: dataFilePreviewSchema,
  }),
  adviseDataFile: route(
    'POST',
    '/data-files/advice',
    'What a new project would learn from the file: the task and the use of each column.',
    {
      body: z.object({ path: z.string(), target: z.string(), task: taskSchema.optional() }),
      response: dataFileAdviceSchema,
    },
  ),
} as const

/** Takes the bytes of a data file from a browser, which knows no paths: POST with `?name=`, answers `{ path }`. */
export const uploadPath = '/api/v1/data-files/upload'
export const uploadAnswerSchema = z.object({ path: z.string(), bytes: z.number() })
