/**
 * A page of the runs: filtered, sorted, and continued by key rather than by number, so that runs which come meanwhile
 * neither repeat nor hide any (keyset pagination).
 */
import { z } from 'zod'
import {
  type MetricCondition,
  type RunFacets,
  type RunListItem,
  type RunListPage,
  type runListQuerySchema,
  runSortSchema,
} from '#shared/run-list.ts'
import { parametersSchema } from '#shared/runs.ts'
import { EsteiraError } from '../kernel/errors.ts'
import { jsonColumn } from '../store/json-column.ts'
import type { Store } from '../store/store.ts'
import { summaryColumns, summaryRow } from './run-rows.ts'

type FullQuery = z.output<typeof runListQuerySchema>
/** Only the length of the page must be said. */
export type RunQuery = Pick<FullQuery, 'limit'> & Partial<FullQuery>

interface Sql {
  readonly conditions: readonly string[]
  readonly values: Record<string, string | number>
}

interface Listed extends Sql {
  readonly source: string
}

interface Order {
  /** What to sort by; ties fall to the id. */
  readonly key: string
  readonly id: string
  /** The table that is read in this order, joined with the runs where a filter needs them. */
  readonly source: string
  readonly join?: string
  readonly where: Sql
}

const itemRow = summaryRow.extend({
  parameters: jsonColumn(parametersSchema),
  sortKey: z.union([z.string(), z.number()]),
})
const cursorSchema = z.tuple([z.union([z.string(), z.number()]), z.string()])
const countRow = z.object({ total: z.number() })

export function listRuns(store: Store, query: RunQuery): RunListPage {
  const order = orderOf(runSortSchema.parse(query.sort ?? 'newest'))
  const listed = listedRows(order, filterOf(store, query))
  const rows = store.all(itemRow, pageSql(listed, order, query), {
    ...listed.values,
    ...cursorValues(query.cursor),
    limit: query.limit + 1,
  })
  const items = rows.slice(0, query.limit)
  const last = items.at(-1)
  return {
    items: items.map(withoutKey),
    ...(query.cursor === undefined && { total: count(store, listed) }),
    ...(rows.length > query.limit && last !== undefined && { nextCursor: cursorOf(last) }),
  }
}

function count(store: Store, listed: Listed): number {
  return store.get(countRow, `SELECT count(*) AS total ${fromWhere(listed)}`, listed.values)?.total ?? 0
}

function listedRows(order: Order, filter: Sql): Listed {
  return {
    source: filter.conditions.length === 0 ? order.source : order.source + (order.join ?? ''),
    conditions: [...order.where.conditions, ...filter.conditions],
    values: { ...order.where.values, ...filter.values },
  }
}

/** The ids of the page are found in an index; only their rows are read whole. */
function pageSql(listed: Listed, order: Order, query: RunQuery): string {
  const descending = query.direction !== 'ascending'
  const direction = descending ? 'DESC' : 'ASC'
  const after = query.cursor === undefined ? [] : [`(${order.key}, ${order.id}) ${descending ? '<' : '>'} ($key, $id)`]
  const where = fromWhere({ ...listed, conditions: [...listed.conditions, ...after] })
  return `WITH page AS MATERIALIZED (
      SELECT ${order.id} AS pageId, ${order.key} AS sortKey ${where}
      ORDER BY ${order.key} ${direction}, ${order.id} ${direction} LIMIT $limit)
    SELECT ${summaryColumns}, parameters, sortKey FROM page JOIN run ON run.id = pageId
    ORDER BY sortKey ${direction}, id ${direction}`
}

function fromWhere({ source, conditions }: Listed): string {
  return conditions.length === 0 ? `FROM ${source}` : `FROM ${source} WHERE ${conditions.join(' AND ')}`
}

function orderOf(sort: string): Order {
  const runs = { id: 'run.id', source: 'run' }
  if (sort === 'newest') return { ...runs, key: 'run.id', where: { conditions: [], values: {} } }
  if (sort === 'duration') {
    return { ...runs, key: 'duration_ms', where: { conditions: ['duration_ms IS NOT NULL'], values: {} } }
  }
  return {
    key: 'sorted.value',
    id: 'sorted.run_id',
    source: 'run_metric AS sorted',
    // CROSS: SQLite keeps the order of the join, so the rows come sorted.
    join: ' CROSS JOIN run ON run.id = sorted.run_id',
    where: { conditions: ['sorted.name = $sortMetric'], values: { sortMetric: sort.slice('metric:'.length) } },
  }
}

/** Every value is bound; of the words of a query none becomes SQL. */
function filterOf(store: Store, query: RunQuery): Sql {
  const conditions: string[] = []
  const values: Record<string, string | number> = {}
  const add = (condition: string, name: string, value: string | number | undefined) => {
    if (value === undefined) return
    conditions.push(condition)
    values[name] = value
  }
  add('run.project_id = $projectId', 'projectId', query.projectId)
  add('run.pipeline = $pipeline', 'pipeline', query.pipeline)
  add('run.started_by = $startedBy', 'startedBy', query.startedBy)
  add('run.created_at >= $createdFrom', 'createdFrom', query.createdFrom)
  add('run.created_at < $createdTo', 'createdTo', query.createdTo)
  add('instr(run.search_text, lower($search)) > 0', 'search', query.search)
  const [only, ...others] = query.status ?? []
  if (others.length === 0) add('run.status = $status', 'status', only)
  else add('run.status IN (SELECT value FROM json_each($statuses))', 'statuses', JSON.stringify(query.status))
  if (query.metric === undefined) return { conditions, values }
  const { name, value } = query.metric
  return {
    conditions: [...conditions, metricCondition(store, query.metric)],
    values: { ...values, metricName: name, metricValue: value },
  }
}

const manyMatches = 2_000

/**
 * The runs that hold the condition are looked up first where they are few, and asked one by one in the order of the
 * page where they are many. The operator is one of a fixed list, never a text of the caller's.
 */
function metricCondition(store: Store, { name, operator, value }: MetricCondition): string {
  const holds = `name = $metricName AND value ${operator} $metricValue`
  const found = store.get(
    countRow,
    `SELECT count(*) AS total FROM (SELECT 1 FROM run_metric WHERE ${holds} LIMIT ${manyMatches})`,
    { metricName: name, metricValue: value },
  )
  return (found?.total ?? 0) < manyMatches
    ? `run.id IN (SELECT run_id FROM run_metric WHERE ${holds})`
    : `EXISTS (SELECT 1 FROM run_metric WHERE run_id = run.id AND ${holds})`
}

function withoutKey({ sortKey: _, ...item }: z.output<typeof itemRow>): RunListItem {
  return item
}

function cursorOf({ sortKey, id }: z.output<typeof itemRow>): string {
  return Buffer.from(JSON.stringify([sortKey, id])).toString('base64url')
}

function cursorValues(cursor: string | undefined): Record<string, string | number> {
  if (cursor === undefined) return {}
  try {
    const [key, id] = cursorSchema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')))
    return { key, id }
  } catch (cause) {
    throw new EsteiraError('invalid-request', 'The cursor is not one that a list of runs gave.', {
      where: 'query.cursor',
      found: cursor,
      next: 'Leave it out to begin with the first page.',
      cause,
    })
  }
}

/** The distinct names are found by jumps through an index, one per name, however many runs there are. */
export function runFacets(store: Store): RunFacets {
  const names = (table: string, column: string) =>
    store
      .all(
        z.object({ name: z.string() }),
        `WITH RECURSIVE each (name) AS (
           SELECT min(${column}) FROM ${table}
           UNION ALL SELECT (SELECT min(${column}) FROM ${table} WHERE ${column} > each.name) FROM each WHERE name IS NOT NULL)
         SELECT name FROM each WHERE name IS NOT NULL`,
      )
      .map(({ name }) => name)
  return { metrics: names('run_metric', 'name'), startedBy: names('run', 'started_by') }
}
