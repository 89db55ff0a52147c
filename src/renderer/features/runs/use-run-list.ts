/** How the list of runs behaves: what is chosen, where the keyboard is, what is fetched when. */
import { useCallback, useEffect, useRef, useState } from 'react'
import { useLocation } from 'wouter'
import type { RunListItem } from '#shared/run-list.ts'
import type { useRunTable } from './queries.ts'
import { runLinkId } from './run-columns.tsx'
import { compareHref, extendTo, fewestCompared, mostCompared, nothingSelected, toggle } from './selection.ts'
import { type RunKey, useRunKeys } from './use-run-keys.ts'

/** So close to the end of what is known, more is fetched. */
const aheadRows = 40
/** How many frames a row may take to be drawn after it was scrolled to. */
const focusFrames = 10

export interface Choice {
  readonly ids: ReadonlySet<string>
  /** `range`: everything from the last choice to here. */
  select(id: string, range: boolean): void
  clear(): void
}

/** The runs that are chosen; they stay so while the filter changes. */
export function useChoice(rows: readonly RunListItem[]): Choice {
  const [{ ids }, setSelection] = useState(nothingSelected)
  const latest = useRef(rows)
  latest.current = rows
  // The same function whatever rows are fetched on, so that those which are drawn stay as they are.
  const select = useCallback((id: string, range: boolean) => {
    const list = latest.current.map((run) => run.id)
    setSelection((before) => (range ? extendTo(before, id, list) : toggle(before, id)))
  }, [])
  const clear = useCallback(() => setSelection(nothingSelected), [])
  return { ids, select, clear }
}

/** The row that the keyboard is at; none in a view that has just been opened. */
export function useActiveRow(rows: readonly RunListItem[], view: string) {
  const [{ at, of }, setActive] = useState<{ at: number | undefined; of: string }>({ at: undefined, of: view })
  const active = of === view ? at : undefined
  useFocus(active === undefined ? undefined : rows[active]?.id)
  return [active, (index: number | undefined) => setActive({ at: index, of: view })] as const
}

/** The row of the keyboard has the focus, once it is drawn: Enter follows its link, and screen readers read it. */
function useFocus(id: string | undefined): void {
  useEffect(() => {
    if (id === undefined) return
    let frame = 0
    const focus = (tries: number) => {
      const link = document.getElementById(runLinkId(id))
      if (link !== null) link.focus({ preventScroll: true })
      else if (tries > 0) frame = requestAnimationFrame(() => focus(tries - 1))
    }
    focus(focusFrames)
    return () => cancelAnimationFrame(frame)
  }, [id])
}

type Pages = ReturnType<typeof useRunTable>['pages']

/** Fetches on while the end comes into view, and tells whether the top is. */
export function usePaging({ hasNextPage, isFetchingNextPage, fetchNextPage }: Pages, known: number) {
  const [top, setTop] = useState(true)
  const onRange = useCallback(
    (from: number, to: number) => {
      setTop(from === 0)
      if (hasNextPage && !isFetchingNextPage && to >= known - aheadRows) void fetchNextPage()
    },
    [hasNextPage, isFetchingNextPage, fetchNextPage, known],
  )
  return { top, onRange }
}

/** Whoever looks at the top sees what is new at once; whoever has scrolled is not moved. */
export function useFreshTop(resting: boolean, behind: number, refresh: () => void): void {
  useEffect(() => {
    if (resting && behind > 0) refresh()
  }, [resting, behind, refresh])
}

interface ListKeysRequest {
  readonly rows: readonly RunListItem[]
  readonly active: number | undefined
  readonly setActive: (index: number | undefined) => void
  readonly choice: Choice
  readonly onSearch: () => void
}

export function useListKeys({ rows, active, setActive, choice, onSearch }: ListKeysRequest): void {
  const [, navigate] = useLocation()
  const run = active === undefined ? undefined : rows[active]
  const acts: Record<RunKey, () => void> = {
    down: () => rows.length > 0 && setActive(Math.min(rows.length - 1, (active ?? -1) + 1)),
    up: () => rows.length > 0 && setActive(Math.max(0, (active ?? 1) - 1)),
    select: () => run && choice.select(run.id, false),
    extend: () => run && choice.select(run.id, true),
    compare: () => {
      const { size } = choice.ids
      if (size >= fewestCompared && size <= mostCompared) navigate(compareHref(choice.ids))
    },
    search: onSearch,
    clear: choice.clear,
  }
  useRunKeys((key) => acts[key]())
}
