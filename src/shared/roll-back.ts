/** Going back to an earlier version of a model, a pipeline or a feature view. */
import { z } from 'zod'
import { commitInfoSchema } from './pipelines.ts'

export const rollBackRequestSchema = z.object({
  kind: z.enum(['model', 'pipeline', 'feature-view']),
  name: z.string().min(1),
  /** Of a pipeline or feature view. */
  projectId: z.string().optional(),
  /** The number of a model version, or the hash that is the version of a pipeline or feature view. */
  to: z.string().min(1),
  reason: z.string().max(1_000).default(''),
  /** True: shows what would change, and changes nothing. */
  dryRun: z.boolean().default(false),
})
export type RollBackRequest = z.output<typeof rollBackRequestSchema>

export const rollBackSchema = z.object({
  kind: rollBackRequestSchema.shape.kind,
  name: z.string(),
  /** The version that was in use; null where there was none. Rolling back to it is the way to undo. */
  from: z.string().nullable(),
  to: z.string(),
  /** Of a pipeline or feature view: the file, and its text before and after. */
  file: z.string().nullable(),
  before: z.string(),
  after: z.string(),
  applied: z.boolean(),
  /** Where the folder is under git. */
  commit: commitInfoSchema.nullable(),
})
export type RollBack = z.infer<typeof rollBackSchema>
