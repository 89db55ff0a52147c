/** Runs and the artifacts that they made. */
import { z } from 'zod'
import { pageQuerySchema, pageSchema } from '../names.ts'
import { idParams, route } from '../route.ts'
import {
  artifactSchema,
  jsonSchema,
  logLineSchema,
  metricPointSchema,
  parametersSchema,
  runSchema,
  runStatusSchema,
  runSummarySchema,
} from '../runs.ts'

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
  listRuns: route('GET', '/runs', 'Runs, newest first.', {
    query: pageQuerySchema.extend({
      projectId: z.string().optional(),
      pipeline: z.string().optional(),
      status: runStatusSchema.optional(),
    }),
    response: pageSchema(runSummarySchema),
  }),
  getRun: route('GET', '/runs/:id', 'One run with its steps.', { params: idParams, response: runSchema }),
  cancelRun: route('POST', '/runs/:id/cancel', 'Cancels a run under way.', { params: idParams, response: runSchema }),
  retryRun: route('POST', '/runs/:id/retry', 'Runs the failed, cancelled and skipped steps of an ended run again.', {
    params: idParams,
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
