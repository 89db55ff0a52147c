/** A pipeline made ready to run: options resolved and checked, edges typed, steps in an order that respects them. */
import { z } from 'zod'
import { jsonSchema, parametersSchema } from '#shared/runs.ts'
import { retrySchema } from './spec.ts'

const edgeSchema = z.object({ step: z.string(), output: z.string() })
export type Edge = z.infer<typeof edgeSchema>

export const plannedStepSchema = z.object({
  name: z.string(),
  component: z.string(),
  options: z.record(z.string(), jsonSchema),
  /** Input name to the outputs that it reads, in the order of the file. */
  inputs: z.record(z.string(), z.array(edgeSchema)),
  /** Data edges, `needs` and steps read by `when`. */
  dependsOn: z.array(z.string()),
  when: z.string().nullable(),
  retry: retrySchema.nullable(),
  timeoutMs: z.number().nullable(),
  cache: z.boolean(),
})
export type PlannedStep = z.infer<typeof plannedStepSchema>

export const planSchema = z.object({
  pipeline: z.string(),
  /** Hash of the pipeline file's text. */
  version: z.string(),
  parameters: parametersSchema,
  seed: z.number().int(),
  concurrency: z.number().int().nullable(),
  /** False: every step runs, whatever the cache holds; it is brought up to date all the same. */
  useCache: z.boolean(),
  /** False: what its steps measure is not what the run is to be compared by. */
  publishMetrics: z.boolean().optional(),
  /** Topologically ordered. */
  steps: z.array(plannedStepSchema),
})
export type Plan = z.infer<typeof planSchema>
