/** Rows as the networks read them: what the preparation makes of a `ColumnBatch`. */
export interface Encoded {
  readonly length: number
  /** Row-major `length` × `width`; never NaN. */
  readonly numeric: Float32Array
  readonly width: number
  /** One array of `length` codes per categorical feature, each in [0, cardinality). */
  readonly codes: readonly Int32Array[]
  readonly cardinalities: readonly number[]
}

/**
 * What is to be learned: class indices (into the classes of the signature), or standardised values for regression.
 * `weights` scale the loss per row.
 */
export interface Targets {
  readonly values: Float32Array
  readonly weights?: Float32Array | undefined
}
