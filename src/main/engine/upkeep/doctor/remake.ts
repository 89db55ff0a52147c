/** Makes a damaged artifact again, by running the step that made it with what it read then. */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { Artifact } from '#shared/runs.ts'
import { sentence } from '#shared/sentences.ts'
import type { ArtifactStore } from '../../artifacts/artifact-store.ts'
import { newId } from '../../kernel/ids.ts'
import type { Component, StepIdentity, StepProject, StepServices } from '../../pipelines/component.ts'
import type { PlannedStep } from '../../pipelines/plan.ts'
import type { Catalogue } from '../../pipelines/planner.ts'
import type { Projects } from '../../pipelines/projects.ts'
import type { RunRecords } from '../../pipelines/run-records.ts'
import type { RunStore } from '../../pipelines/run-store.ts'
import type { StepJob } from '../../pipelines/step-messages.ts'
import type { StepPool } from '../../pipelines/step-pool.ts'
import type { Store } from '../../store/store.ts'

export interface RemakeParts {
  readonly store: Store
  readonly artifacts: ArtifactStore
  readonly runs: Pick<RunStore, 'plan' | 'steps'>
  readonly records: Pick<RunRecords, 'sources'>
  readonly projects: Pick<Projects, 'open'>
  readonly pool: StepPool
  readonly catalogue: Catalogue
  readonly servicesFor: (identity: StepIdentity) => StepServices
  readonly workRoot: string
}

/** Undefined: made again, to the byte. Else why not, in words. */
export type RemakeFailure = string | undefined

const producerRow = z.object({ runId: z.string(), step: z.string(), projectId: z.string() })
/** Of steps that gave it: the newest are asked, as their components are likeliest those of today. */
const maxProducers = 3

export class Remaker {
  readonly #parts: RemakeParts
  /** What was tried already; also ends a circle. */
  readonly #tried = new Map<string, RemakeFailure>()

  constructor(parts: RemakeParts) {
    this.#parts = parts
  }

  async remake(hash: string, signal: AbortSignal): Promise<RemakeFailure> {
    if (this.#tried.has(hash)) return this.#tried.get(hash)
    this.#tried.set(hash, sentence('doctor-itself', {}))
    const producers = this.#parts.store.all(
      producerRow,
      `SELECT s.run_id AS runId, s.step, r.project_id AS projectId FROM step_artifact s JOIN run r ON r.id = s.run_id
       WHERE s.artifact_hash = $hash AND s.direction = 'out' ORDER BY s.run_id DESC LIMIT ${maxProducers}`,
      { hash },
    )
    let failure: RemakeFailure = sentence('doctor-no-run', {})
    for (const producer of producers) {
      failure = await this.#by(producer, hash, signal).catch((error: unknown) =>
        error instanceof Error ? error.message : String(error),
      )
      if (failure === undefined) break
    }
    this.#tried.set(hash, failure)
    return failure
  }

  async #by(producer: z.infer<typeof producerRow>, hash: string, signal: AbortSignal): Promise<RemakeFailure> {
    const { runs, catalogue, pool, artifacts } = this.#parts
    const { runId, step } = producer
    const plan = runs.plan(runId)
    const planned = plan.steps.find(({ name }) => name === step)
    const execution = runs.steps(runId).find(({ name }) => name === step)
    const component = planned && catalogue.get(planned.component)
    if (planned === undefined || execution === undefined || component === undefined) {
      return sentence('doctor-no-component', { step })
    }
    const project = await this.#project(producer.projectId)
    const unfit = await unfitness(component, planned, project, execution.componentVersion)
    if (unfit !== undefined) return unfit
    for (const input of new Set(Object.values(execution.inputs).flat())) {
      const failure = await this.#ensure(input, signal)
      if (failure !== undefined) return sentence('doctor-made-of', { hash: input.slice(0, 12), more: failure })
    }
    const job = this.#job(planned, execution.inputs, project, { runId, pipeline: plan.pipeline, seed: plan.seed })
    const services = this.#parts.servicesFor({ projectId: project.id, runId, step })
    const listener = { signal, services, onReport: () => {} }
    const changed = await this.#changedSource(component, job, listener)
    if (changed !== undefined) return changed
    const outcome = await pool.run(job, listener)
    rmSync(job.workPath, { recursive: true, force: true })
    if (outcome.kind !== 'succeeded') return sentence('doctor-no-success', { step })
    const same = Object.values(outcome.outputs).find((artifact: Artifact) => artifact.hash === hash)
    if (same === undefined) return sentence('doctor-something-else', { step })
    artifacts.record(same)
    return undefined
  }

  /** An input may be damaged too. Its files are checked, not only looked for. */
  async #ensure(hash: string, signal: AbortSignal): Promise<RemakeFailure> {
    const { artifacts } = this.#parts
    const whole =
      artifacts.find(hash) !== undefined &&
      (await artifacts.files(hash).then(
        () => true,
        () => false,
      ))
    return whole ? undefined : this.remake(hash, signal)
  }

  async #changedSource(
    component: Component,
    job: StepJob,
    listener: Parameters<StepPool['run']>[1],
  ): Promise<RemakeFailure> {
    if (component.sources === undefined) return undefined
    const recorded = this.#parts.records.sources(job.run.id).filter(({ step }) => step === job.run.step)
    const found = await this.#parts.pool.hashSources(job, listener)
    if (!Array.isArray(found)) return sentence('doctor-sources-unreadable', {})
    if (recorded.length === 0 && found.length > 0) return sentence('doctor-sources-unknown', {})
    const hashes = new Map(found.map(({ path, sha256 }) => [path, sha256]))
    const changed = recorded.find(({ path, sha256 }) => hashes.get(path) !== sha256)
    return changed === undefined ? undefined : sentence('doctor-source-changed', { path: changed.path })
  }

  async #project(projectId: string): Promise<StepProject> {
    const { row, spec } = await this.#parts.projects.open(projectId)
    return { id: row.id, name: spec.name, path: row.path, datasets: spec.datasets }
  }

  #job(
    { component, options, name, inputs: edges }: PlannedStep,
    inputs: Readonly<Record<string, readonly string[]>>,
    project: StepProject,
    { runId, pipeline, seed }: { runId: string; pipeline: string; seed: number },
  ): StepJob {
    const { artifacts, workRoot } = this.#parts
    const opened = Object.entries(inputs).map(([input, hashes]) => [
      input,
      hashes.map((hash, index) => ({ ...artifacts.get(hash), step: edges[input]?.[index]?.step ?? '' })),
    ])
    return {
      component,
      options,
      inputs: Object.fromEntries(opened),
      project,
      run: { id: runId, pipeline, step: name },
      seed,
      artifactRoot: artifacts.root,
      workPath: join(workRoot, `remake-${newId()}`),
    }
  }
}

/** A step that reads or changes state of its own, or another version of its component, gives something else. */
async function unfitness(
  component: Component,
  planned: PlannedStep,
  project: StepProject,
  version: string | undefined,
): Promise<RemakeFailure> {
  const cacheable =
    typeof component.cacheable === 'boolean'
      ? component.cacheable
      : await component.cacheable(component.options.parse(planned.options), project)
  if (!cacheable) return sentence('doctor-not-pure', { step: planned.name })
  if (version !== component.version) {
    const versions = { version: component.version, before: version ?? 'another one' }
    return sentence('doctor-version', { component: component.name, ...versions })
  }
  return undefined
}
