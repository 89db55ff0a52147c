/** Runs and step executions in the metadata store: rows in, contract types out. */
import { z } from 'zod'
import type { Problem } from '#shared/errors.ts'
import type { RunFacets, RunListPage } from '#shared/run-list.ts'
import {
  type Json,
  jsonSchema,
  type LogLine,
  logLineSchema,
  type MetricPoint,
  metricPointSchema,
  type Run,
  type RunStatus,
  type RunSummary,
  runStatusSchema,
  type StepExecution,
  type StepStatus,
} from '#shared/runs.ts'
import { booleanColumn, jsonColumn } from '../store/json-column.ts'
import type { Store } from '../store/store.ts'
import { savePipelineText } from './pipeline-texts.ts'
import { type Plan, planSchema } from './plan.ts'
import { listRuns, type RunQuery, runFacets } from './run-list.ts'
import { runRow, stepColumns, stepRow, summaryColumns, summaryRow, toStep } from './run-rows.ts'

export interface NewRun {
  readonly id: string
  readonly projectId: string
  readonly plan: Plan
  /** Of the pipeline file; null where it is not known any more. */
  readonly text: string | null
  readonly startedBy: string
  readonly gitCommit: string | null
  readonly gitDirty: boolean | null
  readonly createdAt: number
  /** The version of each component, by its name. */
  readonly componentVersions: ReadonlyMap<string, string>
}

/** What a step has become; only the given parts change. */
export interface StepChange {
  readonly status: StepStatus
  readonly cached?: boolean
  readonly cachedFrom?: string
  readonly componentVersion?: string
  readonly attempt?: number
  readonly startedAt?: number | null
  readonly finishedAt?: number | null
  readonly inputs?: Record<string, string[]>
  readonly outputs?: Record<string, string>
  readonly values?: Record<string, Json>
  readonly cacheKey?: string
  readonly reason?: string | null
  readonly error?: Problem | null
}

const cacheRow = z.object({
  outputs: jsonColumn(z.record(z.string(), z.string())),
  values: jsonColumn(z.record(z.string(), jsonSchema)),
  runId: z.string(),
})
/** What a step gave, and the run that it belonged to. */
export type CacheEntry = z.infer<typeof cacheRow>

export class RunStore {
  readonly #store: Store

  constructor(store: Store) {
    this.#store = store
  }

  transaction<T>(work: () => T): T {
    return this.#store.transaction(work)
  }

  create(run: NewRun): void {
    const { plan } = run
    this.transaction(() => {
      this.#store.run(
        `INSERT INTO run (id, project_id, pipeline, pipeline_version, parameters, seed, status, started_by,
           git_commit, git_dirty, steps_total, created_at)
         VALUES ($id, $projectId, $pipeline, $version, $parameters, $seed, 'queued', $startedBy,
           $gitCommit, $gitDirty, $stepsTotal, $createdAt)`,
        {
          id: run.id,
          projectId: run.projectId,
          pipeline: plan.pipeline,
          version: plan.version,
          parameters: JSON.stringify(plan.parameters),
          seed: plan.seed,
          startedBy: run.startedBy,
          gitCommit: run.gitCommit,
          gitDirty: run.gitDirty === null ? null : Number(run.gitDirty),
          stepsTotal: plan.steps.length,
          createdAt: run.createdAt,
        },
      )
      const { projectId, text } = run
      const { pipeline, version } = plan
      if (text !== null) savePipelineText(this.#store, { projectId, pipeline, version, text }, run.createdAt)
      this.#store.run('INSERT INTO run_plan (run_id, plan) VALUES ($id, $plan)', {
        id: run.id,
        plan: JSON.stringify(plan),
      })
      for (const [position, step] of plan.steps.entries()) {
        this.#store.run(
          `INSERT INTO step_execution (run_id, name, position, component, component_version, status, depends_on)
           VALUES ($runId, $name, $position, $component, $componentVersion, 'waiting', $dependsOn)`,
          {
            runId: run.id,
            name: step.name,
            position,
            component: step.component,
            componentVersion: run.componentVersions.get(step.component) ?? null,
            dependsOn: JSON.stringify(step.dependsOn),
          },
        )
      }
    })
  }

  plan(id: string): Plan {
    const row = this.#store.get(
      z.object({ plan: jsonColumn(planSchema) }),
      'SELECT plan FROM run_plan WHERE run_id = $id',
      { id },
    )
    if (row === undefined) throw new Error(`run ${id} has no plan`)
    return row.plan
  }

  summary(id: string): RunSummary | undefined {
    return this.#store.get(summaryRow, `SELECT ${summaryColumns} FROM run WHERE id = $id`, { id })
  }

  get(id: string): Run | undefined {
    const run = this.#store.get(
      runRow,
      `SELECT ${summaryColumns}, parameters, git_commit AS gitCommit, git_dirty AS gitDirty, seed FROM run WHERE id = $id`,
      { id },
    )
    return run === undefined ? undefined : { ...run, steps: this.steps(id) }
  }

  steps(runId: string): StepExecution[] {
    return this.#store
      .all(stepRow, `SELECT ${stepColumns} FROM step_execution WHERE run_id = $runId ORDER BY position`, { runId })
      .map(toStep)
  }

  list(query: RunQuery): RunListPage {
    return listRuns(this.#store, query)
  }

  facets(): RunFacets {
    return runFacets(this.#store)
  }

  /** How many runs there are of each status. */
  countByStatus(): Map<RunStatus, number> {
    const row = z.object({ status: runStatusSchema, count: z.number() })
    const rows = this.#store.all(row, 'SELECT status, count(*) AS count FROM run GROUP BY status')
    return new Map(rows.map(({ status, count }) => [status, count]))
  }

  /** Runs that a stopped engine left under way, oldest first. */
  unfinished(): string[] {
    return this.#store
      .all(z.object({ id: z.string() }), "SELECT id FROM run WHERE status IN ('queued', 'running') ORDER BY id")
      .map((row) => row.id)
  }

  setRunStatus(
    id: string,
    status: RunStatus,
    change: { startedAt?: number; finishedAt?: number | null; error?: Problem | null },
  ): void {
    this.#store.run(
      `UPDATE run SET status = $status,
         started_at = coalesce(started_at, $startedAt),
         finished_at = $finishedAt,
         error = $error
       WHERE id = $id`,
      {
        id,
        status,
        startedAt: change.startedAt ?? null,
        finishedAt: change.finishedAt ?? null,
        error: change.error ? JSON.stringify(change.error) : null,
      },
    )
  }

  setRunMetrics(id: string, metrics: Record<string, number>): void {
    this.#store.run('UPDATE run SET metrics = $metrics WHERE id = $id', { id, metrics: JSON.stringify(metrics) })
  }

  /** Applies the change and keeps the run's count of finished steps true. */
  changeStep(runId: string, name: string, change: StepChange): void {
    const columns: Record<string, string | number | null> = { status: change.status }
    if (change.cached !== undefined) columns.cached = Number(change.cached)
    if (change.cachedFrom !== undefined) columns.cached_from = change.cachedFrom
    if (change.componentVersion !== undefined) columns.component_version = change.componentVersion
    if (change.attempt !== undefined) columns.attempt = change.attempt
    if (change.startedAt !== undefined) columns.started_at = change.startedAt
    if (change.finishedAt !== undefined) columns.finished_at = change.finishedAt
    if (change.inputs !== undefined) columns.inputs = JSON.stringify(change.inputs)
    if (change.outputs !== undefined) columns.outputs = JSON.stringify(change.outputs)
    if (change.values !== undefined) columns.step_values = JSON.stringify(change.values)
    if (change.cacheKey !== undefined) columns.cache_key = change.cacheKey
    if (change.reason !== undefined) columns.reason = change.reason
    if (change.error !== undefined) columns.error = change.error === null ? null : JSON.stringify(change.error)
    const assignments = Object.keys(columns).map((column) => `${column} = $${column}`)
    this.transaction(() => {
      this.#store.run(`UPDATE step_execution SET ${assignments.join(', ')} WHERE run_id = $runId AND name = $name`, {
        ...columns,
        runId,
        name,
      })
      const delta = change.status === 'waiting' || change.status === 'running' ? 0 : 1
      if (delta > 0) this.#store.run('UPDATE run SET steps_done = steps_done + 1 WHERE id = $runId', { runId })
    })
  }

  /** Makes the given steps wait again, as if they had never started. */
  resetSteps(runId: string, names: readonly string[]): void {
    this.transaction(() => {
      for (const name of names) {
        this.#store.run(
          `UPDATE step_execution SET status = 'waiting', cached = 0, cached_from = NULL, started_at = NULL, finished_at = NULL,
             inputs = '{}', outputs = '{}', step_values = '{}', reason = NULL, error = NULL
           WHERE run_id = $runId AND name = $name`,
          { runId, name },
        )
      }
      this.#store.run(
        `UPDATE run SET steps_done =
           (SELECT count(*) FROM step_execution WHERE run_id = $runId AND status NOT IN ('waiting', 'running'))
         WHERE id = $runId`,
        { runId },
      )
    })
  }

  /** Names the one step that is to be run although the cache may hold its result; undefined: none. */
  setUncached(runId: string, name: string | undefined): void {
    this.#store.run('UPDATE step_execution SET uncached = coalesce(name = $name, 0) WHERE run_id = $runId', {
      runId,
      name: name ?? null,
    })
  }

  isUncached(runId: string, name: string): boolean {
    const row = z.object({ uncached: booleanColumn })
    const sql = 'SELECT uncached FROM step_execution WHERE run_id = $runId AND name = $name'
    return this.#store.get(row, sql, { runId, name })?.uncached ?? false
  }

  findCached(cacheKey: string): CacheEntry | undefined {
    return this.#store.get(
      cacheRow,
      'SELECT outputs, step_values AS "values", run_id AS runId FROM step_cache WHERE cache_key = $cacheKey',
      { cacheKey },
    )
  }

  saveCached(cacheKey: string, entry: CacheEntry, origin: { step: string; at: number }): void {
    this.#store.run(
      `INSERT INTO step_cache (cache_key, outputs, step_values, run_id, step, created_at)
       VALUES ($cacheKey, $outputs, $values, $runId, $step, $at)
       ON CONFLICT (cache_key) DO UPDATE SET outputs = excluded.outputs, step_values = excluded.step_values,
         run_id = excluded.run_id, step = excluded.step, created_at = excluded.created_at`,
      {
        cacheKey,
        outputs: JSON.stringify(entry.outputs),
        values: JSON.stringify(entry.values),
        runId: entry.runId,
        step: origin.step,
        at: origin.at,
      },
    )
  }

  /** Appends lines and returns them with their sequence numbers. */
  appendLog(runId: string, lines: readonly Omit<LogLine, 'sequence'>[]): LogLine[] {
    return this.transaction(() =>
      lines.map((line) => {
        const row = this.#store.get(
          z.object({ sequence: z.number() }),
          `INSERT INTO step_log (run_id, step, at, level, text) VALUES ($runId, $step, $at, $level, $text)
           RETURNING sequence`,
          { runId, step: line.step, at: line.at, level: line.level, text: line.text },
        )
        return { ...line, sequence: row?.sequence ?? 0 }
      }),
    )
  }

  log(runId: string, query: { step?: string | undefined; after: number; limit: number }): LogLine[] {
    return this.#store.all(
      logLineSchema,
      `SELECT sequence, step, at, level, text FROM step_log
       WHERE run_id = $runId AND ($step IS NULL OR step = $step) AND sequence > $after
       ORDER BY sequence LIMIT $limit`,
      { runId, step: query.step ?? null, after: query.after, limit: query.limit },
    )
  }

  /** A point measured again, as in a retried step, replaces the earlier one. */
  saveMetrics(runId: string, points: readonly MetricPoint[]): void {
    this.transaction(() => {
      for (const { step, name, index, value, at } of points) {
        this.#store.run(
          `INSERT INTO metric_point (run_id, step, name, point, value, at)
           VALUES ($runId, $step, $name, $point, $value, $at)
           ON CONFLICT DO UPDATE SET value = excluded.value, at = excluded.at`,
          { runId, step, name, point: index, value, at },
        )
      }
    })
  }

  metrics(runId: string): MetricPoint[] {
    return this.#store.all(
      metricPointSchema,
      `SELECT step, name, point AS "index", value, at FROM metric_point WHERE run_id = $runId ORDER BY step, name, point`,
      { runId },
    )
  }
}
