/**
 * Makes runs again: from the recorded commit with what differed from it, with the recorded data, parameters and seed, and
 * without the cache, in a folder of its own. Registry, endpoints, cache and work tree of the project stay as they are.
 */
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { problemSchema } from '#shared/errors.ts'
import {
  type Reproduction,
  type ReproductionReport,
  reproductionReportSchema,
  reproductionSchema,
} from '#shared/reproduction.ts'
import type { RunRecord } from '#shared/run-record.ts'
import type { Run } from '#shared/runs.ts'
import { sentence } from '#shared/sentences.ts'
import type { ArtifactStore } from '../../artifacts/artifact-store.ts'
import type { Clock } from '../../kernel/clock.ts'
import { EsteiraError, toProblem } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import type { Logger } from '../../kernel/logger.ts'
import type { StepIdentity, StepProject, StepServices } from '../../pipelines/component.ts'
import type { Plan } from '../../pipelines/plan.ts'
import { readProjectSpec } from '../../pipelines/project-folder.ts'
import type { Projects } from '../../pipelines/projects.ts'
import { patchFileName } from '../../pipelines/run-records.ts'
import type { RunStore } from '../../pipelines/run-store.ts'
import type { Runs } from '../../pipelines/runs.ts'
import type { StepPool } from '../../pipelines/step-pool.ts'
import type { Registry } from '../../registry/registry.ts'
import { jsonColumn } from '../../store/json-column.ts'
import type { Store } from '../../store/store.ts'
import { compareWithFirst } from './compare.ts'
import { recordedServices } from './recorded-services.ts'
import { restoreSources } from './sources.ts'
import { addWorkTree, plainFolder, pruneWorkTrees, removeWorkTree, type WorkTree } from './work-tree.ts'

export interface ReproductionParts {
  readonly store: Store
  readonly artifacts: ArtifactStore
  readonly projects: Projects
  readonly runs: Runs
  readonly plans: Pick<RunStore, 'plan'>
  readonly registry: Registry
  readonly pool: StepPool
  readonly servicesFor: (identity: StepIdentity) => StepServices
  readonly clock: Clock
  readonly logger: Logger
  /** Emptied at every start. */
  readonly workRoot: string
}

const row = reproductionSchema.extend({
  report: jsonColumn(reproductionReportSchema).nullable(),
  problem: jsonColumn(problemSchema).nullable(),
})
const columns = `id, run_id AS runId, new_run_id AS newRunId, status, report, problem, created_at AS createdAt,
  finished_at AS finishedAt`

/** Where a run is repeated. */
interface Place {
  readonly projectPath: string
  readonly tree: WorkTree | undefined
  readonly notes: readonly string[]
}

export class Reproductions {
  readonly #parts: ReproductionParts
  readonly #underWay = new Map<string, { abort: AbortController; done: Promise<void> }>()

  constructor(parts: ReproductionParts) {
    this.#parts = parts
  }

  /** Ends what an engine that was killed left under way, and makes repositories forget the folders that are gone. */
  async recover(): Promise<void> {
    const { store, logger } = this.#parts
    const left = store.all(
      z.object({ id: z.string(), repository: z.string().nullable() }),
      "SELECT id, repository FROM reproduction WHERE status IN ('preparing', 'running')",
    )
    for (const { id, repository } of left) {
      const problem = toProblem(new EsteiraError('cancelled', 'The engine ended before the run was reproduced.'))
      this.#end(id, 'failed', { problem })
      if (repository === null) continue
      await pruneWorkTrees(repository).catch((error: unknown) => logger.warning('a work tree is left', { error }))
    }
  }

  /**
   * Returns at once; the answer says when it has ended.
   * @throws EsteiraError `run-not-found`, `conflict` where the run is under way or repeats another one itself
   */
  start(runId: string): Reproduction {
    const { runs, clock, store, logger } = this.#parts
    const original = runs.get(runId)
    const record = runs.record(runId)
    if (original.finishedAt === null || record.reproduces !== null) {
      throw new EsteiraError(
        'conflict',
        record.reproduces === null ? 'The run is still under way.' : 'The run repeats another one.',
        { where: runId, next: record.reproduces === null ? 'Wait for its end.' : `Reproduce ${record.reproduces}.` },
      )
    }
    const id = newId(clock())
    store.run("INSERT INTO reproduction (id, run_id, status, created_at) VALUES ($id, $runId, 'preparing', $at)", {
      id,
      runId,
      at: clock(),
    })
    const abort = new AbortController()
    const done = this.#work(id, original, record, abort.signal)
      .catch((error: unknown) => {
        if (abort.signal.reason === suspended) return
        const cancelled = abort.signal.aborted
        this.#end(id, cancelled ? 'cancelled' : 'failed', {
          problem: toProblem(cancelled ? abort.signal.reason : error),
        })
        if (!cancelled) logger.warning('a run could not be reproduced', { runId, error })
      })
      .finally(() => this.#underWay.delete(id))
    this.#underWay.set(id, { abort, done })
    return this.get(id)
  }

  /** @throws EsteiraError `not-found` */
  get(id: string): Reproduction {
    const found = this.#parts.store.get(row, `SELECT ${columns} FROM reproduction WHERE id = $id`, { id })
    if (found !== undefined) return found
    throw new EsteiraError('not-found', `There is no reproduction "${id}".`, { found: id })
  }

  /** Newest first. @throws EsteiraError `run-not-found` */
  list(runId: string): Reproduction[] {
    this.#parts.runs.get(runId)
    const sql = `SELECT ${columns} FROM reproduction WHERE run_id = $runId ORDER BY id DESC LIMIT 50`
    return this.#parts.store.all(row, sql, { runId })
  }

  /** Returns once nothing of it is left under way. @throws EsteiraError `not-found`, `run-finished` */
  async cancel(id: string): Promise<Reproduction> {
    const { status, newRunId } = this.get(id)
    const underWay = this.#underWay.get(id)
    if (underWay === undefined) {
      throw new EsteiraError('run-finished', `The reproduction has already ended: ${status}.`, { where: id })
    }
    underWay.abort.abort(new EsteiraError('cancelled', 'The reproduction was cancelled.'))
    if (newRunId !== null) await this.#parts.runs.cancel(newRunId).catch(() => undefined)
    await underWay.done
    return this.get(id)
  }

  /** Settles when it has ended. */
  async ended(id: string): Promise<Reproduction> {
    await this.#underWay.get(id)?.done
    return this.get(id)
  }

  /** Leaves what is under way to `recover`, at the next start; the folders are removed. */
  async stop(): Promise<void> {
    for (const { abort } of this.#underWay.values()) abort.abort(suspended)
    await Promise.allSettled([...this.#underWay.values()].map(({ done }) => done))
  }

  async #work(id: string, original: Run, record: RunRecord, signal: AbortSignal): Promise<void> {
    const { runs, workRoot } = this.#parts
    const target = join(workRoot, `reproduce-${id}`)
    const place = await this.#prepare(id, original, record, target)
    let report: ReproductionReport
    try {
      signal.throwIfAborted()
      const project = await this.#project(original, place)
      const plan = this.#parts.plans.plan(original.id)
      const sources = await this.#restore(plan, original, record, project, signal)
      signal.throwIfAborted()
      const taken = new Set(sources.map(({ step }) => step))
      const again = runs.repeat({
        original,
        project,
        git: record.git === null ? undefined : { commit: record.git.commit, dirty: record.git.dirty },
        servicesFor: this.#servicesFor(original),
        taken,
        onCreate: (newRunId) => this.#begin(id, newRunId),
      })
      const ended = await runs.ended(again.id)
      signal.throwIfAborted()
      report = this.#compare(original, ended, record, taken, sources, place.notes)
    } finally {
      await this.#clear(place, target)
    }
    // Told once nothing of it is left.
    this.#end(id, 'finished', { report })
  }

  async #prepare(id: string, original: Run, record: RunRecord, target: string): Promise<Place> {
    const { projects, store } = this.#parts
    const folder = projects.folder(original.projectId)
    if (record.git === null) {
      const note = sentence('not-under-git', {})
      const text = await readFile(join(folder, 'esteira.yaml'), 'utf8')
      return {
        projectPath: await plainFolder(target, new Map([['esteira.yaml', text]])),
        tree: undefined,
        notes: [note],
      }
    }
    // Noted before there is anything to give back.
    store.run('UPDATE reproduction SET repository = $folder WHERE id = $id', { id, folder })
    const { commit, dirty, changes } = record.git
    const notes = dirty && changes === null ? [sentence('changes-not-kept', {})] : []
    for (const { path, reason } of changes?.omitted ?? []) {
      notes.push(sentence(reason === 'too-large' ? 'change-too-large' : 'change-secret', { path }))
    }
    const patch = changes?.artifactHash
      ? (await this.#parts.artifacts.files(changes.artifactHash)).get(patchFileName)
      : undefined
    try {
      const tree = await addWorkTree(folder, { commit, target, patch })
      return { projectPath: tree.projectPath, tree, notes }
    } catch (error) {
      await removeWorkTree(folder, target)
      throw error
    }
  }

  async #project(original: Run, { projectPath }: Place): Promise<StepProject> {
    const spec = await readProjectSpec(projectPath)
    return { id: original.projectId, name: spec.name, path: projectPath, datasets: spec.datasets }
  }

  async #restore(plan: Plan, original: Run, record: RunRecord, project: StepProject, signal: AbortSignal) {
    const { pool, artifacts, workRoot, projects } = this.#parts
    return await restoreSources(record.sources, {
      projectPath: projects.folder(original.projectId),
      repeatPath: project.path,
      hash: async (step) => {
        signal.throwIfAborted()
        const planned = plan.steps.find(({ name }) => name === step)
        const answer = await pool.hashSources(
          {
            component: planned?.component ?? '',
            options: planned?.options ?? {},
            inputs: {},
            project,
            run: { id: original.id, pipeline: plan.pipeline, step },
            seed: plan.seed,
            artifactRoot: artifacts.root,
            workPath: join(workRoot, `sources-${newId()}`),
          },
          {
            signal,
            services: this.#servicesFor(original)({ projectId: project.id, runId: original.id, step }),
            onReport: () => {},
          },
        )
        // A file that is missing makes the whole dataset unreadable: none of them is as it was.
        if (!Array.isArray(answer)) return new Map()
        return new Map(answer.map(({ path, sha256 }) => [path, sha256]))
      },
    })
  }

  #servicesFor(original: Run): (identity: StepIdentity) => StepServices {
    const { store, registry, artifacts, servicesFor } = this.#parts
    return (identity) =>
      recordedServices({ store, registry, artifacts }, original, () => servicesFor(identity))(identity.step)
  }

  #compare(
    original: Run,
    again: Run,
    record: RunRecord,
    notRun: ReadonlySet<string>,
    sources: ReproductionReport['sources'],
    notes: readonly string[],
  ): ReproductionReport {
    const { artifacts, runs } = this.#parts
    return compareWithFirst({
      recorded: original.steps,
      again: again.steps,
      notRun,
      sources,
      environment: { recorded: record.environment, now: runs.record(again.id).environment },
      notes,
      artifactOf: (hash) => artifacts.find(hash),
    })
  }

  async #clear({ tree }: Place, target: string): Promise<void> {
    if (tree === undefined) await rm(target, { recursive: true, force: true })
    else await removeWorkTree(tree.repository, target)
  }

  #begin(id: string, newRunId: string): void {
    this.#parts.store.run("UPDATE reproduction SET status = 'running', new_run_id = $newRunId WHERE id = $id", {
      id,
      newRunId,
    })
  }

  #end(id: string, status: Reproduction['status'], what: Partial<Pick<Reproduction, 'report' | 'problem'>>): void {
    const { store, clock } = this.#parts
    store.run(
      'UPDATE reproduction SET status = $status, report = $report, problem = $problem, finished_at = $at WHERE id = $id',
      {
        id,
        status,
        report: what.report ? JSON.stringify(what.report) : null,
        problem: what.problem ? JSON.stringify(what.problem) : null,
        at: clock(),
      },
    )
  }
}

/** Why the work ends while the engine stops: it is no end of the reproduction. */
const suspended = new EsteiraError('cancelled', 'The engine is stopping.')
