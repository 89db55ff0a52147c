/**
 * The control API, route by route: the one description that the server, the CLI and the UI are typed by and that
 * OpenAPI is generated from. Events come by SSE from `eventsPath`, each an `EngineEvent` as JSON.
 */
import type { z } from 'zod'
import { apiPrefix } from './route.ts'
import { alertsRoutes } from './routes/alerts.ts'
import { approvalsRoutes } from './routes/approvals.ts'
import { backtestsRoutes } from './routes/backtests.ts'
import { dataRoutes } from './routes/data.ts'
import { endpointsRoutes } from './routes/endpoints.ts'
import { engineRoutes } from './routes/engine.ts'
import { featuresRoutes } from './routes/features.ts'
import { lineageRoutes } from './routes/lineage.ts'
import { modelsRoutes } from './routes/models.ts'
import { monitorsRoutes } from './routes/monitors.ts'
import { onlineRoutes } from './routes/online.ts'
import { pipelinesRoutes } from './routes/pipelines.ts'
import { projectsRoutes } from './routes/projects.ts'
import { requestsRoutes } from './routes/requests.ts'
import { rolloutsRoutes } from './routes/rollouts.ts'
import { runsRoutes } from './routes/runs.ts'
import { settingsRoutes } from './routes/settings.ts'
import { triggersRoutes } from './routes/triggers.ts'

export { type EngineInfo, engineInfoSchema } from './engine.ts'
export { type InitReport, initReportSchema } from './projects.ts'
export { apiPrefix, type Route } from './route.ts'

export const eventsPath = `${apiPrefix}/events`
export const openApiPath = `${apiPrefix}/openapi.json`

export const routes = {
  ...engineRoutes,
  ...projectsRoutes,
  ...pipelinesRoutes,
  ...dataRoutes,
  ...featuresRoutes,
  ...runsRoutes,
  ...modelsRoutes,
  ...approvalsRoutes,
  ...endpointsRoutes,
  ...monitorsRoutes,
  ...alertsRoutes,
  ...requestsRoutes,
  ...onlineRoutes,
  ...rolloutsRoutes,
  ...triggersRoutes,
  ...backtestsRoutes,
  ...settingsRoutes,
  ...lineageRoutes,
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
