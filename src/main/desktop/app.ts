/** The desktop application: what the shell consists of, and how its parts speak with each other. */
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { app, BrowserWindow, type IpcMainInvokeEvent, Notification, nativeTheme, session } from 'electron'
import type { ColorScheme, DesktopCalls, Language } from '#shared/desktop.ts'
import type { RunSummary } from '#shared/runs.ts'
import { pickDataFile, pickFolder } from './dialogs.ts'
import { followEngine } from './engine-events.ts'
import { engineLauncher } from './engine-process.ts'
import { askToStop, type EngineRecord, findEngine } from './engine-record.ts'
import { type EngineState, EngineSupervisor } from './engine-supervisor.ts'
import { handleCalls } from './ipc.ts'
import { setMenu } from './menu.ts'
import { denyPermissions, lockNavigation } from './navigation-lock.ts'
import { type DesktopOptions, readOptions } from './options.ts'
import { isOfOrigin } from './origin.ts'
import { RunWatch } from './run-watch.ts'
import { retryUrl, statusPageUrl } from './status-page.ts'
import { languageOfSystem, texts } from './texts.ts'
import { addToken } from './token-header.ts'
import { AppTray } from './tray.ts'
import { AppWindow } from './window.ts'

/** A restart may fail once, as while the old engine still holds its port. */
const patientStarts = 1
const pageRetryMs = 1_000

/** Starts the app, or hands over to the one that already runs for this home. */
export function startDesktop(): void {
  const options = readOptions(process.argv, process.env, Number(process.versions.napi ?? 0))
  // One app per home: its lock, its window's place and its profile lie there.
  app.setPath('userData', join(options.home, 'desktop'))
  // Chromium refuses to combine the two; without the switch every renderer is sandboxed, whatever its window says.
  if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox()
  if (!app.requestSingleInstanceLock()) {
    app.quit()
    return
  }
  const desktop = new Desktop(options)
  app.on('second-instance', () => desktop.show())
  app.on('activate', () => desktop.show())
  // The app lives on in the tray.
  app.on('window-all-closed', () => undefined)
  app.on('before-quit', () => desktop.beginQuit())
  app.on('will-quit', (event) => {
    event.preventDefault()
    void desktop.end().finally(() => app.exit(0))
  })
  void app.whenReady().then(() => desktop.open())
}

class Desktop {
  readonly #options: DesktopOptions
  readonly #supervisor: EngineSupervisor
  readonly #runs = new RunWatch((run) => this.#announceFailure(run))
  #window: AppWindow | undefined
  #tray: AppTray | undefined
  #language: Language = 'en'
  #quitting = false
  #stopFollowing: () => void = () => undefined

  constructor(options: DesktopOptions) {
    this.#options = options
    const launch = engineLauncher(join(__dirname, 'engine/cli/esteira.js'), [
      '--home',
      options.home,
      ...options.engineArguments,
    ])
    this.#supervisor = new EngineSupervisor({
      find: () => findEngine(options.home),
      launch: options.attachOnly ? undefined : launch,
      askToStop,
      onState: (state) => this.#engineChanged(state),
      wait: (milliseconds) => wait(milliseconds, undefined, { ref: false }),
    })
  }

  async open(): Promise<void> {
    this.#language = languageOfSystem(app.getLocale())
    const origin = () => this.#engine?.controlUrl
    lockNavigation({ origin, onRefused: (url) => this.#refused(url) })
    denyPermissions(session.defaultSession, origin)
    addToken(session.defaultSession, () => this.#engine)
    handleCalls(this.#calls(), (event) => this.#isTrusted(event))
    this.#tray = new AppTray(resource('tray.png'), { show: () => this.show(), quit: () => app.quit() })
    this.#window = await AppWindow.open({
      icon: resource('icon.png'),
      placeFile: join(app.getPath('userData'), 'window.json'),
      mayClose: () => this.#quitting,
      onLoadFailed: () => this.#pageFailed(),
    })
    this.#wordsChanged()
    void this.#supervisor.run()
  }

  show(): void {
    this.#window?.show()
  }

  beginQuit(): void {
    this.#quitting = true
  }

  /** The engine is stopped last, after the windows are gone. */
  async end(): Promise<void> {
    this.#stopFollowing()
    await this.#supervisor.stop()
  }

  get #engine(): EngineRecord | undefined {
    const { state } = this.#supervisor
    return state.kind === 'ready' ? state.engine : undefined
  }

  #engineChanged(state: EngineState): void {
    this.#stopFollowing()
    this.#runs.clear()
    this.#trayChanged()
    if (state.kind === 'ready') {
      this.#stopFollowing = followEngine(state.engine, (event) => {
        this.#runs.take(event)
        if (event.type === 'run-changed') this.#trayChanged()
      })
      this.#window?.showApp(state.engine.controlUrl)
      return
    }
    // The page tells by itself that the engine is away, and comes back with it; an engine that will not start is our matter.
    const failing = state.kind === 'lost' && state.starts > patientStarts && !this.#options.attachOnly
    if (failing || this.#window?.showsApp === false) this.#showStatus(state)
  }

  #showStatus(state: Exclude<EngineState, { kind: 'ready' }>): void {
    const { home, attachOnly } = this.#options
    const words = { texts: texts[this.#language], language: this.#language }
    this.#window?.showStatus(statusPageUrl({ state, home, attachOnly, ...words }))
  }

  /** The page could not be loaded although an engine was found: it has just gone. */
  #pageFailed(): void {
    this.#showStatus({ kind: 'lost', log: '', starts: 0 })
    setTimeout(() => this.#engineChanged(this.#supervisor.state), pageRetryMs)
  }

  #refused(url: string): void {
    if (url === retryUrl) this.#supervisor.retryNow()
  }

  #isTrusted(event: IpcMainInvokeEvent): boolean {
    const frame = event.senderFrame
    return (
      frame !== null &&
      event.sender === this.#window?.contents &&
      frame === event.sender.mainFrame &&
      isOfOrigin(frame.url, this.#engine?.controlUrl)
    )
  }

  #calls(): DesktopCalls {
    const parent = () => BrowserWindow.getFocusedWindow()
    return {
      pickFolder: ({ title }) => pickFolder(parent(), title),
      pickFile: ({ title }) => pickDataFile(parent(), title),
      notify: async ({ title, body, path }) => this.#notify(title, body, path ?? '/'),
      setAppearance: async ({ language, colorScheme }) => this.#setAppearance(language, colorScheme),
    }
  }

  #setAppearance(language: Language, colorScheme: ColorScheme): void {
    nativeTheme.themeSource = colorScheme === 'auto' ? 'system' : colorScheme
    this.#language = language
    this.#wordsChanged()
  }

  #wordsChanged(): void {
    const goTo = (path: string) => this.#window?.goTo(path)
    setMenu(texts[this.#language], process.platform, { goTo, quit: () => app.quit() })
    this.#trayChanged()
  }

  #trayChanged(): void {
    const state = this.#engine === undefined ? 'noEngine' : this.#runs.running ? 'running' : 'idle'
    this.#tray?.update(texts[this.#language], state)
  }

  #announceFailure(run: RunSummary): void {
    this.#notify(texts[this.#language].runFailed(run.pipeline), run.error?.detail ?? '', `/runs/${run.id}`)
  }

  #notify(title: string, body: string, path: string): void {
    if (!Notification.isSupported()) return
    const notification = new Notification({ title, body, icon: resource('icon.png') })
    notification.on('click', () => this.#window?.goTo(path))
    notification.show()
  }
}

function resource(name: string): string {
  return join(__dirname, '../../resources/icons', name)
}
