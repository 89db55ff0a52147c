/** What the desktop shell offers to the page: only what a browser cannot do. Absent in a plain browser. */

export const languages = ['en', 'pt-BR'] as const
export type Language = (typeof languages)[number]
export const colorSchemes = ['light', 'dark', 'auto'] as const
export type ColorScheme = (typeof colorSchemes)[number]

/** The calls that cross from the page to the shell, each with at most one argument, and one answer. */
export interface DesktopCalls {
  /** A folder that the person chose, as an absolute path; null when they gave up. */
  pickFolder(request: { title: string }): Promise<string | null>
  /** A data file that the person chose, as an absolute path; null when they gave up. */
  pickFile(request: { title: string }): Promise<string | null>
  /** A notification of the system. Clicking it shows the page at `path`, such as `/runs/42`. */
  notify(request: { title: string; body: string; path?: string | undefined }): Promise<void>
  /** The language of menu and tray, and the colours of the window, follow those of the page. */
  setAppearance(request: { language: Language; colorScheme: ColorScheme }): Promise<void>
  /** Whether the app starts with the session of the person, in the tray. */
  getOpenAtLogin(): Promise<boolean>
  /** The answer is what holds now. */
  setOpenAtLogin(request: { open: boolean }): Promise<boolean>
}
export type DesktopCallName = keyof DesktopCalls

export const desktopCallNames = [
  'pickFolder',
  'pickFile',
  'notify',
  'setAppearance',
  'getOpenAtLogin',
  'setOpenAtLogin',
] as const satisfies DesktopCallName[]

/** What a menu of the shell can ask of the page, beside going somewhere. */
export const desktopCommands = ['palette', 'shortcuts'] as const
export type DesktopCommand = (typeof desktopCommands)[number]

export type DesktopPlatform = 'linux' | 'darwin' | 'win32'

/** `window.esteira` in the desktop. */
export interface DesktopApi extends DesktopCalls {
  readonly platform: DesktopPlatform
  /** Called when a menu, the tray, a link or a notification asks for a page; returns the function that ends it. */
  onNavigate(listener: (path: string) => void): () => void
  /** Called when a menu asks for something that the page does; returns the function that ends it. */
  onCommand(listener: (command: DesktopCommand) => void): () => void
  /** The absolute path of a `File` that was dropped on the page or chosen in it; empty for one that is no file of the machine. */
  pathOfFile(file: object): string
}

/** All that `window.esteira` holds. */
export const desktopApiKeys = [
  'platform',
  'onNavigate',
  'onCommand',
  'pathOfFile',
  ...desktopCallNames,
] as const satisfies (keyof DesktopApi)[]

/** Every channel between the page and the shell begins with this. */
export const channelPrefix = 'esteira:'
export const navigateChannel = `${channelPrefix}navigate`
export const commandChannel = `${channelPrefix}command`
export const desktopGlobal = 'esteira'
