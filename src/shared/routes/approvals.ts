/** Versions that wait for a person. */
import { z } from 'zod'
import { approvalDecisionSchema, approvalSchema, approvalStateSchema } from '../approvals.ts'
import { pageQuerySchema, pageSchema } from '../names.ts'
import { route } from '../route.ts'

const params = z.object({ id: z.string() })

export const approvalsRoutes = {
  listApprovals: route('GET', '/approvals', 'Versions that a gate asked a person about, newest first.', {
    query: pageQuerySchema.extend({
      state: approvalStateSchema.optional(),
      model: z.string().optional(),
      projectId: z.string().optional(),
    }),
    response: pageSchema(approvalSchema),
  }),
  getApproval: route('GET', '/approvals/:id', 'One approval.', { params, response: approvalSchema }),
  decideApproval: route(
    'POST',
    '/approvals/:id',
    'Approves, which promotes and deploys the version as the pipeline would have; rejects; or takes a rejection back.',
    {
      params,
      body: z.object({
        decision: approvalDecisionSchema.shape.decision,
        reason: z.string().max(1_000).default(''),
      }),
      response: approvalSchema,
    },
  ),
} as const
