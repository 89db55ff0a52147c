import { useQuery } from '@tanstack/react-query'
import { call } from '../../lib/api.ts'
import { useChange } from '../../lib/queries.ts'
import { queryKeys } from '../../lib/query-keys.ts'

/** Figures of a rollout under way are counted on; events tell of its steps alone. */
const runningRefreshMs = 5_000

export const useRollouts = (endpoint: string) =>
  useQuery({
    queryKey: queryKeys.rollouts(endpoint),
    queryFn: () => call('listRollouts', { params: { name: endpoint }, query: {} }),
    refetchInterval: ({ state }) => (state.data?.items[0]?.state === 'running' ? runningRefreshMs : false),
  })

export const useRollout = (endpoint: string, id: string) =>
  useQuery({
    queryKey: [...queryKeys.rollouts(endpoint), id],
    queryFn: () => call('getRollout', { params: { name: endpoint, id } }),
  })

const stale = (endpoint: string) => [queryKeys.rollouts(endpoint), queryKeys.endpoints, queryKeys.revisions(endpoint)]
export const useStartRollout = (endpoint: string) => useChange('startRollout', stale(endpoint))
export const usePromoteRollout = (endpoint: string) => useChange('promoteRollout', stale(endpoint))
export const useAbortRollout = (endpoint: string) => useChange('abortRollout', stale(endpoint))
