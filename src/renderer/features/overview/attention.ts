/** What a person should look at, from what the engine knows. Pure. */
import type { Alert } from '#shared/alerts.ts'
import type { Approval } from '#shared/approvals.ts'
import type { Endpoint, ModelVersion } from '#shared/models.ts'
import type { Pipeline, Project } from '#shared/projects.ts'
import type { RunSummary } from '#shared/runs.ts'

export type Attention =
  | { readonly kind: 'project-gone'; readonly project: Project }
  | { readonly kind: 'pipeline-invalid'; readonly pipeline: Pipeline }
  | { readonly kind: 'run-failed'; readonly run: RunSummary }
  | { readonly kind: 'version-rejected'; readonly version: ModelVersion }
  | { readonly kind: 'alert-open'; readonly alert: Alert }
  | { readonly kind: 'endpoint-down'; readonly endpoint: Endpoint }
  | { readonly kind: 'approval-pending'; readonly approval: Approval }

interface Known {
  readonly projects: readonly Project[]
  readonly pipelines: readonly Pipeline[]
  /** Newest first. */
  readonly runs: readonly RunSummary[]
  /** The newest version of each model. */
  readonly newestVersions: readonly ModelVersion[]
  readonly endpoints: readonly Endpoint[]
  /** Those that wait for a person, newest first. */
  readonly approvals: readonly Approval[]
  /** Open ones that nobody has acknowledged, newest first. */
  readonly alerts: readonly Alert[]
}

/** The gravest first: what serves and how well, what waits for a person, what failed, what was rejected, what cannot run. */
export function attentionOf({
  projects,
  pipelines,
  runs,
  newestVersions,
  endpoints,
  approvals,
  alerts,
}: Known): Attention[] {
  const waits = ({ model, version }: ModelVersion) =>
    approvals.some((approval) => approval.model === model && approval.version === version)
  return [
    ...endpoints
      .filter(({ state }) => state === 'failed')
      .map((endpoint): Attention => ({ kind: 'endpoint-down', endpoint })),
    ...[...alerts].sort(byGravity).map((alert): Attention => ({ kind: 'alert-open', alert })),
    ...approvals.map((approval): Attention => ({ kind: 'approval-pending', approval })),
    ...latestOfEach(runs)
      .filter(({ status }) => status === 'failed')
      .map((run): Attention => ({ kind: 'run-failed', run })),
    ...newestVersions
      .filter(({ verdict, aliases }) => verdict?.blessed === false && !aliases.includes('champion'))
      .filter((version) => !waits(version))
      .map((version): Attention => ({ kind: 'version-rejected', version })),
    ...pipelines
      .filter(({ problems }) => problems.length > 0)
      .map((pipeline): Attention => ({ kind: 'pipeline-invalid', pipeline })),
    ...projects.filter(({ available }) => !available).map((project): Attention => ({ kind: 'project-gone', project })),
  ]
}

/** Critical ones before warnings. */
function byGravity(a: Alert, b: Alert): number {
  return Number(b.severity === 'critical') - Number(a.severity === 'critical')
}

/** A pipeline that failed and then succeeded needs no attention: only its newest ended run counts. */
function latestOfEach(runs: readonly RunSummary[]): RunSummary[] {
  const latest = new Map<string, RunSummary>()
  for (const run of runs) {
    const key = `${run.projectId}/${run.pipeline}`
    if (run.finishedAt !== null && !latest.has(key)) latest.set(key, run)
  }
  return [...latest.values()]
}
