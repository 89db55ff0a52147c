import type { EndpointFeature, MaterializeReport, OnlineView } from '#shared/online.ts'
import type { onlineRoutes } from '#shared/routes/online.ts'
import type { HandlersOf } from '../requests.ts'

export interface OnlineService {
  list(projectId: string, view: string): Promise<OnlineView[]>
  materialize(request: {
    readonly projectId: string
    readonly view: string
    readonly lateness?: string | undefined
    readonly until?: string | undefined
    readonly full: boolean
    readonly signal: AbortSignal
  }): Promise<MaterializeReport>
  ofEndpoint(endpoint: string): Promise<EndpointFeature[]>
}

export function onlineHandlers(online: OnlineService) {
  return {
    listOnlineViews: ({ params }) => online.list(params.id, params.name),
    materializeFeatures: ({ params, body, signal }) =>
      online.materialize({ projectId: params.id, view: params.name, ...body, signal }),
    listEndpointFeatures: ({ params }) => online.ofEndpoint(params.name),
  } satisfies HandlersOf<keyof typeof onlineRoutes>
}
