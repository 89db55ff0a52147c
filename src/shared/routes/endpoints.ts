/** Endpoints: what serves predictions. */
import { z } from 'zod'
import { endpointSchema, revisionSchema } from '../models.ts'
import { nameSchema } from '../names.ts'
import { nameParams, route } from '../route.ts'

export const endpointsRoutes = {
  listEndpoints: route('GET', '/endpoints', 'The endpoints and what answers at each.', {
    response: z.array(endpointSchema),
  }),
  getEndpoint: route('GET', '/endpoints/:name', 'One endpoint.', { params: nameParams, response: endpointSchema }),
  deploy: route(
    'POST',
    '/endpoints/:name/deploy',
    'Puts a model version behind an endpoint, which is made if need be.',
    {
      params: z.object({ name: nameSchema }),
      body: z.object({
        model: z.string(),
        version: z.number().int().min(1),
        reason: z.string().max(1_000).default(''),
      }),
      response: endpointSchema,
    },
  ),
  rollBack: route('POST', '/endpoints/:name/rollback', 'Makes an earlier revision answer again, as a new revision.', {
    params: nameParams,
    body: z.object({
      revision: z.number().int().min(1).optional().describe('Its number; the one before the last when left out.'),
      reason: z.string().max(1_000).default(''),
    }),
    response: endpointSchema,
  }),
  listRevisions: route('GET', '/endpoints/:name/revisions', 'The revisions of an endpoint, newest first.', {
    params: nameParams,
    response: z.array(revisionSchema),
  }),
} as const
