/** How registry tables are read: one SELECT and one schema per kind of row. */
import { z } from 'zod'
import { verdictSchema } from '#shared/gate.ts'
import {
  aliasMoveSchema,
  type ModelVersion,
  metricsSchema,
  moveEvidenceSchema,
  type RegisteredModel,
  signatureSchema,
} from '#shared/models.ts'
import { jsonColumn } from '../store/json-column.ts'
import { judgementColumn, judgementSql, withoutNoGate } from './judgement.ts'

export const modelColumns = `
  name, project_id AS projectId, created_at AS createdAt, description,
  (SELECT max(version) FROM model_version WHERE model = model.name) AS latestVersion,
  (SELECT json_group_object(alias, version) FROM model_alias WHERE model = model.name) AS aliases`

export const modelRow = z.object({
  name: z.string(),
  projectId: z.string(),
  createdAt: z.number(),
  description: z.string(),
  latestVersion: z.number().nullable(),
  aliases: jsonColumn(z.record(z.string(), z.number())),
}) satisfies z.ZodType<RegisteredModel>

export const versionColumns = `
  model, version, created_at AS createdAt, project_id AS projectId, run_id AS runId, step,
  artifact_hash AS artifactHash, signature, metrics, verdict,
  (SELECT json_group_array(alias ORDER BY alias) FROM model_alias a
    WHERE a.model = model_version.model AND a.version = model_version.version) AS aliases`

export const versionRow = z
  .object({
    model: z.string(),
    version: z.number(),
    createdAt: z.number(),
    projectId: z.string(),
    runId: z.string(),
    step: z.string(),
    artifactHash: z.string(),
    signature: jsonColumn(signatureSchema),
    metrics: jsonColumn(metricsSchema),
    verdict: jsonColumn(verdictSchema).nullable(),
    aliases: jsonColumn(z.array(z.string())),
  })
  .transform(({ verdict, ...row }): ModelVersion => ({ ...row, ...(verdict !== null && { verdict }) }))

export const moveColumns = `
  id, model, alias, from_version AS fromVersion, to_version AS toVersion, at, actor, reason,
  ${judgementSql({ model: 'alias_move.model', version: 'alias_move.to_version', reason: 'alias_move.reason' })} AS gate,
  json_object('verdictHash', verdict_hash, 'runId', run_id, 'step', step, 'approvalId', approval_id,
    'endpoint', endpoint, 'revision', revision, 'rolloutId', rollout_id) AS evidence`

export const moveRow = aliasMoveSchema
  .extend({ evidence: jsonColumn(moveEvidenceSchema), gate: judgementColumn })
  .transform(withoutNoGate)
