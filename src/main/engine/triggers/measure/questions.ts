/** What the measuring thread can be asked. Structured clones: no functions. */
import type { Problem } from '#shared/errors.ts'
import type { Importance } from '#shared/models.ts'
import type { DatasetSpec } from '#shared/projects.ts'
import type { DataMeasure, DriftMeasurement, PerformanceMeasure } from '../signals.ts'

interface DatasetPlace {
  readonly spec: DatasetSpec
  /** Absolute path of the project. */
  readonly folder: string
}

/** A champion, as the files of its package by name. */
interface ChampionRows extends DatasetPlace {
  readonly model: ReadonlyMap<string, string>
  /** Of the project: feature views read them. */
  readonly datasets: Readonly<Record<string, DatasetSpec>>
  readonly windowMs: number
}

export interface MeasureTasks {
  /** Rows before and from `since` on; null: all are counted as new. */
  data: { input: DatasetPlace & { readonly since: string | null }; output: DataMeasure }
  performance: { input: ChampionRows & { readonly metric: string }; output: PerformanceMeasure }
  drift: {
    input: ChampionRows & { readonly importance: Importance['inputs'] | null }
    output: DriftMeasurement
  }
}
export type MeasureTask = keyof MeasureTasks

export type MeasureQuestion = {
  [Name in MeasureTask]: { readonly task: Name; readonly input: MeasureTasks[Name]['input'] }
}[MeasureTask]

/** `workerData` of the thread. */
export interface MeasureWork {
  readonly question: MeasureQuestion
  /** For temporary copies; made and removed by the thread. */
  readonly scratchRoot: string
}

export type MeasureAnswer = { readonly output: unknown } | { readonly problem: Problem }
