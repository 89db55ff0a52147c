/** Carries one step of a run from its cache key to its outcome: a look into the cache, then attempts. Records nothing of its state. */
import { join } from 'node:path'
import type { Problem } from '#shared/errors.ts'
import { EsteiraError } from '../kernel/errors.ts'
import { cacheKey } from './cache-key.ts'
import type { Component, StepProject } from './component.ts'
import type { ExecutionContext } from './execution-context.ts'
import { mapValues } from './map-values.ts'
import type { Plan, PlannedStep } from './plan.ts'
import { mayPass, retryDelayMs } from './readiness.ts'
import type { CacheEntry } from './run-store.ts'
import type { SourceHash, StepJob, StepOutcome, StepReport } from './step-messages.ts'
import { pause, timeLimit } from './waiting.ts'

/** The hashes of the artifacts that a step reads, by input. */
export type StepInputs = Readonly<Record<string, string[]>>

/** How a step ended; undefined cache key: its result is not kept. */
export type StepEnd =
  | { readonly kind: 'unidentified'; readonly problem: Problem }
  | { readonly kind: 'cached'; readonly key: string; readonly entry: CacheEntry }
  | { readonly kind: 'done'; readonly key: string | undefined; readonly outcome: StepOutcome }

export interface StepRunnerOptions {
  readonly runId: string
  readonly plan: Plan
  readonly project: StepProject
  readonly context: ExecutionContext
  /** Aborted when the run is cancelled or given up. */
  readonly signal: AbortSignal
  /** Whether the run is no longer followed: then nothing is begun any more. */
  readonly isLeft: () => boolean
  readonly onReport: (step: string, report: StepReport) => void
  /** Another attempt follows. */
  readonly onAttempt: (step: string, attempt: number) => void
}

export class StepRunner {
  readonly #options: StepRunnerOptions

  constructor(options: StepRunnerOptions) {
    this.#options = options
  }

  /** Undefined where the run is no longer followed. */
  async run(planned: PlannedStep, inputs: StepInputs, firstAttempt: number): Promise<StepEnd | undefined> {
    const { isLeft } = this.#options
    const { key, problem } = await this.#identify(planned, inputs)
    if (isLeft()) return undefined
    if (problem !== undefined) return { kind: 'unidentified', problem }
    const entry = key === undefined ? undefined : this.#cached(planned, key)
    if (key !== undefined && entry !== undefined) return { kind: 'cached', key, entry }
    const outcome = await this.#attempts(planned, inputs, firstAttempt)
    return outcome === undefined ? undefined : { kind: 'done', key, outcome }
  }

  async #attempts(planned: PlannedStep, inputs: StepInputs, firstAttempt: number): Promise<StepOutcome | undefined> {
    const { context, signal, isLeft, onReport, onAttempt } = this.#options
    for (let attempt = firstAttempt; ; attempt++) {
      const outcome = await this.#attempt(planned, inputs, attempt)
      if (isLeft()) return undefined
      const retry = planned.retry
      const again = outcome.kind === 'failed' && retry !== null && attempt - firstAttempt < retry.times
      if (!again || !mayPass(outcome.problem) || signal.aborted) return outcome
      const delayMs = retryDelayMs(retry.delaySeconds, attempt - firstAttempt + 1)
      const text = `${outcome.problem.detail} Attempt ${attempt + 1} follows in ${delayMs / 1_000} s.`
      onReport(planned.name, { kind: 'log', at: context.clock(), level: 'warning', text })
      await pause(delayMs, signal)
      if (isLeft()) return undefined
      onAttempt(planned.name, attempt + 1)
    }
  }

  /** The step's cache key, which needs the hashes of the files that it reads outside the store. */
  async #identify(planned: PlannedStep, inputs: StepInputs): Promise<{ key?: string; problem?: Problem }> {
    const { runId, plan, project, context, signal } = this.#options
    const component = context.catalogue.get(planned.component)
    if (component === undefined) {
      throw new EsteiraError('component-not-found', `There is no component "${planned.component}".`)
    }
    let sources: readonly SourceHash[] = []
    if (component.sources !== undefined) {
      const answer = await context.pool.hashSources(this.#job(planned, inputs, 0), this.#listener(planned, signal))
      if (!isSources(answer)) return { problem: answer }
      sources = answer
      context.records.saveSources(runId, planned.name, sources)
    }
    if (!planned.cache || !(await isCacheable(component, planned.options, project))) return {}
    return { key: cacheKey({ component, options: planned.options, inputs, sources, seed: plan.seed }) }
  }

  /** What the step gave before, where that may be taken and is all there. */
  #cached(planned: PlannedStep, key: string): CacheEntry | undefined {
    const { runId, plan, context } = this.#options
    const { runs, artifacts } = context
    if (!plan.useCache || runs.isUncached(runId, planned.name)) return undefined
    const entry = runs.findCached(key)
    const isWhole = entry !== undefined && Object.values(entry.outputs).every((hash) => artifacts.isComplete(hash))
    return isWhole ? entry : undefined
  }

  async #attempt(planned: PlannedStep, inputs: StepInputs, attempt: number): Promise<StepOutcome> {
    const { context, signal: ofRun } = this.#options
    const limit = planned.timeoutMs === null ? undefined : timeLimit(planned.name, planned.timeoutMs)
    const signal = limit === undefined ? ofRun : AbortSignal.any([ofRun, limit.signal])
    try {
      return await context.pool.run(this.#job(planned, inputs, attempt), this.#listener(planned, signal))
    } finally {
      limit?.clear()
    }
  }

  #job(planned: PlannedStep, inputs: StepInputs, attempt: number): StepJob {
    const { runId, plan, project, context } = this.#options
    const { artifacts, workRoot } = context
    return {
      component: planned.component,
      options: planned.options,
      inputs: mapValues(inputs, (hashes, name) =>
        hashes.map((hash, index) => {
          const { type, files } = artifacts.get(hash)
          return { type, hash, files, step: planned.inputs[name]?.[index]?.step ?? '' }
        }),
      ),
      project,
      run: { id: runId, pipeline: plan.pipeline, step: planned.name },
      seed: plan.seed,
      artifactRoot: artifacts.root,
      workPath: join(workRoot, `${runId}-${planned.name}-${attempt}`),
    }
  }

  #listener(planned: PlannedStep, signal: AbortSignal) {
    const { runId, project, context, isLeft, onReport } = this.#options
    return {
      signal,
      services: context.servicesFor({ projectId: project.id, runId, step: planned.name }),
      onReport: (report: StepReport) => {
        if (!isLeft()) onReport(planned.name, report)
      },
    }
  }
}

async function isCacheable(
  { cacheable, options: schema }: Component,
  options: PlannedStep['options'],
  project: StepProject,
): Promise<boolean> {
  return typeof cacheable === 'boolean' ? cacheable : await cacheable(schema.parse(options), project)
}

function isSources(answer: readonly SourceHash[] | Problem): answer is readonly SourceHash[] {
  return Array.isArray(answer)
}
