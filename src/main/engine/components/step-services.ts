/** What a step may ask of the engine, bound to the step that asks: its run and project are on record with what it does. */
import type { Importance, ModelVersion } from '#shared/models.ts'
import type { ArtifactStore } from '../artifacts/artifact-store.ts'
import type { FeaturePaths } from '../features/online/feature-paths.ts'
import { saveFeatureViewText } from '../features/view-texts.ts'
import type { Clock } from '../kernel/clock.ts'
import type { StepIdentity, StepServices } from '../pipelines/component.ts'
import type { Approvals } from '../registry/approvals.ts'
import type { Registry } from '../registry/registry.ts'
import type { Deployments } from '../serving/deployments.ts'
import type { Rollouts } from '../serving/rollout/rollouts.ts'
import type { Store } from '../store/store.ts'

interface Domain {
  readonly registry: Registry
  readonly approvals: Approvals
  readonly artifacts: ArtifactStore
  readonly deployments: Deployments
  readonly rollouts: Pick<Rollouts, 'deploy'>
  /** Undefined where the version was not evaluated, or what is stored of it cannot be read any more. */
  readonly importanceOf: (version: ModelVersion) => Promise<Importance | undefined>
  readonly store: Store
  readonly clock: Clock
  readonly features: FeaturePaths
  readonly uploadedFile: (upload: string) => Promise<string>
}

export function stepServices({
  registry,
  approvals,
  artifacts,
  deployments,
  rollouts,
  importanceOf,
  store,
  clock,
  features,
  uploadedFile,
}: Domain): (identity: StepIdentity) => StepServices {
  const resolved = async (version: ModelVersion | undefined) =>
    version && {
      version,
      files: await artifacts.files(version.artifactHash),
      importance: await importanceOf(version),
    }
  return ({ projectId, runId, step }) => {
    const actor = `run ${runId}`
    return {
      resolveModel: (reference) => resolved(registry.tryResolve(reference)),
      answering: ({ endpoint }) => resolved(deployments.answering(endpoint)),
      registerVersion: async (request) => registry.registerVersion({ ...request, projectId, runId, step }),
      keepFeatureView: async (request) => saveFeatureViewText(store, { ...request, projectId }, clock()),
      moveAlias: async ({ verdictHash, ...request }) =>
        registry.moveAlias({ ...request, actor, evidence: { runId, step, verdictHash: verdictHash ?? null } }),
      requestApproval: async (request) => approvals.request({ ...request, projectId, runId, step }),
      planDeployment: async ({ approval, endpoint, rollout }) => approvals.planDeployment(approval, endpoint, rollout),
      deploy: ({ rollout, ...request }) => rollouts.deploy({ ...request, spec: rollout, actor }),
      measuredBefore: async () => undefined,
      uploadedFile: ({ upload }) => uploadedFile(upload),
      featureStore: async () => features,
    }
  }
}
