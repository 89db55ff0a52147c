import { Skeleton, Stack } from '@mantine/core'
import type { ReactNode } from 'react'
import { problemOf } from '../lib/api.ts'
import { ProblemAlert } from './problem-alert.tsx'

interface Query<Data> {
  data: Data | undefined
  error: unknown
}

interface LoadedProps<Data> {
  query: Query<Data>
  /** How many lines of skeleton stand in while the data is on its way. */
  lines?: number
  children: (data: Data) => ReactNode
}

/** Shows data once it is there, its skeleton before, and the problem if it does not come. Old data outlives a failure. */
export function Loaded<Data>({ query, lines = 3, children }: LoadedProps<Data>) {
  if (query.data !== undefined) return children(query.data)
  if (query.error) return <ProblemAlert problem={problemOf(query.error)} />
  return (
    <Stack gap={10} p={14} aria-busy="true">
      {Array.from({ length: lines }, (_, line) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the lines are all alike and never change
        <Skeleton key={line} height={16} width={`${90 - ((line * 17) % 40)}%`} />
      ))}
    </Stack>
  )
}
