/** What every runtime makes of a model package. */
import type { ModelManifest } from '#shared/models.ts'
import type { ColumnBatch } from '../tables/columns.ts'

/** `probabilities` is row-major, rows × classes, in the order of `classes`; `values` are in the unit of the target. */
export type Prediction =
  | { readonly kind: 'probabilities'; readonly classes: readonly string[]; readonly probabilities: Float64Array }
  | { readonly kind: 'values'; readonly values: Float64Array }

export interface LoadedModel {
  readonly manifest: ModelManifest
  /** Some training rows; undefined where the package holds none. */
  readonly background: ColumnBatch | undefined
  /** The batch holds the inputs of the signature. A row gets the same numbers whatever batch it comes in. */
  predict(batch: ColumnBatch): Promise<Prediction>
  dispose(): void
}
