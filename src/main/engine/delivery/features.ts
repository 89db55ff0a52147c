/** The feature views of the projects: the catalogue, who uses them, and what they hold. */
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { FileProblem } from '#shared/errors.ts'
import type {
  FeatureCatalogue,
  FeatureCatalogueEntry,
  FeatureData,
  FeatureUse,
  FeatureView,
  FeatureViewDetails,
} from '#shared/features.ts'
import { featureViewVersions } from '../features/view-texts.ts'
import {
  featureViewFile,
  listFeatureViewNames,
  listFeatureViews,
  parseFeatureView,
  viewNotFound,
} from '../features/views.ts'
import { hashJson } from '../kernel/canonical-json.ts'
import type { Clock } from '../kernel/clock.ts'
import type { Projects } from '../pipelines/projects.ts'
import type { Store } from '../store/store.ts'
import { checkView, type DescribedView, describeViews } from './feature-questions.ts'
import type { FeatureUses } from './feature-uses.ts'

export interface FeaturesParts {
  readonly store: Store
  readonly projects: Pick<Projects, 'open' | 'list'>
  readonly uses: Pick<FeatureUses, 'ofProject'>
  readonly clock: Clock
  /** For temporary files; made when missing. */
  readonly scratchPath: string
}

/** Definitions whose columns are remembered. */
const maxDescribed = 2_000

export class Features {
  readonly #parts: FeaturesParts
  /** By view and by all that is declared about its datasets. */
  readonly #described = new Map<string, DescribedView>()

  constructor(parts: FeaturesParts) {
    this.#parts = parts
  }

  /** @throws EsteiraError `project-not-found` */
  async list(
    { project, search = '' }: { project?: string | undefined; search?: string | undefined },
    signal?: AbortSignal,
  ): Promise<FeatureCatalogue> {
    const known = (await this.#parts.projects.list()).filter(({ available }) => available)
    const ids = project === undefined ? known.map(({ id }) => id) : [project]
    const parts = await Promise.all(ids.map((id) => this.#ofProject(id, signal)))
    return {
      items: parts.flatMap(({ items }) => items).filter((entry) => matches(entry, search)),
      problems: parts.flatMap(({ problems }) => problems),
    }
  }

  /** @throws EsteiraError `project-not-found`, `feature-view-not-found` */
  async get(projectId: string, name: string): Promise<FeatureViewDetails> {
    const { store, projects, uses } = this.#parts
    const { row, spec } = await projects.open(projectId)
    const { text, file, changedAt } = await readView(row.path, name)
    const parsed = parseFeatureView(text, file)
    const use = (await uses.ofProject(projectId)).get(name) ?? noUse
    const current = parsed.ok ? { version: parsed.view.version, text, at: changedAt } : null
    return {
      projectId,
      project: spec.name,
      name,
      file,
      text,
      view: parsed.ok ? parsed.view : null,
      problems: parsed.ok ? [] : parsed.problems,
      use,
      versions: featureViewVersions(store, { projectId, view: name, current }),
    }
  }

  /** @throws EsteiraError `project-not-found`, `feature-view-not-found`, `feature-view-invalid` */
  async check(projectId: string, name: string, signal?: AbortSignal): Promise<FeatureData> {
    const { projects, scratchPath, clock } = this.#parts
    const { row, spec } = await projects.open(projectId)
    const { text, file } = await readView(row.path, name)
    const project = { path: row.path, datasets: spec.datasets }
    return await checkView({ text, file, project, now: clock() }, scratchPath, signal)
  }

  async #ofProject(
    projectId: string,
    signal: AbortSignal | undefined,
  ): Promise<{ items: FeatureCatalogueEntry[]; problems: (FileProblem & { projectId: string })[] }> {
    const { row, spec } = await this.#parts.projects.open(projectId)
    const { views, problems } = await listFeatureViews(row.path)
    const uses = await this.#parts.uses.ofProject(projectId)
    const described = await this.#describe(views, { path: row.path, datasets: spec.datasets }, signal)
    const items = views.map((view, index) => ({
      ...view,
      projectId,
      project: spec.name,
      columns: described[index]?.columns ?? [],
      problem: described[index]?.problem ?? null,
      use: uses.get(view.name) ?? noUse,
    }))
    return { items, problems: problems.map((problem) => ({ ...problem, projectId })) }
  }

  /** Columns depend on the definition, and hardly ever on the rows of the day: they are looked up once. */
  async #describe(
    views: readonly FeatureView[],
    project: Parameters<typeof describeViews>[0]['project'],
    signal: AbortSignal | undefined,
  ): Promise<DescribedView[]> {
    const keyOf = (view: FeatureView) => hashJson([project, view.version])
    const missing = views.filter((view) => !this.#described.has(keyOf(view)))
    if (missing.length > 0) {
      const found = await describeViews({ project, views: missing }, this.#parts.scratchPath, signal)
      if (this.#described.size > maxDescribed) this.#described.clear()
      // What could not be described is tried again: a file may have been missing.
      const byKey = new Map(found.map((one, index) => [missing[index]?.version, one]))
      for (const view of missing) {
        const one = byKey.get(view.version)
        if (one !== undefined && one.problem === null) this.#described.set(keyOf(view), one)
      }
      return views.map((view) => this.#described.get(keyOf(view)) ?? byKey.get(view.version) ?? nothingKnown)
    }
    return views.map((view) => this.#described.get(keyOf(view)) ?? nothingKnown)
  }
}

const noUse: FeatureUse = { pipelines: [], versions: [] }
const nothingKnown: DescribedView = { columns: [], problem: null }

async function readView(folder: string, name: string): Promise<{ text: string; file: string; changedAt: number }> {
  const known = await listFeatureViewNames(folder)
  if (!known.includes(name)) throw viewNotFound(name, known)
  const file = featureViewFile(name)
  const path = join(folder, file)
  const [text, { mtimeMs }] = await Promise.all([readFile(path, 'utf8'), stat(path)])
  return { text, file, changedAt: Math.floor(mtimeMs) }
}

/** Whether every word occurs somewhere in what people know a view by. */
function matches(
  { name, project, description, owner, entity, columns }: FeatureCatalogueEntry,
  search: string,
): boolean {
  const names = columns.map((column) => column.name)
  const text = [name, project, description, owner, ...entity, ...names].join('\n').toLowerCase()
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word))
}
