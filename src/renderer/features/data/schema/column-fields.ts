import type { Json } from '#shared/runs.ts'
import type { SchemaColumn } from '#shared/schema.ts'
import type { ColumnKey } from './schema-edits.ts'

/** Sets one field of the column, or one part of a field; undefined takes it away. */
export type OnEdit = (path: readonly [ColumnKey] | readonly [ColumnKey, string], value: Json | undefined) => void

/** What every group of fields of a column is given. */
export interface FieldsProps {
  column: SchemaColumn
  onEdit: OnEdit
}
