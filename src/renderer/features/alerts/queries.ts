import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { Alert, AlertSeverity } from '#shared/alerts.ts'
import { call } from '../../lib/api.ts'
import { useChange } from '../../lib/queries.ts'
import { queryKeys } from '../../lib/query-keys.ts'

export const alertStates = ['open', 'cleared', 'all'] as const
export type AlertState = (typeof alertStates)[number]

export interface AlertFilter {
  readonly state: AlertState
  readonly severity?: AlertSeverity | undefined
  readonly endpoint?: string | undefined
  readonly project?: string | undefined
}

const pageSize = 100
const overviewCount = 20
const everything = [queryKeys.alerts]

/** Newest first, a page at a time. */
export function useAlerts(filter: AlertFilter) {
  const pages = useInfiniteQuery({
    queryKey: [...queryKeys.alerts, 'list', filter],
    queryFn: ({ pageParam }) =>
      call('listAlerts', { query: { ...filter, limit: pageSize, ...(pageParam !== '' && { cursor: pageParam }) } }),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
  })
  const alerts = useMemo(() => pages.data?.pages.flatMap(({ items }) => items) ?? [], [pages.data])
  return { pages, alerts, counts: pages.data?.pages[0]?.counts }
}

/** Open ones, for the bell and the overview. */
export const useOpenAlerts = () =>
  useQuery({
    queryKey: [...queryKeys.alerts, 'open'],
    queryFn: () => call('listAlerts', { query: { state: 'open', limit: overviewCount } }),
  })

export const useAlert = (id: string) =>
  useQuery({ queryKey: [...queryKeys.alerts, id], queryFn: () => call('getAlert', { params: { id } }) })

export const useAcknowledge = () => useChange('acknowledgeAlert', everything)
export const useRetryDelivery = () => useChange('retryDelivery', everything)

const webhooksKey = ['webhooks']
export const useWebhooks = () => useQuery({ queryKey: webhooksKey, queryFn: () => call('listWebhooks') })
export const usePutWebhook = () => useChange('putWebhook', [webhooksKey])
export const useRemoveWebhook = () => useChange('removeWebhook', [webhooksKey])
export const useTestWebhook = () => useChange('testWebhook', [])

export function alertPath({ id }: Pick<Alert, 'id'>): string {
  return `/alerts/${encodeURIComponent(id)}`
}
