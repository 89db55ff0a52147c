/** Runs and the artifacts that they made. */
import { z } from 'zod'
import { reproductionSchema } from '../reproduction.ts'
import { idParams, ok, route } from '../route.ts'
import {
  maxComparedRuns,
  runComparisonSchema,
  runFacetsSchema,
  runListPageSchema,
  runListQuerySchema,
  runPlanSchema,
  runViewSchema,
  viewNameParams,
} from '../run-list.ts'
import { runRecordSchema } from '../run-record.ts'
import { artifactSchema, jsonSchema, logLineSchema, metricPointSchema, parametersSchema, runSchema } from '../runs.ts'

export const runsRoutes = {
  startRun: route('POST', '/runs', 'Starts a run of a pipeline.', {
    body: z.object({
      projectId: z.string(),
      pipeline: z.string(),
      parameters: parametersSchema.default({}),
      startedBy: z.string().max(100).default('api'),
      useCache: z.boolean().default(true),
    }),
    response: runSchema,
  }),
  listRuns: route('GET', '/runs', 'Runs, newest first unless asked otherwise.', {
    query: runListQuerySchema,
    response: runListPageSchema,
  }),
  getRunFacets: route('GET', '/run-facets', 'What runs can be filtered and sorted by.', { response: runFacetsSchema }),
  compareRuns: route('GET', '/run-comparison', 'Several runs with their plans and learning curves.', {
    query: z.object({
      ids: z
        .string()
        .transform((text) => [...new Set(text.split(','))])
        .pipe(z.array(z.string().min(1)).min(1).max(maxComparedRuns))
        .describe(`Ids of runs with commas between, at most ${maxComparedRuns}.`),
      points: z.coerce.number().int().min(3).max(500).default(500).describe('The most points of a series.'),
    }),
    response: runComparisonSchema,
  }),
  listRunViews: route('GET', '/run-views', 'The saved views of the runs, by name.', {
    response: z.array(runViewSchema),
  }),
  saveRunView: route('PUT', '/run-views/:name', 'Saves a view of the runs; one of the same name is replaced.', {
    params: viewNameParams,
    body: z.object({ filter: runViewSchema.shape.filter }),
    response: runViewSchema,
  }),
  renameRunView: route('POST', '/run-views/:name/rename', 'Gives a saved view another name.', {
    params: viewNameParams,
    body: viewNameParams,
    response: runViewSchema,
  }),
  deleteRunView: route('DELETE', '/run-views/:name', 'Removes a saved view.', { params: viewNameParams, response: ok }),
  getRun: route('GET', '/runs/:id', 'One run with its steps.', { params: idParams, response: runSchema }),
  getRunPlan: route('GET', '/runs/:id/plan', 'The steps of a run as they were planned: options and edges.', {
    params: idParams,
    response: runPlanSchema,
  }),
  getRunRecord: route(
    'GET',
    '/runs/:id/record',
    'What a run was made with: versions, times, who, parameters, artifacts, the model before, metrics, commit and changes.',
    { params: idParams, response: runRecordSchema },
  ),
  reproduceRun: route(
    'POST',
    '/runs/:id/reproduce',
    'Runs again from the recorded commit, data, parameters and seed, and compares. Answers at once.',
    { params: idParams, response: reproductionSchema },
  ),
  listReproductions: route('GET', '/runs/:id/reproductions', 'How often a run was made again, newest first.', {
    params: idParams,
    response: z.array(reproductionSchema),
  }),
  getReproduction: route('GET', '/reproductions/:id', 'A run made again, and how it compares with the first.', {
    params: idParams,
    response: reproductionSchema,
  }),
  cancelReproduction: route('POST', '/reproductions/:id/cancel', 'Ends a reproduction under way.', {
    params: idParams,
    response: reproductionSchema,
  }),
  cancelRun: route('POST', '/runs/:id/cancel', 'Cancels a run under way.', { params: idParams, response: runSchema }),
  retryRun: route('POST', '/runs/:id/retry', 'Runs the failed, cancelled and skipped steps of an ended run again.', {
    params: idParams,
    query: z.object({
      from: z
        .string()
        .optional()
        .describe('A step that is run again without the cache, and all that depend on it, also if they succeeded.'),
    }),
    response: runSchema,
  }),
  getRunLog: route('GET', '/runs/:id/log', 'Log lines in order.', {
    params: idParams,
    query: z.object({
      step: z.string().optional(),
      after: z.coerce.number().int().default(0).describe('Only lines with a larger sequence.'),
      limit: z.coerce.number().int().min(1).max(5_000).default(1_000),
    }),
    response: z.array(logLineSchema),
  }),
  getRunMetrics: route('GET', '/runs/:id/metrics', 'Every measured point of a run.', {
    params: idParams,
    response: z.array(metricPointSchema),
  }),
  getArtifact: route('GET', '/artifacts/:hash', 'What an artifact holds.', {
    params: z.object({ hash: z.string() }),
    response: artifactSchema,
  }),
  getArtifactJson: route('GET', '/artifacts/:hash/json/:file', 'A JSON file of an artifact.', {
    params: z.object({ hash: z.string(), file: z.string() }),
    response: jsonSchema,
  }),
} as const

/** The bytes of a file of an artifact, as it lies in the store. */
export const artifactFilePath = '/api/v1/artifacts/:hash/files/:file'
