import type { RouteResponse } from '#shared/api.ts'
import type { monitorsRoutes } from '#shared/routes/monitors.ts'
import type { HandlerRequest, HandlersOf } from '../requests.ts'

export interface MonitorsService {
  list(query: HandlerRequest<'listMonitors'>['query']): Promise<RouteResponse<'listMonitors'>>
  get(projectId: string, name: string): Promise<RouteResponse<'getMonitor'>>
  /** Can be given up by its signal. */
  check(projectId: string, name: string, signal: AbortSignal): Promise<RouteResponse<'lookAtMonitor'>>
  history(
    projectId: string,
    name: string,
    check: string,
    query: HandlerRequest<'getReadingHistory'>['query'],
  ): Promise<RouteResponse<'getReadingHistory'>>
  evidence(id: string): RouteResponse<'getReadingEvidence'>
}

export function monitorsHandlers(monitors: MonitorsService) {
  return {
    listMonitors: ({ query }) => monitors.list(query),
    getMonitor: ({ params }) => monitors.get(params.id, params.name),
    lookAtMonitor: ({ params, signal }) => monitors.check(params.id, params.name, signal),
    getReadingHistory: ({ params, query }) => monitors.history(params.id, params.name, params.check, query),
    getReadingEvidence: ({ params }) => monitors.evidence(params.id),
  } satisfies HandlersOf<keyof typeof monitorsRoutes>
}
