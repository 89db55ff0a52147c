import { useQuery } from '@tanstack/react-query'
import { call } from '../../lib/api.ts'
import { useChange } from '../../lib/queries.ts'
import { queryKeys } from '../../lib/query-keys.ts'

const listed = 50

export const useBacktests = (projectId: string | undefined) =>
  useQuery({
    queryKey: [...queryKeys.backtests, 'list', projectId ?? ''],
    queryFn: () => call('listBacktests', { query: { limit: listed, ...(projectId !== undefined && { projectId }) } }),
  })

export const useBacktest = (id: string) =>
  useQuery({
    queryKey: [...queryKeys.backtests, 'one', id],
    queryFn: () => call('getBacktest', { params: { id } }),
  })

export const useBacktestDefaults = (projectId: string, pipeline: string) =>
  useQuery({
    queryKey: [...queryKeys.backtests, 'defaults', projectId, pipeline],
    queryFn: () => call('getBacktestDefaults', { params: { id: projectId, name: pipeline } }),
    enabled: projectId !== '' && pipeline !== '',
    // The pipeline's file may have changed since.
    staleTime: 0,
  })

export const useStartBacktest = () => useChange('startBacktest', [queryKeys.backtests, queryKeys.runs])
export const useChangeBacktest = () => useChange('changeBacktest', [queryKeys.backtests])
export const useDeleteBacktest = () => useChange('deleteBacktest', [queryKeys.backtests])
export const useCancelRun = () => useChange('cancelRun', [queryKeys.backtests, queryKeys.runs])
