/**
 * The one text by which an entity is found in the online store, whether its key comes from DuckDB or from the JSON of a
 * request: a JSON list of the key values as texts. Integers keep all their digits; instants are epoch milliseconds.
 */
import type { ColumnType } from '#shared/statistics.ts'

/** A JSON list of the texts of the key values, in the order of the view's entity columns. */
export function entityKey(texts: readonly string[]): string {
  return JSON.stringify(texts)
}

/** A key value as it stands in the memory form of a table (see `ColumnBatch`); undefined where it is missing. */
export function keyTextOfColumn(value: number | string | null | undefined, type: ColumnType): string | undefined {
  if (value === null || value === undefined) return undefined
  if (typeof value === 'string') return value
  if (!Number.isFinite(value)) return undefined
  return type === 'boolean' ? String(value === 1) : String(value === 0 ? 0 : value)
}

/**
 * A key value as a request gives it; undefined where it cannot be one of the type.
 * @param parseInstant an ISO 8601 text as epoch milliseconds, NaN where it is none
 */
export function keyTextOfJson(
  value: unknown,
  type: ColumnType,
  parseInstant: (text: string) => number,
): string | undefined {
  switch (type) {
    case 'text':
    case 'other':
      return typeof value === 'string' ? value : undefined
    case 'integer':
      return integerText(value)
    case 'number':
      return typeof value === 'number' && Number.isFinite(value) ? String(value === 0 ? 0 : value) : undefined
    case 'boolean':
      return typeof value === 'boolean' ? String(value) : undefined
    case 'timestamp': {
      const instant = typeof value === 'string' ? parseInstant(value) : typeof value === 'number' ? value : Number.NaN
      return Number.isFinite(instant) ? String(Math.floor(instant)) : undefined
    }
  }
}

/** Beyond 2^53 JSON numbers lose digits, so that such a key is given as a text. */
function integerText(value: unknown): string | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? String(value === 0 ? 0 : value) : undefined
  return typeof value === 'string' && /^-?\d{1,40}$/.test(value) ? BigInt(value).toString() : undefined
}
