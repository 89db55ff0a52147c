import { useEffect } from 'react'
import { useLocation } from 'wouter'
import { actOfKey, showPalette, showShortcuts } from './shortcuts.ts'

/** How long "g" waits for its letter. */
const prefixMs = 1_200

/** Listens to the keys that work on every page. */
export function useShortcuts(): void {
  const [, navigate] = useLocation()
  useEffect(() => {
    let prefixAt = Number.NEGATIVE_INFINITY
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.repeat) return
      const act = actOfKey({
        key: event.key,
        command: event.ctrlKey || event.metaKey,
        alt: event.altKey,
        inText: isText(event.target),
        afterPrefix: event.timeStamp - prefixAt < prefixMs,
      })
      prefixAt = act?.kind === 'prefix' ? event.timeStamp : Number.NEGATIVE_INFINITY
      if (act === undefined || act.kind === 'prefix') return
      event.preventDefault()
      if (act.kind === 'go') navigate(act.href)
      else if (act.kind === 'palette') showPalette()
      else showShortcuts()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [navigate])
}

function isText(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches('input, textarea, select'))
}
