/** Carries one run to its end: starts what is ready, records what comes back, each change one transaction and one event. */
import type { Problem } from '#shared/errors.ts'
import type { Artifact, RunSummary, StepExecution } from '#shared/runs.ts'
import { EsteiraError, toProblem } from '../kernel/errors.ts'
import { Agenda } from './agenda.ts'
import type { StepProject } from './component.ts'
import type { ExecutionContext } from './execution-context.ts'
import { mapValues } from './map-values.ts'
import type { Plan, PlannedStep } from './plan.ts'
import { hasEnded, runEnd, stepDecision } from './readiness.ts'
import { ReportBuffer } from './report-buffer.ts'
import type { StepChange } from './run-store.ts'
import type { StepOutcome, StepReport } from './step-messages.ts'
import { type StepEnd, StepRunner } from './step-runner.ts'

export class RunExecutor {
  readonly id: string
  readonly #plan: Plan
  readonly #planned: ReadonlyMap<string, PlannedStep>
  readonly #context: ExecutionContext
  readonly #steps: Map<string, StepExecution>
  readonly #abort = new AbortController()
  readonly #reports: ReportBuffer
  readonly #ended: Promise<void>
  readonly #agenda: Agenda
  readonly #runner: StepRunner
  #resolveEnded: () => void = () => {}
  #suspended = false
  #abandoned: Problem | undefined

  constructor(id: string, plan: Plan, project: StepProject, context: ExecutionContext) {
    this.id = id
    this.#plan = plan
    this.#planned = new Map(plan.steps.map((step) => [step.name, step]))
    this.#context = context
    this.#steps = new Map(context.runs.steps(id).map((step) => [step.name, step]))
    this.#agenda = new Agenda(plan.steps, (name) => hasEnded(this.#steps.get(name)?.status))
    this.#reports = new ReportBuffer(id, context, (flush) => this.#guard(flush))
    this.#runner = new StepRunner({
      runId: id,
      plan,
      project,
      context,
      signal: this.#abort.signal,
      isLeft: () => this.#suspended,
      onReport: (step, report) => this.#hear(step, report),
      onAttempt: (step, attempt) => this.#update(step, { status: 'running', attempt }),
    })
    this.#ended = new Promise((resolve) => {
      this.#resolveEnded = resolve
    })
  }

  /** Settles when the run has ended, or when it was suspended. */
  get ended(): Promise<void> {
    return this.#ended
  }

  start(): void {
    this.#guard(() => this.#begin())
  }

  #begin(): void {
    const { runs, clock } = this.#context
    const interrupted = [...this.#steps.values()].filter((step) => step.status === 'running').map((step) => step.name)
    runs.transaction(() => {
      runs.resetSteps(this.id, interrupted)
      runs.setRunStatus(this.id, 'running', { startedAt: clock() })
    })
    for (const step of runs.steps(this.id)) this.#steps.set(step.name, step)
    this.#publishRun()
    this.#advance()
  }

  /** Steps under way are asked to end; what has not started never will. */
  cancel(): void {
    this.#abort.abort(new EsteiraError('cancelled', 'The run was cancelled.'))
    const finishedAt = this.#context.clock()
    const waiting = this.steps().filter((step) => step.status === 'waiting')
    this.#guard(() => {
      this.#transact(() => waiting.map((step) => this.#write(step.name, { status: 'cancelled', finishedAt })))
      this.#endIfDone()
    })
  }

  /** Ends a run that cannot go on. */
  fail(error: unknown): void {
    const change = { status: 'failed', finishedAt: this.#context.clock(), error: toProblem(error) } as const
    const unended = this.steps().filter((step) => !hasEnded(step.status))
    this.#guard(() => {
      this.#transact(() => unended.map((step) => this.#write(step.name, change)))
      this.#endIfDone()
    })
  }

  /** Stops following the run and leaves it as it is in the store, to be resumed by the next engine. */
  suspend(): void {
    this.#suspended = true
    try {
      this.#reports.flush()
    } catch {
      // On a full disk the last lines of the log are lost; the engine must stop all the same.
    }
    this.#abort.abort(new EsteiraError('cancelled', 'The engine is stopping.'))
    this.#resolveEnded()
  }

  /** The run as the store has it, with what the store would not take. */
  overlay<Stored extends RunSummary>(run: Stored): Stored {
    if (this.#abandoned === undefined) return run
    return { ...run, status: 'failed', finishedAt: run.finishedAt ?? this.#context.clock(), error: this.#abandoned }
  }

  /** Whether the run was given up because the store did not take its state. */
  get abandoned(): boolean {
    return this.#abandoned !== undefined
  }

  /** The run's steps as they are now, with the progress of those under way. */
  steps(): StepExecution[] {
    return [...this.#steps.values()]
  }

  #advance(): void {
    if (this.#suspended) return
    const limit = this.#plan.concurrency ?? this.#context.pool.size
    let running = this.steps().filter((step) => step.status === 'running').length
    while (running < limit) {
      const name = this.#agenda.take()
      const planned = name === undefined ? undefined : this.#planned.get(name)
      if (planned === undefined) break
      const decision = stepDecision(planned, this.#steps, this.#plan.parameters)
      if (decision.kind === 'skip') {
        this.#update(planned.name, { status: 'skipped', reason: decision.reason, finishedAt: this.#context.clock() })
      } else {
        running++
        void this.#execute(planned)
      }
    }
    this.#endIfDone()
  }

  #endIfDone(): void {
    if (this.#agenda.left > 0) return
    const status = runEnd(this.#steps.values())
    const { runs, clock } = this.#context
    this.#reports.flush()
    const error = this.steps().find((step) => step.status === 'failed')?.error ?? null
    runs.setRunStatus(this.id, status, { finishedAt: clock(), error })
    this.#publishRun()
    this.#suspended = true
    this.#resolveEnded()
  }

  async #execute(planned: PlannedStep): Promise<void> {
    const { clock } = this.#context
    const attempt = (this.#steps.get(planned.name)?.attempt ?? 0) + 1
    const inputs = this.#inputHashes(planned)
    try {
      const version = this.#context.catalogue.get(planned.component)?.version
      const change = { status: 'running', attempt, startedAt: clock(), inputs } as const
      this.#update(planned.name, { ...change, ...(version !== undefined && { componentVersion: version }) })
      const end = await this.#runner.run(planned, inputs, attempt)
      if (end !== undefined) this.#record(planned, end)
    } catch (error) {
      // Only our own bookkeeping can fail here, e.g. on a full disk. If the store still takes it, the step has failed.
      this.#guard(() => {
        if (this.#steps.get(planned.name)?.status !== 'running') throw error
        this.#finish(planned.name, () => ({ status: 'failed', error: toProblem(error) }))
      })
    }
  }

  /**
   * Does what must be stored. If the store does not take it, the run is left as the store has it: the next engine, or a
   * retry, takes it up from there.
   */
  #guard(work: () => void): void {
    try {
      work()
    } catch (error) {
      if (this.#suspended) return
      this.#suspended = true
      this.#abandoned = toProblem(error)
      this.#abort.abort(error)
      this.#publishRun()
      this.#resolveEnded()
    }
  }

  #record(planned: PlannedStep, end: StepEnd): void {
    switch (end.kind) {
      case 'unidentified':
        this.#finish(planned.name, () => ({ status: 'failed', error: end.problem }))
        break
      case 'cached': {
        const { runId: cachedFrom, ...result } = end.entry
        const taken = { cached: true, cachedFrom, cacheKey: end.key, ...result } as const
        this.#finish(planned.name, () => ({ status: 'succeeded', ...taken }))
        break
      }
      case 'done':
        this.#recordOutcome(planned, end)
        break
      default:
        end satisfies never
    }
  }

  #recordOutcome(planned: PlannedStep, { outcome, key }: Extract<StepEnd, { kind: 'done' }>): void {
    this.#finish(planned.name, () => {
      const { runs, clock } = this.#context
      if (outcome.kind === 'skipped')
        return { status: 'skipped', reason: outcome.reason, values: { ...outcome.values } }
      if (outcome.kind === 'failed') {
        const cancelled = this.#abort.signal.aborted && outcome.problem.code === 'cancelled'
        if (cancelled) return { status: 'cancelled' }
        return { status: 'failed', error: outcome.problem, ...(outcome.kept && this.#recorded(outcome.kept)) }
      }
      const { outputs, values } = this.#recorded(outcome)
      if (key !== undefined && this.#context.fillsCache !== false) {
        runs.saveCached(key, { outputs, values, runId: this.id }, { step: planned.name, at: clock() })
      }
      return { status: 'succeeded', outputs, values, ...(key !== undefined && { cacheKey: key }) }
    })
  }

  /** The artifacts that a step made, on record, as its state names them. */
  #recorded(made: Pick<Extract<StepOutcome, { kind: 'succeeded' }>, 'outputs' | 'values'>) {
    for (const artifact of Object.values(made.outputs)) this.#context.artifacts.record(artifact)
    return { outputs: mapValues(made.outputs, (artifact: Artifact) => artifact.hash), values: { ...made.values } }
  }

  /** The end of a step in one transaction: its logs, its artifacts, its state, the run's metrics. Then the events. */
  #finish(name: string, makeChange: () => StepChange): void {
    if (this.#suspended) return
    const { runs, clock } = this.#context
    this.#reports.forgetProgress(name)
    this.#transact(() => {
      const change = makeChange()
      const metrics = metricsOf(change)
      if (metrics !== undefined && this.#plan.publishMetrics !== false) runs.setRunMetrics(this.id, metrics)
      return [this.#write(name, { ...change, finishedAt: clock() })]
    })
    this.#publishRun()
    this.#advance()
  }

  #update(name: string, change: StepChange): void {
    this.#transact(() => [this.#write(name, change)])
  }

  /** Together with what the steps have reported. What is in memory and what listeners hear of is only what is stored. */
  #transact(work: () => readonly StepExecution[]): void {
    let steps: readonly StepExecution[] = []
    this.#reports.flush(() => {
      steps = work()
      return steps.map((step) => ({ type: 'step-changed', at: this.#context.clock(), runId: this.id, step }))
    })
    for (const step of steps) {
      this.#steps.set(step.name, step)
      if (hasEnded(step.status)) this.#agenda.ended(step.name)
    }
  }

  #write(name: string, change: StepChange): StepExecution {
    const step = this.#steps.get(name)
    if (step === undefined) throw new Error(`run ${this.id} has no step ${name}`)
    this.#context.runs.changeStep(this.id, name, change)
    const { cacheKey: _, ...visible } = change
    return { ...step, ...visible, progress: null, progressMessage: null }
  }

  #publishRun(): void {
    const { runs, events, clock } = this.#context
    const run = runs.summary(this.id)
    if (run !== undefined) events.publish({ type: 'run-changed', at: clock(), run: this.overlay(run) })
  }

  #inputHashes(planned: PlannedStep): Record<string, string[]> {
    return mapValues(planned.inputs, (edges) =>
      edges.flatMap((edge) => this.#steps.get(edge.step)?.outputs[edge.output] ?? []),
    )
  }

  #hear(step: string, report: StepReport): void {
    if (report.kind === 'progress') this.#showProgress(step, report.fraction, report.message)
    else this.#reports.add(step, report)
  }

  #showProgress(name: string, fraction: number, message: string | null): void {
    const step = this.#steps.get(name)
    if (step?.status !== 'running') return
    const next = { ...step, progress: Math.min(1, Math.max(0, fraction)), progressMessage: message }
    this.#steps.set(name, next)
    this.#reports.progress(next)
  }
}

function metricsOf(change: StepChange): Record<string, number> | undefined {
  const metrics = change.values?.metrics
  if (metrics === null || typeof metrics !== 'object' || Array.isArray(metrics)) return undefined
  return Object.fromEntries(
    Object.entries(metrics).filter((entry): entry is [string, number] => typeof entry[1] === 'number'),
  )
}
