/**
 * What happens to a rollout: each change is stored first, with its entry in the ledger, in one transaction; then the inference
 * server is told. In the turn of the endpoint, which the caller has.
 */
import type { Revision } from '#shared/models.ts'
import type { InfrastructureCheck, Rollout, RolloutEvidence, RolloutSpec, RolloutState } from '#shared/rollout.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { EventBus } from '../../kernel/events.ts'
import type { ChampionFollower } from '../champion-follower.ts'
import type { Endpoints } from '../endpoints.ts'
import type { InferenceServer } from '../inference-server.ts'
import type { Decision } from './decide.ts'
import { noFigures } from './figures.ts'
import { evidenceOf, firstShare, noLooks, progressOf, splitOf } from './progress.ts'
import type { Progress, RolloutStore } from './rollout-store.ts'
import type { RolloutsUnderWay } from './under-way.ts'

export interface RolloutMovesParts {
  readonly store: RolloutStore
  readonly endpoints: Endpoints
  readonly champion: ChampionFollower
  readonly server: InferenceServer
  readonly events: EventBus
  readonly clock: Clock
}

/** Why, and on what grounds. */
export interface Why {
  readonly actor: string
  readonly reason: string
  readonly evidence: RolloutEvidence
}

/** What may come, and beside what. */
interface Admitted {
  readonly spec: RolloutSpec
  readonly added: Revision
  readonly stable: Revision
  readonly infrastructure: InfrastructureCheck | undefined
}

type Ended = Exclude<RolloutState, 'running'>

export class RolloutMoves {
  readonly #parts: RolloutMovesParts
  readonly #underWay: RolloutsUnderWay

  constructor(parts: RolloutMovesParts, underWay: RolloutsUnderWay) {
    this.#parts = parts
    this.#underWay = underWay
  }

  /** In a transaction of the caller, who tells of it with `started`. Returns the id. */
  insert(
    request: { readonly endpoint: string; readonly actor: string; readonly reason: string },
    { spec, added, stable, infrastructure }: Admitted,
  ): string {
    const { store, clock } = this.#parts
    const at = clock()
    const { endpoint, actor, reason } = request
    const share = firstShare(spec)
    const progress: Progress = {
      step: 0,
      stepSince: at,
      share,
      looks: noLooks,
      figures: noFigures,
      checks: [],
      result: null,
    }
    const id = store.insert({ endpoint, spec, revisionId: added.id, stableId: stable.id, actor, reason, at, progress })
    const evidence: RolloutEvidence = { checks: [], figures: null, result: null, infrastructure }
    store.addEntry({ rolloutId: id, at, actor, action: 'start', fromShare: 0, toShare: share, reason, evidence })
    return id
  }

  started(endpoint: string, id: string): Rollout {
    const rollout = this.#parts.store.get(endpoint, id)
    this.#underWay.put(rollout)
    this.tell(rollout)
    return rollout
  }

  async advance(
    rollout: Rollout,
    { step, share, reason }: Extract<Decision, { act: 'advance' }>,
    evidence: RolloutEvidence,
  ): Promise<void> {
    const { store, server, clock } = this.#parts
    const at = clock()
    const next = {
      ...rollout,
      step,
      share,
      stepSince: at,
      looks: noLooks,
      checks: [],
      figures: { ...noFigures, labels: rollout.figures.labels },
    }
    store.transaction(() => {
      store.saveProgress(rollout.id, progressOf(next))
      const shares = { fromShare: rollout.share, toShare: share }
      store.addEntry({ rolloutId: rollout.id, at, actor: 'engine', action: 'step', ...shares, reason, evidence })
    })
    this.#underWay.put(next)
    await server.changeSplit(rollout.endpoint, splitOf(next))
    this.tell(rollout)
  }

  /** The new version answers everything. */
  async promote(rollout: Rollout, why: Why): Promise<void> {
    const { store, server, endpoints } = this.#parts
    await server.promoteCandidate(rollout.endpoint, () => {
      store.transaction(() => {
        this.#store(rollout, 'promoted', 'promote', 1, why)
        endpoints.pointAt(rollout.endpoint, rollout.revision)
      })
      this.#underWay.end(rollout.endpoint)
    })
    this.tell(rollout)
  }

  /** The version that answered before answers everything. @param keepChampion default: as the rollout says */
  async withdraw(
    rollout: Rollout,
    state: 'rolled-back' | 'aborted',
    why: Why,
    keepChampion = rollout.spec.keepChampion,
  ): Promise<void> {
    const { store, server, champion } = this.#parts
    const { id: rolloutId, endpoint, stable: to } = rollout
    store.transaction(() => {
      this.#store(rollout, state, state === 'aborted' ? 'abort' : 'roll-back', 0, why)
      if (!keepChampion) champion.goBack({ endpoint, from: rollout, to, rolloutId, ...why })
    })
    this.#underWay.end(rollout.endpoint)
    await server.withdrawCandidate(rollout.endpoint)
    this.tell(rollout)
  }

  async withdrawFailed(rollout: Rollout, problem: string): Promise<void> {
    const reason = `The new version can no longer be loaded: ${problem}`
    await this.withdraw(rollout, 'rolled-back', { actor: 'engine', reason, evidence: evidenceOf(rollout) })
  }

  /** Listeners hear of it. */
  tell({ endpoint, id }: Rollout): void {
    const { events, endpoints, clock } = this.#parts
    const { state } = this.#parts.store.get(endpoint, id)
    events.publish({ type: 'rollout-changed', at: clock(), endpoint, rolloutId: id, state })
    if (state !== 'running') endpoints.publish(endpoint)
  }

  /** In a transaction of the caller. */
  #store(rollout: Rollout, state: Ended, action: 'promote' | 'abort' | 'roll-back', toShare: number, why: Why): void {
    const { store, clock } = this.#parts
    const at = clock()
    store.saveProgress(rollout.id, progressOf({ ...rollout, share: toShare }))
    store.end(rollout.id, state, at)
    store.addEntry({ rolloutId: rollout.id, at, action, fromShare: rollout.share, toShare, ...why })
  }
}
