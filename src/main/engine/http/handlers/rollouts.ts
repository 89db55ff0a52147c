import type { RouteBody } from '#shared/api.ts'
import type { Page } from '#shared/names.ts'
import type { EndpointBudget, InfrastructureCheck, Rollout, RolloutDetails } from '#shared/rollout.ts'
import type { rolloutsRoutes } from '#shared/routes/rollouts.ts'
import type { HandlersOf, PageRequest } from '../requests.ts'
import { actor } from './actor.ts'

interface End {
  readonly id: string
  readonly keepChampion?: boolean | undefined
  readonly actor: string
  readonly reason: string
}

export interface RolloutsService {
  list(endpoint: string, page: PageRequest): Page<Rollout>
  get(endpoint: string, id: string): RolloutDetails
  /** Returns when the new version has its first share. */
  start(request: {
    readonly endpoint: string
    readonly model: string
    readonly version: number
    readonly spec: unknown
    readonly actor: string
    readonly reason: string
  }): Promise<Rollout>
  promote(endpoint: string, request: End): Promise<Rollout>
  abort(endpoint: string, request: End): Promise<Rollout>
}

export interface InfrastructureService {
  budget(endpoint: string): EndpointBudget
  changeBudget(endpoint: string, change: RouteBody<'putEndpointBudget'>): EndpointBudget
  list(endpoint: string, limit: number): InfrastructureCheck[]
}

const shownChecks = 100

export function rolloutsHandlers(rollouts: RolloutsService, infrastructure: InfrastructureService) {
  return {
    listRollouts: ({ params, query }) => rollouts.list(params.name, query),
    getRollout: ({ params }) => rollouts.get(params.name, params.id),
    startRollout: ({ params, body: { rollout: spec, ...body } }) =>
      rollouts.start({ ...body, spec, endpoint: params.name, actor }),
    promoteRollout: ({ params, body }) => rollouts.promote(params.name, { id: params.id, reason: body.reason, actor }),
    abortRollout: ({ params, body }) => rollouts.abort(params.name, { ...body, id: params.id, actor }),
    getEndpointBudget: ({ params }) => infrastructure.budget(params.name),
    putEndpointBudget: ({ params, body }) => infrastructure.changeBudget(params.name, body),
    listInfrastructureChecks: ({ params }) => infrastructure.list(params.name, shownChecks),
  } satisfies HandlersOf<keyof typeof rolloutsRoutes>
}
