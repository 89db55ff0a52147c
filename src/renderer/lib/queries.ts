/** The server state that pages read. Each hook names one thing of the engine. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { RouteBody, RouteName, RouteRequest } from '#shared/api.ts'
import { call } from './api.ts'
import { queryKeys } from './query-keys.ts'

const latestRunsCount = 8

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

export const useRun = (id: string) =>
  useQuery({ queryKey: queryKeys.run(id), queryFn: () => call('getRun', { params: { id } }) })

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

/** Those of one model, or those that wait for a person. */
export const useApprovals = (filter: { model: string } | { state: 'pending' }) =>
  useQuery({
    queryKey: [...queryKeys.approvals, filter],
    queryFn: () => call('listApprovals', { query: { ...filter, limit: 200 } }),
  })

export const useDecideApproval = () => useChange('decideApproval', [queryKeys.approvals, queryKeys.models])

export const useEndpoints = () => useQuery({ queryKey: queryKeys.endpoints, queryFn: () => call('listEndpoints') })

export const useRevisions = (endpoint: string) =>
  useQuery({
    queryKey: queryKeys.revisions(endpoint),
    queryFn: () => call('listRevisions', { params: { name: endpoint } }),
  })

export const useEngine = () => useQuery({ queryKey: queryKeys.engine, queryFn: () => call('getEngine') })

/** A call that changes something. Events bring the consequences; what they may miss is fetched again. */
export function useChange<Name extends RouteName>(name: Name, stale: readonly (readonly string[])[]) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (request: RouteRequest<Name>) => call(name, request),
    // What was refused leaves a trace too, such as a version that did not pass its infrastructure check.
    onSettled: () => {
      for (const queryKey of stale) client.invalidateQueries({ queryKey })
    },
  })
}

export const useAddSample = () => useChange('addSample', [queryKeys.projects])
export const useAddProject = () => useChange('addProject', [queryKeys.projects])
export const useStartRun = () => useChange('startRun', [queryKeys.runs])
export const useMoveAlias = (model: string) => useChange('moveAlias', [queryKeys.models, queryKeys.ofModel(model)])
export type StartRunBody = NonNullable<RouteBody<'startRun'>>
