/** Where an endpoint goes back, the champion goes back with it: the next gate compares with what answers. */
import { ledgerText } from '#shared/ledger-reasons.ts'
import { championAlias, type Registry } from '../registry/registry.ts'
import type { Endpoints } from './endpoints.ts'

export interface WayBack {
  readonly endpoint: string
  /** What answers no more. */
  readonly from: { readonly model: string; readonly version: number; readonly revision: number }
  /** What answers again. */
  readonly to: { readonly model: string; readonly version: number }
  /** Of the rollout that was ended by it. */
  readonly rolloutId?: string | undefined
  readonly actor: string
  readonly reason: string
}

export class ChampionFollower {
  readonly #registry: Pick<Registry, 'tryResolve' | 'moveAlias'>
  readonly #endpoints: Pick<Endpoints, 'answeringElsewhere'>

  constructor(registry: Pick<Registry, 'tryResolve' | 'moveAlias'>, endpoints: Pick<Endpoints, 'answeringElsewhere'>) {
    this.#registry = registry
    this.#endpoints = endpoints
  }

  /**
   * Moves the champion from the version that answers no more to the one that answers again. It stays where it is another
   * version, where the endpoint goes back to another model, and where another endpoint answers with the champion still.
   * In the transaction that takes the version back: a kill leaves both done or neither.
   */
  goBack({ endpoint, from, to, rolloutId, actor, reason }: WayBack): void {
    const { model } = from
    if (to.model !== model || to.version === from.version) return
    if (this.#registry.tryResolve(`${model}@${championAlias}`)?.version !== from.version) return
    if (this.#endpoints.answeringElsewhere(endpoint, from)) return
    const why = ledgerText({ kind: 'taken-back', version: from.version, endpoint, more: reason })
    const evidence = { endpoint, revision: from.revision, rolloutId: rolloutId ?? null }
    this.#registry.moveAlias({ model, alias: championAlias, version: to.version, actor, reason: why, evidence })
  }
}
