import { keepPreviousData, useQueries, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { call } from '../../lib/api.ts'
import { mergeGraphs, type Opened } from './graph-state.ts'

/** How far the first look goes; more is opened node by node. */
const firstDepth = 3
const firstLimit = 40
const pageSize = 20

export function useLineage(of: string | undefined) {
  return useQuery({
    queryKey: ['lineage', of],
    queryFn: () => call('getLineage', { query: { of: of ?? '', depth: firstDepth, limit: firstLimit } }),
    enabled: of !== undefined,
  })
}

/** What was opened, as far as it has come; `left` names the nodes and directions of which there is more. */
export function useOpened(opened: readonly Opened[]) {
  const results = useQueries({
    queries: opened.map(({ id, direction, pages }) => ({
      queryKey: ['lineage-next', id, direction, pages],
      queryFn: () => call('getLineageNeighbours', { query: { of: id, direction, limit: pages * pageSize } }),
      placeholderData: keepPreviousData,
    })),
  })
  const data = results.map((result) => result.data)
  const error = results.find((result) => result.error !== null)?.error ?? null
  // biome-ignore lint/correctness/useExhaustiveDependencies: the answers are the same objects until they change
  return useMemo(() => {
    const parts = data.filter((part) => part !== undefined)
    const left = opened.filter((_, index) => data[index]?.nextOffset !== undefined)
    return { graph: mergeGraphs(parts), left, error }
  }, [...data, opened.length, error])
}
