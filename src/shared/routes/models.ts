/** The model registry. */
import { z } from 'zod'
import { aliasMoveSchema, modelVersionSchema, registeredModelSchema } from '../models.ts'
import { nameSchema, pageQuerySchema, pageSchema } from '../names.ts'
import { nameParams, route } from '../route.ts'

export const modelsRoutes = {
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
} as const
