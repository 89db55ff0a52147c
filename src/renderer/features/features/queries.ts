/** The server state of the feature pages. */
import { useQueries, useQuery, useQueryClient } from '@tanstack/react-query'
import type { FeatureCatalogueEntry, FeatureData } from '#shared/features.ts'
import type { RollBackRequest } from '#shared/roll-back.ts'
import { call } from '../../lib/api.ts'

export const featureKeys = {
  list: (projectId: string | undefined) => ['feature-views', projectId] as const,
  view: (projectId: string, name: string) => ['feature-view', projectId, name] as const,
  data: (projectId: string, name: string) => ['feature-data', projectId, name] as const,
}

/** The views of all projects, or of one. Files change outside of the app. */
export const useFeatureViews = (projectId: string | undefined) =>
  useQuery({
    queryKey: featureKeys.list(projectId),
    queryFn: ({ signal }) =>
      call('listFeatureViews', { query: projectId === undefined ? {} : { project: projectId } }, { signal }),
    refetchOnWindowFocus: true,
  })

export const useFeatureView = (projectId: string, name: string) =>
  useQuery({
    queryKey: featureKeys.view(projectId, name),
    queryFn: () => call('getFeatureView', { params: { id: projectId, name } }),
    refetchOnWindowFocus: true,
  })

const dataQuery = (projectId: string, name: string) => ({
  queryKey: featureKeys.data(projectId, name),
  queryFn: ({ signal }: { signal: AbortSignal }) =>
    call('checkFeatureView', { params: { id: projectId, name } }, { signal }),
})

/** Runs the SQL of the view: it may take a while. */
export const useFeatureData = (projectId: string, name: string) => useQuery(dataQuery(projectId, name))

/** A catalogue that was seen a moment ago asks nothing again. */
const knownMs = 60_000

export type ViewData = FeatureData | 'coming' | 'unknown'

/** What each view holds, one after the other, so that a long catalogue does not run all its SQL at once. */
export function useDataOfViews(views: readonly FeatureCatalogueEntry[]): (view: FeatureCatalogueEntry) => ViewData {
  const client = useQueryClient()
  const isDone = ({ projectId, name, problem }: FeatureCatalogueEntry) =>
    problem !== null || (client.getQueryState(featureKeys.data(projectId, name))?.status ?? 'pending') !== 'pending'
  const next = views.findIndex((view) => !isDone(view))
  const results = useQueries({
    queries: views.map((view, index) => ({
      ...dataQuery(view.projectId, view.name),
      enabled: view.problem === null && (next === -1 || index <= next),
      staleTime: knownMs,
    })),
  })
  return (view) => {
    const result = results[views.indexOf(view)]
    if (result?.data !== undefined) return result.data
    return view.problem !== null || result?.isError ? 'unknown' : 'coming'
  }
}

/** Goes back to an earlier definition, or shows what that would change. */
export function useRollBackView(projectId: string, name: string) {
  const client = useQueryClient()
  return async (to: string, request: Partial<Pick<RollBackRequest, 'reason' | 'dryRun'>>) => {
    const done = await call('rollBackTo', { body: { kind: 'feature-view', projectId, name, to, ...request } })
    if (done.applied) {
      for (const queryKey of [featureKeys.view(projectId, name), featureKeys.data(projectId, name), ['feature-views']])
        client.invalidateQueries({ queryKey })
    }
    return done
  }
}
