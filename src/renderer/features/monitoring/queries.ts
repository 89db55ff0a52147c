import { useQuery } from '@tanstack/react-query'
import type { MonitorState } from '#shared/monitors.ts'
import { call } from '../../lib/api.ts'
import { useChange } from '../../lib/queries.ts'
import { queryKeys } from '../../lib/query-keys.ts'

export const useMonitors = (endpoint: string) =>
  useQuery({
    queryKey: [...queryKeys.monitors, endpoint],
    queryFn: () => call('listMonitors', { query: { endpoint } }),
    // Monitors are files that people edit meanwhile.
    refetchOnWindowFocus: true,
  })

/** `check` undefined: nothing is asked. */
export const useReadingHistory = ({ projectId, name }: MonitorState, check: string | undefined) =>
  useQuery({
    queryKey: [...queryKeys.monitors, projectId, name, check ?? ''],
    queryFn: () => call('getReadingHistory', { params: { id: projectId, name, check: check ?? '' }, query: {} }),
    enabled: check !== undefined,
  })

export const useEvidence = (reading: string, asked: boolean) =>
  useQuery({
    queryKey: queryKeys.readingEvidence(reading),
    queryFn: () => call('getReadingEvidence', { params: { id: reading } }),
    enabled: asked,
  })

export const useLook = () => useChange('lookAtMonitor', [queryKeys.monitors])
