/** Starts runs, follows them, and takes them up again after the engine was stopped or killed. */
import type { RunComparison, RunFacets, RunListPage, RunPlan } from '#shared/run-list.ts'
import type { RunRecord } from '#shared/run-record.ts'
import type { LogLine, MetricPoint, Parameters, Run, RunStatus, RunSummary } from '#shared/runs.ts'
import { EsteiraError, nearestName } from '../kernel/errors.ts'
import { newId } from '../kernel/ids.ts'
import { compareRuns, visiblePlan } from './compare-runs.ts'
import type { StepProject } from './component.ts'
import type { ExecutionContext } from './execution-context.ts'
import { type GitState, readGitState } from './git-state.ts'
import { downstreamOf } from './graph.ts'
import type { Plan } from './plan.ts'
import type { Projects } from './projects.ts'
import { RunExecutor } from './run-executor.ts'
import type { RunQuery } from './run-list.ts'

export interface StartRequest {
  readonly projectId: string
  readonly pipeline: string
  readonly parameters: Parameters
  readonly startedBy: string
  readonly useCache: boolean
  /** Called in the transaction that stores the run: if it throws, there is no run. */
  readonly onCreate?: (runId: string) => void
}

export interface StartPlanRequest extends Pick<StartRequest, 'projectId' | 'startedBy' | 'onCreate'> {
  readonly plan: Plan
  /** Of the pipeline file that the plan was made from. */
  readonly text: string
}

export interface RepeatRequest {
  readonly original: Run
  /** Where the steps find the files of the project. */
  readonly project: StepProject
  readonly git: GitState | undefined
  readonly servicesFor: ExecutionContext['servicesFor']
  /** Steps that are not carried out: what the original gave is taken. */
  readonly taken: ReadonlySet<string>
  /** Called in the transaction that stores the run. */
  readonly onCreate: (runId: string) => void
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
    const { plan, text } = await this.#projects.planWithText(request.projectId, request.pipeline, request.parameters)
    return await this.startPlan({ ...request, plan: { ...plan, useCache: request.useCache }, text })
  }

  /** Runs a plan that was made from a pipeline rather than being the pipeline's own. @throws EsteiraError as `start` */
  async startPlan(request: StartPlanRequest): Promise<Run> {
    const { runs, records, clock, catalogue } = this.#context
    const { plan, text } = request
    const project = await this.#stepProject(request.projectId)
    const collected = await records.collect(project.path, await readGitState(project.path))
    const id = newId(clock())
    runs.transaction(() => {
      runs.create({
        id,
        projectId: project.id,
        plan,
        text,
        startedBy: request.startedBy,
        gitCommit: collected.git?.commit ?? null,
        gitDirty: collected.git?.dirty ?? null,
        createdAt: clock(),
        componentVersions: new Map([...catalogue].map(([name, { version }]) => [name, version])),
      })
      records.save(id, plan, collected)
      request.onCreate?.(id)
    })
    this.#follow(new RunExecutor(id, plan, project, this.#context))
    return this.get(id)
  }

  /**
   * Carries out the plan of a stored run once more, in another folder and with services of its own. Nothing comes from the
   * cache and nothing is left in it.
   */
  repeat({ original, project, git, servicesFor, taken, onCreate }: RepeatRequest): Run {
    const { runs, records, clock, catalogue } = this.#context
    const plan = { ...runs.plan(original.id), useCache: false }
    const id = newId(clock())
    runs.transaction(() => {
      runs.create({
        id,
        projectId: original.projectId,
        plan,
        text: null,
        startedBy: 'reproduction',
        gitCommit: git?.commit ?? null,
        gitDirty: git?.dirty ?? null,
        createdAt: clock(),
        componentVersions: new Map([...catalogue].map(([name, { version }]) => [name, version])),
      })
      records.save(id, plan, { git, changes: null, patch: undefined, reproduces: original.id })
      for (const step of original.steps) {
        if (!taken.has(step.name)) continue
        const { inputs, outputs, values } = step
        const at = clock()
        const times = { startedAt: at, finishedAt: at }
        runs.changeStep(id, step.name, {
          status: 'succeeded',
          cached: true,
          cachedFrom: original.id,
          ...times,
          inputs,
          outputs,
          values,
        })
      }
      onCreate(id)
    })
    const context = { ...this.#context, servicesFor, fillsCache: false }
    this.#follow(new RunExecutor(id, plan, project, context))
    return this.get(id)
  }

  list(query: RunQuery): RunListPage {
    const page = this.#context.runs.list(query)
    return { ...page, items: page.items.map((run) => this.#executors.get(run.id)?.overlay(run) ?? run) }
  }

  facets(): RunFacets {
    return this.#context.runs.facets()
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

  /**
   * Runs what failed, was cancelled, skipped because of that or given up again; what succeeded stays. With `from`, that
   * step is really run again, whatever the cache holds, and all that depend on it.
   */
  async retry(id: string, { from }: { from?: string | undefined } = {}): Promise<Run> {
    const run = this.get(id)
    if (run.finishedAt === null) {
      throw new EsteiraError('conflict', 'The run is still under way.', {
        where: id,
        next: 'Cancel it first, or wait for its end.',
      })
    }
    this.#mustBeOrdinary(id)
    const roots = from === undefined ? this.#unsuccessful(run) : [knownStep(run, from)]
    const graph = new Map(run.steps.map((step) => [step.name, step.dependsOn]))
    const project = await this.#stepProject(run.projectId)
    const { runs } = this.#context
    runs.transaction(() => {
      runs.resetSteps(id, [...roots, ...downstreamOf(graph, roots)])
      runs.setUncached(id, from)
    })
    this.#follow(new RunExecutor(id, runs.plan(id), project, this.#context))
    return this.get(id)
  }

  /** The folder that a repeated run worked in is gone once it has ended. */
  #mustBeOrdinary(id: string): void {
    const original = this.#context.records.reproducedBy(id)
    if (original === undefined) return
    throw new EsteiraError('conflict', 'The run repeats another one, and cannot go on by itself.', {
      where: id,
      next: `Reproduce the run ${original} again.`,
    })
  }

  /** None only where the run was given up: then the rest of it is to be run. */
  #unsuccessful(run: Run): string[] {
    const ended = run.steps
      .filter((step) => step.status === 'failed' || step.status === 'cancelled')
      .map((step) => step.name)
    if (ended.length === 0 && !this.#executors.get(run.id)?.abandoned) {
      throw new EsteiraError('run-finished', 'No step of the run failed or was cancelled.', { where: run.id })
    }
    return ended
  }

  plan(id: string): RunPlan {
    this.get(id)
    return visiblePlan(this.#context.runs.plan(id))
  }

  /** What the run was made with and what it did, down to the version of each component. @throws EsteiraError `run-not-found` */
  record(id: string): RunRecord {
    return this.#context.records.read(this.get(id), this.#context.runs.plan(id))
  }

  /** @param points the most points of a series */
  compare(ids: readonly string[], points: number): RunComparison {
    return compareRuns(this, ids, points)
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
        this.#mustBeOrdinary(id)
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

function knownStep(run: Run, name: string): string {
  const names = run.steps.map((step) => step.name)
  if (names.includes(name)) return name
  throw new EsteiraError('not-found', `The run has no step "${name}".`, {
    where: run.id,
    found: name,
    allowed: names.join(', '),
    nearest: nearestName(name, names),
  })
}

function missingProject(run: RunSummary): StepProject {
  return { id: run.projectId, name: run.projectId, path: '', datasets: {} }
}
