import type { DuckDBType, DuckDBValue, DuckDBValueConverter } from '@duckdb/node-api'
import type { Json } from '#shared/runs.ts'
import { jsonConverter } from './json-value.ts'

type DuckDB = typeof import('@duckdb/node-api')

/** Longer texts are cut: a table shows values, not documents. */
const maxTextLength = 1_000
/** More digits than a double keeps. */
const maxExactDigits = 15

/**
 * Values as a person reads them in a table: whole numbers beyond 2^53 and long decimals as text with all their digits, NaN
 * and infinite numbers as text, dates as dates, instants ISO 8601 in UTC, lists and structs as JSON, long texts cut with "…".
 */
export function pageConverter(duckdb: DuckDB): DuckDBValueConverter<Json> {
  const plain = jsonConverter(duckdb)
  const scalar = (value: DuckDBValue, type: DuckDBType): Json => {
    if (typeof value === 'number' && !Number.isFinite(value)) return String(value)
    if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value)
    if (value instanceof duckdb.DuckDBDecimalValue) {
      const text = value.toString()
      return text.replace(/\D/g, '').length <= maxExactDigits ? value.toDouble() : text
    }
    // An infinite instant is null in plain JSON.
    return plain(value, type, plain) ?? String(value)
  }
  const convert = (value: DuckDBValue, type: DuckDBType): Json => {
    if (value === null || value === undefined) return null
    if (value instanceof duckdb.DuckDBListValue || value instanceof duckdb.DuckDBArrayValue) {
      return value.items.map((item) => convert(item, type))
    }
    if (value instanceof duckdb.DuckDBStructValue) {
      return Object.fromEntries(Object.entries(value.entries).map(([key, entry]) => [key, convert(entry, type)]))
    }
    return scalar(value, type)
  }
  return (value, type) => cut(convert(value, type))
}

/** A list or struct that is too long becomes the start of its JSON text. */
function cut(value: Json): Json {
  const text = typeof value === 'object' && value !== null ? JSON.stringify(value) : value
  if (typeof text !== 'string' || text.length <= maxTextLength) return value
  const end = /[\uD800-\uDBFF]/.test(text.charAt(maxTextLength - 1)) ? maxTextLength - 1 : maxTextLength
  // A copy: the part of a string would keep the whole of it in memory.
  return `${Buffer.from(text.slice(0, end), 'utf16le').toString('utf16le')}…`
}
