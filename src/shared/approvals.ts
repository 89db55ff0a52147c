/** Where a gate asks a person: the version is registered, nothing has moved, and a decision is waited for. */
import { z } from 'zod'
import { judgementSchema } from './gate.ts'
import { instantSchema, nameSchema } from './names.ts'
import { rolloutSpecSchema } from './rollout.ts'

/**
 * `obsolete`: the alias has since moved to this version or a newer one by other ways, so there is nothing left to decide.
 */
export const approvalStateSchema = z.enum(['pending', 'approved', 'rejected', 'obsolete'])
export type ApprovalState = z.infer<typeof approvalStateSchema>

export const approvalDecisionSchema = z.object({
  decision: z.enum(['approve', 'reject', 'reopen']),
  at: instantSchema,
  /** Who: `api`. */
  actor: z.string(),
  reason: z.string(),
})
export type ApprovalDecision = z.infer<typeof approvalDecisionSchema>

export const approvalSchema = z.object({
  id: z.string(),
  projectId: z.string(),
  model: nameSchema,
  version: z.number().int(),
  /** What moves to the version if it is approved. */
  alias: nameSchema,
  /** Where it is deployed if it is approved. */
  endpoints: z.array(z.string()),
  /** Of those to which it comes beside what answers: how. */
  rollouts: z.record(z.string(), rolloutSpecSchema),
  /** The run and step that ask. */
  runId: z.string(),
  step: z.string(),
  /** The verdict that the decision rests on. */
  verdictHash: z.string(),
  /** What the gate said, in English, and as structure. */
  reason: z.string(),
  gate: judgementSchema.optional(),
  createdAt: instantSchema,
  state: approvalStateSchema,
  /** The last one; null while nobody has decided. */
  decision: approvalDecisionSchema.nullable(),
})
export type Approval = z.infer<typeof approvalSchema>
