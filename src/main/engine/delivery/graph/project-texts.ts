/** What the files of a project say of today, read once for a question. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { FeatureView } from '#shared/features.ts'
import type { ProjectSpec } from '#shared/projects.ts'
import { listFeatureViews } from '../../features/views.ts'
import type { Plan } from '../../pipelines/plan.ts'
import { listPipelineNames, readProjectSpec } from '../../pipelines/project-folder.ts'
import { mentions } from './mentions.ts'

export interface ProjectTexts {
  readonly projectId: string
  readonly spec: ProjectSpec
  readonly views: readonly FeatureView[]
  /** The pipelines that can be planned, by name. */
  readonly plans: ReadonlyMap<string, Plan>
  /** Text of a file of the project; undefined where there is none. */
  read(path: string): Promise<string | undefined>
}

/** Files that cannot be read are left out: lineage tells of what there is. */
export async function readProjectTexts(
  projectId: string,
  folder: string,
  plan: (pipeline: string) => Promise<Plan>,
): Promise<ProjectTexts> {
  const spec = await readProjectSpec(folder).catch((): ProjectSpec => ({ name: projectId, datasets: {} }))
  const { views } = await listFeatureViews(folder).catch(() => ({ views: [] }))
  const names = await listPipelineNames(folder)
  const planned = await Promise.all(
    names.map(async (name) =>
      plan(name).then(
        (made) => [name, made] as const,
        () => undefined,
      ),
    ),
  )
  return {
    projectId,
    spec,
    views,
    plans: new Map(planned.filter((entry) => entry !== undefined)),
    read: (path) => readFile(join(folder, path), 'utf8').catch(() => undefined),
  }
}

/** The datasets that the SQL of a view mentions. */
export function datasetsOfView({ spec, views }: ProjectTexts, view: string): string[] {
  const query = views.find(({ name }) => name === view)?.query
  return query === undefined ? [] : Object.keys(spec.datasets).filter((name) => mentions(query, name))
}

/** The views whose SQL mentions a dataset. */
export function viewsOfDataset({ views }: ProjectTexts, dataset: string): string[] {
  return views.filter(({ query }) => mentions(query, dataset)).map(({ name }) => name)
}
