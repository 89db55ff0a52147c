/** The projects that a home knows. What is in a project is always read from its folder. */
import { createHash } from 'node:crypto'
import { cp, mkdir, readdir, realpath } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import type { Pipeline, Project, ProjectSpec } from '#shared/projects.ts'
import type { Parameters } from '#shared/runs.ts'
import type { Clock } from '../kernel/clock.ts'
import { EsteiraError, nearestName } from '../kernel/errors.ts'
import type { EventBus } from '../kernel/events.ts'
import { booleanColumn } from '../store/json-column.ts'
import type { Store } from '../store/store.ts'
import type { Plan } from './plan.ts'
import { type Catalogue, planPipeline } from './planner.ts'
import { countProblems, listPipelineNames, pipelineFile, readPipelineText, readProjectSpec } from './project-folder.ts'
import { tryInitProjectGit } from './project-git.ts'
import { readSurroundings } from './surroundings.ts'
import type { TriggerSurroundings } from './trigger-problems.ts'

const projectRow = z.object({
  id: z.string(),
  path: z.string(),
  name: z.string(),
  trusted: booleanColumn,
  addedAt: z.number(),
})
type ProjectRow = z.infer<typeof projectRow>
const projectColumns = 'id, path, name, trusted, added_at AS addedAt'

export interface ProjectsOptions {
  readonly store: Store
  readonly events: EventBus
  readonly clock: Clock
  readonly catalogue: Catalogue
  /** Where the sample is copied to unless another folder is named. */
  readonly defaultSamplePath: string
  /** The sample as it comes with the application. */
  readonly sampleSourcePath: string
  /** Told when the sample could not be put under git; it works without. */
  readonly onGitFailure?: (error: unknown) => void
  /** The models of the registry, which triggers may name. */
  readonly modelNames?: () => readonly string[]
}

export class Projects {
  readonly #options: ProjectsOptions

  constructor(options: ProjectsOptions) {
    this.#options = options
  }

  async list(): Promise<Project[]> {
    const rows = this.#options.store.all(
      projectRow,
      `SELECT ${projectColumns} FROM project WHERE hidden = 0 ORDER BY name, id`,
    )
    return Promise.all(rows.map(describeProject))
  }

  /** @throws EsteiraError `project-not-found` */
  async get(id: string): Promise<Project> {
    return describeProject(this.#row(id))
  }

  /** Adds the folder, or finds it if it is known already; `trust` is only ever given here, never taken. */
  async add({ path, trust }: { path: string; trust: boolean }): Promise<Project> {
    const { store, clock, events } = this.#options
    const folder = await realpath(resolve(path)).catch(() => resolve(path))
    const { name } = await readProjectSpec(folder)
    const digest = createHash('sha256').update(folder).digest('hex').slice(0, 6)
    const id = `${name.toLowerCase()}-${digest}`
    store.run(
      `INSERT INTO project (id, path, name, trusted, added_at) VALUES ($id, $path, $name, $trust, $at)
       ON CONFLICT (path) DO UPDATE SET name = excluded.name, hidden = 0, trusted = max(trusted, excluded.trusted)`,
      { id, path: folder, name, trust: Number(trust), at: clock() },
    )
    const row = store.get(projectRow, `SELECT ${projectColumns} FROM project WHERE path = $path`, { path: folder })
    if (row === undefined) throw new Error('the project was not stored')
    events.publish({ type: 'project-changed', at: clock(), projectId: row.id })
    return describeProject(row)
  }

  /** Copies the sample project into an empty or new folder, and adds it. An existing copy in the default folder is added as it is. */
  async addSample({ path }: { path?: string | undefined }): Promise<Project> {
    const folder = path ?? this.#options.defaultSamplePath
    const entries = await readdir(folder).catch(() => [])
    if (entries.length > 0 && path !== undefined) {
      throw new EsteiraError('project-exists', 'The folder for the sample is not empty.', {
        where: folder,
        next: 'Name a folder that does not exist yet, or an empty one.',
      })
    }
    if (entries.length === 0) {
      await mkdir(folder, { recursive: true })
      await cp(this.#options.sampleSourcePath, folder, { recursive: true })
      await tryInitProjectGit(folder, this.#options.onGitFailure ?? (() => {}))
    }
    return this.add({ path: folder, trust: true })
  }

  /** Allows the code of the project to run, or forbids it. @throws EsteiraError `project-not-found` */
  async setTrusted(id: string, trusted: boolean): Promise<Project> {
    const { store, events, clock } = this.#options
    this.#row(id)
    store.run('UPDATE project SET trusted = $trusted WHERE id = $id', { id, trusted: Number(trusted) })
    events.publish({ type: 'project-changed', at: clock(), projectId: id })
    return this.get(id)
  }

  /** Hides the project from lists. Its folder, runs and models stay; adding the folder again brings all back. */
  remove(id: string): void {
    const { store, events, clock } = this.#options
    this.#row(id)
    store.run('UPDATE project SET hidden = 1 WHERE id = $id', { id })
    events.publish({ type: 'project-changed', at: clock(), projectId: id })
  }

  /** The project's folder and declaration, for running it. */
  async open(id: string): Promise<{ row: ProjectRow; spec: ProjectSpec }> {
    const row = this.#row(id)
    return { row, spec: await readProjectSpec(row.path) }
  }

  /** The absolute path of the folder, whatever it holds. @throws EsteiraError `project-not-found` */
  folder(id: string): string {
    return this.#row(id).path
  }

  /** @throws EsteiraError `pipeline-not-found`, `pipeline-invalid` with every problem */
  async plan(id: string, pipeline: string, parameters: Parameters): Promise<Plan> {
    return (await this.planWithText(id, pipeline, parameters)).plan
  }

  /** The same, with the text that the plan was made from. */
  async planWithText(id: string, pipeline: string, parameters: Parameters): Promise<{ plan: Plan; text: string }> {
    const { path } = this.#row(id)
    const text = await readPipelineText(path, pipeline)
    const file = pipelineFile(pipeline)
    const planned = planPipeline({ text, file, catalogue: this.#options.catalogue, parameters })
    if (planned.ok) return { plan: planned.plan, text }
    const { problems } = planned
    throw new EsteiraError('pipeline-invalid', `The pipeline "${pipeline}" has ${countProblems(problems)}.`, {
      where: join(path, file),
      problems,
      next: 'Mend the file; "esteira validate" checks it without running it.',
    })
  }

  async pipelines(id: string): Promise<Pipeline[]> {
    const { path } = this.#row(id)
    const [names, surroundings] = await Promise.all([listPipelineNames(path), this.surroundings(id)])
    return Promise.all(names.map((name) => this.#describePipeline(id, path, name, surroundings)))
  }

  /** What the triggers of the project's pipelines may name; undefined where the project cannot be read. */
  surroundings(id: string): Promise<TriggerSurroundings | undefined> {
    return readSurroundings(this.#row(id).path, this.#options.modelNames?.() ?? [])
  }

  async #describePipeline(
    projectId: string,
    path: string,
    name: string,
    surroundings: TriggerSurroundings | undefined,
  ): Promise<Pipeline> {
    const { catalogue } = this.#options
    const file = pipelineFile(name)
    const planned = planPipeline({ text: await readPipelineText(path, name), file, catalogue, surroundings })
    if (!planned.ok) {
      const { problems } = planned
      return { projectId, name, file, version: '', parameters: {}, steps: [], problems }
    }
    const { plan } = planned
    const steps = plan.steps.map((step) => ({
      name: step.name,
      component: step.component,
      dependsOn: step.dependsOn,
      inputs: step.inputs,
      outputs: Object.fromEntries(
        Object.entries(catalogue.get(step.component)?.outputs ?? {}).map(([output, { type }]) => [output, type]),
      ),
    }))
    return { projectId, name, file, version: plan.version, parameters: plan.parameters, steps, problems: [] }
  }

  #row(id: string): ProjectRow {
    const { store } = this.#options
    const row = store.get(projectRow, `SELECT ${projectColumns} FROM project WHERE id = $id`, { id })
    if (row !== undefined) return row
    const known = store.all(z.object({ id: z.string() }), 'SELECT id FROM project').map((project) => project.id)
    throw new EsteiraError('project-not-found', `There is no project "${id}".`, {
      found: id,
      allowed: known.join(', ') || 'no projects yet',
      nearest: nearestName(id, known),
    })
  }
}

async function describeProject(row: ProjectRow): Promise<Project> {
  const spec = await readProjectSpec(row.path).catch(() => undefined)
  return {
    id: row.id,
    name: spec?.name ?? row.name,
    description: spec?.description ?? '',
    path: row.path,
    trusted: row.trusted,
    addedAt: row.addedAt,
    available: spec !== undefined,
    pipelines: spec === undefined ? [] : await listPipelineNames(row.path),
    datasets: Object.keys(spec?.datasets ?? {}),
  }
}
