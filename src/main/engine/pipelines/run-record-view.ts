/** Puts the record of a run together from what was stored of it. Pure. */
import { z } from 'zod'
import { gitChangesSchema, previousModelSchema, type RunRecord, runEnvironmentSchema } from '#shared/run-record.ts'
import type { Artifact, Json, Run, StepExecution } from '#shared/runs.ts'
import { hashJson } from '../kernel/canonical-json.ts'
import { jsonColumn } from '../store/json-column.ts'
import type { Plan } from './plan.ts'

export const recordRow = z.object({
  osUser: z.string(),
  environment: jsonColumn(runEnvironmentSchema),
  previousModels: jsonColumn(z.array(previousModelSchema)),
  changes: jsonColumn(gitChangesSchema).nullable(),
  reproduces: z.string().nullable(),
})
export type RecordRow = z.output<typeof recordRow>

interface Stored {
  readonly row: RecordRow | undefined
  readonly sources: RunRecord['sources']
  readonly references: RunRecord['references']
  readonly triggerDecision: RunRecord['triggerDecision']
  artifactOf(hash: string): (Artifact & { available: boolean }) | undefined
}

export function describeRun(
  run: Run,
  plan: Plan,
  { row, sources, references, triggerDecision, artifactOf }: Stored,
): RunRecord {
  const { startedAt, finishedAt, startedBy, parameters, seed } = run
  return {
    runId: run.id,
    complete: row !== undefined,
    pipeline: { name: run.pipeline, version: run.pipelineVersion, planHash: planHashOf(plan) },
    components: run.steps.map(({ name, component, componentVersion }) => ({
      step: name,
      component,
      version: componentVersion ?? null,
    })),
    startedAt,
    finishedAt,
    durationMs: durationMs(run),
    steps: run.steps.map((step) => ({
      step: step.name,
      startedAt: step.startedAt,
      finishedAt: step.finishedAt,
      durationMs: durationMs(step),
      cached: step.cached,
      attempt: step.attempt,
    })),
    startedBy,
    osUser: row?.osUser ?? null,
    triggerDecision,
    parameters,
    seed,
    artifacts: run.steps.flatMap((step) => artifactsOf(step, artifactOf)),
    previousModels: row?.previousModels ?? [],
    metrics: run.steps.flatMap(metricsOf),
    git:
      run.gitCommit === null
        ? null
        : { commit: run.gitCommit, dirty: run.gitDirty ?? false, changes: row?.changes ?? null },
    environment: row?.environment ?? null,
    backends: backendsOf(run.steps),
    sources,
    references,
    reproduces: row?.reproduces ?? null,
  }
}

/** Of what is to be done, whether or not the cache may answer. */
export function planHashOf({ useCache: _, ...plan }: Plan): string {
  return hashJson(plan)
}

function durationMs({ startedAt, finishedAt }: { startedAt: number | null; finishedAt: number | null }): number | null {
  return startedAt === null || finishedAt === null ? null : Math.max(0, finishedAt - startedAt)
}

function artifactsOf({ name, outputs }: StepExecution, find: Stored['artifactOf']): RunRecord['artifacts'] {
  return Object.entries(outputs).flatMap(([output, hash]) => {
    const artifact = find(hash)
    if (artifact === undefined) return []
    const { type, files, available } = artifact
    const bytes = files.reduce((sum, file) => sum + file.bytes, 0)
    return [{ step: name, output, type, hash, files: files.map((file) => file.name), bytes, available }]
  })
}

function metricsOf({ name, values }: StepExecution): RunRecord['metrics'] {
  const training = numbersOf(values.trainingMetrics)
  const validation = numbersOf(values.validationMetrics)
  const test = numbersOf(values.metrics)
  if (training === null && validation === null && test === null) return []
  return [{ step: name, training, validation, test }]
}

function numbersOf(value: Json | undefined): Record<string, number> | null {
  if (value === null || value === undefined || typeof value !== 'object' || Array.isArray(value)) return null
  const entries = Object.entries(value).filter((entry): entry is [string, number] => typeof entry[1] === 'number')
  return entries.length === 0 ? null : Object.fromEntries(entries)
}

function backendsOf(steps: readonly StepExecution[]): string[] {
  const named = steps.flatMap(({ values }) => (typeof values.backend === 'string' ? [values.backend] : []))
  return [...new Set(named)]
}
