import { useReactFlow, useStoreApi } from '@xyflow/react'
import { useEffect, useRef } from 'react'
import { type Layout, stepSize, viewOf } from './canvas-layout.ts'

/** Below this zoom names cannot be read: rather a part of the graph in a size to read than all of it. */
const readableZoom = 0.7

interface CanvasViewProps {
  layout: Layout
  selected: string | undefined
}

/** Keeps in view what matters: the whole graph when its shape or its window changes, and the step that is selected. */
export function CanvasView({ layout, selected }: CanvasViewProps) {
  const { setViewport, setCenter, getZoom } = useReactFlow()
  const store = useStoreApi()
  const anchor = useRef<HTMLDivElement>(null)
  const wanted = useRef(selected)
  wanted.current = selected

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new shape must be shown whole
  useEffect(() => {
    const window = anchor.current?.closest('.react-flow')
    if (!window) return
    const observer = new ResizeObserver(() => {
      if (layout.places.size === 0) return
      const { width, height } = window.getBoundingClientRect()
      void setViewport(viewOf(layout.places, { width, height }, readableZoom)).then(() => showStep(wanted.current))
    })
    observer.observe(window)
    return () => observer.disconnect()
  }, [layout])
  // biome-ignore lint/correctness/useExhaustiveDependencies: only another selection moves the view
  useEffect(() => showStep(selected), [selected])

  function showStep(name: string | undefined): void {
    const place = name === undefined ? undefined : layout.places.get(name)
    if (place === undefined) return
    const { transform, width, height } = store.getState()
    const [x, y, zoom] = transform
    const left = place.x * zoom + x
    const top = place.y * zoom + y
    const inside =
      left >= 0 && top >= 0 && left + stepSize.width * zoom <= width && top + stepSize.height * zoom <= height
    if (inside) return
    const center = { x: place.x + stepSize.width / 2, y: place.y + stepSize.height / 2 }
    void setCenter(center.x, center.y, { zoom: getZoom() })
  }
  return <div ref={anchor} hidden />
}
