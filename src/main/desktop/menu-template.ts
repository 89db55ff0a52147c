import type { MenuItemConstructorOptions } from 'electron'
import type { DesktopCommand } from '#shared/desktop.ts'
import type { Texts } from './texts.ts'

export interface MenuActions {
  goTo(path: string): void
  command(command: DesktopCommand): void
  openProject(): void
  openDataFile(): void
  back(): void
  forward(): void
  openDocumentation(): void
  openLogs(): void
  about(): void
  quit(): void
}

/** The pages of the rail, in its order. */
export const places = [
  ['overview', '/'],
  ['pipelines', '/pipelines'],
  ['runs', '/runs'],
  ['triggers', '/triggers'],
  ['data', '/data'],
  ['features', '/features'],
  ['models', '/models'],
  ['lineage', '/lineage'],
  ['endpoints', '/endpoints'],
  ['alerts', '/alerts'],
  ['settings', '/settings'],
] as const satisfies readonly (readonly [keyof Texts, string])[]

type Item = MenuItemConstructorOptions
const separator: Item = { type: 'separator' }

/** The application menu, by the conventions of the platform. */
export function menuTemplate(texts: Texts, platform: NodeJS.Platform, actions: MenuActions): Item[] {
  const isMac = platform === 'darwin'
  return [
    ...(isMac ? [appMenu(texts, actions)] : []),
    fileMenu(texts, isMac, actions),
    editMenu(texts),
    viewMenu(texts, actions),
    goMenu(texts, isMac, actions),
    windowMenu(texts, isMac),
    helpMenu(texts, isMac, actions),
  ]
}

function appMenu(texts: Texts, actions: MenuActions): Item {
  return {
    label: 'Esteira',
    submenu: [
      { label: texts.about, click: actions.about },
      separator,
      settingsItem(texts, actions),
      separator,
      { role: 'services', label: texts.services },
      separator,
      { role: 'hide', label: texts.hide },
      { role: 'hideOthers', label: texts.hideOthers },
      { role: 'unhide', label: texts.showAll },
      separator,
      quitItem(texts, actions),
    ],
  }
}

function fileMenu(texts: Texts, isMac: boolean, actions: MenuActions): Item {
  return {
    label: texts.file,
    submenu: [
      { label: texts.openProject, accelerator: 'CommandOrControl+O', click: actions.openProject },
      { label: texts.openDataFile, accelerator: 'CommandOrControl+Shift+O', click: actions.openDataFile },
      separator,
      ...(isMac
        ? [{ role: 'close', label: texts.close } as const]
        : [settingsItem(texts, actions), separator, quitItem(texts, actions)]),
    ],
  }
}

function settingsItem(texts: Texts, { goTo }: MenuActions): Item {
  return { label: texts.settingsItem, accelerator: 'CommandOrControl+,', click: () => goTo('/settings') }
}

function quitItem(texts: Texts, { quit }: MenuActions): Item {
  return { label: texts.quit, accelerator: 'CommandOrControl+Q', click: quit }
}

function editMenu(texts: Texts): Item {
  return {
    label: texts.edit,
    submenu: [
      { role: 'undo', label: texts.undo },
      { role: 'redo', label: texts.redo },
      separator,
      { role: 'cut', label: texts.cut },
      { role: 'copy', label: texts.copy },
      { role: 'paste', label: texts.paste },
      { role: 'selectAll', label: texts.selectAll },
    ],
  }
}

function viewMenu(texts: Texts, { goTo }: MenuActions): Item {
  const pages = places.map(
    ([key, path], index): Item => ({
      label: texts[key],
      // There are nine digits; what comes after them has no key of its own.
      ...(index < 9 && { accelerator: `CommandOrControl+${index + 1}` }),
      click: () => goTo(path),
    }),
  )
  return {
    label: texts.view,
    submenu: [
      ...pages,
      separator,
      { role: 'reload', label: texts.reload },
      separator,
      { role: 'zoomIn', label: texts.zoomIn },
      { role: 'zoomOut', label: texts.zoomOut },
      { role: 'resetZoom', label: texts.zoomReset },
      separator,
      { role: 'togglefullscreen', label: texts.fullScreen },
    ],
  }
}

function goMenu(texts: Texts, isMac: boolean, actions: MenuActions): Item {
  return {
    label: texts.go,
    submenu: [
      { label: texts.back, accelerator: isMac ? 'Command+[' : 'Alt+Left', click: actions.back },
      { label: texts.forward, accelerator: isMac ? 'Command+]' : 'Alt+Right', click: actions.forward },
      separator,
      // The page itself listens to this key; the menu shows it.
      {
        label: texts.palette,
        accelerator: 'CommandOrControl+K',
        registerAccelerator: false,
        click: () => actions.command('palette'),
      },
    ],
  }
}

function windowMenu(texts: Texts, isMac: boolean): Item {
  const minimize: Item = { role: 'minimize', label: texts.minimize }
  return {
    label: texts.window,
    submenu: isMac
      ? [minimize, { role: 'zoom', label: texts.zoomWindow }, separator, { role: 'front', label: texts.front }]
      : [minimize, { role: 'close', label: texts.close }],
  }
}

function helpMenu(texts: Texts, isMac: boolean, actions: MenuActions): Item {
  return {
    role: 'help',
    label: texts.help,
    submenu: [
      { label: texts.shortcuts, click: () => actions.command('shortcuts') },
      { label: texts.documentation, click: actions.openDocumentation },
      { label: texts.logFolder, click: actions.openLogs },
      ...(isMac ? [] : [separator, { label: texts.about, click: actions.about }]),
    ],
  }
}
