/** The newest known row of every entity of a view, computed by DuckDB and handed out in chunks. */
import { z } from 'zod'
import type { FeatureColumn, FeatureView } from '#shared/features.ts'
import type { FeatureValue } from '#shared/online.ts'
import type { ColumnType } from '#shared/statistics.ts'
import type { Column, ColumnBatch } from '../../tables/columns.ts'
import { quoteIdentifier, quoteText, subquery, type Tables } from '../../tables/duckdb.ts'
import { instantExpression } from '../history.ts'
import { featuresOf } from '../view-columns.ts'
import { entityKey, keyTextOfColumn } from './entity-key.ts'
import type { EntityValues } from './online-store.ts'

/** The entity columns, in the order of the view. */
export function keysOf({ entity }: FeatureView, columns: readonly FeatureColumn[]): FeatureColumn[] {
  return entity.flatMap((name) => columns.filter((column) => column.name === name))
}

export interface NewestOptions {
  /** Rows of later, and rows that become known later, are left for another time. */
  readonly asOf: number
  /** Rows with an event time up to here are left out; null: none are. */
  readonly after: number | null
}

export interface NewestRows {
  /** Entities that have a known row. */
  readonly entities: number
  readonly newestEventTime: number | null
  /** When the next row becomes known; null: all are. */
  readonly nextKnownAt: number | null
}

const table = 'newest_rows'
const newestSchema = z.object({
  entities: z.number(),
  newestEventTime: z.number().nullable(),
  nextKnownAt: z.number().nullable(),
})

/** Computes the rows into a temporary table. Beyond the memory limit DuckDB spills it to disk. */
export async function computeNewest(
  tables: Tables,
  view: FeatureView,
  columns: readonly FeatureColumn[],
  { asOf, after }: NewestOptions,
): Promise<NewestRows> {
  const keys = keysOf(view, columns)
  const features = featuresOf(columns)
  const event = instantOf(view.eventTime, columns)
  const known = instantOf(view.knownAt ?? view.eventTime, columns)
  const keyNames = keys.map(({ name }) => quoteIdentifier(name))
  const values = features.flatMap(({ name }, index) => {
    const value = quoteIdentifier(name)
    // Missing values come last among ties, as they do offline.
    return [`has${index} := ${value} is not null`, `f${index} := ${value}`]
  })
  const now = `epoch_ms(${Math.floor(asOf)}::BIGINT)`
  const conditions = [
    ...keyNames.map((name) => `${name} is not null`),
    `isfinite(${event})`,
    `isfinite(${known})`,
    ...(after === null ? [] : [`${event} > epoch_ms(${Math.floor(after)}::BIGINT)`]),
  ]
  // The greatest in the order of the parts: ties of both times are settled by the values, in the same way every time.
  await tables.run(`create or replace temp table ${table} as
    select ${keyNames.map((name, index) => `${name} as k${index}`).join(', ')},
      concat_ws(chr(31), ${keyNames.map((name) => `${name}::VARCHAR`).join(', ')}) as sort_key,
      max(struct_pack(${[`e := ${event}`, `k := ${known}`, ...values].join(', ')}))
        filter (where ${event} <= ${now} and ${known} <= ${now}) as newest,
      min(greatest(${event}, ${known})) filter (where ${event} > ${now} or ${known} > ${now}) as next_at
    from ${subquery(view.query)} where ${conditions.join(' and ')} group by ${keyNames.join(', ')}`)
  return await tables.row(
    `select count(newest) as entities, epoch_ms(max(newest.e)) as "newestEventTime", epoch_ms(min(next_at)) as "nextKnownAt"
     from ${table}`,
    newestSchema,
  )
}

export interface NewestChunk {
  readonly rows: readonly EntityValues[]
  /** The sort key of the last row. */
  readonly last: string
}

/** The rows in the order of their sort keys, from after the given one on. */
export async function* newestChunks(
  tables: Tables,
  view: FeatureView,
  columns: readonly FeatureColumn[],
  after: string | undefined,
): AsyncGenerator<NewestChunk> {
  const keys = keysOf(view, columns)
  const features = featuresOf(columns)
  // Integers as texts, so that a key keeps all its digits.
  const keyParts = keys.map(({ type }, index) => (type === 'integer' ? `k${index}::VARCHAR as k${index}` : `k${index}`))
  const parts = [
    'sort_key',
    ...keyParts,
    'epoch_ms(newest.e)::DOUBLE as e',
    'epoch_ms(newest.k)::DOUBLE as k',
    ...features.map((_, index) => `newest.f${index} as f${index}`),
  ]
  const condition = after === undefined ? '' : `and sort_key > ${quoteText(after)}`
  const sql = `select ${parts.join(', ')} from ${table} where newest is not null ${condition} order by sort_key`
  for await (const batch of tables.chunks(sql)) {
    const rows: EntityValues[] = []
    for (let row = 0; row < batch.length; row++) {
      const entity = keyOf(batch, row, keys)
      if (entity === undefined) continue
      const values = features.map(({ type }, index) => featureValue(cell(batch, `f${index}`, row), type))
      rows.push({ entity, eventTime: number(batch, 'e', row), knownAt: number(batch, 'k', row), values })
    }
    yield { rows, last: String(cell(batch, 'sort_key', batch.length - 1) ?? '') }
  }
}

/** As the point-in-time join reads it. */
function instantOf(name: string, columns: readonly FeatureColumn[]): string {
  const column = columns.find((candidate) => candidate.name === name)
  return instantExpression(quoteIdentifier(name), column?.storageType ?? '', 'up')
}

function keyOf(batch: ColumnBatch, row: number, keys: readonly FeatureColumn[]): string | undefined {
  const texts: string[] = []
  for (const [index, { type }] of keys.entries()) {
    const text = keyTextOfColumn(cell(batch, `k${index}`, row), type)
    if (text === undefined) return undefined
    texts.push(text)
  }
  return entityKey(texts)
}

/** As a request would give it: see `rowsToBatch`. */
export function featureValue(value: number | string | null, type: ColumnType): FeatureValue {
  if (typeof value !== 'number') return value
  if (!Number.isFinite(value)) return null
  return type === 'boolean' ? value === 1 : value
}

export function cell(batch: ColumnBatch, name: string, row: number): number | string | null {
  const column: Column | undefined = batch.columns.get(name)
  return column?.values[row] ?? null
}

function number(batch: ColumnBatch, name: string, row: number): number {
  const value = cell(batch, name, row)
  return typeof value === 'number' ? value : Number.NaN
}
