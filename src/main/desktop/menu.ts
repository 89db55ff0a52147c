import { Menu, type MenuItemConstructorOptions } from 'electron'
import type { Texts } from './texts.ts'

export interface MenuActions {
  goTo(path: string): void
  quit(): void
}

const places = [
  ['overview', '/'],
  ['pipelines', '/pipelines'],
  ['runs', '/runs'],
  ['models', '/models'],
  ['endpoints', '/endpoints'],
] as const satisfies readonly (readonly [keyof Texts, string])[]

/** The application menu, in the language of the page. */
export function setMenu(texts: Texts, platform: NodeJS.Platform, { goTo, quit }: MenuActions): void {
  const quitItem: MenuItemConstructorOptions = { label: texts.quit, accelerator: 'CommandOrControl+Q', click: quit }
  const template: MenuItemConstructorOptions[] = [
    platform === 'darwin'
      ? { label: 'Esteira', submenu: [{ role: 'hide' }, { role: 'hideOthers' }, { type: 'separator' }, quitItem] }
      : { label: texts.file, submenu: [quitItem] },
    {
      label: texts.edit,
      submenu: [
        { role: 'undo', label: texts.undo },
        { role: 'redo', label: texts.redo },
        { type: 'separator' },
        { role: 'cut', label: texts.cut },
        { role: 'copy', label: texts.copy },
        { role: 'paste', label: texts.paste },
        { role: 'selectAll', label: texts.selectAll },
      ],
    },
    {
      label: texts.view,
      submenu: [
        { role: 'reload', label: texts.reload },
        { type: 'separator' },
        { role: 'zoomIn', label: texts.zoomIn },
        { role: 'zoomOut', label: texts.zoomOut },
        { role: 'resetZoom', label: texts.zoomReset },
        { type: 'separator' },
        { role: 'togglefullscreen', label: texts.fullScreen },
      ],
    },
    {
      label: texts.go,
      submenu: places.map(([key, path], index) => ({
        label: texts[key],
        accelerator: `CommandOrControl+${index + 1}`,
        click: () => goTo(path),
      })),
    },
    {
      label: texts.window,
      submenu: [
        { role: 'minimize', label: texts.minimize },
        { role: 'close', label: texts.close },
      ],
    },
  ]
  Menu.setApplicationMenu(Menu.buildFromTemplate(template))
}
