/** Rows as an application would send them: the inverse of `rowsToBatch`. */
import type { InputType, Signature } from '#shared/models.ts'
import type { Column, ColumnBatch } from '../tables/columns.ts'

/** Missing values are left out. Instants are milliseconds since 1970. */
export function rowsOfBatch({ inputs }: Signature, { length, columns }: ColumnBatch): Record<string, unknown>[] {
  return Array.from({ length }, (_, row) =>
    Object.fromEntries(
      inputs.flatMap(({ name, type }) => {
        const column = columns.get(name)
        const value = column === undefined ? null : valueAt(column, type, row)
        return value === null ? [] : [[name, value]]
      }),
    ),
  )
}

function valueAt(column: Column, type: InputType, row: number): string | number | boolean | null {
  const value = column.values[row]
  if (typeof value !== 'number') return value ?? null
  if (!Number.isFinite(value)) return null
  return type === 'boolean' ? value !== 0 : value
}
