/** Back-tests of trigger policies: the run that computes the matrix is started here, and every question is a replay over it. */
import { readFile } from 'node:fs/promises'
import { setImmediate as nextTurn } from 'node:timers/promises'
import {
  type Backtest,
  type BacktestDefaults,
  type BacktestPage,
  type BacktestRequest,
  type BacktestSummary,
  type MatrixSettings,
  maxPolicies,
  type ReplaySettings,
  replaySettingsSchema,
  type Span,
} from '#shared/backtest.ts'
import { chosenMetric, replayAll } from '#shared/backtest-replay.ts'
import { type DriftReport, driftReportSchema } from '#shared/drift.ts'
import type { Parameters, Run } from '#shared/runs.ts'
import type { ArtifactStore } from '../../artifacts/artifact-store.ts'
import type { Explorer } from '../../data/explorer.ts'
import { hashJson } from '../../kernel/canonical-json.ts'
import type { Clock } from '../../kernel/clock.ts'
import { EsteiraError } from '../../kernel/errors.ts'
import type { EventBus } from '../../kernel/events.ts'
import { newId } from '../../kernel/ids.ts'
import { parseYamlFile } from '../../kernel/yaml-file.ts'
import type { Plan } from '../../pipelines/plan.ts'
import { type Catalogue, planPipeline } from '../../pipelines/planner.ts'
import { pipelineFile } from '../../pipelines/project-folder.ts'
import type { Projects } from '../../pipelines/projects.ts'
import type { Runs } from '../../pipelines/runs.ts'
import { pipelineSpecSchema } from '../../pipelines/spec.ts'
import type { TriggerSpec } from '../../pipelines/trigger-spec.ts'
import { quoteIdentifier } from '../../tables/duckdb.ts'
import type { BacktestQuery, BacktestStore, StoredBacktest, StoredSummary } from './backtest-store.ts'
import { checkMetrics } from './check-metrics.ts'
import { coveringHistory, defaultPolicies, gateMetric, knownMetrics, timedDataset } from './defaults.ts'
import { filePolicies } from './file-policies.ts'
import { readMatrix } from './matrix.ts'
import { makeMatrixPlan, trainingWindow } from './matrix-plan.ts'
import { cutSpans } from './spans.ts'
import { checkWindow, inferWindow, windowValues } from './window-parameters.ts'

export interface BacktestsParts {
  readonly backtests: BacktestStore
  readonly projects: Pick<Projects, 'open' | 'planWithText'>
  readonly runs: Pick<Runs, 'startPlan' | 'get'>
  readonly artifacts: Pick<ArtifactStore, 'files'>
  readonly explorer: Pick<Explorer, 'ask'>
  readonly catalogue: Catalogue
  readonly events: EventBus
  readonly clock: Clock
  readonly onError: (error: unknown) => void
}

export class Backtests {
  readonly #parts: BacktestsParts

  constructor(parts: BacktestsParts) {
    this.#parts = parts
    parts.events.subscribe((event) => {
      if (event.type === 'run-changed' && event.run.finishedAt !== null) this.#onRunEnd(event.run.id)
    })
  }

  /** What a back-test would do if nothing were said. @throws EsteiraError `pipeline-not-found`, `pipeline-invalid` */
  async defaults(projectId: string, pipeline: string, signal?: AbortSignal): Promise<BacktestDefaults> {
    const { plan, text } = await this.#parts.projects.planWithText(projectId, pipeline, {})
    const notes: string[] = []
    const window = inferWindow(plan.parameters) ?? null
    if (window === null) notes.push('Which parameters say from when to when the pipeline reads rows could not be told.')
    const history = await this.#history(projectId, plan, signal)
    if (history === undefined) notes.push('The dataset declares no time column: name the first and the last day.')
    const judged = gateMetric(plan)
    const ofFile = filePolicies(triggersIn(text, pipeline), history === undefined ? [] : cutSpans(history))
    return {
      parameters: Object.keys(plan.parameters),
      window,
      from: history?.from ?? null,
      to: history?.to ?? null,
      span: history?.span ?? 'month',
      metric: judged.metric,
      metrics: [...knownMetrics],
      policies: [...defaultPolicies(judged), ...ofFile.policies].slice(0, maxPolicies),
      notes: [...notes, ...ofFile.notes],
    }
  }

  /**
   * Starts the run that computes the matrix. What is not said is found out as `defaults` does.
   * @throws EsteiraError `invalid-request`, `parameter-invalid`, `pipeline-invalid`; nothing is stored then
   */
  async start(request: BacktestRequest): Promise<Backtest> {
    const { projectId, pipeline } = request
    const settings = await this.#complete(request)
    const replaySettings = replaySettingsSchema.parse({
      ...request,
      policies: request.policies ?? (await this.defaults(projectId, pipeline)).policies,
    })
    checkMetrics(replaySettings)
    const { plan: own, text } = await this.#parts.projects.planWithText(projectId, pipeline, {})
    checkWindow(settings.window, own.parameters)
    const spans = cutSpans(settings)
    const planWith = await this.#plans(text, own, settings, spans)
    const { catalogue, clock, runs, backtests } = this.#parts
    const { plan, layout } = makeMatrixPlan({ planWith, parameters: own.parameters, catalogue, spans, settings })
    const id = newId(clock())
    await runs.startPlan({
      projectId,
      plan,
      text,
      startedBy: request.startedBy,
      onCreate: (runId) =>
        backtests.create({ id, createdAt: clock(), matrixSettings: settings, settings: replaySettings, layout, runId }),
    })
    return await this.get(id)
  }

  list(query: BacktestQuery): BacktestPage {
    const rows = this.#parts.backtests.list(query)
    const items = rows.slice(0, query.limit)
    const last = items.at(-1)
    return {
      items: items.map((row) => this.#summary(row)),
      ...(rows.length > query.limit && last !== undefined && { nextCursor: last.id }),
    }
  }

  /** @throws EsteiraError `not-found` */
  async get(id: string): Promise<Backtest> {
    const row = await this.#upToDate(this.#row(id))
    const { matrix, settings, layout } = row
    return {
      ...this.#summary(row),
      spans: layout.spans.map(({ label, from, to }) => ({ label, from, to })),
      matrix,
      metric: matrix === null ? null : chosenMetric(matrix, settings),
      results: matrix === null ? [] : replayAll(matrix, settings),
      problem: row.runId === null ? null : this.#parts.runs.get(row.runId).error,
    }
  }

  /** Other policies over the same matrix. @throws EsteiraError `not-found`, `parameter-invalid` */
  async change(id: string, settings: ReplaySettings): Promise<Backtest> {
    this.#row(id)
    checkMetrics(settings)
    this.#parts.backtests.saveSettings(id, settings)
    return await this.get(id)
  }

  /** Its run stays. @throws EsteiraError `not-found`, `conflict` while it goes on */
  remove(id: string): void {
    const { status } = this.#summary(this.#row(id))
    if (status === 'running') {
      throw new EsteiraError('conflict', 'The back-test is still being computed.', {
        where: id,
        next: 'Cancel its run first.',
      })
    }
    this.#parts.backtests.remove(id)
  }

  #row(id: string): StoredBacktest {
    const row = this.#parts.backtests.find(id)
    if (row !== undefined) return row
    throw new EsteiraError('not-found', `There is no back-test "${id}".`, {
      found: id,
      next: 'List the back-tests to see their ids.',
    })
  }

  #summary(row: StoredSummary): BacktestSummary {
    const run = row.runId === null ? null : this.#parts.runs.get(row.runId)
    const { id, projectId, pipeline, createdAt, matrixSettings, settings } = row
    return {
      id,
      projectId,
      pipeline,
      createdAt,
      status: statusOf(row, run),
      run: run && { id: run.id, status: run.status, stepsDone: run.stepsDone, stepsTotal: run.stepsTotal },
      matrixSettings,
      settings,
    }
  }

  /** The engine may have been killed between the end of the run and the reading of its figures. */
  async #upToDate(row: StoredBacktest): Promise<StoredBacktest> {
    if (row.runId === null) return row
    const run = this.#parts.runs.get(row.runId)
    if (run.finishedAt === null || run.finishedAt === row.matrixOf || run.status === 'cancelled') return row
    const durations = this.#parts.backtests.stepDurations(run.id)
    const matrix = readMatrix(row.layout, { run, durations, driftReports: await this.#driftReports(row, run) })
    const isComplete = [...matrix.scores, ...matrix.tests, ...matrix.drifts].every(({ problem }) => problem === null)
    const hasScores = matrix.scores.some(({ problem }) => problem === null)
    const status = isComplete ? 'succeeded' : hasScores ? 'incomplete' : 'failed'
    this.#parts.backtests.saveMatrix(row.id, matrix, { status, finishedAt: run.finishedAt })
    return this.#row(row.id)
  }

  async #driftReports({ layout }: StoredBacktest, run: Run): Promise<Map<string, DriftReport>> {
    const names = new Set(layout.drifts.map(({ step }) => step))
    const reports = new Map<string, DriftReport>()
    for (const { name, outputs } of run.steps) {
      if (!names.has(name) || outputs.drift === undefined) continue
      const path = (await this.#parts.artifacts.files(outputs.drift)).get('drift.json')
      if (path !== undefined) reports.set(name, driftReportSchema.parse(JSON.parse(await readFile(path, 'utf8'))))
    }
    return reports
  }

  #onRunEnd(runId: string): void {
    const row = this.#parts.backtests.findByRun(runId)
    if (row !== undefined) void this.#upToDate(row).catch(this.#parts.onError)
  }

  async #complete(request: BacktestRequest): Promise<MatrixSettings> {
    const { projectId, pipeline, initialSpans, trainingSpans, window, from, to, span } = request
    const base = { projectId, pipeline, initialSpans, trainingSpans }
    if (window !== undefined && from !== undefined && to !== undefined) {
      return { ...base, window, from, to, span: span ?? 'month' }
    }
    const usual = await this.defaults(projectId, pipeline)
    const known = { window: window ?? usual.window, from: from ?? usual.from, to: to ?? usual.to }
    if (known.window === null || known.from === null || known.to === null) {
      throw new EsteiraError('parameter-invalid', usual.notes.join(' '), {
        where: pipelineFile(pipeline),
        allowed: usual.parameters.join(', ') || 'the pipeline has no parameters',
        next: 'Say which parameters are the window, and from when to when the history goes.',
      })
    }
    return { ...base, window: known.window, from: known.from, to: known.to, span: span ?? usual.span }
  }

  /** The days that the pipeline's dataset covers, asked of the data itself. */
  async #history(projectId: string, plan: Plan, signal?: AbortSignal) {
    const { row, spec } = await this.#parts.projects.open(projectId)
    const timed = timedDataset(plan, spec.datasets)
    if (timed === undefined) return undefined
    const column = `try_cast(${quoteIdentifier(timed.column)} as date)`
    const sql = `select min(${column})::text, max(${column})::text from ${quoteIdentifier(timed.name)}`
    const question = { sql, folder: row.path, datasets: spec.datasets, offset: 0, limit: 1 }
    const { rows } = await this.#parts.explorer.ask('sql', question, signal)
    const [first, last] = rows[0] ?? []
    return typeof first === 'string' && typeof last === 'string' ? coveringHistory(first, last) : undefined
  }

  /** Planned one window a turn, so that a long history does not hold up the event loop. */
  async #plans(text: string, own: Plan, settings: MatrixSettings, spans: readonly Span[]) {
    const { catalogue } = this.#parts
    const known = new Map<string, Plan>()
    const planWith = (parameters: Parameters): Plan => {
      const key = hashJson(parameters)
      const plan = known.get(key) ?? planned(text, settings.pipeline, catalogue, parameters)
      known.set(key, plan)
      return plan
    }
    const windows = [...spans, ...spans.map((_, through) => trainingWindow(spans, through, settings.trainingSpans))]
    for (const window of windows) {
      planWith(windowValues(settings.window, window, own.parameters))
      await nextTurn()
    }
    return planWith
  }
}

/** The file was planned just before: it can be read. */
function triggersIn(text: string, pipeline: string): readonly TriggerSpec[] {
  const parsed = parseYamlFile(text, pipelineFile(pipeline), pipelineSpecSchema)
  return parsed.ok ? parsed.value.triggers : []
}

function planned(text: string, pipeline: string, catalogue: Catalogue, parameters: Parameters): Plan {
  const result = planPipeline({ text, file: pipelineFile(pipeline), catalogue, parameters })
  if (result.ok) return result.plan
  throw new EsteiraError('pipeline-invalid', 'The pipeline cannot be planned for a span of the history.', {
    where: pipelineFile(pipeline),
    problems: result.problems,
  })
}

function statusOf({ status }: StoredSummary, run: Run | null): BacktestSummary['status'] {
  if (run === null) return status ?? 'failed'
  if (run.finishedAt === null) return 'running'
  if (run.status === 'cancelled') return 'cancelled'
  return status ?? (run.status === 'succeeded' ? 'succeeded' : 'failed')
}
