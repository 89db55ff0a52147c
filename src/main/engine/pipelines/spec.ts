/** The form of `pipelines/*.yaml`. The JSON Schema for editors is generated from here. */
import { z } from 'zod'
import { nameSchema } from '#shared/names.ts'
import { jsonSchema, parametersSchema } from '#shared/runs.ts'
import { triggerSpecSchema } from './trigger-spec.ts'

const stepReferenceSchema = z
  .string()
  .regex(/^[\p{L}\p{N}][\p{L}\p{N}_-]*(\.[\p{L}\p{N}_-]+)?$/u, 'must name a step, or one output of it as step.output')

const stepNameSchema = z
  .string()
  .regex(/^[\p{L}][\p{L}\p{N}_-]{0,99}$/u, 'must start with a letter and hold only letters, digits, "_" and "-"')

export const retrySchema = z
  .strictObject({
    times: z.number().int().min(1).max(10).describe('How often a failed step is tried again.'),
    delaySeconds: z
      .number()
      .min(0)
      .max(3_600)
      .default(1)
      .describe('Wait before the first retry; doubled before each further one.'),
  })
  .describe('Retries after a failure that may pass. A bad project or bad data is never retried.')

export const stepSpecSchema = z.strictObject({
  uses: z.string().min(1).describe('The component, e.g. data/extract.'),
  in: z
    .record(z.string(), z.union([stepReferenceSchema, z.array(stepReferenceSchema).min(1)]))
    .default({})
    .describe('Data edges: input name to the step that makes it, or step.output where a step has several.'),
  with: z.record(z.string(), jsonSchema).default({}).describe('Options of the component; may hold ${{ params.name }}.'),
  needs: z.array(stepNameSchema).default([]).describe('Steps that must succeed first, without passing data.'),
  when: z
    .string()
    .optional()
    .describe(
      'A condition over params and steps, e.g. steps.gate.values.blessed == true; otherwise the step is skipped.',
    ),
  retry: retrySchema.optional(),
  timeoutMinutes: z
    .number()
    .positive()
    .max(7 * 24 * 60)
    .optional()
    .describe('Time limit of one attempt; none when left out.'),
  cache: z.boolean().default(true).describe('False: always run, even if nothing changed.'),
})
export type StepSpec = z.infer<typeof stepSpecSchema>

export const pipelineSpecSchema = z.strictObject({
  name: nameSchema.describe('Equal to the file name without .yaml.'),
  description: z.string().optional().describe('What the pipeline is for.'),
  parameters: parametersSchema.default({}).describe('Names and default values; a run may give others.'),
  seed: z
    .number()
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .default(0)
    .describe('Seed of every random choice that does not set its own.'),
  concurrency: z
    .number()
    .int()
    .min(1)
    .max(64)
    .optional()
    .describe('Steps of one run at a time. Default: one per core.'),
  steps: z
    .record(stepNameSchema, stepSpecSchema)
    .refine((steps) => Object.keys(steps).length > 0, 'at least one step is needed')
    .describe('The steps by name, in any order.'),
  triggers: z.array(triggerSpecSchema).max(100).default([]).describe('What starts the pipeline by itself.'),
})
export type PipelineSpec = z.infer<typeof pipelineSpecSchema>
