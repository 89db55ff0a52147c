import type { RouteResponse } from '#shared/api.ts'
import type { AliasMove, ModelVersion, ModelVersionDetails, RegisteredModel } from '#shared/models.ts'
import type { Page } from '#shared/names.ts'
import type { modelsRoutes } from '#shared/routes/models.ts'
import type { HandlerRequest, HandlersOf, PageRequest } from '../requests.ts'
import { actor } from './actor.ts'

export interface ModelsService {
  listModels(): RouteResponse<'listModels'>
  getModel(name: string): RegisteredModel
  listVersions(model: string, page: PageRequest): Page<ModelVersion>
  history(model: string, page: PageRequest): Page<AliasMove>
  describe(name: string, description: string): void
  moveAlias(request: { model: string; alias: string; version: number; actor: string; reason: string }): void
  removeAlias(request: { model: string; alias: string; actor: string; reason: string }): void
}

export interface VersionsService {
  get(model: string, version: number): Promise<ModelVersionDetails>
  /** In Markdown. */
  card(model: string, version: number): Promise<string>
}

export interface BatchPredictionsService {
  start(request: HandlerRequest<'startBatchPrediction'>['body']): Promise<RouteResponse<'startBatchPrediction'>>
}

export interface ModelImportsService {
  start(
    request: HandlerRequest<'importModel'>['body'] & { readonly model: string },
  ): Promise<RouteResponse<'importModel'>>
}

export function modelsHandlers(
  registry: ModelsService,
  versions: VersionsService,
  batches: BatchPredictionsService,
  imports: ModelImportsService,
) {
  return {
    listModels: () => registry.listModels(),
    getModel: ({ params }) => registry.getModel(params.name),
    listModelVersions: ({ params, query }) => registry.listVersions(params.name, query),
    describeModel: ({ params, body }) => {
      registry.describe(params.name, body.description)
      return registry.getModel(params.name)
    },
    getModelVersion: ({ params }) => versions.get(params.name, params.version),
    getModelCard: async ({ params }) => ({ markdown: await versions.card(params.name, params.version) }),
    listAliasMoves: ({ params, query }) => registry.history(params.name, query),
    moveAlias: ({ params, body }) => {
      registry.moveAlias({ ...body, model: params.name, alias: params.alias, actor })
      return registry.getModel(params.name)
    },
    removeAlias: ({ params, query }) => {
      registry.removeAlias({ model: params.name, alias: params.alias, reason: query.reason, actor })
      return registry.getModel(params.name)
    },
    importModel: ({ params, body }) => imports.start({ ...body, model: params.name }),
    startBatchPrediction: ({ body }) => batches.start(body),
  } satisfies HandlersOf<keyof typeof modelsRoutes>
}
