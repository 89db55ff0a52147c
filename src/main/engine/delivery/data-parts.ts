/** What looks into data, put together for an engine: its cache and uploads lie in the home. */
import { mkdirSync } from 'node:fs'
import { totalmem } from 'node:os'
import { join } from 'node:path'
import { Explorer } from '../data/explorer.ts'
import { type DatasetDriftParts, DatasetDrifts } from './dataset-drift.ts'
import { Datasets, type DatasetsParts } from './datasets.ts'
import { FeatureUses, type FeatureUsesParts } from './feature-uses.ts'
import { Features, type FeaturesParts } from './features.ts'
import { Uploads } from './uploads.ts'
import { Validation, type ValidationParts } from './validation.ts'

/** For copies of datasets and their statistics, which can all be made again. */
const cacheBytes = 8 * 1024 ** 3
const mebibyte = 1024 ** 2
/** For one question; beyond it, DuckDB spills to disk. */
const maxMemoryMb = 4_096

export interface DataParts {
  readonly explorer: Explorer
  readonly datasets: Datasets
  readonly validation: Validation
  readonly features: Features
  readonly drifts: DatasetDrifts
  readonly uploads: Uploads
}

type Needed = Omit<DatasetsParts, 'explorer'> &
  Omit<ValidationParts, 'explorer' | 'datasets'> &
  Omit<FeaturesParts, 'uses' | 'scratchPath'> &
  FeatureUsesParts &
  Omit<DatasetDriftParts, 'explorer' | 'datasets'>

/** @param home its folder and that of work under way, which is emptied at every start */
export function createDataParts(home: { path: string; workPath: string }, needed: Needed): DataParts {
  const scratchPath = join(home.workPath, 'data')
  mkdirSync(scratchPath, { recursive: true })
  const explorer = new Explorer({
    cachePath: join(home.path, 'cache', 'data'),
    cacheBytes,
    scratchPath,
    memoryLimitMb: Math.min(maxMemoryMb, Math.floor(totalmem() / mebibyte / 4)),
  })
  const datasets = new Datasets({ ...needed, explorer })
  const validation = new Validation({ ...needed, explorer, datasets })
  const features = new Features({ ...needed, uses: new FeatureUses(needed), scratchPath })
  const drifts = new DatasetDrifts({ ...needed, explorer, datasets })
  return { explorer, datasets, validation, features, drifts, uploads: new Uploads(join(home.path, 'uploads')) }
}
