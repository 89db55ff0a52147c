/** The server state that pages read. Each hook names one thing of the engine. */
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { RouteBody, RouteName, RouteRequest } from '#shared/api.ts'
import type { LogLine } from '#shared/runs.ts'
import { call } from './api.ts'
import { maxLogLines, mergeLog } from './cache-updates.ts'
import { queryKeys, type RunFilter } from './query-keys.ts'

const latestRunsCount = 8
const runsPageSize = 50
const logPageSize = 5_000

export const useProjects = () => useQuery({ queryKey: queryKeys.projects, queryFn: () => call('listProjects') })

export const usePipelines = (projectId: string) =>
  useQuery({
    queryKey: queryKeys.pipelines(projectId),
    queryFn: () => call('listPipelines', { params: { id: projectId } }),
    // Pipelines are files that people edit meanwhile.
    refetchOnWindowFocus: true,
  })

export const useLatestRuns = () =>
  useQuery({
    queryKey: queryKeys.latestRuns,
    queryFn: () => call('listRuns', { query: { limit: latestRunsCount } }),
  })

export const useRunPages = (filter: RunFilter) =>
  useInfiniteQuery({
    queryKey: queryKeys.runPages(filter),
    queryFn: ({ pageParam }) => call('listRuns', { query: { ...filter, limit: runsPageSize, cursor: pageParam } }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor,
  })

export const useRun = (id: string) =>
  useQuery({ queryKey: queryKeys.run(id), queryFn: () => call('getRun', { params: { id } }) })

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

export const useModels = () => useQuery({ queryKey: queryKeys.models, queryFn: () => call('listModels') })

export const useModel = (name: string) =>
  useQuery({ queryKey: queryKeys.model(name), queryFn: () => call('getModel', { params: { name } }) })

export const useModelVersions = (name: string) =>
  useQuery({
    queryKey: queryKeys.modelVersions(name),
    queryFn: () => call('listModelVersions', { params: { name }, query: { limit: 200 } }),
    enabled: name !== '',
  })

export const useAliasMoves = (name: string) =>
  useQuery({
    queryKey: queryKeys.aliasMoves(name),
    queryFn: () => call('listAliasMoves', { params: { name }, query: { limit: 100 } }),
  })

export const useEndpoints = () => useQuery({ queryKey: queryKeys.endpoints, queryFn: () => call('listEndpoints') })

export const useRevisions = (endpoint: string) =>
  useQuery({
    queryKey: queryKeys.revisions(endpoint),
    queryFn: () => call('listRevisions', { params: { name: endpoint } }),
  })

export const useEngine = () => useQuery({ queryKey: queryKeys.engine, queryFn: () => call('getEngine') })

/** A call that changes something. Events bring the consequences; what they may miss is fetched again. */
function useChange<Name extends RouteName>(name: Name, stale: readonly (readonly string[])[]) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (request: RouteRequest<Name>) => call(name, request),
    onSuccess: () => {
      for (const queryKey of stale) client.invalidateQueries({ queryKey })
    },
  })
}

export const useAddSample = () => useChange('addSample', [queryKeys.projects])
export const useAddProject = () => useChange('addProject', [queryKeys.projects])
export const useStartRun = () => useChange('startRun', [queryKeys.runs])
export const useCancelRun = (id: string) => useChange('cancelRun', [queryKeys.runs, queryKeys.run(id)])
export const useRetryRun = (id: string) => useChange('retryRun', [queryKeys.runs, queryKeys.run(id)])
export const useMoveAlias = (model: string) => useChange('moveAlias', [queryKeys.models, queryKeys.ofModel(model)])
export type StartRunBody = NonNullable<RouteBody<'startRun'>>
