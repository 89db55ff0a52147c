import { app, type Session, type WebContents } from 'electron'
import { isOfOrigin } from './origin.ts'

interface NavigationLock {
  /** The engine's origin; undefined while there is no engine. */
  origin(): string | undefined
  /** Told of a refused address, which may be one that the shell itself understands. */
  onRefused(url: string): void
}

/** Keeps every page of the app on the engine's origin: no foreign page, no further window, no embedded guest. */
export function lockNavigation({ origin, onRefused }: NavigationLock): void {
  app.on('web-contents-created', (_, contents: WebContents) => {
    const refuse = (event: { preventDefault(): void }, url: string) => {
      if (isOfOrigin(url, origin())) return
      event.preventDefault()
      onRefused(url)
    }
    contents.on('will-navigate', (event, url) => refuse(event, url))
    contents.on('will-redirect', (event, url) => refuse(event, url))
    contents.on('will-attach-webview', (event) => event.preventDefault())
    contents.setWindowOpenHandler(() => ({ action: 'deny' }))
  })
}

/** Writing to the clipboard, on a click, is all that a page may do beyond showing itself. */
const grantedPermission = 'clipboard-sanitized-write'

export function denyPermissions(session: Session, origin: () => string | undefined): void {
  const granted = (permission: string, url: string) => permission === grantedPermission && isOfOrigin(url, origin())
  session.setPermissionRequestHandler((_, permission, answer, details) =>
    answer(granted(permission, details.requestingUrl)),
  )
  session.setPermissionCheckHandler((_, permission, requestingOrigin) => granted(permission, requestingOrigin))
}
