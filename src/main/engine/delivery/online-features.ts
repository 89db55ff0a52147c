/** The online feature store for those who ask from outside: what it holds, bringing it up to date, what it fills. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { featureManifestFile, featureManifestSchema } from '#shared/features.ts'
import {
  type EndpointFeature,
  type MaterializeReport,
  materializeReportSchema,
  type OnlineView,
} from '#shared/online.ts'
import type { Json } from '#shared/runs.ts'
import type { ArtifactStore } from '../artifacts/artifact-store.ts'
import { materialize, materializeOptions } from '../components/materialize.ts'
import { describeOnlineView, type OnlineStore } from '../features/online/online-store.ts'
import type { Clock } from '../kernel/clock.ts'
import { EsteiraError, fromProblem } from '../kernel/errors.ts'
import { newId } from '../kernel/ids.ts'
import type { StepIdentity, StepServices } from '../pipelines/component.ts'
import type { Projects } from '../pipelines/projects.ts'
import type { StepPool } from '../pipelines/step-pool.ts'
import type { Registry } from '../registry/registry.ts'
import type { Endpoints } from '../serving/endpoints.ts'

export interface OnlineFeaturesParts {
  readonly online: OnlineStore
  readonly projects: Pick<Projects, 'open'>
  readonly pool: Pick<StepPool, 'run'>
  readonly artifacts: Pick<ArtifactStore, 'files' | 'root'>
  readonly registry: Pick<Registry, 'getVersion'>
  readonly endpoints: Pick<Endpoints, 'get'>
  readonly servicesFor: (identity: StepIdentity) => StepServices
  readonly workRoot: string
  readonly clock: Clock
}

export interface MaterializeCall {
  readonly projectId: string
  readonly view: string
  readonly lateness?: string | undefined
  readonly until?: string | undefined
  readonly full: boolean
  readonly signal: AbortSignal
}

export class OnlineFeatures {
  readonly #parts: OnlineFeaturesParts

  constructor(parts: OnlineFeaturesParts) {
    this.#parts = parts
  }

  /** The versions of a view, the last materialised first. @throws EsteiraError `project-not-found` */
  async list(projectId: string, view: string): Promise<OnlineView[]> {
    await this.#parts.projects.open(projectId)
    const now = this.#parts.clock()
    return this.#parts.online.list({ projectId, view }).map((row) => describeOnlineView(row, now))
  }

  /**
   * Brings a view up to date in a step thread, as a step of a pipeline would, and returns when it is done.
   * @throws EsteiraError `project-not-found`, `invalid-request`, and what the component throws
   */
  async materialize({ projectId, view, signal, ...options }: MaterializeCall): Promise<MaterializeReport> {
    const { projects, pool, artifacts, servicesFor, workRoot } = this.#parts
    const { row, spec } = await projects.open(projectId)
    const id = newId()
    const run = { id, pipeline: 'api', step: 'materialize' }
    const job = {
      component: materialize.name,
      options: checkedOptions({ view, ...options }),
      inputs: {},
      project: { id: row.id, name: spec.name, path: row.path, datasets: spec.datasets },
      run,
      seed: 0,
      artifactRoot: artifacts.root,
      workPath: join(workRoot, `materialize-${id}`),
    }
    const services = servicesFor({ projectId, runId: id, step: run.step })
    const outcome = await pool.run(job, { onReport: () => {}, services, signal })
    switch (outcome.kind) {
      case 'succeeded':
        return materializeReportSchema.parse(outcome.values)
      case 'failed':
        throw fromProblem(outcome.problem)
      case 'skipped':
        throw new EsteiraError('internal', outcome.reason)
    }
  }

  /** @throws EsteiraError `endpoint-not-found` */
  async ofEndpoint(endpoint: string): Promise<EndpointFeature[]> {
    const { endpoints, registry, artifacts, online, clock } = this.#parts
    const { revision } = endpoints.get(endpoint)
    if (revision === null) return []
    const { artifactHash, projectId } = registry.getVersion(revision.model, revision.version)
    const path = (await artifacts.files(artifactHash)).get(featureManifestFile)
    if (path === undefined) return []
    const { features } = featureManifestSchema.parse(JSON.parse(await readFile(path, 'utf8')))
    return features.map((feature) => {
      const stored = online.find({ projectId, view: feature.view, version: feature.viewVersion })
      return { ...feature, online: stored === undefined ? null : describeOnlineView(stored, clock()) }
    })
  }
}

function checkedOptions(options: Record<string, string | boolean | undefined>): Record<string, Json> {
  const given = Object.entries(options).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  )
  const parsed = materializeOptions.safeParse(Object.fromEntries(given))
  if (parsed.success) return Object.fromEntries(given)
  const [issue] = parsed.error.issues
  throw new EsteiraError('invalid-request', `The option "${issue?.path.join('.') ?? ''}" ${issue?.message ?? ''}.`, {
    where: issue?.path.join('.') ?? '',
  })
}
