/** From feature views to queries over their rows, with SQL confined to the datasets that they read. */
import type { FeatureView } from '#shared/features.ts'
import type { DatasetSpec } from '#shared/projects.ts'
import { type OpenOptions, openDatasets } from '../data/dataset.ts'
import { EsteiraError, nearestName } from '../kernel/errors.ts'
import { type Tables, withTables } from '../tables/duckdb.ts'

/** Where views are at home. */
export interface ViewProject {
  /** Absolute path of the folder. */
  readonly path: string
  readonly datasets: Readonly<Record<string, DatasetSpec>>
}

export interface OpenedViews {
  /** The datasets that any of the views reads, sorted. */
  readonly datasets: readonly string[]
  /** Their files: absolute paths, sorted. */
  readonly files: readonly string[]
  /** Words an error from reading the rows in terms of the project's own files. */
  describeError(error: unknown): unknown
}

/**
 * Makes the datasets that the views read available under their names and confines SQL to their files. Afterwards
 * `subquery(view.query)` gives the rows of each view. Once for each `Tables`.
 * @throws EsteiraError `query-failed`, `dataset-not-found` and all that `openDataset` throws
 */
export async function openFeatureViews(
  tables: Tables,
  views: readonly FeatureView[],
  project: ViewProject,
  options: OpenOptions,
): Promise<OpenedViews> {
  const datasets = await datasetsOfViews(tables, views, project)
  const specs = Object.fromEntries(Object.entries(project.datasets).filter(([name]) => datasets.includes(name)))
  return { datasets, ...(await openDatasets(tables, specs, project.path, options)) }
}

/**
 * The names of the datasets that the views read, sorted.
 * @throws EsteiraError `query-failed`, `dataset-not-found`
 */
export async function datasetsOfViews(
  tables: Tables,
  views: readonly FeatureView[],
  { datasets }: Pick<ViewProject, 'datasets'>,
): Promise<string[]> {
  const known = Object.keys(datasets)
  const read = new Set<string>()
  for (const view of views) {
    await tables.checkQuery(view.query, `${view.file}: query`)
    for (const table of tables.tablesRead(view.query)) {
      // SQL does not tell upper and lower case apart.
      const dataset = known.find((name) => name.toLowerCase() === table.toLowerCase())
      if (dataset === undefined) throw unknownDataset(view, table, known)
      read.add(dataset)
    }
  }
  return [...read].sort()
}

/** The same where no DuckDB is at hand. */
export async function findDatasetsOfViews(
  views: readonly FeatureView[],
  project: Pick<ViewProject, 'datasets'>,
): Promise<string[]> {
  return await withTables((tables) => datasetsOfViews(tables, views, project), { threads: 1 })
}

function unknownDataset({ file }: FeatureView, table: string, known: readonly string[]): EsteiraError {
  const nearest = nearestName(table, known)
  return new EsteiraError('dataset-not-found', `The query reads "${table}", which is not a dataset of the project.`, {
    where: `${file}: query`,
    found: table,
    allowed: known.join(', '),
    ...(nearest !== undefined && { nearest }),
  })
}
