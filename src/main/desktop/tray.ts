import { join } from 'node:path'
import { Menu, nativeImage, nativeTheme, Tray } from 'electron'
import { type TrayActions, type TrayState, type TrayView, trayMenu } from './tray-menu.ts'

/** The app in the system tray. */
export class AppTray {
  readonly #icons: string
  readonly #actions: TrayActions
  readonly #tray: Tray
  #state: TrayState = 'idle'
  #shown = ''

  /** `icons`: the folder of the icons. */
  constructor(icons: string, actions: TrayActions) {
    this.#icons = icons
    this.#actions = actions
    this.#tray = new Tray(this.#icon())
    this.#tray.on('click', () => actions.show())
    nativeTheme.on('updated', () => this.#tray.setImage(this.#icon()))
  }

  update(view: TrayView): void {
    // Steps report many times a second; a menu that is open would flicker.
    const shown = JSON.stringify(view)
    if (shown === this.#shown) return
    this.#shown = shown
    this.#state = view.state
    this.#tray.setImage(this.#icon())
    this.#tray.setToolTip(view.summary)
    this.#tray.setContextMenu(Menu.buildFromTemplate(trayMenu(view, this.#actions)))
  }

  /** macOS colours the icon itself; elsewhere there is one for each ground. */
  #icon() {
    // The bar of the system has its own colours, whatever the page is set to; older versions of Electron do not tell.
    const isDark = nativeTheme.shouldUseDarkColorsForSystemIntegratedUI ?? nativeTheme.shouldUseDarkColors
    const ground = isDark ? 'dark' : 'light'
    const look = process.platform === 'darwin' ? 'Template' : `-${ground}`
    return nativeImage.createFromPath(join(this.#icons, `tray-${this.#state}${look}.png`))
  }
}
