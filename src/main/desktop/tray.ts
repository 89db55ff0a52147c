import { Menu, nativeImage, Tray } from 'electron'
import type { Texts } from './texts.ts'

export type TrayState = 'idle' | 'running' | 'noEngine'

export interface TrayActions {
  show(): void
  quit(): void
}

/** The app in the system tray: its state, show, quit. */
export class AppTray {
  readonly #tray: Tray
  readonly #actions: TrayActions

  constructor(icon: string, actions: TrayActions) {
    this.#tray = new Tray(nativeImage.createFromPath(icon))
    this.#actions = actions
    this.#tray.on('click', () => actions.show())
  }

  update(texts: Texts, state: TrayState): void {
    this.#tray.setToolTip(texts[state])
    this.#tray.setContextMenu(
      Menu.buildFromTemplate([
        { label: texts[state], enabled: false },
        { type: 'separator' },
        { label: texts.show, click: () => this.#actions.show() },
        { label: texts.quit, click: () => this.#actions.quit() },
      ]),
    )
  }
}
