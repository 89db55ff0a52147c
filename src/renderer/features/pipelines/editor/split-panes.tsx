import { type KeyboardEvent, type PointerEvent, type ReactNode, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import styles from './split-panes.module.css'
import { moveEdge, openShare, readSplit, type SidePart, type Split } from './split-sizes.ts'

const storageKey = 'esteira-pipeline-split'
const keyStep = 0.02

/** How the parts share the width, kept for the next time. */
export function useSplit(): [Split, (split: Split) => void] {
  const [split, setSplit] = useState(() => readSplit(localStorage.getItem(storageKey)))
  const change = (next: Split) => {
    setSplit(next)
    localStorage.setItem(storageKey, JSON.stringify(next))
  }
  return [split, change]
}

interface SplitPanesProps {
  split: Split
  onChange: (split: Split) => void
  canvas: ReactNode
  inspector: ReactNode
  text: ReactNode
}

/** Canvas, inspector and text side by side with edges that move; below each other on a narrow window. */
export function SplitPanes({ split, onChange, canvas, inspector, text }: SplitPanesProps) {
  const box = useRef<HTMLDivElement>(null)
  const sides = [
    { part: 'inspector', content: inspector, open: split.inspectorOpen },
    { part: 'text', content: text, open: split.textOpen },
  ] as const
  const columns = sides
    .filter(({ open }) => open)
    .map(({ part }) => `1px minmax(0, ${(split[part] * 100).toFixed(2)}%)`)
    .join(' ')
  return (
    <div ref={box} className={styles.panes} style={{ ['--columns' as string]: `minmax(0, 1fr) ${columns}` }}>
      <div className={styles.canvas}>{canvas}</div>
      {sides.map(
        ({ part, content, open }) =>
          open && (
            <div key={part} style={{ display: 'contents' }}>
              <Edge part={part} split={split} onChange={onChange} widthOf={() => box.current?.clientWidth ?? 1} />
              <div className={styles.side}>{content}</div>
            </div>
          ),
      )}
    </div>
  )
}

interface EdgeProps {
  part: SidePart
  split: Split
  onChange: (split: Split) => void
  /** Of all parts together, in pixels. */
  widthOf: () => number
}

function Edge({ part, split, onChange, widthOf }: EdgeProps) {
  const { t } = useTranslation()
  const dragFrom = useRef<{ x: number; split: Split }>(undefined)
  const onPointerDown = (event: PointerEvent<HTMLDivElement>) => {
    event.currentTarget.setPointerCapture(event.pointerId)
    dragFrom.current = { x: event.clientX, split }
  }
  const onPointerMove = (event: PointerEvent) => {
    const start = dragFrom.current
    if (start !== undefined) onChange(moveEdge(start.split, part, (event.clientX - start.x) / widthOf()))
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const by = { ArrowLeft: -keyStep, ArrowRight: keyStep }[event.key]
    if (by === undefined) return
    event.preventDefault()
    onChange(moveEdge(split, part, by))
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: a rule that moves has no element of its own
    <div
      role="separator"
      className={styles.edge}
      aria-orientation="vertical"
      aria-label={t(`pipelines.edge.${part}`)}
      aria-valuenow={Math.round(openShare(split, part) * 100)}
      aria-valuemin={0}
      aria-valuemax={100}
      tabIndex={0}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={() => {
        dragFrom.current = undefined
      }}
      onKeyDown={onKeyDown}
    />
  )
}
