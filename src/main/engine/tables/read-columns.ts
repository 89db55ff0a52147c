import type { DuckDBVector } from '@duckdb/node-api'
import type { ColumnType } from '#shared/statistics.ts'
import { type Column, columnKind } from './columns.ts'

/** Gathers one column from the chunks of a result. */
export interface ColumnReader {
  read(vector: DuckDBVector): void
  column(): Column
}

export function createColumnReader(type: ColumnType): ColumnReader {
  return columnKind(type) === 'numeric' ? numericReader() : textReader()
}

function numericReader(): ColumnReader {
  let values = new Float64Array(2_048)
  let length = 0
  return {
    read(vector) {
      const count = vector.itemCount
      if (length + count > values.length) {
        const larger = new Float64Array(Math.max(values.length * 2, length + count))
        larger.set(values.subarray(0, length))
        values = larger
      }
      for (let index = 0; index < count; index++) {
        const value = vector.getItem(index)
        values[length++] = typeof value === 'number' ? value : Number.NaN
      }
    },
    column: () => ({ kind: 'numeric', values: values.slice(0, length) }),
  }
}

/** Beyond this many different values a pool costs more than it saves. */
const maxPooledValues = 65_536

function textReader(): ColumnReader {
  const values: (string | null)[] = []
  // Equal values share one string, so that millions of rows of a few categories stay small.
  const pool = new Map<string, string>()
  return {
    read(vector) {
      for (let index = 0; index < vector.itemCount; index++) {
        const value = vector.getItem(index)
        values.push(typeof value === 'string' ? pooled(pool, value) : null)
      }
    },
    column: () => ({ kind: 'text', values }),
  }
}

function pooled(pool: Map<string, string>, value: string): string {
  const known = pool.get(value)
  if (known !== undefined) return known
  if (pool.size < maxPooledValues) pool.set(value, value)
  return value
}
