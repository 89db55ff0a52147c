/**
 * Brings versions to endpoints step by step: what people, pipelines and alerts ask for. What should be is stored first, then the
 * inference server is told. A kill in between is made good at the next start, which tells the server again.
 */
import type { Revision } from '#shared/models.ts'
import type { Page } from '#shared/names.ts'
import type { Rollout, RolloutDetails, RolloutSpec } from '#shared/rollout.ts'
import type { Logger } from '../../kernel/logger.ts'
import type { Deployment, Deployments, RollbackRequest } from '../deployments.ts'
import type { LabelledMetric } from '../labelled-metric.ts'
import type { TrafficSecond } from '../traffic-counter.ts'
import { RolloutLabels } from './labels.ts'
import { evidenceOf, firstShare, splitOf } from './progress.ts'
import { checkContracts, checkSpec, parseSpec, refused, underWay } from './refusals.ts'
import { RolloutMoves, type RolloutMovesParts } from './rollout-moves.ts'
import { RolloutWatch } from './rollout-watch.ts'
import type { ShadowNews } from './shadow-mirror.ts'
import { Turns } from './turns.ts'
import { RolloutsUnderWay } from './under-way.ts'

export interface StartRollout {
  readonly endpoint: string
  readonly model: string
  readonly version: number
  /** As a person wrote it. */
  readonly spec: unknown
  /** Who: `run <id>`, `api`. */
  readonly actor: string
  readonly reason: string
}

export interface Deployed extends Deployment {
  /** Of a version that comes step by step. */
  readonly rolloutId?: string
}

export interface EndRollout {
  readonly id: string
  /** Of one that is taken back: leaves the champion where it is. Default: as the rollout says. */
  readonly keepChampion?: boolean | undefined
  readonly actor: string
  readonly reason: string
}

interface Parts extends RolloutMovesParts {
  readonly deployments: Deployments
  readonly logger: Pick<Logger, 'error'>
  /** What scores revisions on labelled rows; left out, conditions on labels are refused. */
  readonly labelledMetric?: LabelledMetric | undefined
}

export class Rollouts {
  readonly #parts: Parts
  readonly #turns = new Turns()
  readonly #labels: RolloutLabels
  readonly #underWay: RolloutsUnderWay
  readonly #moves: RolloutMoves
  readonly #watch: RolloutWatch

  constructor(parts: Parts) {
    this.#parts = parts
    this.#labels = new RolloutLabels(parts.labelledMetric, parts.clock)
    this.#underWay = new RolloutsUnderWay(parts.store.running())
    this.#moves = new RolloutMoves(parts, this.#underWay)
    const [underWay, moves, turns, labels] = [this.#underWay, this.#moves, this.#turns, this.#labels]
    this.#watch = new RolloutWatch({ ...parts, underWay, moves, turns, labels })
  }

  /** Newest first. @throws EsteiraError `endpoint-not-found` */
  list(endpoint: string, page: { limit: number; cursor?: string | undefined }): Page<Rollout> {
    this.#parts.endpoints.get(endpoint)
    const { items, ...rest } = this.#parts.store.list(endpoint, page)
    return { items: items.map((rollout) => this.#underWay.current(rollout)), ...rest }
  }

  /** @throws EsteiraError `rollout-not-found` */
  get(endpoint: string, id: string): RolloutDetails {
    const rollout = this.#underWay.current(this.#parts.store.get(endpoint, id))
    return { rollout, entries: this.#parts.store.entries(id) }
  }

  running(endpoint: string): Rollout | undefined {
    return this.#underWay.at(endpoint)
  }

  /**
   * Returns once the new version has its first share. Nothing has changed where it is refused.
   * @throws EsteiraError `rollout-refused`, `rollout-under-way`, `endpoint-not-found`, `model-version-not-found`,
   *   `endpoint-owned-elsewhere`, and what loading throws
   */
  start(request: StartRollout): Promise<Rollout> {
    return this.#turns.take(request.endpoint, async () => {
      const { endpoints, deployments, server, store } = this.#parts
      const spec = parseSpec(request.spec)
      const { revision: stable } = endpoints.get(request.endpoint)
      if (stable === null) throw refused(`No version answers at "${request.endpoint}" yet: deploy one first.`)
      const before = this.#underWay.at(request.endpoint)
      if (before !== undefined) throw underWay(request.endpoint, before.version)
      if (stable.model === request.model && stable.version === request.version) {
        throw refused(`Version ${request.version} answers already.`, { found: `${request.model}/${request.version}` })
      }
      const [candidate, current] = [await deployments.contract(request), await deployments.contract(stable)]
      endpoints.checkDeployable(request.endpoint, candidate.source.projectId)
      checkContracts(current, candidate)
      checkSpec(spec, current, this.#labels.areKept)
      const infrastructure = await deployments.checkInfrastructure(request.endpoint, request)
      let id = ''
      await server.startSplit(request.endpoint, candidate.source, () => {
        const revision = store.transaction(() => {
          const added = endpoints.addCandidate({ ...request, projectId: candidate.source.projectId })
          id = this.#moves.insert(request, { spec, added, stable, infrastructure })
          return added
        })
        return { revision: revision.number, split: splitOf({ id, spec, share: firstShare(spec) }) }
      })
      return this.#moves.started(request.endpoint, id)
    })
  }

  /**
   * What a step asks for: in place of what answers where no way is given, or where nothing answers yet; else beside it. Asked
   * again after a crash, what is done is not done twice.
   * @throws EsteiraError as `Deployments.deploy` and `start`
   */
  async deploy(request: Omit<StartRollout, 'spec'> & { readonly spec: RolloutSpec | undefined }): Promise<Deployed> {
    const { deployments, endpoints, server } = this.#parts
    const { endpoint, model, version, spec } = request
    const answering = endpoints.find(endpoint)?.revision ?? null
    const isThere = answering?.model === model && answering.version === version
    if (isThere && spec !== undefined) return { revision: answering, url: server.state(endpoint).url }
    if (spec === undefined || answering === null) return await deployments.deploy(request)
    const before = this.#underWay.at(endpoint)
    const isComing = before?.model === model && before.version === version
    const rollout = isComing ? before : await this.start({ ...request, spec })
    const revision = endpoints.getRevision(endpoint, rollout.revision)
    return { revision, url: server.state(endpoint).url, rolloutId: rollout.id }
  }

  /** The new version answers everything. @throws EsteiraError `rollout-not-found`, `rollout-refused` */
  promote(endpoint: string, { id, actor, reason }: EndRollout): Promise<Rollout> {
    return this.#end(endpoint, id, (rollout) =>
      this.#moves.promote(rollout, { actor, reason, evidence: evidenceOf(rollout) }),
    )
  }

  /** The version that answered before answers everything. @throws EsteiraError `rollout-not-found`, `rollout-refused` */
  abort(endpoint: string, { id, keepChampion, actor, reason }: EndRollout): Promise<Rollout> {
    return this.#end(endpoint, id, (rollout) =>
      this.#moves.withdraw(rollout, 'aborted', { actor, reason, evidence: evidenceOf(rollout) }, keepChampion),
    )
  }

  /**
   * What brings an endpoint back, whatever goes on there: a rollout under way is taken back, else the revision before answers.
   * @throws EsteiraError as `Deployments.rollBack`
   */
  async rollBack(request: RollbackRequest): Promise<Revision> {
    const { deployments, endpoints } = this.#parts
    const rollout = this.#underWay.at(request.endpoint)
    if (rollout === undefined) return (await deployments.rollBack(request)).revision
    const { endpoint, to: _, ...rest } = request
    await this.abort(endpoint, { ...rest, id: rollout.id })
    return endpoints.getRevision(request.endpoint, rollout.stable.revision)
  }

  /** Tells the server what is under way: before it listens, after it knows what answers. */
  async restore(): Promise<void> {
    const { deployments, server } = this.#parts
    for (const rollout of this.#underWay.all()) {
      try {
        const { source } = await deployments.contract(rollout)
        await server.startSplit(rollout.endpoint, source, () => ({
          revision: rollout.revision,
          split: splitOf(rollout),
        }))
      } catch (error) {
        await this.#moves.withdrawFailed(rollout, error instanceof Error ? error.message : String(error))
      }
    }
  }

  /** Finished seconds, as the inference thread counted them. */
  receiveTraffic(seconds: readonly TrafficSecond[]): void {
    this.#underWay.receiveTraffic(seconds)
  }

  receiveShadows(news: readonly ShadowNews[]): void {
    this.#underWay.receiveShadows(news)
  }

  /** Looks at everything under way, once. Never throws. */
  tick(): Promise<void> {
    return this.#watch.look()
  }

  #end(endpoint: string, id: string, end: (rollout: Rollout) => Promise<void>): Promise<Rollout> {
    this.#parts.store.get(endpoint, id)
    return this.#turns.take(endpoint, async () => {
      const rollout = this.#underWay.at(endpoint)
      if (rollout?.id !== id) {
        const { state } = this.#parts.store.get(endpoint, id)
        throw refused('The rollout has ended already.', { found: state, allowed: 'running' })
      }
      await end(rollout)
      return this.#parts.store.get(endpoint, id)
    })
  }
}
