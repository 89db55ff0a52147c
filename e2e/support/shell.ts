/** Fixtures of the shell's tests, and what they ask of its main process. */
import { type ElectronApplication, expect, type Page } from '@playwright/test'
import { launchShell, openScreen, type Screen, type ShellOptions } from './electron.ts'
import { test as base } from './fixtures.ts'

interface ShellFixtures {
  /** Starts a shell, which ends with the test. */
  readonly launch: (options: Omit<ShellOptions, 'display'>) => Promise<ElectronApplication>
  /** Attached to `engine`. */
  readonly shell: ElectronApplication
  /** Its window, with the app in it. */
  readonly window: Page
}

export const test = base.extend<ShellFixtures, { xScreen: Screen }>({
  xScreen: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of fixtures from the pattern
    async ({}, use) => {
      const screen = await openScreen()
      await use(screen)
      screen.close()
    },
    { scope: 'worker' },
  ],
  launch: async ({ xScreen }, use) => {
    const launched: ElectronApplication[] = []
    await use(async (options) => {
      const shell = await launchShell({ ...options, display: xScreen.display })
      launched.push(shell)
      return shell
    })
    for (const shell of launched) await shell.close().catch(() => undefined)
  },
  shell: async ({ engine, launch }, use) => use(await launch({ home: engine.home })),
  window: async ({ shell }, use) => {
    const window = await shell.firstWindow()
    await showsOverview(window)
    await use(window)
  },
})

export async function showsOverview(window: Page): Promise<void> {
  await expect(window.getByRole('heading', { level: 1, name: 'Overview' })).toBeVisible({ timeout: 30_000 })
}

/** What the shell has handed to the system: see start-shell.cjs. */
export interface Seen {
  readonly trayText: string
  readonly trayImages: readonly string[]
  readonly progress: readonly number[]
  readonly notifications: readonly { readonly title: string; readonly body: string }[]
  readonly badge: number
}

export function seenOf(shell: ElectronApplication): Promise<Seen> {
  return shell.evaluate(() => JSON.parse(JSON.stringify({ ...Reflect.get(globalThis, 'seen'), trayMenu: undefined })))
}

export async function titlesOf(shell: ElectronApplication): Promise<string[]> {
  return (await seenOf(shell)).notifications.map(({ title }) => title)
}

export function clickNotification(shell: ElectronApplication, index: number): Promise<void> {
  return shell.evaluate((_, at) => Reflect.get(globalThis, 'seen').notifications[at].click(), index)
}

/** The labels of the tray's menu, without lines and times. */
export function trayLabels(shell: ElectronApplication): Promise<string[]> {
  return shell.evaluate(() =>
    Reflect.get(globalThis, 'seen')
      .trayMenu.items.map(({ label }: { label: string }) => label)
      .filter((label: string) => label !== ''),
  )
}

export function clickTray(shell: ElectronApplication, label: string): Promise<void> {
  return shell.evaluate((_, wanted) => {
    Reflect.get(globalThis, 'seen')
      .trayMenu.items.find((item: { label: string }) => item.label === wanted)
      .click()
  }, label)
}

export function clickMenu(shell: ElectronApplication, menu: string, item: string): Promise<void> {
  return shell.evaluate(
    ({ Menu }, [first, second]) =>
      Menu.getApplicationMenu()
        ?.items.find(({ label }) => label === first)
        ?.submenu?.items.find(({ label }) => label === second)
        ?.click(),
    [menu, item] as const,
  )
}

export function isVisible(shell: ElectronApplication): Promise<boolean> {
  return shell.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isVisible() ?? false)
}

export function closeWindow(shell: ElectronApplication): Promise<void> {
  return shell.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close())
}
