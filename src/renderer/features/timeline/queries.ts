import { useInfiniteQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { TimelineQuery } from '#shared/timeline.ts'
import { call } from '../../lib/api.ts'
import { queryKeys } from '../../lib/query-keys.ts'

const pageSize = 60

/** The story of an endpoint, a page at a time. */
export function useTimeline(endpoint: string, order: TimelineQuery['order']) {
  const pages = useInfiniteQuery({
    queryKey: [...queryKeys.timeline(endpoint), order],
    queryFn: ({ pageParam }) =>
      call('getTimeline', {
        params: { name: endpoint },
        query: { order, limit: pageSize, ...(pageParam !== '' && { cursor: pageParam }) },
      }),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor,
  })
  const entries = useMemo(() => pages.data?.pages.flatMap(({ items }) => items) ?? [], [pages.data])
  return { pages, entries }
}
