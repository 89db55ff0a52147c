/** The keys that work on every page. */
import { create } from 'zustand'
import { places } from './places.ts'

interface Overlays {
  readonly shown: 'palette' | 'shortcuts' | undefined
}

const useOverlays = create<Overlays>(() => ({ shown: undefined }))
export const useOverlay = () => useOverlays((state) => state.shown)
export const showPalette = () => useOverlays.setState({ shown: 'palette' })
export const showShortcuts = () => useOverlays.setState({ shown: 'shortcuts' })
export const closeOverlay = () => useOverlays.setState({ shown: undefined })

export type KeyAct =
  | { readonly kind: 'palette' | 'shortcuts' | 'prefix' }
  | { readonly kind: 'go'; readonly href: string }

interface Key {
  readonly key: string
  /** Ctrl, or Cmd on macOS. */
  readonly command: boolean
  readonly alt: boolean
  /** Where the person writes text: letters are text there. */
  readonly inText: boolean
  /** Whether "g" was just pressed. */
  readonly afterPrefix: boolean
}

/** What a key press means; undefined where it is not ours. */
export function actOfKey({ key, command, alt, inText, afterPrefix }: Key): KeyAct | undefined {
  if (command && !alt && key.toLowerCase() === 'k') return { kind: 'palette' }
  if (command || alt || inText) return undefined
  if (key === '?') return { kind: 'shortcuts' }
  if (afterPrefix) {
    const place = places.find(({ letter }) => letter === key)
    return place && { kind: 'go', href: place.href }
  }
  return key === 'g' ? { kind: 'prefix' } : undefined
}
