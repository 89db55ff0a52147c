/**
 * Rows in memory, column by column: the form in which data meets the preparation code, in training and in serving alike.
 */
import type { ColumnType } from '#shared/statistics.ts'

/**
 * Numbers, booleans (0 and 1) and timestamps (epoch ms, UTC) are `numeric` with NaN where a value is missing;
 * text and everything else is `text` with null where missing.
 */
export type Column =
  | { readonly kind: 'numeric'; readonly values: Float64Array }
  | { readonly kind: 'text'; readonly values: readonly (string | null)[] }

/** Every column has `length` values. */
export interface ColumnBatch {
  readonly length: number
  readonly columns: ReadonlyMap<string, Column>
}

/** The in-memory kind of a column of the given type. */
export function columnKind(type: ColumnType): Column['kind'] {
  return type === 'text' || type === 'other' ? 'text' : 'numeric'
}
