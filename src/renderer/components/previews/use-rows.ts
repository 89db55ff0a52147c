import { useDebouncedValue } from '@mantine/hooks'
import { type QueryKey, type UseQueryResult, useQueries, useQuery } from '@tanstack/react-query'
import { useCallback, useMemo } from 'react'
import type { TablePage } from '#shared/data.ts'
import type { Json } from '#shared/runs.ts'
import { blockRows, blocksOf } from './row-windows.ts'

/** Where the rows of a table come from. */
export interface RowSource {
  /** Begins the key of every block in the cache. */
  readonly key: QueryKey
  readonly load: (offset: number, limit: number, signal: AbortSignal) => Promise<TablePage>
}

/** So long a scroll rests before its rows are asked for: flying over rows asks for none of them. */
const restMs = 60
/** Blocks out of view are forgotten: a long table would fill the memory. */
const keptMs = 30_000

const blockQuery = ({ key, load }: RowSource, offset: number) => ({
  queryKey: [...key, offset],
  queryFn: ({ signal }: { signal: AbortSignal }) => load(offset, blockRows, signal),
  gcTime: keptMs,
})

export const firstBlockKey = ({ key }: RowSource): QueryKey => [...key, 0]

/** The first rows, with the columns and the number of rows in all. */
export function useFirstRows(source: RowSource): UseQueryResult<TablePage> {
  return useQuery(blockQuery(source, 0))
}

export interface RowRange {
  readonly from: number
  readonly to: number
}

/** The rows in view, fetched block by block, and the first error of one that did not come. */
export function useRowBlocks(source: RowSource, range: RowRange, total: number) {
  const [{ from, to }] = useDebouncedValue(range, restMs)
  const offsets = useMemo(() => blocksOf(from, to, total), [from, to, total])
  const { blocks, error } = useQueries({
    queries: offsets.map((offset) => blockQuery(source, offset)),
    combine: combineBlocks,
  })
  const rowAt = useCallback(
    (row: number): readonly Json[] | undefined => {
      const offset = Math.floor(row / blockRows) * blockRows
      return blocks.get(offset)?.[row - offset]
    },
    [blocks],
  )
  return { rowAt, error }
}

function combineBlocks(results: readonly UseQueryResult<TablePage>[]) {
  const pages = results.flatMap(({ data }) => (data === undefined ? [] : [data]))
  return {
    blocks: new Map(pages.map((page) => [page.offset, page.rows])),
    error: results.find(({ error }) => error !== null)?.error ?? null,
  }
}
