/**
 * Brings versions to endpoints step by step. What should be is stored first, with its entry in the ledger, in one transaction;
 * then the inference server is told. A kill in between is made good at the next start, which tells the server again.
 */
import type { Revision } from '#shared/models.ts'
import type { Page } from '#shared/names.ts'
import type {
  InfrastructureCheck,
  Rollout,
  RolloutDetails,
  RolloutEvidence,
  RolloutFigures,
  RolloutSpec,
  RolloutState,
} from '#shared/rollout.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { EventBus } from '../../kernel/events.ts'
import type { Logger } from '../../kernel/logger.ts'
import type { ChampionFollower } from '../champion-follower.ts'
import type { Deployment, Deployments, RollbackRequest } from '../deployments.ts'
import type { Endpoints } from '../endpoints.ts'
import type { InferenceServer } from '../inference-server.ts'
import type { LabelledMetric } from '../labelled-metric.ts'
import type { TrafficSecond } from '../traffic-counter.ts'
import { type Decision, decideRollout } from './decide.ts'
import { noFigures, withShadow, withTraffic } from './figures.ts'
import { RolloutLabels } from './labels.ts'
import { evidenceOf, firstShare, noLooks, progressOf, splitOf } from './progress.ts'
import { checkContracts, checkSpec, parseSpec, refused, underWay } from './refusals.ts'
import type { Progress, RolloutStore } from './rollout-store.ts'
import type { ShadowNews } from './shadow-mirror.ts'

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

interface Parts {
  readonly store: RolloutStore
  readonly endpoints: Endpoints
  readonly deployments: Deployments
  readonly champion: ChampionFollower
  readonly server: InferenceServer
  readonly events: EventBus
  readonly clock: Clock
  readonly logger: Pick<Logger, 'error'>
  /** What scores revisions on labelled rows; left out, conditions on labels are refused. */
  readonly labelledMetric?: LabelledMetric | undefined
}

/** Why, and on what grounds. */
interface Why {
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

export class Rollouts {
  readonly #parts: Parts
  /** Of each endpoint with a rollout under way, with the figures as they come in. */
  readonly #running = new Map<string, Rollout>()
  /** As last stored. */
  readonly #saved = new Map<string, RolloutFigures>()
  readonly #labels: RolloutLabels
  /** What is being done at each endpoint, one thing after the other. */
  readonly #queues = new Map<string, Promise<unknown>>()

  constructor(parts: Parts) {
    this.#parts = parts
    this.#labels = new RolloutLabels(parts.labelledMetric, parts.clock)
    for (const rollout of parts.store.running()) this.#running.set(rollout.endpoint, rollout)
  }

  /** Newest first. @throws EsteiraError `endpoint-not-found` */
  list(endpoint: string, page: { limit: number; cursor?: string | undefined }): Page<Rollout> {
    this.#parts.endpoints.get(endpoint)
    const { items, ...rest } = this.#parts.store.list(endpoint, page)
    return { items: items.map((rollout) => this.#current(rollout)), ...rest }
  }

  /** @throws EsteiraError `rollout-not-found` */
  get(endpoint: string, id: string): RolloutDetails {
    const rollout = this.#current(this.#parts.store.get(endpoint, id))
    return { rollout, entries: this.#parts.store.entries(id) }
  }

  running(endpoint: string): Rollout | undefined {
    return this.#running.get(endpoint)
  }

  /**
   * Returns once the new version has its first share. Nothing has changed where it is refused.
   * @throws EsteiraError `rollout-refused`, `rollout-under-way`, `endpoint-not-found`, `model-version-not-found`,
   *   `endpoint-owned-elsewhere`, and what loading throws
   */
  start(request: StartRollout): Promise<Rollout> {
    return this.#inTurn(request.endpoint, async () => {
      const { endpoints, deployments, server, store } = this.#parts
      const spec = parseSpec(request.spec)
      const { revision: stable } = endpoints.get(request.endpoint)
      if (stable === null) throw refused(`No version answers at "${request.endpoint}" yet: deploy one first.`)
      const before = this.#running.get(request.endpoint)
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
          id = this.#insert(request, { spec, added, stable, infrastructure })
          return added
        })
        return { revision: revision.number, split: splitOf({ id, spec, share: firstShare(spec) }) }
      })
      return this.#started(request.endpoint, id)
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
    const before = this.#running.get(endpoint)
    const isComing = before?.model === model && before.version === version
    const rollout = isComing ? before : await this.start({ ...request, spec })
    const revision = endpoints.getRevision(endpoint, rollout.revision)
    return { revision, url: server.state(endpoint).url, rolloutId: rollout.id }
  }

  /** The new version answers everything. @throws EsteiraError `rollout-not-found`, `rollout-refused` */
  promote(endpoint: string, { id, actor, reason }: EndRollout): Promise<Rollout> {
    return this.#end(endpoint, id, (rollout) =>
      this.#promote(rollout, { actor, reason, evidence: evidenceOf(rollout) }),
    )
  }

  /** The version that answered before answers everything. @throws EsteiraError `rollout-not-found`, `rollout-refused` */
  abort(endpoint: string, { id, keepChampion, actor, reason }: EndRollout): Promise<Rollout> {
    return this.#end(endpoint, id, (rollout) =>
      this.#withdraw(rollout, 'aborted', { actor, reason, evidence: evidenceOf(rollout) }, keepChampion),
    )
  }

  /**
   * What brings an endpoint back, whatever goes on there: a rollout under way is taken back, else the revision before answers.
   * @throws EsteiraError as `Deployments.rollBack`
   */
  async rollBack(request: RollbackRequest): Promise<Revision> {
    const { deployments, endpoints } = this.#parts
    const rollout = this.#running.get(request.endpoint)
    if (rollout === undefined) return (await deployments.rollBack(request)).revision
    const { endpoint, to: _, ...rest } = request
    await this.abort(endpoint, { ...rest, id: rollout.id })
    return endpoints.getRevision(request.endpoint, rollout.stable.revision)
  }

  /** Tells the server what is under way: before it listens, after it knows what answers. */
  async restore(): Promise<void> {
    const { deployments, server } = this.#parts
    for (const rollout of this.#running.values()) {
      try {
        const { source } = await deployments.contract(rollout)
        await server.startSplit(rollout.endpoint, source, () => ({
          revision: rollout.revision,
          split: splitOf(rollout),
        }))
      } catch (error) {
        await this.#withdrawFailed(rollout, error instanceof Error ? error.message : String(error))
      }
    }
  }

  /** Finished seconds, as the inference thread counted them. */
  receiveTraffic(seconds: readonly TrafficSecond[]): void {
    for (const rollout of this.#running.values()) {
      const own = seconds.filter(({ endpoint }) => endpoint === rollout.endpoint)
      const figures = withTraffic(rollout.figures, rollout, own)
      if (figures !== rollout.figures) this.#running.set(rollout.endpoint, { ...rollout, figures })
    }
  }

  receiveShadows(news: readonly ShadowNews[]): void {
    for (const { endpoint, rolloutId, figures } of news) {
      const rollout = this.#running.get(endpoint)
      if (rollout?.id === rolloutId) {
        this.#running.set(endpoint, { ...rollout, figures: withShadow(rollout.figures, figures) })
      }
    }
  }

  /** Looks at everything under way, once. Never throws. */
  async tick(): Promise<void> {
    await Promise.all([...this.#running.keys()].map((endpoint) => this.#look(endpoint)))
  }

  async #look(endpoint: string): Promise<void> {
    await this.#inTurn(endpoint, async () => {
      await this.#askForLabels(endpoint)
      const rollout = this.#running.get(endpoint)
      if (rollout === undefined) return
      const problem = this.#parts.server.candidateProblem(endpoint)
      if (problem !== undefined) await this.#withdrawFailed(rollout, problem)
      else await this.#follow(rollout, decideRollout(rollout, rollout.figures, this.#parts.clock()))
    }).catch((error: unknown) => this.#parts.logger.error('a rollout could not be looked at', { endpoint, error }))
  }

  async #follow(rollout: Rollout, decision: Decision): Promise<void> {
    const { checks, looks, result } = decision
    const seen = { ...rollout, checks, looks, result }
    const evidence = evidenceOf(seen)
    switch (decision.act) {
      case 'wait': {
        this.#running.set(rollout.endpoint, seen)
        if (this.#saved.get(rollout.id) === rollout.figures) return
        this.#saved.set(rollout.id, rollout.figures)
        this.#parts.store.saveProgress(rollout.id, progressOf(seen))
        return this.#tell(rollout)
      }
      case 'advance':
        return await this.#advance(seen, decision, evidence)
      case 'promote':
        return await this.#promote(seen, { actor: 'engine', reason: decision.reason, evidence })
      case 'roll-back':
        return await this.#withdraw(seen, 'rolled-back', { actor: 'engine', reason: decision.reason, evidence })
    }
  }

  async #advance(
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
    this.#running.set(rollout.endpoint, next)
    await server.changeSplit(rollout.endpoint, splitOf(next))
    this.#tell(rollout)
  }

  async #promote(rollout: Rollout, why: Why): Promise<void> {
    const { store, server, endpoints } = this.#parts
    await server.promoteCandidate(rollout.endpoint, () => {
      store.transaction(() => {
        this.#store(rollout, 'promoted', 'promote', 1, why)
        endpoints.pointAt(rollout.endpoint, rollout.revision)
      })
      this.#running.delete(rollout.endpoint)
    })
    this.#tell(rollout)
  }

  async #withdraw(
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
    this.#running.delete(rollout.endpoint)
    await server.withdrawCandidate(rollout.endpoint)
    this.#tell(rollout)
  }

  async #withdrawFailed(rollout: Rollout, problem: string): Promise<void> {
    const reason = `The new version can no longer be loaded: ${problem}`
    await this.#withdraw(rollout, 'rolled-back', { actor: 'engine', reason, evidence: evidenceOf(rollout) })
  }

  /** In a transaction of the caller. */
  #store(rollout: Rollout, state: Ended, action: 'promote' | 'abort' | 'roll-back', toShare: number, why: Why): void {
    const { store, clock } = this.#parts
    const at = clock()
    store.saveProgress(rollout.id, progressOf({ ...rollout, share: toShare }))
    store.end(rollout.id, state, at)
    store.addEntry({ rolloutId: rollout.id, at, action, fromShare: rollout.share, toShare, ...why })
  }

  #insert(request: StartRollout, { spec, added, stable, infrastructure }: Admitted): string {
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

  #started(endpoint: string, id: string): Rollout {
    const rollout = this.#parts.store.get(endpoint, id)
    this.#running.set(rollout.endpoint, rollout)
    this.#tell(rollout)
    return rollout
  }

  #end(endpoint: string, id: string, end: (rollout: Rollout) => Promise<void>): Promise<Rollout> {
    this.#parts.store.get(endpoint, id)
    return this.#inTurn(endpoint, async () => {
      const rollout = this.#running.get(endpoint)
      if (rollout?.id !== id) {
        const { state } = this.#parts.store.get(endpoint, id)
        throw refused('The rollout has ended already.', { found: state, allowed: 'running' })
      }
      await end(rollout)
      return this.#parts.store.get(endpoint, id)
    })
  }

  async #askForLabels(endpoint: string): Promise<void> {
    const rollout = this.#running.get(endpoint)
    const labels = rollout && (await this.#labels.ask(rollout))
    const now = this.#running.get(endpoint)
    if (labels === undefined || now === undefined || now.id !== rollout?.id) return
    this.#running.set(endpoint, { ...now, figures: { ...now.figures, labels } })
  }

  #current(rollout: Rollout): Rollout {
    const live = this.#running.get(rollout.endpoint)
    return live?.id === rollout.id ? live : rollout
  }

  #tell({ endpoint, id }: Rollout): void {
    const { events, endpoints, clock } = this.#parts
    const { state } = this.#parts.store.get(endpoint, id)
    events.publish({ type: 'rollout-changed', at: clock(), endpoint, rolloutId: id, state })
    if (state !== 'running') endpoints.publish(endpoint)
  }

  #inTurn<T>(endpoint: string, work: () => Promise<T>): Promise<T> {
    const result = (this.#queues.get(endpoint) ?? Promise.resolve()).then(work)
    this.#queues.set(
      endpoint,
      result.catch(() => undefined),
    )
    return result
  }
}
