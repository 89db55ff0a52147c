import { type DesktopApi, desktopGlobal } from '#shared/desktop.ts'

declare global {
  interface Window {
    [desktopGlobal]?: DesktopApi
  }
}

/** What the shell offers; undefined in a plain browser. */
export const desktop: DesktopApi | undefined = window[desktopGlobal]
