/** Events of OpenLineage 2-0-2, as Esteira writes them: the fields that the specification asks for, and facets. */
import { z } from 'zod'
import { jsonSchema } from './runs.ts'

export const openLineageSchemaUrl = 'https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent'

/** Every facet says who wrote it and where its form is described. */
const facetSchema = z.object({ _producer: z.url(), _schemaURL: z.url() }).catchall(jsonSchema)
const facetsSchema = z.record(z.string(), facetSchema)
export type OpenLineageFacet = z.infer<typeof facetSchema>

const datasetSchema = z.object({ namespace: z.string().min(1), name: z.string().min(1), facets: facetsSchema })

export const openLineageEventSchema = z.object({
  eventType: z.enum(['START', 'RUNNING', 'COMPLETE', 'ABORT', 'FAIL', 'OTHER']),
  eventTime: z.iso.datetime(),
  producer: z.url(),
  schemaURL: z.literal(openLineageSchemaUrl),
  run: z.object({ runId: z.uuid(), facets: facetsSchema }),
  job: z.object({ namespace: z.string().min(1), name: z.string().min(1), facets: facetsSchema }),
  inputs: z.array(datasetSchema.extend({ inputFacets: facetsSchema.optional() })),
  outputs: z.array(datasetSchema.extend({ outputFacets: facetsSchema.optional() })),
})
export type OpenLineageEvent = z.infer<typeof openLineageEventSchema>
