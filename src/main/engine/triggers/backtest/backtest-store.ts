/** Back-tests in the metadata store: what was asked, which run computes it, and what came out. */
import { z } from 'zod'
import {
  type Matrix,
  type MatrixSettings,
  matrixSchema,
  matrixSettingsSchema,
  type ReplaySettings,
  replaySettingsSchema,
} from '#shared/backtest.ts'
import { jsonColumn } from '../../store/json-column.ts'
import type { Store } from '../../store/store.ts'
import { type Layout, layoutSchema } from './matrix-plan.ts'

const summaryRow = z.object({
  id: z.string(),
  projectId: z.string(),
  pipeline: z.string(),
  createdAt: z.number(),
  matrixSettings: jsonColumn(matrixSettingsSchema),
  settings: jsonColumn(replaySettingsSchema),
  runId: z.string().nullable(),
  /** Of the matrix; null until there is one. */
  status: z.enum(['succeeded', 'incomplete', 'failed']).nullable(),
  matrixOf: z.number().nullable(),
})
export type StoredSummary = z.infer<typeof summaryRow>
const backtestRow = summaryRow.extend({ layout: jsonColumn(layoutSchema), matrix: jsonColumn(matrixSchema).nullable() })
export type StoredBacktest = z.infer<typeof backtestRow>

const summaryColumns = `id, project_id AS projectId, pipeline, created_at AS createdAt, matrix_settings AS matrixSettings,
  settings, run_id AS runId, status, matrix_of AS matrixOf`
const columns = `${summaryColumns}, layout, matrix`

export interface NewBacktest {
  readonly id: string
  readonly createdAt: number
  readonly matrixSettings: MatrixSettings
  readonly settings: ReplaySettings
  readonly layout: Layout
  readonly runId: string
}

export interface BacktestQuery {
  readonly projectId?: string | undefined
  readonly pipeline?: string | undefined
  readonly limit: number
  /** The id of the last one of the page before. */
  readonly cursor?: string | undefined
}

export class BacktestStore {
  readonly #store: Store

  constructor(store: Store) {
    this.#store = store
  }

  create({ id, createdAt, matrixSettings, settings, layout, runId }: NewBacktest): void {
    this.#store.run(
      `INSERT INTO backtest (id, project_id, pipeline, created_at, matrix_settings, settings, layout, run_id)
       VALUES ($id, $projectId, $pipeline, $createdAt, $matrixSettings, $settings, $layout, $runId)`,
      {
        id,
        projectId: matrixSettings.projectId,
        pipeline: matrixSettings.pipeline,
        createdAt,
        matrixSettings: JSON.stringify(matrixSettings),
        settings: JSON.stringify(settings),
        layout: JSON.stringify(layout),
        runId,
      },
    )
  }

  find(id: string): StoredBacktest | undefined {
    return this.#store.get(backtestRow, `SELECT ${columns} FROM backtest WHERE id = $id`, { id })
  }

  findByRun(runId: string): StoredBacktest | undefined {
    return this.#store.get(backtestRow, `SELECT ${columns} FROM backtest WHERE run_id = $runId`, { runId })
  }

  /** Newest first, one more than asked for where there are further ones. */
  list({ projectId, pipeline, limit, cursor }: BacktestQuery): StoredSummary[] {
    return this.#store.all(
      summaryRow,
      `SELECT ${summaryColumns} FROM backtest
       WHERE ($projectId IS NULL OR project_id = $projectId) AND ($pipeline IS NULL OR pipeline = $pipeline)
         AND ($cursor IS NULL OR id < $cursor)
       ORDER BY id DESC LIMIT $limit`,
      { projectId: projectId ?? null, pipeline: pipeline ?? null, cursor: cursor ?? null, limit: limit + 1 },
    )
  }

  saveMatrix(id: string, matrix: Matrix, of: { status: string; finishedAt: number }): void {
    this.#store.run('UPDATE backtest SET matrix = $matrix, status = $status, matrix_of = $finishedAt WHERE id = $id', {
      id,
      matrix: JSON.stringify(matrix),
      ...of,
    })
  }

  saveSettings(id: string, settings: ReplaySettings): void {
    this.#store.run('UPDATE backtest SET settings = $settings WHERE id = $id', {
      id,
      settings: JSON.stringify(settings),
    })
  }

  /** Returns whether there was one. */
  remove(id: string): boolean {
    return this.#store.run('DELETE FROM backtest WHERE id = $id', { id }) > 0
  }

  /**
   * How long each step of a run took when it was really run: for one out of the cache, what it took in the run that made it.
   * Null where that run is gone.
   */
  stepDurations(runId: string): ReadonlyMap<string, number | null> {
    const rows = this.#store.all(
      z.object({ name: z.string(), durationMs: z.number().nullable() }),
      `SELECT s.name, CASE WHEN s.cached = 0 THEN s.finished_at - s.started_at ELSE (
           SELECT o.finished_at - o.started_at FROM step_execution o
           WHERE o.run_id = s.cached_from AND o.cache_key = s.cache_key AND o.cached = 0) END AS durationMs
       FROM step_execution s WHERE s.run_id = $runId`,
      { runId },
    )
    return new Map(rows.map(({ name, durationMs }) => [name, durationMs]))
  }
}
