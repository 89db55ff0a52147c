/** What the runs page shows, as its address writes it and as the engine is asked for it. */
import type { RouteQuery } from '#shared/api.ts'
import { metricConditionSchema, runSortSchema } from '#shared/run-list.ts'
import { type RunStatus, runStatusSchema } from '#shared/runs.ts'

const hourMs = 3_600_000
export const periods = { '24h': 24 * hourMs, '7d': 7 * 24 * hourMs, '30d': 30 * 24 * hourMs } as const
export type Period = keyof typeof periods
export const periodNames = ['24h', '7d', '30d'] as const satisfies readonly Period[]

export interface RunFilter {
  readonly pipeline?: string | undefined
  readonly status: readonly RunStatus[]
  readonly startedBy?: string | undefined
  readonly search?: string | undefined
  readonly period?: Period | undefined
  /** As typed, and only where it can be read: `auc > 0.63`. */
  readonly metric?: string | undefined
  readonly sort: string
  readonly ascending: boolean
  /** The metrics that have a column; undefined: those that the page proposes. */
  readonly metrics?: readonly string[] | undefined
}

export type RunSort = Pick<RunFilter, 'sort' | 'ascending'>

/** What cannot be understood is left out, so that an address typed by hand still shows something. */
export function readFilter(params: URLSearchParams): RunFilter {
  const text = (name: string) => params.get(name)?.trim() || undefined
  const metric = text('metric')
  const period = text('period')
  const sort = text('sort')
  return {
    pipeline: text('pipeline'),
    status: (text('status')?.split(',') ?? []).flatMap((each) => runStatusSchema.safeParse(each).data ?? []),
    startedBy: text('by'),
    search: text('search'),
    period: isPeriod(period) ? period : undefined,
    metric: metricConditionSchema.safeParse(metric).success ? metric : undefined,
    sort: runSortSchema.safeParse(sort).data ?? 'newest',
    ascending: text('order') === 'up',
    metrics: params.has('columns') ? (text('columns')?.split(',') ?? []) : undefined,
  }
}

export function isPeriod(text: string | undefined | null): text is Period {
  return typeof text === 'string' && Object.hasOwn(periods, text)
}

/** The parts of an address that `readFilter` reads; what goes without saying is left out. */
export function writeFilter(filter: RunFilter): Record<string, string> {
  const parts = {
    pipeline: filter.pipeline,
    status: filter.status.join(',') || undefined,
    by: filter.startedBy,
    search: filter.search?.trim() || undefined,
    period: filter.period,
    metric: filter.metric,
    sort: filter.sort === 'newest' ? undefined : filter.sort,
    order: filter.ascending ? 'up' : undefined,
    columns: filter.metrics?.join(','),
  }
  return Object.fromEntries(Object.entries(parts).filter((part): part is [string, string] => part[1] !== undefined))
}

/** Whether it leaves runs out. */
export function narrows({ pipeline, status, startedBy, search, period, metric }: RunFilter): boolean {
  return [pipeline, startedBy, search, period, metric].some((each) => each !== undefined) || status.length > 0
}

/** How exactly a period begins: so that the same question is not asked anew every moment. */
const periodGrainMs = 5 * 60_000

export function toQuery(
  filter: RunFilter,
  projectId: string | undefined,
  now: number,
): Omit<NonNullable<RouteQuery<'listRuns'>>, 'limit' | 'cursor'> {
  const since = filter.period && now - periods[filter.period]
  return {
    projectId,
    pipeline: filter.pipeline,
    status: filter.status.join(',') || undefined,
    startedBy: filter.startedBy,
    search: filter.search,
    createdFrom: since && Math.floor(since / periodGrainMs) * periodGrainMs,
    metric: filter.metric,
    sort: filter.sort,
    direction: filter.ascending ? 'ascending' : 'descending',
  }
}

/** What a click on the head of a column asks for: largest or newest first, then the other way, then newest again. */
export function nextSort(shown: RunSort, sort: string): RunSort {
  if (shown.sort !== sort) return { sort, ascending: false }
  if (!shown.ascending) return { sort, ascending: true }
  return { sort: 'newest', ascending: false }
}

/** Whether a saved view shows what the address asks for. */
export function sameView(one: Readonly<Record<string, string>>, other: Readonly<Record<string, string>>): boolean {
  const text = (view: Readonly<Record<string, string>>) => JSON.stringify(Object.entries(view).sort())
  return text(one) === text(other)
}
