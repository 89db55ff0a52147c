import type { ColumnType } from '#shared/statistics.ts'
import { columnKind } from './columns.ts'
import { quoteIdentifier } from './sql.ts'

/** The type under which Esteira sees a column of the given DuckDB type, e.g. `integer` for `BIGINT`. */
export function columnTypeOf(storageType: string): ColumnType {
  if (storageType.endsWith(']')) return 'other'
  const name = storageType.replace(/\(.*/s, '').toUpperCase()
  if (/^U?(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)$/.test(name)) return 'integer'
  if (name === 'DECIMAL') return /,\s*0\)$/.test(storageType) ? 'integer' : 'number'
  if (name === 'FLOAT' || name === 'DOUBLE') return 'number'
  if (name === 'BOOLEAN') return 'boolean'
  if (name === 'DATE' || name.startsWith('TIMESTAMP')) return 'timestamp'
  // A time of day has no place on the time axis: it stays a text such as 10:30:00.
  if (['VARCHAR', 'ENUM', 'UUID', 'TIME', 'TIME WITH TIME ZONE'].includes(name)) return 'text'
  return 'other'
}

/**
 * The column as DOUBLE, NaN where missing (numbers, booleans as 0 and 1, instants as epoch ms), or as VARCHAR.
 * Infinite instants count as missing.
 */
export function memoryExpression(name: string, type: ColumnType): string {
  const column = quoteIdentifier(name)
  if (columnKind(type) === 'text') return `${column}::VARCHAR`
  const number = type === 'timestamp' ? epochMsExpression(column) : `${column}::DOUBLE`
  return `coalesce(${number}, 'nan'::DOUBLE)`
}

/** Milliseconds since the epoch (UTC) of a date or timestamp expression, as DOUBLE. */
export function epochMsExpression(expression: string): string {
  return `case when isfinite(${expression}) then epoch_ms(${expression})::DOUBLE end`
}
