/** `onnx.json` of a model package: how the inputs of the signature meet those of the graph, and what its outputs mean. */
import { z } from 'zod'

export const boundTypeSchema = z.enum(['float32', 'float64', 'int64', 'int32', 'bool', 'string'])
export type BoundType = z.infer<typeof boundTypeSchema>

export const bindingsSchema = z.object({
  formatVersion: z.literal(1),
  /** Each input of the graph with the inputs of the signature that are its columns, in order. */
  inputs: z.array(
    z.object({
      name: z.string(),
      type: boundTypeSchema,
      columns: z.array(z.string()).min(1),
      /** 1: a list with a value per row; 2: a matrix, rows by columns. */
      rank: z.union([z.literal(1), z.literal(2)]),
    }),
  ),
  output: z.object({
    name: z.string(),
    /** A probability per class; the probability of the positive class; the value. */
    form: z.enum(['probabilities', 'positive', 'value']),
  }),
})
export type Bindings = z.infer<typeof bindingsSchema>
