import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { BrowserWindow, nativeTheme, screen, type WebContents } from 'electron'
import type { DesktopCommand } from '#shared/desktop.ts'
import { sendCommand, sendNavigate } from './ipc.ts'
import { isOfOrigin } from './origin.ts'
import { usablePlace, type WindowPlace } from './window-place.ts'

/** Moving and sizing report many times a second. */
const savePauseMs = 400
const noProgress = -1
const grounds = { light: '#f5f6f7', dark: '#14171a' } as const

export interface AppWindowOptions {
  readonly icon: string
  /** Where size and place are remembered. */
  readonly placeFile: string
  /** Stays in the tray until it is asked for. */
  readonly hidden: boolean
  /** Asked when a person closes the window; true lets it go, false hides it. */
  mayClose(): boolean
  /** It was hidden instead of closed. */
  onHidden(): void
  /** A person begins to look at it. */
  onLookedAt(): void
  /** The page could not be loaded. */
  onLoadFailed(): void
}

/** The one window of the app. */
export class AppWindow {
  readonly #window: BrowserWindow
  /** The origin of the app shown, or undefined while the shell's own page is. */
  #origin: string | undefined
  #statusUrl = ''
  /** Where in the app the person is, to come back to; or wants to be once there is an engine. */
  #path = '/'
  #wantedPath: string | undefined
  /** The page that loads is the first to go back to: before it came our own, or those of an engine that is gone. */
  #beginsHistory = false

  static async open(options: AppWindowOptions): Promise<AppWindow> {
    const stored: unknown = await readFile(options.placeFile, 'utf8')
      .then(JSON.parse)
      .catch(() => undefined)
    const areas = screen.getAllDisplays().map((display) => display.workArea)
    return new AppWindow(options, usablePlace(stored, areas))
  }

  private constructor(options: AppWindowOptions, place: WindowPlace) {
    const { maximized, ...bounds } = place
    this.#window = new BrowserWindow({
      ...bounds,
      minWidth: 480,
      minHeight: 360,
      show: false,
      icon: options.icon,
      title: 'Esteira',
      backgroundColor: nativeTheme.shouldUseDarkColors ? grounds.dark : grounds.light,
      webPreferences: {
        preload: join(__dirname, '../preload/index.cjs'),
        contextIsolation: true,
        sandbox: true,
        nodeIntegration: false,
        webviewTag: false,
        spellcheck: false,
      },
    })
    if (maximized) this.#window.maximize()
    this.#rememberPlace(options.placeFile)
    if (!options.hidden) this.#window.once('ready-to-show', () => this.show())
    this.#window.on('focus', () => options.onLookedAt())
    this.#window.on('close', (event) => {
      if (options.mayClose()) return
      event.preventDefault()
      this.#window.hide()
      options.onHidden()
    })
    this.#window.webContents.on('did-fail-load', (_, code, __, url, isMainFrame) => {
      const aborted = code === -3
      if (!isMainFrame || aborted || !url.startsWith('http')) return
      this.#origin = undefined
      options.onLoadFailed()
    })
    this.#window.webContents.on('did-finish-load', () => {
      if (this.#beginsHistory && this.#origin !== undefined) this.#forgetHistory()
      this.#goToWanted()
    })
    this.#window.webContents.on('did-navigate', (_, url) => this.#rememberPath(url))
    this.#window.webContents.on('did-navigate-in-page', (_, url) => this.#rememberPath(url))
  }

  get contents(): WebContents {
    return this.#window.webContents
  }

  /** What dialogs belong to: none while the window is in the tray. */
  get parent(): BrowserWindow | null {
    return this.#window.isVisible() ? this.#window : null
  }

  get isLookedAt(): boolean {
    return this.#window.isVisible() && this.#window.isFocused()
  }

  get showsApp(): boolean {
    return this.#origin !== undefined
  }

  /** Shows the app of the engine, where the person was last. A page of the same engine recovers on its own. */
  showApp(origin: string): void {
    if (this.#origin === origin) return
    this.#origin = origin
    this.#statusUrl = ''
    this.#beginsHistory = true
    this.#load(origin + this.#path)
  }

  /** Shows the shell's own page. */
  showStatus(url: string): void {
    if (this.#statusUrl === url) return
    if (this.#wantedPath !== undefined) this.#path = this.#wantedPath
    this.#wantedPath = undefined
    this.#origin = undefined
    this.#statusUrl = url
    this.#load(url)
  }

  #load(url: string): void {
    // A failure is reported by `did-fail-load`.
    if (!this.#window.isDestroyed()) this.#window.loadURL(url).catch(() => undefined)
  }

  #rememberPath(url: string): void {
    if (this.#origin === undefined || !isOfOrigin(url, this.#origin)) return
    const { pathname, search } = new URL(url)
    this.#path = pathname + search
  }

  show(): void {
    if (this.#window.isDestroyed()) return
    if (this.#window.isMinimized()) this.#window.restore()
    this.#window.show()
    this.#window.focus()
  }

  /** Stays in the background. */
  hide(): void {
    this.#window.hide()
  }

  /** Shows a path of the app: now where the app is shown, else as the first one. */
  goTo(path: string): void {
    if (this.#origin === undefined) this.#path = path
    else this.#wantedPath = path
    if (!this.#window.webContents.isLoadingMainFrame()) this.#goToWanted()
    this.show()
  }

  /** What is sent while a page loads would reach the one that it replaces. */
  #goToWanted(): void {
    if (this.#wantedPath !== undefined) sendNavigate(this.#window.webContents, this.#wantedPath)
    this.#wantedPath = undefined
  }

  command(command: DesktopCommand): void {
    if (this.#origin === undefined) return
    sendCommand(this.#window.webContents, command)
    this.show()
  }

  back(): void {
    const { webContents } = this.#window
    if (webContents.navigationHistory === undefined) webContents.goBack()
    else webContents.navigationHistory.goBack()
  }

  forward(): void {
    const { webContents } = this.#window
    if (webContents.navigationHistory === undefined) webContents.goForward()
    else webContents.navigationHistory.goForward()
  }

  #forgetHistory(): void {
    const { webContents } = this.#window
    this.#beginsHistory = false
    if (webContents.navigationHistory === undefined) webContents.clearHistory()
    else webContents.navigationHistory.clear()
  }

  /** The part of the work under way that is done, 0 to 1; undefined where there is none. */
  setProgress(progress: number | undefined): void {
    if (!this.#window.isDestroyed()) this.#window.setProgressBar(progress ?? noProgress)
  }

  #rememberPlace(file: string): void {
    let timer: NodeJS.Timeout | undefined
    const save = () => {
      clearTimeout(timer)
      timer = setTimeout(() => {
        if (this.#window.isDestroyed()) return
        const place: WindowPlace = { ...this.#window.getNormalBounds(), maximized: this.#window.isMaximized() }
        writePlace(file, place).catch(() => undefined)
      }, savePauseMs)
    }
    this.#window.on('resize', save)
    this.#window.on('move', save)
    this.#window.on('maximize', save)
    this.#window.on('unmaximize', save)
  }
}

async function writePlace(file: string, place: WindowPlace): Promise<void> {
  await mkdir(dirname(file), { recursive: true })
  await writeFile(`${file}.new`, JSON.stringify(place))
  await rename(`${file}.new`, file)
}
