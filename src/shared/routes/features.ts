/** Feature views: the catalogue, what a view is and what it holds. */
import { z } from 'zod'
import { featureCatalogueSchema, featureDataSchema, featureViewDetailsSchema } from '../features.ts'
import { projectNameParams, route } from '../route.ts'

export const featuresRoutes = {
  listFeatureViews: route('GET', '/features', 'The feature views of all projects, with who uses them.', {
    query: z.object({
      project: z.string().optional().describe('The id of a project: its views alone.'),
      search: z
        .string()
        .max(200)
        .optional()
        .describe('Words that must all occur in name, description, owner, entity or features.'),
    }),
    response: featureCatalogueSchema,
  }),
  getFeatureView: route(
    'GET',
    '/projects/:id/features/:name',
    'A feature view: its file, who uses it, and the definitions that runs used.',
    { params: projectNameParams, response: featureViewDetailsSchema },
  ),
  checkFeatureView: route(
    'GET',
    '/projects/:id/features/:name/data',
    'Runs the SQL of a feature view: checks its rows, and tells statistics and freshness.',
    { params: projectNameParams, response: featureDataSchema },
  ),
} as const
