/** The server state of the runs: lists, one run, several compared, saved views. */
import {
  keepPreviousData,
  useInfiniteQuery,
  useMutation,
  useQueries,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query'
import { useCallback, useMemo } from 'react'
import type { RunView } from '#shared/run-list.ts'
import type { LogLine, Parameters } from '#shared/runs.ts'
import { call } from '../../lib/api.ts'
import { maxLogLines, mergeLog } from '../../lib/cache-updates.ts'
import { useChange } from '../../lib/queries.ts'
import { queryKeys } from '../../lib/query-keys.ts'
import type { toQuery } from './run-filter.ts'

const pageSize = 100
const logPageSize = 5_000

type ListQuery = ReturnType<typeof toQuery>

/**
 * The runs that a query finds, page after page. The list stands still while others come: `behind` says how many there
 * are by now that it does not hold, and `refresh` begins it anew.
 */
export function useRunTable(query: ListQuery) {
  const client = useQueryClient()
  const queryKey = [...queryKeys.runPages, query]
  const pages = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam, signal }) =>
      call('listRuns', { query: { ...query, limit: pageSize, cursor: pageParam } }, { signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
  })
  const headKey = [...queryKeys.runs, 'head', query]
  const head = useQuery({
    queryKey: headKey,
    queryFn: ({ signal }) => call('listRuns', { query: { ...query, limit: 1 } }, { signal }),
    enabled: pages.isSuccess && !pages.isPlaceholderData,
  })
  const rows = useMemo(() => pages.data?.pages.flatMap((page) => page.items) ?? [], [pages.data])
  const total = pages.data?.pages[0]?.total ?? 0
  const { refetch } = pages
  // biome-ignore lint/correctness/useExhaustiveDependencies: the keys are new at every render; the query says whether they changed
  const refresh = useCallback(() => {
    client.setQueryData<typeof pages.data>(queryKey, (data) => data && firstPageOnly(data))
    void refetch()
    void client.invalidateQueries({ queryKey: headKey })
  }, [client, query, refetch])
  return { pages, rows, total, behind: Math.max(0, (head.data?.total ?? total) - total), refresh }
}

function firstPageOnly<Data extends { pages: unknown[]; pageParams: unknown[] }>(data: Data): Data {
  return { ...data, pages: data.pages.slice(0, 1), pageParams: data.pageParams.slice(0, 1) }
}

export const useRunFacets = () =>
  useQuery({ queryKey: [...queryKeys.runs, 'facets'], queryFn: () => call('getRunFacets') })

/** What the pipeline files say now: project and pipeline to the values of its parameters. */
export function usePipelineDefaults(projectIds: readonly string[]) {
  return useQueries({
    queries: projectIds.map((id) => ({
      queryKey: queryKeys.pipelines(id),
      queryFn: () => call('listPipelines', { params: { id } }),
    })),
    combine: combineDefaults,
  })
}

/** Outside the hook, so that it is the same function at every render and its result is kept. */
function combineDefaults(
  results: readonly { data?: readonly { projectId: string; name: string; parameters: Parameters }[] | undefined }[],
): ReadonlyMap<string, Parameters> {
  return new Map(
    results.flatMap(({ data }) =>
      (data ?? []).map(({ projectId, name, parameters }) => [defaultsKey(projectId, name), parameters] as const),
    ),
  )
}

export const defaultsKey = (projectId: string, pipeline: string) => `${projectId} ${pipeline}`

export const useRunLog = (id: string) => {
  const client = useQueryClient()
  return useQuery({
    queryKey: queryKeys.runLog(id),
    queryFn: async () => {
      const fetched = await fetchLog(id)
      // Lines that came by event while the request was under way are kept.
      return mergeLog(fetched, client.getQueryData<LogLine[]>(queryKeys.runLog(id)) ?? [])
    },
  })
}

async function fetchLog(id: string): Promise<LogLine[]> {
  const lines: LogLine[] = []
  for (;;) {
    const page = await call('getRunLog', {
      params: { id },
      query: { after: lines.at(-1)?.sequence ?? 0, limit: logPageSize },
    })
    lines.push(...page)
    if (page.length < logPageSize || lines.length >= maxLogLines) return lines
  }
}

export const useRunMetrics = (id: string) =>
  useQuery({ queryKey: queryKeys.runMetrics(id), queryFn: () => call('getRunMetrics', { params: { id } }) })

/** A plan never changes: what is retried follows the one of the start. */
export const useRunPlan = (id: string) =>
  useQuery({ queryKey: ['run-plan', id], queryFn: () => call('getRunPlan', { params: { id } }) })

export const useArtifact = (hash: string) =>
  useQuery({ queryKey: ['artifact', hash], queryFn: () => call('getArtifact', { params: { hash } }) })

export const useArtifactJson = (hash: string, file: string) =>
  useQuery({
    queryKey: ['artifact-json', hash, file],
    queryFn: ({ signal }) => call('getArtifactJson', { params: { hash, file } }, { signal }),
  })

export const useRunComparison = (ids: readonly string[]) =>
  useQuery({
    queryKey: ['run-comparison', ...ids],
    queryFn: () => call('compareRuns', { query: { ids: ids.join(',') } }),
    enabled: ids.length > 0,
  })

export const useCancelRun = (id: string) => useChange('cancelRun', [queryKeys.runs, queryKeys.run(id)])
export const useRetryRun = (id: string) => useChange('retryRun', [queryKeys.runs, queryKeys.run(id)])

const viewsKey = ['run-views']
export const useRunViews = () => useQuery({ queryKey: viewsKey, queryFn: () => call('listRunViews') })

/** Saving again is also how a removed view comes back. */
export function useChangeViews() {
  const save = useChange('saveRunView', [viewsKey])
  const rename = useChange('renameRunView', [viewsKey])
  const remove = useChange('deleteRunView', [viewsKey])
  return {
    error: save.error ?? rename.error ?? remove.error,
    save: ({ name, filter }: Pick<RunView, 'name' | 'filter'>) =>
      save.mutateAsync({ params: { name }, body: { filter } }),
    rename: (name: string, newName: string) => rename.mutateAsync({ params: { name }, body: { name: newName } }),
    remove: (name: string) => remove.mutateAsync({ params: { name } }),
  }
}

export interface BulkResult {
  readonly done: number
  readonly failed: number
}

/** The same for several runs at once: how many it worked for, and for how many not. */
export function useForEachRun(act: 'cancelRun' | 'retryRun') {
  const client = useQueryClient()
  return useMutation({
    mutationFn: async (ids: readonly string[]): Promise<BulkResult> => {
      const results = await Promise.allSettled(ids.map((id) => call(act, { params: { id } })))
      const done = results.filter(({ status }) => status === 'fulfilled').length
      return { done, failed: results.length - done }
    },
    onSuccess: () => client.invalidateQueries({ queryKey: queryKeys.runs }),
  })
}
