import { Skeleton } from '@mantine/core'
import { lazy, Suspense } from 'react'
import type { StepGraphProps } from './step-graph-canvas.tsx'

const Canvas = lazy(() => import('./step-graph-canvas.tsx'))

/** The graph of a pipeline or a run. Its library is large, so it is fetched when the first graph is shown. */
export function StepGraph(props: StepGraphProps) {
  return (
    <Suspense fallback={<Skeleton height="100%" radius={0} />}>
      <Canvas {...props} />
    </Suspense>
  )
}
