/** Starts runs, follows them, and takes them up again after the engine was stopped or killed. */
import type { Page } from '#shared/names.ts'
import type { LogLine, MetricPoint, Parameters, Run, RunStatus, RunSummary } from '#shared/runs.ts'
import { EsteiraError } from '../kernel/errors.ts'
import { newId } from '../kernel/ids.ts'
import type { StepProject } from './component.ts'
import { readGitState } from './git-state.ts'
import { downstreamOf } from './graph.ts'
import type { Projects } from './projects.ts'
import { type ExecutionContext, RunExecutor } from './run-executor.ts'
import type { RunQuery } from './run-store.ts'

export interface StartRequest {
  readonly projectId: string
  readonly pipeline: string
  readonly parameters: Parameters
  readonly startedBy: string
  readonly useCache: boolean
}

export class Runs {
  readonly #context: ExecutionContext
  readonly #projects: Projects
  readonly #executors = new Map<string, RunExecutor>()

  constructor(context: ExecutionContext, projects: Projects) {
    this.#context = context
    this.#projects = projects
  }

  /** @throws EsteiraError when the project or the pipeline is not fit to run; nothing is stored then */
  async start(request: StartRequest): Promise<Run> {
    const { runs, clock } = this.#context
    const [planned, project] = await Promise.all([
      this.#projects.plan(request.projectId, request.pipeline, request.parameters),
      this.#stepProject(request.projectId),
    ])
    const plan = { ...planned, useCache: request.useCache }
    const git = await readGitState(project.path)
    const id = newId(clock())
    runs.create({
      id,
      projectId: project.id,
      plan,
      startedBy: request.startedBy,
      gitCommit: git?.commit ?? null,
      gitDirty: git?.dirty ?? null,
      createdAt: clock(),
    })
    this.#follow(new RunExecutor(id, plan, project, this.#context))
    return this.get(id)
  }

  list(query: RunQuery): Page<RunSummary> {
    const page = this.#context.runs.list(query)
    return { ...page, items: page.items.map((run) => this.#executors.get(run.id)?.overlay(run) ?? run) }
  }

  countByStatus(): ReadonlyMap<RunStatus, number> {
    return this.#context.runs.countByStatus()
  }

  /** @throws EsteiraError `run-not-found` */
  get(id: string): Run {
    const run = this.#context.runs.get(id)
    if (run === undefined) {
      throw new EsteiraError('run-not-found', `There is no run "${id}".`, {
        found: id,
        next: 'List the runs to see their ids.',
      })
    }
    const executor = this.#executors.get(id)
    return executor === undefined ? run : { ...executor.overlay(run), steps: executor.steps() }
  }

  /** Returns once the run has ended. */
  async cancel(id: string): Promise<Run> {
    const executor = this.#executors.get(id)
    if (executor === undefined || executor.abandoned) {
      const { status } = this.get(id)
      throw new EsteiraError('run-finished', `The run has already ended: ${status}.`, { where: id })
    }
    executor.cancel()
    await executor.ended
    return this.get(id)
  }

  /** Runs what failed, was cancelled, skipped because of that or given up again; what succeeded stays. */
  async retry(id: string): Promise<Run> {
    const run = this.get(id)
    if (run.finishedAt === null) {
      throw new EsteiraError('conflict', 'The run is still under way.', {
        where: id,
        next: 'Cancel it first, or wait for its end.',
      })
    }
    const graph = new Map(run.steps.map((step) => [step.name, step.dependsOn]))
    const ended = run.steps
      .filter((step) => step.status === 'failed' || step.status === 'cancelled')
      .map((step) => step.name)
    if (ended.length === 0 && !this.#executors.get(id)?.abandoned) {
      throw new EsteiraError('run-finished', 'No step of the run failed or was cancelled.', { where: id })
    }
    const project = await this.#stepProject(run.projectId)
    this.#context.runs.resetSteps(id, [...ended, ...downstreamOf(graph, ended)])
    this.#follow(new RunExecutor(id, this.#context.runs.plan(id), project, this.#context))
    return this.get(id)
  }

  log(id: string, query: { step?: string | undefined; after: number; limit: number }): LogLine[] {
    this.get(id)
    return this.#context.runs.log(id, query)
  }

  metrics(id: string): MetricPoint[] {
    this.get(id)
    return this.#context.runs.metrics(id)
  }

  /** Settles when the run has ended. */
  async ended(id: string): Promise<Run> {
    await this.#executors.get(id)?.ended
    return this.get(id)
  }

  /** Takes up the runs that a stopped or killed engine left under way, from their last finished steps. */
  async resume(): Promise<void> {
    for (const id of this.#context.runs.unfinished()) {
      const run = this.get(id)
      try {
        const project = await this.#stepProject(run.projectId)
        this.#follow(new RunExecutor(id, this.#context.runs.plan(id), project, this.#context))
      } catch (error) {
        // The project folder is gone or broken: the run cannot go on, and says why.
        new RunExecutor(id, this.#context.runs.plan(id), missingProject(run), this.#context).fail(error)
      }
    }
  }

  /** Leaves runs under way as they are, for the next engine. */
  suspend(): void {
    for (const executor of this.#executors.values()) executor.suspend()
    this.#executors.clear()
  }

  #follow(executor: RunExecutor): void {
    this.#executors.set(executor.id, executor)
    void executor.ended.then(() => {
      // One that was given up stays: only it knows why the run does not go on.
      if (!executor.abandoned) this.#executors.delete(executor.id)
    })
    executor.start()
  }

  async #stepProject(id: string): Promise<StepProject> {
    const { row, spec } = await this.#projects.open(id)
    return { id: row.id, name: spec.name, path: row.path, datasets: spec.datasets }
  }
}

function missingProject(run: RunSummary): StepProject {
  return { id: run.projectId, name: run.projectId, path: '', datasets: {} }
}
