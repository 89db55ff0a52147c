/**
 * What could be known of an entity at any time, from the rows of a view.
 *
 * A row may be used for a time T if it happened (event time <= T) and was known (known-at time <= T). Of the rows that may be
 * used, the one with the greatest event time counts; of several with the same event time the one known last; of several
 * that were known at the same time too the one with the greatest values, a missing one being the greatest as in the structs
 * of DuckDB: the order of rows never matters, and the online store takes the same one.
 *
 * A row may be used from `since` on, the later of its two times. Put in the order of `since`, a row that is older than one
 * before it is never the answer: it is left out here. Of what stays, the last one with `since` <= T is the answer for
 * T, which one ASOF JOIN finds.
 */
import type { FeatureColumn, FeatureView } from '#shared/features.ts'
import { quoteIdentifier, subquery, type Tables } from '../tables/duckdb.ts'
import { featuresOf } from './view-columns.ts'

/** The names of the columns in the tables made here; features are `f0`, `f1` … in the order of the view. */
export interface HistoryColumns {
  /** `k0`, `k1` … in the order of the view's entity. */
  readonly keys: readonly string[]
  /** Name of the feature to its column. */
  readonly features: ReadonlyMap<string, string>
}

export function historyColumns(view: FeatureView, columns: readonly FeatureColumn[]): HistoryColumns {
  return {
    keys: view.entity.map((_, index) => `k${index}`),
    features: new Map(featuresOf(columns).map(({ name }, index) => [name, `f${index}`])),
  }
}

/**
 * Makes the temporary tables `<name>_rows`, all rows of the view that can ever be used, and `<name>`, those of them that
 * are the answer for some time. Both have the columns of `historyColumns`, `event_at`, `known_at` and `since`.
 * @param ignoreKnownAt takes every row as known from its event time on
 */
export async function createHistory(
  tables: Tables,
  name: string,
  view: FeatureView,
  columns: readonly FeatureColumn[],
  { ignoreKnownAt = false }: { ignoreKnownAt?: boolean } = {},
): Promise<HistoryColumns> {
  const { keys, features } = historyColumns(view, columns)
  const typeOf = (column: string) => columns.find((candidate) => candidate.name === column)?.storageType ?? ''
  const instant = (column: string) => instantExpression(quoteIdentifier(column), typeOf(column), 'up')
  const knownAt = view.knownAt === null || ignoreKnownAt ? view.eventTime : view.knownAt
  const entity = view.entity.map((column, index) => `${quoteIdentifier(column)} as ${keys[index] ?? ''}`)
  const values = [...features].map(([feature, column]) => `${quoteIdentifier(feature)} as ${column}`)
  const list = [...keys, 'event_at', 'known_at']
  await tables.run(`create temp table ${name}_rows as
    select *, greatest(event_at, known_at) as since from (
      select ${[...entity, `${instant(view.eventTime)} as event_at`, `${instant(knownAt)} as known_at`, ...values].join(', ')}
      from ${subquery(view.query)}
    ) where ${list.map((column) => `${column} is not null`).join(' and ')}`)
  if (knownAt === view.eventTime) await createLatest(tables, name, keys, [...features.values()])
  else await createAnswers(tables, name, keys, [...features.values()])
  return { keys, features }
}

/** Where every row is known at once, each is the answer from its event on; of several with the same time the best one. */
async function createLatest(
  tables: Tables,
  name: string,
  keys: readonly string[],
  features: readonly string[],
): Promise<void> {
  const group = [...keys, 'since'].join(', ')
  const repeated = await tables.count(`(select 1 from ${name}_rows group by ${group} having count(*) > 1 limit 1)`)
  if (repeated === 0) {
    await tables.run(`create temp view ${name} as from ${name}_rows`)
    return
  }
  await tables.run(`create temp table ${name} as select * from ${name}_rows
    qualify row_number() over (partition by ${group} order by ${bestFirst(features)}) = 1`)
}

/**
 * One pass in the order of `since`, the best of several with the same `since` last: that one is the answer from then on,
 * unless something newer was known before.
 */
async function createAnswers(
  tables: Tables,
  name: string,
  keys: readonly string[],
  features: readonly string[],
): Promise<void> {
  const bestLast = ['event_at', 'known_at', ...features.map((feature) => `${feature} nulls last`)]
  const order = `partition by ${keys.join(', ')} order by ${['since', ...bestLast].join(', ')}`
  await tables.run(`create temp table ${name} as select * exclude (newest_before, next_since) from (
      select *, max(event_at) over (${order} rows between unbounded preceding and 1 preceding) as newest_before,
        lead(since) over (${order}) as next_since
      from ${name}_rows
    ) where (newest_before is null or event_at >= newest_before) and (next_since is null or next_since > since)`)
}

/** The order of rows of one entity that may be used, the one that counts first. */
export function bestFirst(features: readonly string[]): string {
  return ['event_at desc', 'known_at desc', ...features.map((feature) => `${feature} desc nulls first`)].join(', ')
}

/**
 * A time as TIMESTAMP in UTC with microseconds. What is finer is rounded so that nothing is usable too early: times of
 * rows `up`, times to look at `down`.
 */
export function instantExpression(expression: string, storageType: string, round: 'up' | 'down'): string {
  if (storageType !== 'TIMESTAMP_NS') return `${expression}::TIMESTAMP`
  const ns = `epoch_ns(${expression})`
  return round === 'up'
    ? `make_timestamp((${ns} + 999) // 1000)`
    : `make_timestamp(${ns} // 1000 - (${ns} < 0)::BIGINT)`
}
