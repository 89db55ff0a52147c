/**
 * The control API, route by route: the one description that the server, the CLI and the UI are typed by and that
 * OpenAPI is generated from. Events come by SSE from `eventsPath`, each an `EngineEvent` as JSON.
 */
import { z } from 'zod'
import {
  aliasMoveSchema,
  endpointSchema,
  modelVersionSchema,
  registeredModelSchema,
  revisionSchema,
  taskSchema,
} from './models.ts'
import { nameSchema, pageQuerySchema, pageSchema } from './names.ts'
import { pipelineSchema, projectSchema } from './projects.ts'
import {
  artifactSchema,
  jsonSchema,
  logLineSchema,
  metricPointSchema,
  parametersSchema,
  runSchema,
  runStatusSchema,
  runSummarySchema,
} from './runs.ts'

export const apiPrefix = '/api/v1'
export const eventsPath = `${apiPrefix}/events`
export const openApiPath = `${apiPrefix}/openapi.json`

export interface Route<
  Params extends z.ZodType = z.ZodType,
  Query extends z.ZodType = z.ZodType,
  Body extends z.ZodType = z.ZodType,
  Response extends z.ZodType = z.ZodType,
> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** With `:name` for each parameter. */
  readonly path: string
  readonly summary: string
  readonly params: Params
  readonly query: Query
  readonly body: Body
  readonly response: Response
}

const none = z.undefined()
const ok = z.object({ ok: z.literal(true) })

function route<
  Params extends z.ZodType = typeof none,
  Query extends z.ZodType = typeof none,
  Body extends z.ZodType = typeof none,
  Response extends z.ZodType = typeof ok,
>(
  method: Route['method'],
  path: string,
  summary: string,
  parts: { params?: Params; query?: Query; body?: Body; response: Response },
): Route<Params | typeof none, Query | typeof none, Body | typeof none, Response> {
  return {
    method,
    path: `${apiPrefix}${path}`,
    summary,
    params: parts.params ?? none,
    query: parts.query ?? none,
    body: parts.body ?? none,
    response: parts.response,
  }
}

const idParams = z.object({ id: z.string() })
const nameParams = z.object({ name: z.string() })

export const engineInfoSchema = z.object({
  version: z.string(),
  home: z.string(),
  pid: z.number().int(),
  startedAt: z.number().int(),
  controlUrl: z.string(),
  /** Null while the inference server is not running. */
  inferenceUrl: z.string().nullable(),
})
export type EngineInfo = z.infer<typeof engineInfoSchema>

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

export const routes = {
  getHealth: route('GET', '/health', 'Whether the engine answers. Needs no token.', {
    response: z.object({ status: z.literal('ok'), version: z.string() }),
  }),
  getEngine: route('GET', '/engine', 'What engine this is and where it listens.', { response: engineInfoSchema }),
  stopEngine: route('POST', '/engine/stop', 'Stops the engine in order; runs under way resume at its next start.', {
    response: ok,
  }),

  listProjects: route('GET', '/projects', 'All projects of this home.', { response: z.array(projectSchema) }),
  addProject: route('POST', '/projects', 'Adds a folder that holds an esteira.yaml; adding it again is fine.', {
    body: z.object({
      path: z.string().describe('Absolute path of the folder.'),
      trust: z.boolean().default(false).describe('Allow its scripts and components to run.'),
    }),
    response: projectSchema,
  }),
  addSample: route('POST', '/projects/sample', 'Copies the sample project into a folder and adds it.', {
    body: z.object({
      path: z.string().optional().describe('Default: a new folder under the home.'),
    }),
    response: projectSchema,
  }),
  initProject: route('POST', '/projects/init', 'Makes a project from one data file and its target column.', {
    body: z.object({
      path: z.string().describe('Absolute path of the new project folder.'),
      data: z.string().describe('Absolute path of a CSV, Parquet or JSON file.'),
      target: z.string(),
      task: taskSchema.optional().describe('Told from the target when left out.'),
      name: nameSchema.optional(),
    }),
    response: initReportSchema,
  }),
  getProject: route('GET', '/projects/:id', 'One project.', { params: idParams, response: projectSchema }),
  removeProject: route('DELETE', '/projects/:id', 'Forgets the project; its folder and its history stay.', {
    params: idParams,
    response: ok,
  }),
  listPipelines: route(
    'GET',
    '/projects/:id/pipelines',
    'The pipelines of a project, with their graphs and problems.',
    {
      params: idParams,
      response: z.array(pipelineSchema),
    },
  ),

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

  listModels: route('GET', '/models', 'The registered models.', { response: z.array(registeredModelSchema) }),
  getModel: route('GET', '/models/:name', 'One registered model.', {
    params: nameParams,
    response: registeredModelSchema,
  }),
  listModelVersions: route('GET', '/models/:name/versions', 'The versions of a model, newest first.', {
    params: nameParams,
    query: pageQuerySchema,
    response: pageSchema(modelVersionSchema),
  }),
  listAliasMoves: route('GET', '/models/:name/history', 'The ledger of alias moves, newest first.', {
    params: nameParams,
    query: pageQuerySchema,
    response: pageSchema(aliasMoveSchema),
  }),
  moveAlias: route('PUT', '/models/:name/aliases/:alias', 'Points an alias at a version.', {
    params: z.object({ name: z.string(), alias: nameSchema }),
    body: z.object({ version: z.number().int().min(1), reason: z.string().max(1_000).default('') }),
    response: registeredModelSchema,
  }),

  listEndpoints: route('GET', '/endpoints', 'The endpoints and what answers at each.', {
    response: z.array(endpointSchema),
  }),
  getEndpoint: route('GET', '/endpoints/:name', 'One endpoint.', { params: nameParams, response: endpointSchema }),
  deploy: route(
    'POST',
    '/endpoints/:name/deploy',
    'Puts a model version behind an endpoint, which is made if need be.',
    {
      params: z.object({ name: nameSchema }),
      body: z.object({
        model: z.string(),
        version: z.number().int().min(1),
        reason: z.string().max(1_000).default(''),
      }),
      response: endpointSchema,
    },
  ),
  rollBack: route('POST', '/endpoints/:name/rollback', 'Makes an earlier revision answer again, as a new revision.', {
    params: nameParams,
    body: z.object({
      revision: z.number().int().min(1).optional().describe('Its number; the one before the last when left out.'),
      reason: z.string().max(1_000).default(''),
    }),
    response: endpointSchema,
  }),
  listRevisions: route('GET', '/endpoints/:name/revisions', 'The revisions of an endpoint, newest first.', {
    params: nameParams,
    response: z.array(revisionSchema),
  }),
} as const

export type RouteName = keyof typeof routes
type Routes = typeof routes
export type RouteParams<Name extends RouteName> = z.input<Routes[Name]['params']>
export type RouteQuery<Name extends RouteName> = z.input<Routes[Name]['query']>
export type RouteBody<Name extends RouteName> = z.input<Routes[Name]['body']>
export type RouteResponse<Name extends RouteName> = z.output<Routes[Name]['response']>

/** What a caller passes: only the parts that the route has. */
export interface RouteRequest<Name extends RouteName> {
  params?: RouteParams<Name>
  query?: RouteQuery<Name>
  body?: RouteBody<Name>
}
