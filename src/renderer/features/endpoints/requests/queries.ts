import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { call } from '../../../lib/api.ts'
import { useChange } from '../../../lib/queries.ts'
import { queryKeys } from '../../../lib/query-keys.ts'
import type { RequestsFilter } from './filter.ts'

const pageSize = 200

/** Page after page; what is asked meanwhile comes with the next reading. */
export function useRequests(endpoint: string, { show, id, hours }: RequestsFilter) {
  const pages = useInfiniteQuery({
    queryKey: [...queryKeys.requests(endpoint), show, id, hours],
    queryFn: ({ pageParam, signal }) => {
      const from = hours === undefined ? 0 : Date.now() - hours * 3_600_000
      const query = { show, limit: pageSize, from, cursor: pageParam, ...(id !== '' && { id }) }
      return call('listRequests', { params: { name: endpoint }, query }, { signal })
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
  })
  const rows = useMemo(() => pages.data?.pages.flatMap((page) => page.items) ?? [], [pages.data])
  return { pages, rows }
}

export const useRequest = (endpoint: string, id: string, row: number) =>
  useQuery({
    queryKey: [...queryKeys.requests(endpoint), 'one', id, row],
    queryFn: ({ signal }) => call('getRequest', { params: { name: endpoint, id }, query: { row } }, { signal }),
  })

export const useRequestLog = (endpoint: string) =>
  useQuery({
    queryKey: queryKeys.requestLog(endpoint),
    queryFn: () => call('getRequestLog', { params: { name: endpoint } }),
  })
export const useChangeRequestLog = (endpoint: string) => useChange('putRequestLog', [queryKeys.requestLog(endpoint)])

export const useSendLabel = (endpoint: string) => useChange('sendFeedback', [queryKeys.requests(endpoint)])
