/** What the shell consists of, and how its parts speak with each other. */
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { app, clipboard, type IpcMainInvokeEvent, Menu, nativeTheme, session, shell } from 'electron'
import type { ColorScheme, DesktopCalls, Language } from '#shared/desktop.ts'
import type { EngineEvent } from '#shared/events.ts'
import { askAboutRuns, pickDataFile, pickFolder } from './dialogs.ts'
import { bundlePath } from './engine-bundle.ts'
import { EngineLink } from './engine-link.ts'
import { engineLauncher } from './engine-process.ts'
import { askToStop, type EngineRecord, findEngine } from './engine-record.ts'
import { type EngineState, EngineSupervisor } from './engine-supervisor.ts'
import { handleCalls } from './ipc.ts'
import { type MenuActions, menuTemplate } from './menu-template.ts'
import { denyPermissions, lockNavigation } from './navigation-lock.ts'
import { NewsDesk } from './news.ts'
import { notify } from './notify.ts'
import { isFirstTime } from './once.ts'
import { OpenAtLogin } from './open-at-login.ts'
import type { DesktopOptions } from './options.ts'
import { isOfOrigin } from './origin.ts'
import { startPage } from './page-path.ts'
import { QuitGuard } from './quit-guard.ts'
import { appIcon, documentationFolder, iconsFolder } from './resources.ts'
import { statusActOf, statusPageUrl } from './status-page.ts'
import { languageOfSystem, type Texts, texts } from './texts.ts'
import { addToken } from './token-header.ts'
import { AppTray } from './tray.ts'
import type { TrayState } from './tray-menu.ts'
import { diagnostics, openLogs } from './troubleshooting.ts'
import { AppWindow } from './window.ts'

/** A restart may fail once, as while the old engine still holds its port. */
const patientStarts = 1
const pageRetryMs = 1_000
const latestRuns = 5

export class Desktop {
  readonly #options: DesktopOptions
  readonly #supervisor: EngineSupervisor
  readonly #link: EngineLink
  readonly #newsDesk = new NewsDesk()
  readonly #openAtLogin: OpenAtLogin
  readonly #quit: QuitGuard
  #window: AppWindow | undefined
  #tray: AppTray | undefined
  #language: Language = 'en'
  /** How much was told since someone last looked at the window. */
  #unseenNews = 0
  /** The engine was started and ended before it was ready, and has not been ready since. */
  #isFailing = false
  /** Where to go as soon as there is a window. */
  #firstPage: string | undefined

  constructor(options: DesktopOptions) {
    this.#options = options
    this.#openAtLogin = new OpenAtLogin(options.homeArguments)
    this.#supervisor = this.#createSupervisor()
    this.#link = new EngineLink({
      onEvent: (event) => this.#tellNews(event),
      onChange: () => this.#showState(),
    })
    this.#quit = new QuitGuard({
      endsRuns: () => this.#supervisor.hosts && this.#link.runs.underWay > 0,
      ask: () => askAboutRuns(this.#window?.parent ?? null, this.#texts),
      quit: () => app.quit(),
      stayInTray: () => this.#window?.hide(),
    })
  }

  async open(): Promise<void> {
    this.#language = languageOfSystem(app.getLocale())
    const origin = () => this.#engine?.controlUrl
    lockNavigation({ origin, onRefused: (url) => this.#refused(url) })
    denyPermissions(session.defaultSession, origin)
    addToken(
      session.defaultSession,
      () => this.#engine,
      () => this.#supervisor.retryNow(),
    )
    handleCalls(this.#calls(), (event) => this.#isTrusted(event))
    this.#tray = new AppTray(iconsFolder, {
      show: () => this.show(),
      goTo: (path) => this.goTo(path),
      pauseTriggers: (paused) => void this.#link.pauseTriggers(paused),
      quit: () => app.quit(),
    })
    this.#window = await AppWindow.open({
      icon: appIcon,
      placeFile: join(app.getPath('userData'), 'window.json'),
      hidden: this.#options.hidden,
      mayClose: () => this.#quit.decided,
      onHidden: () => void this.#tellOfTray(),
      onLookedAt: () => this.#lookedAt(),
      onLoadFailed: () => this.#pageFailed(),
    })
    if (this.#firstPage !== undefined) this.#window.goTo(this.#firstPage)
    this.#wordsChanged()
    void this.#supervisor.run()
  }

  show(): void {
    this.#window?.show()
  }

  /** Shows a page of the app, now or as soon as there is one. */
  goTo(path: string): void {
    if (this.#window === undefined) this.#firstPage = path
    else this.#window.goTo(path)
  }

  /** Whether the app may quit now; it asks a person where runs would end. */
  mayQuit(): boolean {
    return this.#quit.mayQuit()
  }

  quitUnasked(): void {
    this.#quit.quitUnasked()
  }

  /** The machine slept: what is planned by the clock is looked at again. */
  resumed(): void {
    void this.#link.rereadTriggers()
  }

  /** The engine is stopped last, after the windows are gone. */
  async end(): Promise<void> {
    this.#link.disconnect()
    await this.#supervisor.stop()
  }

  #createSupervisor(): EngineSupervisor {
    const { home, engineArguments, attachOnly } = this.#options
    const launch = engineLauncher({
      path: bundlePath(__dirname),
      serveArguments: ['--home', home, ...engineArguments],
      compileCache: join(home, 'desktop/compiled'),
    })
    return new EngineSupervisor({
      find: () => findEngine(home),
      launch: attachOnly ? undefined : launch,
      askToStop,
      onState: (state) => this.#engineChanged(state),
      wait: (milliseconds) => wait(milliseconds, undefined, { ref: false }),
    })
  }

  get #engine(): EngineRecord | undefined {
    const { state } = this.#supervisor
    return state.kind === 'ready' ? state.engine : undefined
  }

  get #texts(): Texts {
    return texts[this.#language]
  }

  #engineChanged(state: EngineState): void {
    if (state.kind === 'ready') {
      this.#isFailing = false
      this.#link.connect(state.engine)
      this.#window?.showApp(state.engine.controlUrl)
      return
    }
    this.#link.disconnect()
    // The page with the log stays while the next attempt is under way: someone may be reading it.
    if (state.kind === 'starting' && this.#isFailing) return
    this.#isFailing = state.kind === 'lost' && state.starts > 0
    // The page tells by itself that the engine is away, and comes back with it; an engine that will not start is our matter.
    const failing = state.kind === 'lost' && state.starts > patientStarts && !this.#options.attachOnly
    if (failing || this.#window?.showsApp === false) this.#showStatus(state)
  }

  #showStatus(state: Exclude<EngineState, { kind: 'ready' }>): void {
    const { home, attachOnly } = this.#options
    const words = { texts: this.#texts, language: this.#language }
    this.#window?.showStatus(statusPageUrl({ state, home, attachOnly, ...words }))
  }

  /** The page could not be loaded although an engine was found: it has just gone. */
  #pageFailed(): void {
    this.#showStatus({ kind: 'lost', log: '', starts: 0 })
    setTimeout(() => this.#engineChanged(this.#supervisor.state), pageRetryMs)
  }

  /** A link of our own page; the app has no say in what it does. */
  #refused(url: string): void {
    const act = this.#window?.showsApp === false ? statusActOf(url) : undefined
    if (act === 'retry') this.#supervisor.retryNow()
    if (act === 'logs') void openLogs(this.#options.home)
    if (act === 'copy') clipboard.writeText(diagnostics(this.#options.home, this.#supervisor.state))
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
    const parent = () => this.#window?.parent ?? null
    return {
      pickFolder: ({ title }) => pickFolder(parent(), title),
      pickFile: ({ title }) => pickDataFile(parent(), title),
      notify: async ({ title, body, path }) => this.#notify(title, body, path),
      setAppearance: async ({ language, colorScheme }) => this.#setAppearance(language, colorScheme),
      getOpenAtLogin: async () => this.#openAtLogin.get(),
      setOpenAtLogin: ({ open }) => this.#openAtLogin.set(open),
    }
  }

  #setAppearance(language: Language, colorScheme: ColorScheme): void {
    nativeTheme.themeSource = colorScheme === 'auto' ? 'system' : colorScheme
    this.#language = language
    this.#wordsChanged()
  }

  #wordsChanged(): void {
    const template = menuTemplate(this.#texts, process.platform, this.#menuActions())
    Menu.setApplicationMenu(Menu.buildFromTemplate(template))
    this.#showState()
  }

  #menuActions(): MenuActions {
    return {
      goTo: (path) => this.goTo(path),
      command: (command) => this.#window?.command(command),
      openProject: () => void this.#openPicked('folder'),
      openDataFile: () => void this.#openPicked('file'),
      back: () => this.#window?.back(),
      forward: () => this.#window?.forward(),
      openDocumentation: () => void shell.openPath(documentationFolder()),
      openLogs: () => void openLogs(this.#options.home),
      about: () => app.showAboutPanel(),
      quit: () => app.quit(),
    }
  }

  async #openPicked(kind: 'folder' | 'file'): Promise<void> {
    const parent = this.#window?.parent ?? null
    const picked = await (kind === 'folder'
      ? pickFolder(parent, this.#texts.openProject)
      : pickDataFile(parent, this.#texts.openDataFile))
    if (picked !== null) this.goTo(startPage(kind, picked))
  }

  /** Tray, task bar and badge. */
  #showState(): void {
    const { runs, triggers } = this.#link
    const { state, summary } = this.#stateInWords()
    const words = { texts: this.#texts, language: this.#language }
    this.#tray?.update({ ...words, state, summary, latest: runs.latest(latestRuns), triggers })
    this.#window?.setProgress(runs.progress)
    app.setBadgeCount(this.#unseenNews)
  }

  #stateInWords(): { readonly state: TrayState; readonly summary: string } {
    const words = this.#texts
    const { kind } = this.#supervisor.state
    if (kind === 'lost') return { state: 'attention', summary: words.noEngine }
    if (this.#unseenNews > 0) return { state: 'attention', summary: words.attention }
    if (kind === 'starting') return { state: 'idle', summary: words.starting }
    return this.#link.runs.underWay > 0
      ? { state: 'running', summary: words.running }
      : { state: 'idle', summary: words.idle }
  }

  #tellNews(event: EngineEvent): void {
    for (const { title, body, path } of this.#newsDesk.take(event, this.#texts, (id) =>
      this.#link.runs.pipelineOf(id),
    )) {
      if (this.#window?.isLookedAt !== true) this.#unseenNews += 1
      this.#notify(title, body, path)
      this.#showState()
    }
  }

  #lookedAt(): void {
    this.#unseenNews = 0
    this.#showState()
  }

  /** Once ever: a window that is gone looks like an app that has ended. */
  async #tellOfTray(): Promise<void> {
    const { stillHereTitle, stillHereText } = this.#texts
    const isNews = await isFirstTime(join(app.getPath('userData'), 'told-of-tray'))
    if (isNews) this.#notify(stillHereTitle, stillHereText, undefined)
  }

  #notify(title: string, body: string, path: string | undefined): void {
    const onClick = () => (path === undefined ? this.show() : this.goTo(path))
    notify({ title, body, icon: appIcon, onClick })
  }
}
