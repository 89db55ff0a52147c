/** What the overview gathers from several places of the engine. */
import { useQueries, useQuery } from '@tanstack/react-query'
import type { Project } from '#shared/projects.ts'
import { call } from '../../lib/api.ts'
import { queryKeys } from '../../lib/query-keys.ts'

/** Enough to hold the newest run of every pipeline of a small team. */
const recentRuns = 100

export const useRecentRuns = (projectId: string | undefined) =>
  useQuery({
    queryKey: [...queryKeys.runs, 'recent', projectId],
    queryFn: () => call('listRuns', { query: { limit: recentRuns, ...(projectId !== undefined && { projectId }) } }),
  })

/** The pipelines of all the projects, as far as they are there. */
export function useAllPipelines(projects: readonly Project[]) {
  return useQueries({
    queries: projects.map(({ id }) => ({
      queryKey: queryKeys.pipelines(id),
      queryFn: () => call('listPipelines', { params: { id } }),
    })),
    combine: (results) => results.flatMap(({ data }) => data ?? []),
  })
}

/** The newest version of each model. */
export function useNewestVersions(models: readonly string[]) {
  return useQueries({
    queries: models.map((name) => ({
      queryKey: [...queryKeys.ofModel(name), 'newest'],
      queryFn: () => call('listModelVersions', { params: { name }, query: { limit: 1 } }),
    })),
    combine: (results) => results.flatMap(({ data }) => data?.items ?? []),
  })
}

export const triggersKey = ['triggers']
export const useTriggers = () => useQuery({ queryKey: triggersKey, queryFn: () => call('listTriggers') })

export const useDatasets = (projectId: string) =>
  useQuery({
    queryKey: ['datasets', projectId],
    queryFn: () => call('listDatasets', { params: { id: projectId } }),
  })
