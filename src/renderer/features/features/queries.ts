/** The server state of the feature pages. */
import { useQuery } from '@tanstack/react-query'
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

/** Runs the SQL of the view: it may take a while. */
export const useFeatureData = (projectId: string, name: string) =>
  useQuery({
    queryKey: featureKeys.data(projectId, name),
    queryFn: ({ signal }) => call('checkFeatureView', { params: { id: projectId, name } }, { signal }),
  })
