import type { Approval, ApprovalDecision, ApprovalState } from '#shared/approvals.ts'
import type { Page } from '#shared/names.ts'
import type { approvalsRoutes } from '#shared/routes/approvals.ts'
import type { HandlersOf, PageRequest } from '../requests.ts'
import { actor } from './actor.ts'

export interface ApprovalsParts {
  readonly approvals: {
    get(id: string): Approval
    list(
      filter: PageRequest & {
        state?: ApprovalState | undefined
        model?: string | undefined
        projectId?: string | undefined
      },
    ): Page<Approval>
  }
  readonly approver: {
    decide(request: {
      readonly id: string
      readonly decision: ApprovalDecision['decision']
      readonly actor: string
      readonly reason: string
    }): Promise<Approval>
  }
}

export function approvalsHandlers({ approvals, approver }: ApprovalsParts) {
  return {
    listApprovals: ({ query }) => approvals.list(query),
    getApproval: ({ params }) => approvals.get(params.id),
    decideApproval: ({ params, body }) => approver.decide({ ...body, id: params.id, actor }),
  } satisfies HandlersOf<keyof typeof approvalsRoutes>
}
