/** For tests: a folder of daily files and what keeps their sketches, over a real store and explorer thread. */
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Importance } from '#shared/models.ts'
import type { DatasetSpec } from '#shared/projects.ts'
import { Explorer } from '../../data/explorer.ts'
import type { TestEngine } from '../../serving/testing-engine.ts'
import { withTables } from '../../tables/duckdb.ts'
import { DatasetDrifts } from '../dataset-drift.ts'

export interface DriftProject {
  readonly folder: string
  readonly explorer: Explorer
  readonly drifts: DatasetDrifts
  /** May be changed at any time. */
  spec: DatasetSpec
  /** Writes `data/<name>.parquet` as the rows of a query. */
  write(name: string, sql: string): Promise<void>
  remove(name: string): Promise<void>
  close(): Promise<void>
}

export async function openDriftProject(
  folder: string,
  { store, registry, artifacts }: Pick<TestEngine, 'store' | 'registry' | 'artifacts'>,
  importance?: Importance,
): Promise<DriftProject> {
  for (const name of ['data', 'cache', 'scratch']) await mkdir(join(folder, name), { recursive: true })
  const explorer = new Explorer({
    cachePath: join(folder, 'cache'),
    cacheBytes: 1024 ** 3,
    scratchPath: join(folder, 'scratch'),
    memoryLimitMb: 512,
  })
  const path = (name: string) => join(folder, 'data', `${name}.parquet`)
  const project = {
    folder,
    explorer,
    spec: { path: 'data/*.parquet', time: 'at' },
    write: (name: string, sql: string) =>
      withTables(async (tables) => void (await tables.writeParquet(sql, path(name)))),
    remove: (name: string) => rm(path(name)),
    close: () => explorer.close(),
  }
  const drifts = new DatasetDrifts({
    datasets: { dataset: async () => ({ spec: project.spec, folder }) },
    explorer,
    store,
    registry,
    artifacts,
    clock: () => 1,
    importanceOf: async () => importance,
  })
  return Object.assign(project, { drifts })
}
