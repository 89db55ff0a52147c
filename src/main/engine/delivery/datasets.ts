/** The datasets of projects, the tables of artifacts and data files outside projects, as people look at them. */
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { DataFilePreview, DatasetInfo, TablePage } from '#shared/data.ts'
import type { DatasetSpec, ProjectSpec } from '#shared/projects.ts'
import type { Statistics } from '#shared/statistics.ts'
import { storedFilePath } from '../artifacts/artifact-files.ts'
import type { ArtifactStore } from '../artifacts/artifact-store.ts'
import { datasetSpec } from '../components/extract.ts'
import { datasetFiles, datasetFormat } from '../data/dataset-files.ts'
import type { Explorer } from '../data/explorer.ts'
import type { DatasetRequest } from '../data/explorer-tasks.ts'
import { asEsteiraError, EsteiraError, nearestName, toProblem } from '../kernel/errors.ts'
import type { PlannedStep } from '../pipelines/plan.ts'
import { listPipelineNames } from '../pipelines/project-folder.ts'
import type { Projects } from '../pipelines/projects.ts'
import type { RowWindow } from '../tables/duckdb.ts'
import { checkedDatasets } from './dataset-schemas.ts'

export interface DatasetsParts {
  readonly projects: Pick<Projects, 'open' | 'plan'>
  readonly artifacts: Pick<ArtifactStore, 'get' | 'root'>
  readonly explorer: Pick<Explorer, 'ask'>
}

/** A project's folder and declaration. */
export interface OpenProject {
  readonly path: string
  readonly spec: ProjectSpec
}

export class Datasets {
  readonly #parts: DatasetsParts

  constructor(parts: DatasetsParts) {
    this.#parts = parts
  }

  /** Looks at names and sizes of files alone; a dataset whose files are not to be found is listed with its problem. */
  async list(projectId: string): Promise<DatasetInfo[]> {
    const project = await this.project(projectId)
    const checked = await this.#checkedDatasets(projectId)
    return await Promise.all(
      Object.entries(project.spec.datasets).map(async ([name, spec]) => ({
        name,
        spec,
        schemaFile: checked.get(name) ?? (await usualSchemaFile(project.path, name)),
        ...(await filesOf(spec, project.path)),
      })),
    )
  }

  async rows(projectId: string, name: string, window: RowWindow, signal: AbortSignal): Promise<TablePage> {
    return await this.#parts.explorer.ask('rows', { ...(await this.dataset(projectId, name)), ...window }, signal)
  }

  async statistics(projectId: string, name: string, signal: AbortSignal): Promise<Statistics> {
    return await this.#parts.explorer.ask('statistics', await this.dataset(projectId, name), signal)
  }

  async sql(
    projectId: string,
    query: RowWindow & { readonly sql: string },
    signal: AbortSignal,
  ): Promise<TablePage & { elapsedMs: number }> {
    const { path, spec } = await this.project(projectId)
    return await this.#parts.explorer.ask('sql', { ...query, folder: path, datasets: spec.datasets }, signal)
  }

  /** Only Parquet files that the artifact itself lists can be named. */
  async artifactRows(hash: string, file: string, window: RowWindow, signal: AbortSignal): Promise<TablePage> {
    const path = this.parquetFile(hash, file)
    return await this.#parts.explorer.ask('parquetRows', { path, ...window }, signal)
  }

  async preview(path: string, window: RowWindow, signal: AbortSignal): Promise<DataFilePreview> {
    return await this.#parts.explorer.ask('preview', { path, ...window }, signal)
  }

  /** @throws EsteiraError `project-not-found`, `project-invalid` */
  async project(id: string): Promise<OpenProject> {
    const { row, spec } = await this.#parts.projects.open(id)
    return { path: row.path, spec }
  }

  /** @throws EsteiraError `dataset-not-found` */
  async dataset(projectId: string, name: string): Promise<DatasetRequest> {
    const { path, spec } = await this.project(projectId)
    return { spec: datasetSpec(spec, name), folder: path }
  }

  /** The path of a file of an artifact. A damaged one fails to be read; hashing it for every page would take too long. */
  parquetFile(hash: string, file: string): string {
    const { artifacts } = this.#parts
    const tables = artifacts.get(hash).files.filter(({ name }) => name.endsWith('.parquet'))
    const found = tables.find(({ name }) => name === file)
    if (found !== undefined) return storedFilePath(artifacts.root, found.sha256)
    const names = tables.map(({ name }) => name)
    throw new EsteiraError('not-found', `The artifact holds no Parquet file "${file}".`, {
      where: hash,
      found: file,
      allowed: names.join(', ') || 'no Parquet files',
      ...nearestOf(file, names),
    })
  }

  /** The schema file that a pipeline checks the dataset with, else the usual one if it exists. */
  async schemaFile(projectId: string, name: string): Promise<string | null> {
    const { path } = await this.project(projectId)
    return (await this.#checkedDatasets(projectId)).get(name) ?? (await usualSchemaFile(path, name))
  }

  /** The steps of every pipeline. One that cannot be planned says nothing here; its own page shows its problems. */
  async plans(projectId: string): Promise<Map<string, readonly PlannedStep[]>> {
    const { path } = await this.project(projectId)
    const plans = new Map<string, readonly PlannedStep[]>()
    for (const name of await listPipelineNames(path)) {
      const plan = await this.#parts.projects.plan(projectId, name, {}).catch(() => undefined)
      plans.set(name, plan?.steps ?? [])
    }
    return plans
  }

  async #checkedDatasets(projectId: string): Promise<Map<string, string>> {
    const found = new Map<string, string>()
    for (const steps of (await this.plans(projectId)).values()) {
      for (const [dataset, file] of checkedDatasets(steps)) if (!found.has(dataset)) found.set(dataset, file)
    }
    return found
  }
}

/** Where the schema of a dataset usually lies. */
export function usualSchemaPath(dataset: string): string {
  return `schemas/${dataset}.yaml`
}

export function nearestOf(name: string, candidates: readonly string[]): { nearest?: string } {
  const nearest = nearestName(name, candidates)
  return nearest === undefined ? {} : { nearest }
}

async function usualSchemaFile(folder: string, dataset: string): Promise<string | null> {
  const file = usualSchemaPath(dataset)
  return await stat(join(folder, file)).then(
    (info) => (info.isFile() ? file : null),
    () => null,
  )
}

type Files = Pick<DatasetInfo, 'format' | 'fileCount' | 'bytes' | 'modifiedAt' | 'problem'>

async function filesOf(spec: DatasetSpec, folder: string): Promise<Files> {
  try {
    const files = await datasetFiles(spec, folder)
    const infos = await Promise.all(files.map((file) => stat(file)))
    return {
      format: await datasetFormat(spec, files),
      fileCount: files.length,
      bytes: infos.reduce((sum, { size }) => sum + size, 0),
      modifiedAt: Math.max(...infos.map(({ mtimeMs }) => Math.floor(mtimeMs))),
      problem: null,
    }
  } catch (error) {
    const problem = toProblem(asEsteiraError(error))
    return { format: spec.format ?? null, fileCount: 0, bytes: 0, modifiedAt: null, problem }
  }
}
