import { useQuery } from '@tanstack/react-query'
import { call } from '../../../lib/api.ts'
import { useChange } from '../../../lib/queries.ts'
import { queryKeys } from '../../../lib/query-keys.ts'

export const useBudget = (endpoint: string) =>
  useQuery({
    queryKey: queryKeys.endpointBudget(endpoint),
    queryFn: () => call('getEndpointBudget', { params: { name: endpoint } }),
  })
export const useChangeBudget = (endpoint: string) =>
  useChange('putEndpointBudget', [queryKeys.endpointBudget(endpoint)])

/** A version that does not pass changes nothing that events tell of, so the checks are read whenever they are shown. */
export const useInfrastructureChecks = (endpoint: string) =>
  useQuery({
    queryKey: queryKeys.infrastructureChecks(endpoint),
    queryFn: () => call('listInfrastructureChecks', { params: { name: endpoint } }),
    refetchOnMount: 'always',
    refetchOnWindowFocus: 'always',
  })
