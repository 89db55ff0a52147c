/** Carries out what a person decides about a version: what the pipeline would have done, no more and no less. */
import type { Approval, ApprovalDecision } from '#shared/approvals.ts'
import type { Approvals, DecisionRequest } from '../registry/approvals.ts'
import type { Rollouts } from './rollout/rollouts.ts'

export class Approver {
  readonly #approvals: Approvals
  readonly #rollouts: Pick<Rollouts, 'deploy'>
  readonly #onFailure: (approval: Approval, error: unknown) => void
  /** One after another: a person may press the button twice, and a rollout is started once. */
  #last: Promise<unknown> = Promise.resolve()

  /** @param parts.onFailure told of what could not be deployed while nobody waits for it */
  constructor(parts: {
    approvals: Approvals
    rollouts: Pick<Rollouts, 'deploy'>
    onFailure: (approval: Approval, error: unknown) => void
  }) {
    this.#approvals = parts.approvals
    this.#rollouts = parts.rollouts
    this.#onFailure = parts.onFailure
  }

  /**
   * Returns once an approved version answers at its endpoints, or its rollout has started there. Deciding the same again
   * changes nothing.
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

  /**
   * Deploys what was approved and could not be deployed: the engine was killed, or a rollout was under way. Never
   * throws.
   */
  async resume(): Promise<void> {
    for (const { approval } of this.#approvals.unfinished()) {
      await this.#finish(approval.id).catch((error: unknown) => this.#onFailure(approval, error))
    }
  }

  #finish(id: string): Promise<void> {
    const done = this.#last.then(() => this.#deploy(id))
    this.#last = done.catch(() => undefined)
    return done
  }

  async #deploy(id: string): Promise<void> {
    const waiting = this.#approvals.unfinished().find(({ approval }) => approval.id === id)
    if (waiting === undefined) return
    const { model, version, reason, decision, rollouts } = waiting.approval
    const actor = decision?.actor ?? 'engine'
    const why = decision?.reason ? decision.reason : reason
    for (const endpoint of waiting.endpoints) {
      await this.#rollouts.deploy({ endpoint, model, version, actor, reason: why, spec: rollouts[endpoint] })
      this.#approvals.deployed(id, endpoint)
    }
  }
}
