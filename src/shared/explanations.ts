/** Why a model says what it says about a row: the contribution of each input. */
import { z } from 'zod'
import { parametersSchema } from './runs.ts'

export const explainBodySchema = z.strictObject({
  rows: z.array(parametersSchema).min(1).max(100),
  permutations: z
    .number()
    .int()
    .min(1)
    .max(2_000)
    .default(100)
    .describe('Orders of the inputs that are sampled for each row: more take longer and leave less to chance.'),
  seed: z.number().int().default(0).describe('The same seed gives the same contributions.'),
})
export type ExplainBody = z.output<typeof explainBodySchema>

export const explanationSchema = z.object({
  class: z.string().optional().describe('Whose probability is explained; absent where the output is a value.'),
  base: z.number().describe('What the model says of the background rows on average.'),
  output: z.number().describe('What it says of this row: the base and all contributions.'),
  contributions: z
    .array(
      z.object({
        input: z.string(),
        value: z.number(),
        error: z.number().describe('The standard error that sampling leaves.'),
      }),
    )
    .describe('The largest first.'),
})
export type Explanation = z.infer<typeof explanationSchema>

export const explanationAnswerSchema = z.object({
  model: z.string(),
  version: z.number().int(),
  revision: z.number().int(),
  method: z.literal('sampled-shapley'),
  permutations: z.number().int(),
  backgroundRows: z.number().int().describe('The training rows that the row is compared with.'),
  explanations: z.array(explanationSchema).describe('One for each row, in their order.'),
})
export type ExplanationAnswer = z.infer<typeof explanationAnswerSchema>
