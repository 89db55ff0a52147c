import { useQueries, useQuery } from '@tanstack/react-query'
import { call } from '../../lib/api.ts'
import { useChange } from '../../lib/queries.ts'
import { queryKeys } from '../../lib/query-keys.ts'

/** All that is stored about a version. */
export const versionQuery = (name: string, version: number) => ({
  queryKey: [...queryKeys.ofModel(name), 'version', version],
  queryFn: () => call('getModelVersion', { params: { name, version } }),
})

export const useVersionDetails = (name: string, version: number) => useQuery(versionQuery(name, version))

/** Several versions of a model: data once all are there, else the first problem. */
export function useVersionsDetails(name: string, versions: readonly number[]) {
  return useQueries({
    queries: versions.map((version) => versionQuery(name, version)),
    combine: (results) => {
      const data = results.flatMap((result) => (result.data === undefined ? [] : [result.data]))
      return {
        data: data.length === versions.length ? data : undefined,
        error: results.find(({ error }) => error !== null)?.error ?? null,
      }
    },
  })
}

export const useModelCard = (name: string, version: number) =>
  useQuery({
    queryKey: [...queryKeys.ofModel(name), 'card', version],
    queryFn: () => call('getModelCard', { params: { name, version } }),
  })

export const useDescribeModel = (name: string) =>
  useChange('describeModel', [queryKeys.models, queryKeys.ofModel(name)])
export const useRemoveAlias = (name: string) => useChange('removeAlias', [queryKeys.models, queryKeys.ofModel(name)])
