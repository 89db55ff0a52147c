/** Looks at the rollouts under way and does what the figures say. */
import type { Rollout, RolloutFigures } from '#shared/rollout.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { Logger } from '../../kernel/logger.ts'
import type { InferenceServer } from '../inference-server.ts'
import { type Decision, decideRollout } from './decide.ts'
import type { RolloutLabels } from './labels.ts'
import { evidenceOf, progressOf } from './progress.ts'
import type { RolloutMoves } from './rollout-moves.ts'
import type { RolloutStore } from './rollout-store.ts'
import type { Turns } from './turns.ts'
import type { RolloutsUnderWay } from './under-way.ts'

interface Parts {
  readonly store: RolloutStore
  readonly server: Pick<InferenceServer, 'candidateProblem'>
  readonly clock: Clock
  readonly logger: Pick<Logger, 'error'>
  readonly underWay: RolloutsUnderWay
  readonly moves: RolloutMoves
  readonly turns: Turns
  readonly labels: RolloutLabels
}

export class RolloutWatch {
  readonly #parts: Parts
  /** Figures as last stored, by rollout. */
  readonly #saved = new Map<string, RolloutFigures>()

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** Looks at everything under way, once. Never throws. */
  async look(): Promise<void> {
    await Promise.all(this.#parts.underWay.all().map(({ endpoint }) => this.#lookAt(endpoint)))
  }

  async #lookAt(endpoint: string): Promise<void> {
    await this.#parts.turns
      .take(endpoint, async () => {
        await this.#askForLabels(endpoint)
        const rollout = this.#parts.underWay.at(endpoint)
        if (rollout === undefined) return
        const problem = this.#parts.server.candidateProblem(endpoint)
        if (problem !== undefined) await this.#parts.moves.withdrawFailed(rollout, problem)
        else await this.#follow(rollout, decideRollout(rollout, rollout.figures, this.#parts.clock()))
      })
      .catch((error: unknown) => this.#parts.logger.error('a rollout could not be looked at', { endpoint, error }))
  }

  async #follow(rollout: Rollout, decision: Decision): Promise<void> {
    const { checks, looks, result } = decision
    const seen = { ...rollout, checks, looks, result }
    const evidence = evidenceOf(seen)
    switch (decision.act) {
      case 'wait': {
        this.#parts.underWay.put(seen)
        if (this.#saved.get(rollout.id) === rollout.figures) return
        this.#saved.set(rollout.id, rollout.figures)
        this.#parts.store.saveProgress(rollout.id, progressOf(seen))
        return this.#parts.moves.tell(rollout)
      }
      case 'advance':
        return await this.#parts.moves.advance(seen, decision, evidence)
      case 'promote':
        return await this.#parts.moves.promote(seen, { actor: 'engine', reason: decision.reason, evidence })
      case 'roll-back':
        return await this.#parts.moves.withdraw(seen, 'rolled-back', {
          actor: 'engine',
          reason: decision.reason,
          evidence,
        })
    }
  }

  async #askForLabels(endpoint: string): Promise<void> {
    const rollout = this.#parts.underWay.at(endpoint)
    const labels = rollout && (await this.#parts.labels.ask(rollout))
    const now = this.#parts.underWay.at(endpoint)
    if (labels === undefined || now === undefined || now.id !== rollout?.id) return
    this.#parts.underWay.put({ ...now, figures: { ...now.figures, labels } })
  }
}
