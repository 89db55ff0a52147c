/** What the explorer thread can be asked, and the messages between it and the engine. Structured clones: no functions. */
import type { Anomaly, ExampleRows } from '#shared/anomalies.ts'
import type { DataFilePreview, SqlAnswer, SqlQuestion, TablePage } from '#shared/data.ts'
import type { DriftReport } from '#shared/drift.ts'
import type { DatasetSpec } from '#shared/projects.ts'
import type { DatasetSchema } from '#shared/schema.ts'
import type { Statistics } from '#shared/statistics.ts'
import type { Question } from '../kernel/asked-thread.ts'
import type { RowWindow } from '../tables/duckdb.ts'
import type { SketchedUnit, SketchRequest, SketchUnit } from './sketches/units.ts'
import type { DriftHistoryRequest, SpanDrift, WindowDriftRequest } from './sketches/windows.ts'
import type { RowFacts, RowRule } from './validation/row-rules.ts'

/** A dataset of a project, or a data file by its folder. */
export interface DatasetRequest {
  readonly spec: DatasetSpec
  /** Absolute path of the folder that the dataset's own path starts from. */
  readonly folder: string
}

/** Rows to look among: those of a dataset, or of a Parquet file. */
export type RowSource = DatasetRequest | { readonly parquet: string }

export interface ExampleRequest {
  readonly source: RowSource
  readonly anomalies: readonly Anomaly[]
  readonly schema: DatasetSchema
}

export interface ExplorerTasks {
  rows: { input: DatasetRequest & RowWindow; output: TablePage }
  parquetRows: { input: { readonly path: string } & RowWindow; output: TablePage }
  sql: {
    input: SqlQuestion & {
      readonly folder: string
      readonly datasets: Readonly<Record<string, DatasetSpec>>
    }
    output: SqlAnswer
  }
  statistics: { input: DatasetRequest; output: Statistics }
  /** What the rows answer to rules that statistics cannot. */
  rules: { input: { readonly source: RowSource; readonly rules: readonly RowRule[] }; output: RowFacts }
  /** For each anomaly the rows at fault, null where none are. */
  examples: { input: ExampleRequest; output: (ExampleRows | null)[] }
  preview: { input: { readonly path: string } & RowWindow; output: DataFilePreview }
  /** What the files of a dataset are now, as they are to be sketched. */
  sketchUnits: { input: SketchRequest; output: SketchUnit[] }
  sketch: { input: SketchRequest & { readonly unit: SketchUnit }; output: SketchedUnit }
  /** From sketches alone: no file is read. */
  windowDrift: { input: WindowDriftRequest; output: DriftReport }
  driftHistory: { input: DriftHistoryRequest; output: SpanDrift[] }
}

export type ExplorerQuestion = Question<ExplorerTasks>

/** `workerData` of the thread. */
export interface ExplorerSettings {
  readonly cachePath: string
  readonly cacheBytes: number
  /** An existing folder for what queries spill and for temporary copies. */
  readonly scratchPath: string
  readonly memoryLimitMb: number
}
