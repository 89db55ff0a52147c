import { useEffect, useRef } from 'react'

export type RunKey = 'down' | 'up' | 'select' | 'extend' | 'compare' | 'search' | 'clear'

const keys: Readonly<Record<string, RunKey>> = {
  j: 'down',
  ArrowDown: 'down',
  k: 'up',
  ArrowUp: 'up',
  x: 'select',
  ' ': 'select',
  X: 'extend',
  c: 'compare',
  '/': 'search',
  Escape: 'clear',
}

/** The keys of the list, on the whole page but where text is written or another control has the focus. */
export function useRunKeys(onKey: (key: RunKey) => void): void {
  const latest = useRef(onKey)
  latest.current = onKey
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return
      const key = event.key === ' ' && event.shiftKey ? 'extend' : keys[event.key]
      if (key === undefined || isTaken(event.target, event.key)) return
      event.preventDefault()
      latest.current(key)
    }
    window.addEventListener('keydown', listen)
    return () => window.removeEventListener('keydown', listen)
  }, [])
}

/** A field takes letters and arrows; a button or a box to tick takes the space bar; a dialog takes everything. */
function isTaken(target: EventTarget | null, key: string): boolean {
  if (!(target instanceof HTMLElement)) return false
  if (target.closest('[role="dialog"]') !== null) return true
  if (target.matches('input:not([type="checkbox"]), textarea, select') || target.isContentEditable) return true
  return key === ' ' && target.matches('button, input, summary')
}
