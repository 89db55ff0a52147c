/** Carries out what a person decides about a version: what the pipeline would have done, no more and no less. */
import type { Approval, ApprovalDecision } from '#shared/approvals.ts'
import type { Approvals, DecisionRequest } from '../registry/approvals.ts'
import type { Deployments } from './deployments.ts'

export class Approver {
  readonly #approvals: Approvals
  readonly #deployments: Pick<Deployments, 'deploy'>

  constructor(approvals: Approvals, deployments: Pick<Deployments, 'deploy'>) {
    this.#approvals = approvals
    this.#deployments = deployments
  }

  /**
   * Returns once an approved version answers at its endpoints. Deciding the same again changes nothing.
   * @throws EsteiraError `approval-not-found`, `approval-decided`, and what deploying throws: the alias has moved then
   */
  async decide(request: DecisionRequest & { decision: ApprovalDecision['decision'] }): Promise<Approval> {
    switch (request.decision) {
      case 'approve': {
        const approval = this.#approvals.approve(request)
        await this.#finish(approval.id)
        return approval
      }
      case 'reject':
        return this.#approvals.reject(request)
      case 'reopen':
        return this.#approvals.reopen(request)
    }
  }

  /** Deploys what was approved when the engine was killed. Told of every failure; never throws. */
  async resume(onFailure: (approval: Approval, error: unknown) => void): Promise<void> {
    for (const { approval } of this.#approvals.unfinished()) {
      await this.#finish(approval.id).catch((error: unknown) => onFailure(approval, error))
    }
  }

  async #finish(id: string): Promise<void> {
    const waiting = this.#approvals.unfinished().find(({ approval }) => approval.id === id)
    if (waiting === undefined) return
    const { model, version, reason, decision } = waiting.approval
    for (const endpoint of waiting.endpoints) {
      const why = decision?.reason ? decision.reason : reason
      await this.#deployments.deploy({ endpoint, model, version, actor: decision?.actor ?? 'engine', reason: why })
      this.#approvals.deployed(id, endpoint)
    }
  }
}
