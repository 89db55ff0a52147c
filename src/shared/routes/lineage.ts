/** Lineage: what made a thing and what was made of it. */
import { z } from 'zod'
import { lineageAnswerSchema, lineageDirectionSchema, lineageNeighboursSchema } from '../lineage.ts'
import { openLineageEventSchema } from '../openlineage.ts'
import { rollBackRequestSchema, rollBackSchema } from '../roll-back.ts'
import { idParams, route } from '../route.ts'

const of = z
  .string()
  .min(1)
  .max(2_000)
  .describe(
    'A thing: model/3, model@alias, the id of a run, the hash of an artifact, dataset:flights, column:flights.distance, ' +
      'file:data/flights.csv, feature-view:…, pipeline:…, endpoint:…, or the id of a node.',
  )
const project = z
  .string()
  .optional()
  .describe('The id of the project that the thing belongs to, where several have one.')

export const lineageRoutes = {
  getLineage: route(
    'GET',
    '/lineage',
    'What a thing was made of, what was made of it, and what would be stale if it changed.',
    {
      query: z.object({
        of,
        project,
        depth: z.coerce.number().int().min(0).max(50).default(50),
        limit: z.coerce.number().int().min(1).max(500).default(200).describe('The most nodes in each direction.'),
      }),
      response: lineageAnswerSchema,
    },
  ),
  getLineageNeighbours: route('GET', '/lineage/neighbours', 'What a thing is made of, or used by, directly.', {
    query: z.object({
      of,
      project,
      direction: lineageDirectionSchema,
      offset: z.coerce.number().int().min(0).default(0),
      limit: z.coerce.number().int().min(1).max(100).default(20),
    }),
    response: lineageNeighboursSchema,
  }),
  rollBackTo: route(
    'POST',
    '/roll-back',
    'Goes back to an earlier version of a model, pipeline or feature view, or shows what that would change.',
    { body: rollBackRequestSchema, response: rollBackSchema },
  ),
  getOpenLineage: route('GET', '/runs/:id/openlineage', 'A run as OpenLineage events: of the run and of each step.', {
    params: idParams,
    response: z.array(openLineageEventSchema),
  }),
} as const
