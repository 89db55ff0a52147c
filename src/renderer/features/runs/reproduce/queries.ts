import { useQuery } from '@tanstack/react-query'
import { call } from '../../../lib/api.ts'
import { useChange } from '../../../lib/queries.ts'

const pollMs = 1_000
const key = (runId: string) => ['reproductions', runId]

/** Newest first; asked again while one is under way. */
export const useReproductions = (runId: string) =>
  useQuery({
    queryKey: key(runId),
    queryFn: () => call('listReproductions', { params: { id: runId } }),
    refetchInterval: ({ state }) => (state.data?.some(({ finishedAt }) => finishedAt === null) ? pollMs : false),
  })

export const useReproduceRun = (runId: string) => useChange('reproduceRun', [key(runId)])
export const useCancelReproduction = (runId: string) => useChange('cancelReproduction', [key(runId)])

export const useRunRecord = (runId: string, ended: boolean) =>
  useQuery({
    queryKey: ['run-record', runId, ended],
    queryFn: () => call('getRunRecord', { params: { id: runId } }),
  })
