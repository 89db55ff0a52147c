import type { DuckDBType, DuckDBValue, DuckDBValueConverter } from '@duckdb/node-api'
import type { Json } from '#shared/runs.ts'

type DuckDB = typeof import('@duckdb/node-api')

/**
 * DuckDB's values as JSON: whole numbers of any width and decimals become numbers, instants ISO 8601 in UTC, lists
 * arrays, structs objects, everything else its text. Non-finite numbers become null, as JSON has none.
 */
export function jsonConverter(duckdb: DuckDB): DuckDBValueConverter<Json> {
  const convert = (value: DuckDBValue, type: DuckDBType): Json => {
    if (value === null || value === undefined) return null
    if (typeof value === 'number') return Number.isFinite(value) ? value : null
    if (typeof value === 'bigint') return Number(value)
    if (typeof value === 'boolean' || typeof value === 'string') return value
    if (value instanceof duckdb.DuckDBDecimalValue) return value.toDouble()
    if (value instanceof duckdb.DuckDBTimestampValue) return isoInstant(value.micros)
    if (value instanceof duckdb.DuckDBTimestampTZValue) return isoInstant(value.micros)
    if (value instanceof duckdb.DuckDBTimestampMillisecondsValue) return isoInstant(value.millis * 1_000n)
    if (value instanceof duckdb.DuckDBTimestampSecondsValue) return isoInstant(value.seconds * 1_000_000n)
    if (value instanceof duckdb.DuckDBTimestampNanosecondsValue) return isoInstant(value.nanos / 1_000n)
    if (value instanceof duckdb.DuckDBListValue || value instanceof duckdb.DuckDBArrayValue) {
      return value.items.map((item) => convert(item, type))
    }
    if (value instanceof duckdb.DuckDBStructValue) {
      return Object.fromEntries(Object.entries(value.entries).map(([key, entry]) => [key, convert(entry, type)]))
    }
    return String(value)
  }
  return convert
}

/** The largest distance from the epoch that a JavaScript date can express, in microseconds. */
const maxDateMicros = 8_640_000_000_000_000_000n

function isoInstant(micros: bigint): string | null {
  if (micros > maxDateMicros || micros < -maxDateMicros) return null
  return new Date(Number(micros / 1_000n)).toISOString()
}
