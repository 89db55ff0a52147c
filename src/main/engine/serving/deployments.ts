/** Puts model versions behind endpoints: the store says what should answer, the inference server makes it so. */

import { readFile } from 'node:fs/promises'
import { featureManifestFile, featureManifestSchema } from '#shared/features.ts'
import { ledgerText } from '#shared/ledger-reasons.ts'
import type { ModelVersion, Revision } from '#shared/models.ts'
import type { InfrastructureCheck } from '#shared/rollout.ts'
import type { ArtifactStore } from '../artifacts/artifact-store.ts'
import { EsteiraError } from '../kernel/errors.ts'
import type { Registry } from '../registry/registry.ts'
import { callerInputs } from './caller-inputs.ts'
import type { ChampionFollower } from './champion-follower.ts'
import type { Endpoints } from './endpoints.ts'
import type { InferenceServer } from './inference-server.ts'
import type { ModelToServe } from './live-model.ts'
import type { InfrastructureChecks } from './rollout/infrastructure-check.ts'
import { type Contract, underWay } from './rollout/refusals.ts'
import type { RolloutStore } from './rollout/rollout-store.ts'

export interface DeployRequest {
  readonly endpoint: string
  readonly model: string
  readonly version: number
  /** Who: `run <id>`, `api`, `cli`. */
  readonly actor: string
  readonly reason: string
}

export interface RollbackRequest {
  readonly endpoint: string
  /** Number of the revision to return to; left out, the one before the last. */
  readonly to?: number | undefined
  /** Leaves the champion where it is. Default: it goes back with the endpoint. */
  readonly keepChampion?: boolean | undefined
  readonly actor: string
  readonly reason: string
}

export interface Deployment {
  readonly revision: Revision
  /** Where it answers; null while the inference server is not running. */
  readonly url: string | null
}

/** What else a new revision changes, in its transaction. */
type OnReplaced = (before: Revision) => void

type OwnedModel = ModelToServe & { readonly projectId: string }

export class Deployments {
  readonly #registry: Registry
  readonly #endpoints: Endpoints
  readonly #artifacts: ArtifactStore
  readonly #server: InferenceServer

  /** Where two versions share the traffic, a third may not come. */
  readonly #rollouts: Pick<RolloutStore, 'runningAt'>

  readonly #champion: ChampionFollower

  /** Left out, versions answer as soon as they load. */
  readonly #infrastructure: Pick<InfrastructureChecks, 'check'> | undefined

  constructor(parts: {
    registry: Registry
    endpoints: Endpoints
    artifacts: ArtifactStore
    server: InferenceServer
    rollouts: Pick<RolloutStore, 'runningAt'>
    champion: ChampionFollower
    infrastructure?: Pick<InfrastructureChecks, 'check'> | undefined
  }) {
    this.#infrastructure = parts.infrastructure
    this.#rollouts = parts.rollouts
    this.#champion = parts.champion
    this.#registry = parts.registry
    this.#endpoints = parts.endpoints
    this.#artifacts = parts.artifacts
    this.#server = parts.server
  }

  /** The version that the endpoint is meant to answer with; undefined before the first deployment. */
  answering(endpoint: string): ModelVersion | undefined {
    const revision = this.#endpoints.find(endpoint)?.revision
    return revision ? this.#registry.getVersion(revision.model, revision.version) : undefined
  }

  /**
   * Makes a version answer at an endpoint and returns when it does. A version that answers already keeps its revision,
   * so that a step repeated after a crash changes nothing.
   * @throws EsteiraError `model-not-found`, `model-version-not-found`, `endpoint-owned-elsewhere`, `model-unusable`,
   *   `artifact-corrupt`, `invalid-request` (not a name), `rollout-under-way`
   */
  deploy(request: DeployRequest): Promise<Deployment> {
    return this.#put(request, 'once')
  }

  /**
   * Makes the version of an earlier revision answer again, as a new revision. The champion goes back with it.
   * @throws EsteiraError `endpoint-not-found`, `revision-not-found`, and what `deploy` throws
   */
  async rollBack({ endpoint, to, keepChampion, actor, reason }: RollbackRequest): Promise<Deployment> {
    const { model, version, number } =
      to === undefined ? this.#endpoints.previousRevision(endpoint) : this.#endpoints.getRevision(endpoint, to)
    const why = ledgerText({ kind: 'rolled-back', revision: number, more: reason })
    const goBack: OnReplaced = (from) =>
      this.#champion.goBack({
        endpoint,
        from: { ...from, revision: from.number },
        to: { model, version },
        actor,
        reason,
      })
    return this.#put({ endpoint, model, version, actor, reason: why }, 'always', keepChampion ? undefined : goBack)
  }

  /**
   * Tells the inference server what should answer. Called before the server starts, requests that come before a model is
   * loaded are told to wait. Never throws: an endpoint that cannot be served is marked as failed.
   */
  async restore(): Promise<void> {
    for (const { name, revision } of this.#endpoints.list()) {
      if (revision === null) continue
      try {
        await this.#server.setRevision(name, await this.#source(revision), () => revision.number)
      } catch (error) {
        this.#server.setFailed(name, error instanceof Error ? error.message : String(error))
      }
    }
  }

  /** That the package of a model is what was registered. @throws EsteiraError `artifact-corrupt` */
  async verify(source: Pick<ModelToServe, 'model' | 'version'>): Promise<void> {
    await this.#source(source)
  }

  async #put(request: DeployRequest, newRevision: 'once' | 'always', onReplaced?: OnReplaced): Promise<Deployment> {
    const { projectId } = this.#registry.getVersion(request.model, request.version)
    this.#endpoints.checkDeployable(request.endpoint, projectId)
    this.#checkNoRollout(request.endpoint)
    await this.checkInfrastructure(request.endpoint, request)
    let revision: Revision | undefined
    await this.#server.setRevision(request.endpoint, await this.#source(request), () => {
      this.#checkNoRollout(request.endpoint)
      const current = this.#endpoints.find(request.endpoint)?.revision ?? undefined
      const answers = current?.model === request.model && current.version === request.version
      const along = () => current && onReplaced?.(current)
      revision =
        answers && newRevision === 'once' ? current : this.#endpoints.addRevision({ ...request, projectId }, along)
      return revision.number
    })
    if (revision === undefined) throw new EsteiraError('internal', 'The deployment made no revision.')
    return { revision, url: this.#server.state(request.endpoint).url }
  }

  /** What callers send to a version, and the files of its package. @throws EsteiraError `artifact-corrupt` */
  async contract(reference: { model: string; version: number }): Promise<Contract & { source: OwnedModel }> {
    const { signature } = this.#registry.getVersion(reference.model, reference.version)
    const source = await this.#source(reference)
    const path = source.files.get(featureManifestFile)
    const manifest = path && featureManifestSchema.parse(JSON.parse(await readFile(path, 'utf8')))
    return { signature, inputs: callerInputs(signature, manifest || undefined), source }
  }

  /** What a version did before it gets traffic at an endpoint. @throws EsteiraError `infrastructure-check-failed` */
  async checkInfrastructure(
    endpoint: string,
    reference: { model: string; version: number },
  ): Promise<InfrastructureCheck | undefined> {
    if (this.#infrastructure === undefined) return undefined
    const { signature, artifactHash } = this.#registry.getVersion(reference.model, reference.version)
    const source = await this.#source(reference)
    return await this.#infrastructure.check({ endpoint, source, signature, artifactHash })
  }

  #checkNoRollout(endpoint: string): void {
    const rollout = this.#rollouts.runningAt(endpoint)
    if (rollout !== undefined) throw underWay(endpoint, rollout.version)
  }

  async #source({ model, version }: { model: string; version: number }): Promise<OwnedModel> {
    const { artifactHash, projectId } = this.#registry.getVersion(model, version)
    return { model, version, files: await this.#artifacts.files(artifactHash), projectId }
  }
}
