/** What the desktop shell offers to the page: only what a browser cannot do. Absent in a plain browser. */

export const languages = ['en', 'pt-BR'] as const
export type Language = (typeof languages)[number]
export const colorSchemes = ['light', 'dark', 'auto'] as const
export type ColorScheme = (typeof colorSchemes)[number]

/** The calls that cross from the page to the shell, each with one argument and one answer. */
export interface DesktopCalls {
  /** A folder that the person chose, as an absolute path; null when they gave up. */
  pickFolder(request: { title: string }): Promise<string | null>
  /** A data file that the person chose, as an absolute path; null when they gave up. */
  pickFile(request: { title: string }): Promise<string | null>
  /** A notification of the system. Clicking it shows the page at `path`, such as `/runs/42`. */
  notify(request: { title: string; body: string; path?: string | undefined }): Promise<void>
  /** The language of menu and tray, and the colours of the window, follow those of the page. */
  setAppearance(request: { language: Language; colorScheme: ColorScheme }): Promise<void>
}
export type DesktopCallName = keyof DesktopCalls

export const desktopCallNames = [
  'pickFolder',
  'pickFile',
  'notify',
  'setAppearance',
] as const satisfies DesktopCallName[]

export type DesktopPlatform = 'linux' | 'darwin' | 'win32'

/** `window.esteira` in the desktop. */
export interface DesktopApi extends DesktopCalls {
  readonly platform: DesktopPlatform
  /** Called when a menu, the tray or a notification asks for a page; returns the function that ends it. */
  onNavigate(listener: (path: string) => void): () => void
}

/** All that `window.esteira` holds, in order. */
export const desktopApiKeys = ['platform', 'onNavigate', ...desktopCallNames] as const satisfies (keyof DesktopApi)[]

/** Every channel between the page and the shell begins with this. */
export const channelPrefix = 'esteira:'
export const navigateChannel = `${channelPrefix}navigate`
export const desktopGlobal = 'esteira'
