/** The rows that lineage is told from, and the columns that they are read by. */
import { z } from 'zod'
import { artifactTypeSchema, runStatusSchema, stepStatusSchema } from '#shared/runs.ts'

export const stepRow = z.object({
  runId: z.string(),
  step: z.string(),
  component: z.string(),
  status: stepStatusSchema,
  cached: z.number(),
  pipeline: z.string(),
  projectId: z.string(),
  at: z.number(),
  port: z.string(),
})
export type StepRow = z.infer<typeof stepRow>
export const stepColumns = `e.run_id AS runId, e.name AS step, e.component, e.status, e.cached, r.pipeline,
  r.project_id AS projectId, coalesce(e.started_at, r.created_at) AS at`

export const artifactRow = z.object({ hash: z.string(), type: artifactTypeSchema, at: z.number(), port: z.string() })
export type ArtifactRow = z.infer<typeof artifactRow>

export const versionRow = z.object({
  model: z.string(),
  version: z.number(),
  projectId: z.string(),
  runId: z.string(),
  step: z.string(),
  at: z.number(),
  aliases: z.string().nullable(),
  serving: z.number(),
})
export type VersionRow = z.infer<typeof versionRow>
export const versionColumns = `v.model, v.version, v.project_id AS projectId, v.run_id AS runId, v.step, v.created_at AS at,
  (SELECT group_concat(alias, ', ') FROM model_alias a WHERE a.model = v.model AND a.version = v.version) AS aliases,
  (SELECT count(*) FROM revision n JOIN endpoint d ON d.revision_id = n.id
   WHERE n.model = v.model AND n.version = v.version) AS serving`

export const runRow = z.object({
  id: z.string(),
  pipeline: z.string(),
  projectId: z.string(),
  status: runStatusSchema,
  at: z.number(),
})
export type RunRow = z.infer<typeof runRow>

export const endpointRow = z.object({
  name: z.string(),
  projectId: z.string(),
  model: z.string(),
  version: z.number(),
  at: z.number(),
})
export type EndpointRow = z.infer<typeof endpointRow>
