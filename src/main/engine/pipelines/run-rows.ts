/** The rows of runs and step executions, and the contract types that they become. */
import { z } from 'zod'
import { problemSchema } from '#shared/errors.ts'
import { jsonSchema, parametersSchema, runStatusSchema, type StepExecution, stepStatusSchema } from '#shared/runs.ts'
import { booleanColumn, jsonColumn } from '../store/json-column.ts'

export const summaryColumns = `id, project_id AS projectId, pipeline, pipeline_version AS pipelineVersion, status,
  started_by AS startedBy, created_at AS createdAt, started_at AS startedAt, finished_at AS finishedAt,
  steps_total AS stepsTotal, steps_done AS stepsDone, metrics, error`

export const summaryRow = z.object({
  id: z.string(),
  projectId: z.string(),
  pipeline: z.string(),
  pipelineVersion: z.string(),
  status: runStatusSchema,
  startedBy: z.string(),
  createdAt: z.number(),
  startedAt: z.number().nullable(),
  finishedAt: z.number().nullable(),
  stepsTotal: z.number(),
  stepsDone: z.number(),
  metrics: jsonColumn(z.record(z.string(), z.number())),
  error: jsonColumn(problemSchema).nullable(),
})

export const runRow = summaryRow.extend({
  parameters: jsonColumn(parametersSchema),
  gitCommit: z.string().nullable(),
  gitDirty: booleanColumn.nullable(),
  seed: z.number(),
})

export const stepRow = z.object({
  name: z.string(),
  component: z.string(),
  componentVersion: z.string().nullable(),
  status: stepStatusSchema,
  cached: booleanColumn,
  cachedFrom: z.string().nullable(),
  attempt: z.number(),
  startedAt: z.number().nullable(),
  finishedAt: z.number().nullable(),
  dependsOn: jsonColumn(z.array(z.string())),
  inputs: jsonColumn(z.record(z.string(), z.array(z.string()))),
  outputs: jsonColumn(z.record(z.string(), z.string())),
  values: jsonColumn(z.record(z.string(), jsonSchema)),
  reason: z.string().nullable(),
  error: jsonColumn(problemSchema).nullable(),
})

export const stepColumns = `name, component, component_version AS componentVersion, status, cached, cached_from AS cachedFrom, attempt, started_at AS startedAt,
  finished_at AS finishedAt, depends_on AS dependsOn, inputs, outputs, step_values AS "values", reason, error`

/** Progress is not stored: it is null until the step says it again. */
export function toStep({ cachedFrom, componentVersion, ...row }: z.output<typeof stepRow>): StepExecution {
  return {
    ...row,
    ...(componentVersion !== null && { componentVersion }),
    ...(cachedFrom !== null && { cachedFrom }),
    progress: null,
    progressMessage: null,
  }
}
