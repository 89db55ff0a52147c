/** The model registry. */
import { z } from 'zod'
import { batchPredictionRequestSchema } from '../batch-predictions.ts'
import {
  aliasMoveSchema,
  modelVersionDetailsSchema,
  modelVersionSchema,
  onnxHintSchema,
  registeredModelSchema,
} from '../models.ts'
import { nameSchema, pageQuerySchema, pageSchema } from '../names.ts'
import { nameParams, route } from '../route.ts'
import { runSchema } from '../runs.ts'

const versionParams = z.object({ name: z.string(), version: z.coerce.number().int().min(1) })
const aliasParams = z.object({ name: z.string(), alias: nameSchema })
const reason = z.string().max(1_000).default('')

export const modelsRoutes = {
  listModels: route('GET', '/models', 'The registered models.', { response: z.array(registeredModelSchema) }),
  getModel: route('GET', '/models/:name', 'One registered model.', {
    params: nameParams,
    response: registeredModelSchema,
  }),
  describeModel: route('PUT', '/models/:name/description', 'Says what a model is for.', {
    params: nameParams,
    body: z.object({ description: z.string().max(2_000) }),
    response: registeredModelSchema,
  }),
  listModelVersions: route('GET', '/models/:name/versions', 'The versions of a model, newest first.', {
    params: nameParams,
    query: pageQuerySchema,
    response: pageSchema(modelVersionSchema),
  }),
  getModelVersion: route(
    'GET',
    '/models/:name/versions/:version',
    'One version: what it is, what it scores, where it answers, and where it comes from.',
    { params: versionParams, response: modelVersionDetailsSchema },
  ),
  getModelCard: route('GET', '/models/:name/versions/:version/card', 'The model card of a version, in Markdown.', {
    params: versionParams,
    response: z.object({ markdown: z.string() }),
  }),
  listAliasMoves: route('GET', '/models/:name/history', 'The ledger of alias moves, newest first.', {
    params: nameParams,
    query: pageQuerySchema,
    response: pageSchema(aliasMoveSchema),
  }),
  moveAlias: route('PUT', '/models/:name/aliases/:alias', 'Points an alias at a version.', {
    params: aliasParams,
    body: z.object({ version: z.number().int().min(1), reason }),
    response: registeredModelSchema,
  }),
  removeAlias: route('DELETE', '/models/:name/aliases/:alias', 'Removes an alias; the ledger keeps that it was.', {
    params: aliasParams,
    query: z.object({ reason }),
    response: registeredModelSchema,
  }),
  importModel: route(
    'POST',
    '/models/:name/import',
    'Starts a run that makes an uploaded ONNX file a version of the model.',
    {
      params: nameParams,
      body: z.strictObject({
        path: z.string().min(1).max(4_096).describe('As `uploadDataFile` answered.'),
        projectId: z.string(),
        signature: onnxHintSchema.optional(),
        promote: z
          .union([nameSchema, z.literal(false)])
          .default(false)
          .describe('The alias that moves to the version, such as champion.'),
        startedBy: z.enum(['cli', 'api', 'ui']).default('api'),
      }),
      response: runSchema,
    },
  ),
  startBatchPrediction: route(
    'POST',
    '/batch-predictions',
    'Starts a run that predicts all rows of an uploaded file or a dataset into a Parquet file.',
    { body: batchPredictionRequestSchema, response: runSchema },
  ),
} as const
