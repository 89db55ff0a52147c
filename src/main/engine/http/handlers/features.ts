import type { RouteResponse } from '#shared/api.ts'
import type { featuresRoutes } from '#shared/routes/features.ts'
import type { HandlerRequest, HandlersOf } from '../requests.ts'

/** Questions that look into data can be given up by their signal. */
export interface FeaturesService {
  list(
    query: HandlerRequest<'listFeatureViews'>['query'],
    signal: AbortSignal,
  ): Promise<RouteResponse<'listFeatureViews'>>
  get(projectId: string, name: string): Promise<RouteResponse<'getFeatureView'>>
  check(projectId: string, name: string, signal: AbortSignal): Promise<RouteResponse<'checkFeatureView'>>
}

export function featuresHandlers(features: FeaturesService) {
  return {
    listFeatureViews: ({ query, signal }) => features.list(query, signal),
    getFeatureView: ({ params }) => features.get(params.id, params.name),
    checkFeatureView: ({ params, signal }) => features.check(params.id, params.name, signal),
  } satisfies HandlersOf<keyof typeof featuresRoutes>
}
