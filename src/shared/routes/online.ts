/** The online feature store: what is in it, bringing it up to date, and what it fills. */
import { z } from 'zod'
import { endpointFeatureSchema, materializeReportSchema, onlineViewSchema } from '../online.ts'
import { nameParams, projectNameParams, route } from '../route.ts'

export const onlineRoutes = {
  listOnlineViews: route(
    'GET',
    '/projects/:id/features/:name/online',
    'The versions of a feature view in the online store, the last materialised first.',
    { params: projectNameParams, response: z.array(onlineViewSchema) },
  ),
  materializeFeatures: route(
    'POST',
    '/projects/:id/features/:name/materialize',
    'Brings the newest values of a feature view into the online store, and answers when it is done.',
    {
      params: projectNameParams,
      body: z
        .object({
          lateness: z
            .string()
            .optional()
            .describe('How far behind the newest event time late rows are looked for: 3d.'),
          until: z.string().optional().describe('Leaves out what happened or became known after this time.'),
          full: z.boolean().default(false).describe('Takes every value as the data has it now.'),
        })
        .default({ full: false }),
      response: materializeReportSchema,
    },
  ),
  listEndpointFeatures: route(
    'GET',
    '/endpoints/:name/features',
    'The inputs of the model behind an endpoint that are filled from the online store.',
    { params: nameParams, response: z.array(endpointFeatureSchema) },
  ),
} as const
