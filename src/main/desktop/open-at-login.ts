/** Whether the app starts with the session of the person, in the tray. Each platform keeps that in its own way. */
import { app } from 'electron'
import { hasAutostart, setAutostart } from './autostart.ts'

export class OpenAtLogin {
  readonly #arguments: string[]

  /** `homeArguments`: so that the app that starts serves the same home. */
  constructor(homeArguments: readonly string[]) {
    this.#arguments = ['--hidden', ...homeArguments]
  }

  get(): boolean {
    if (process.platform === 'linux') return hasAutostart(process.env)
    return app.getLoginItemSettings({ args: this.#arguments }).openAtLogin
  }

  /** @returns what holds now */
  async set(open: boolean): Promise<boolean> {
    if (process.platform === 'linux') await setAutostart(open ? this.#command() : undefined, process.env)
    else app.setLoginItemSettings({ openAtLogin: open, args: this.#arguments })
    return this.get()
  }

  /** As this process was started: an AppImage by its own path, an app that is not packaged with its path as argument. */
  #command(): string[] {
    const program = process.env.APPIMAGE ?? process.execPath
    return [program, ...(app.isPackaged ? [] : [app.getAppPath()]), ...this.#arguments]
  }
}
