/** Rollouts: how a version comes to an endpoint step by step. */
import { z } from 'zod'
import { nameSchema } from '../names.ts'
import {
  endpointBudgetSchema,
  infrastructureCheckSchema,
  rolloutDetailsSchema,
  rolloutSchema,
  rolloutSpecSchema,
} from '../rollout.ts'
import { nameParams, route } from '../route.ts'

const reason = z.string().max(1_000).default('')
const keepChampion = z.boolean().describe('Leave the champion where it is, or not. Default: as the rollout says.')
const rolloutParams = z.object({ name: z.string(), id: z.string() })

export const rolloutsRoutes = {
  listRollouts: route('GET', '/endpoints/:name/rollouts', 'The rollouts of an endpoint, newest first.', {
    params: nameParams,
    query: z.object({ cursor: z.string().optional(), limit: z.coerce.number().int().min(1).max(100).default(20) }),
    response: z.object({ items: z.array(rolloutSchema), nextCursor: z.string().optional() }),
  }),
  getRollout: route(
    'GET',
    '/endpoints/:name/rollouts/:id',
    'A rollout, with its ledger: what was done when, and why.',
    {
      params: rolloutParams,
      response: rolloutDetailsSchema,
    },
  ),
  startRollout: route(
    'POST',
    '/endpoints/:name/rollouts',
    'Brings a version to an endpoint beside the one that answers: as a canary, in an A/B test, or as a shadow.',
    {
      params: z.object({ name: nameSchema }),
      body: z.object({ model: z.string(), version: z.number().int().min(1), rollout: rolloutSpecSchema, reason }),
      response: rolloutSchema,
    },
  ),
  promoteRollout: route(
    'POST',
    '/endpoints/:name/rollouts/:id/promote',
    'The new version answers every request from now on.',
    { params: rolloutParams, body: z.object({ reason }), response: rolloutSchema },
  ),
  abortRollout: route(
    'POST',
    '/endpoints/:name/rollouts/:id/abort',
    'The version that answered before the rollout answers every request from now on.',
    {
      params: rolloutParams,
      body: z.object({ reason, keepChampion: keepChampion.optional() }),
      response: rolloutSchema,
    },
  ),
  getEndpointBudget: route('GET', '/endpoints/:name/budget', 'What a version must keep to before it gets traffic.', {
    params: nameParams,
    response: endpointBudgetSchema,
  }),
  putEndpointBudget: route(
    'PUT',
    '/endpoints/:name/budget',
    'Changes what is given. It holds for versions that come; one may be set before the endpoint is made.',
    { params: z.object({ name: nameSchema }), body: endpointBudgetSchema.partial(), response: endpointBudgetSchema },
  ),
  listInfrastructureChecks: route(
    'GET',
    '/endpoints/:name/infrastructure-checks',
    'What versions did in a serving runtime of their own before they got traffic, newest first.',
    { params: nameParams, response: z.array(infrastructureCheckSchema) },
  ),
} as const
