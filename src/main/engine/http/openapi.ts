/** OpenAPI 3.1, generated from the route catalogue. */
import swagger from '@fastify/swagger'
import type { FastifyInstance } from 'fastify'
import { createJsonSchemaTransform, createJsonSchemaTransformObject } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { openApiPath } from '#shared/api.ts'
import { problemSchema } from '#shared/errors.ts'
import { endpointSchema, modelVersionSchema, registeredModelSchema, revisionSchema } from '#shared/models.ts'
import { pipelineSchema, projectSchema } from '#shared/projects.ts'
import { artifactSchema, jsonSchema, runSchema, runSummarySchema, stepExecutionSchema } from '#shared/runs.ts'

/** The types that get a name of their own in the document. `Json` must: it refers to itself. */
const components = {
  Problem: problemSchema,
  Json: jsonSchema,
  Project: projectSchema,
  Pipeline: pipelineSchema,
  Run: runSchema,
  RunSummary: runSummarySchema,
  StepExecution: stepExecutionSchema,
  Artifact: artifactSchema,
  RegisteredModel: registeredModelSchema,
  ModelVersion: modelVersionSchema,
  Endpoint: endpointSchema,
  Revision: revisionSchema,
}

/** Names a route in the document after its place in the catalogue and the noun of its path. */
export function operation(operationId: string, path: string, summary: string) {
  return { operationId, summary, tags: [path.split('/')[3] ?? 'engine'] }
}

/** To be registered before the routes. The document itself is built when it is first asked for. */
export async function registerOpenApi(app: FastifyInstance, version: string): Promise<void> {
  for (const [id, schema] of Object.entries(components)) {
    if (!z.globalRegistry.has(schema)) z.globalRegistry.add(schema, { id })
  }
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Esteira control API', version, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
      components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
      security: [{ token: [] }],
    },
    transform: createJsonSchemaTransform({}),
    transformObject: createJsonSchemaTransformObject({}),
  })
  app.get(openApiPath, { schema: { hide: true } }, () => app.swagger())
}
