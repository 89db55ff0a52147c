import type { EndpointAccess } from '#shared/access.ts'
import type { RouteBody, RouteResponse } from '#shared/api.ts'
import type { ExplainBody } from '#shared/explanations.ts'
import type { Endpoint, Revision } from '#shared/models.ts'
import type { Page } from '#shared/names.ts'
import type { endpointsRoutes } from '#shared/routes/endpoints.ts'
import type { EndpointTraffic, TrafficHistory } from '#shared/traffic.ts'
import type { HandlersOf, PageRequest } from '../requests.ts'
import { actor } from './actor.ts'

/** Where a route gives a whole list; an endpoint with more revisions shows its newest. */
const longestList = 1_000

export interface EndpointsService {
  list(): Endpoint[]
  get(name: string): Endpoint
  listRevisions(endpoint: string, page: PageRequest): Page<Revision>
}

export interface DeploymentsService {
  /** Returns when the version answers at the endpoint. */
  deploy(request: {
    readonly endpoint: string
    readonly model: string
    readonly version: number
    readonly actor: string
    readonly reason: string
  }): Promise<unknown>
  /** Returns when the version of the earlier revision answers. `to`: its number; left out, the one before the last. */
  rollBack(request: {
    readonly endpoint: string
    readonly to?: number | undefined
    readonly keepChampion: boolean
    readonly actor: string
    readonly reason: string
  }): Promise<unknown>
}

export interface PredictionsService {
  predict(request: {
    readonly endpoint: string
    readonly rows: readonly unknown[]
    readonly signal: AbortSignal
  }): Promise<RouteResponse<'predict'>>
  explain(request: {
    readonly endpoint: string
    readonly body: ExplainBody
    readonly signal: AbortSignal
  }): Promise<RouteResponse<'explain'>>
}

export interface TrafficService {
  of(endpoint: string): EndpointTraffic
}

export interface TrafficHistoryService {
  of(endpoint: string, span: { readonly from: number; readonly to: number }): TrafficHistory
}

export interface AccessService {
  get(endpoint: string): EndpointAccess
  change(endpoint: string, change: RouteBody<'putEndpointAccess'>): Promise<EndpointAccess>
  addKey(endpoint: string, name: string): Promise<RouteResponse<'addEndpointKey'>>
  revokeKey(endpoint: string, id: string): Promise<EndpointAccess>
}

export interface EndpointsParts {
  readonly endpoints: EndpointsService
  readonly deployments: DeploymentsService
  readonly predictions: PredictionsService
  readonly traffic: TrafficService
  readonly trafficHistory: TrafficHistoryService
  readonly access: AccessService
}

export function endpointsHandlers({
  endpoints,
  deployments,
  predictions,
  traffic,
  trafficHistory,
  access,
}: EndpointsParts) {
  return {
    listEndpoints: () => endpoints.list(),
    getEndpoint: ({ params }) => endpoints.get(params.name),
    deploy: async ({ params, body }) => {
      await deployments.deploy({ ...body, endpoint: params.name, actor })
      return endpoints.get(params.name)
    },
    rollBack: async ({ params, body }) => {
      const { revision: to, ...request } = body
      await deployments.rollBack({ ...request, to, endpoint: params.name, actor })
      return endpoints.get(params.name)
    },
    listRevisions: ({ params }) => endpoints.listRevisions(params.name, { limit: longestList }).items,
    predict: ({ params, body, signal }) => predictions.predict({ endpoint: params.name, rows: body.rows, signal }),
    explain: ({ params, body, signal }) => predictions.explain({ endpoint: params.name, body, signal }),
    getEndpointAccess: ({ params }) => access.get(params.name),
    putEndpointAccess: ({ params, body }) => access.change(params.name, body),
    addEndpointKey: ({ params, body }) => access.addKey(params.name, body.name),
    revokeEndpointKey: ({ params }) => access.revokeKey(params.name, params.id),
    getTraffic: ({ params }) => traffic.of(endpoints.get(params.name).name),
    getTrafficHistory: ({ params, query: { from, to = Date.now() } }) =>
      trafficHistory.of(endpoints.get(params.name).name, { from, to }),
  } satisfies HandlersOf<keyof typeof endpointsRoutes>
}
