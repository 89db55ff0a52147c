import type { DriftMeasureName } from '#shared/drift.ts'
import type { ColumnStatistics, ColumnType } from '#shared/statistics.ts'

/** One column of one dataset, as its statistics tell it. */
export interface ColumnSample {
  /** Of the dataset, missing values included. */
  readonly rows: number
  readonly statistics: ColumnStatistics
}

/** A way to compare two samples of a column. One file each; `index.ts` lists them. */
export interface DriftMeasure {
  /** As written in files and reports; never changed once published. */
  readonly name: DriftMeasureName
  readonly displayName: string
  readonly types: readonly ColumnType[]
  /** Drift is a value above the threshold (a distance) or below it (a p-value). */
  readonly drifts: 'above' | 'below'
  readonly defaultThreshold: number
  /** Where the measure and its default threshold come from. */
  readonly source: string
  /** Null where the measure is not defined for what was seen, e.g. without rows. */
  compute(current: ColumnSample, reference: ColumnSample): number | null
  /**
   * What a distance exceeds by chance with the given probability at most, when both samples come from the same
   * distribution: the fewer rows, the more. A p-value is held against the probability itself.
   */
  chance(current: ColumnSample, reference: ColumnSample, probability: number): number
}

/** 1/n + 1/m: the variance of a difference of two means, in units of that of one row. */
export function samplingVariance(current: ColumnSample, reference: ColumnSample): number {
  return 1 / current.rows + 1 / reference.rows
}
