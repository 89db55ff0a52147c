import type { RouteResponse } from '#shared/api.ts'
import type { AliasMove, ModelVersion, RegisteredModel } from '#shared/models.ts'
import type { Page } from '#shared/names.ts'
import type { modelsRoutes } from '#shared/routes/models.ts'
import type { HandlersOf, PageRequest } from '../requests.ts'
import { actor } from './actor.ts'

export interface ModelsService {
  listModels(): RouteResponse<'listModels'>
  getModel(name: string): RegisteredModel
  listVersions(model: string, page: PageRequest): Page<ModelVersion>
  history(model: string, page: PageRequest): Page<AliasMove>
  moveAlias(request: { model: string; alias: string; version: number; actor: string; reason: string }): void
}

export function modelsHandlers(registry: ModelsService) {
  return {
    listModels: () => registry.listModels(),
    getModel: ({ params }) => registry.getModel(params.name),
    listModelVersions: ({ params, query }) => registry.listVersions(params.name, query),
    listAliasMoves: ({ params, query }) => registry.history(params.name, query),
    moveAlias: ({ params, body }) => {
      registry.moveAlias({ ...body, model: params.name, alias: params.alias, actor })
      return registry.getModel(params.name)
    },
  } satisfies HandlersOf<keyof typeof modelsRoutes>
}
