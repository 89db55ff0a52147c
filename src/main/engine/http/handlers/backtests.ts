import type { RouteResponse } from '#shared/api.ts'
import type { backtestsRoutes } from '#shared/routes/backtests.ts'
import type { HandlerRequest, HandlersOf } from '../requests.ts'
import { done } from './done.ts'

export interface BacktestsService {
  start(request: HandlerRequest<'startBacktest'>['body']): Promise<RouteResponse<'startBacktest'>>
  list(query: HandlerRequest<'listBacktests'>['query']): RouteResponse<'listBacktests'>
  get(id: string): Promise<RouteResponse<'getBacktest'>>
  change(id: string, settings: HandlerRequest<'changeBacktest'>['body']): Promise<RouteResponse<'changeBacktest'>>
  remove(id: string): void
  defaults(projectId: string, pipeline: string, signal: AbortSignal): Promise<RouteResponse<'getBacktestDefaults'>>
}

export function backtestsHandlers(backtests: BacktestsService) {
  return {
    startBacktest: ({ body }) => backtests.start(body),
    listBacktests: ({ query }) => backtests.list(query),
    getBacktest: ({ params }) => backtests.get(params.id),
    changeBacktest: ({ params, body }) => backtests.change(params.id, body),
    deleteBacktest: ({ params }) => {
      backtests.remove(params.id)
      return done
    },
    getBacktestDefaults: ({ params, signal }) => backtests.defaults(params.id, params.name, signal),
  } satisfies HandlersOf<keyof typeof backtestsRoutes>
}
