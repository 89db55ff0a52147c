/** The desktop shell in a real Electron, attached to a real engine. */
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join } from 'node:path'
import type { ElectronApplication, Page } from '@playwright/test'
import { desktopApiKeys } from '#shared/desktop.ts'
import { launchShell, openScreen, type Screen, whyNoElectron } from '../support/electron.ts'
import { test as base, expect } from '../support/fixtures.ts'
import { runToEnd, writeTroubledProject } from '../support/seed.ts'

const missing = whyNoElectron()

const test = base.extend<{ shell: ElectronApplication; window: Page }, { xScreen: Screen }>({
  xScreen: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of fixtures from the pattern
    async ({}, use) => {
      const screen = await openScreen()
      await use(screen)
      screen.close()
    },
    { scope: 'worker' },
  ],
  shell: async ({ engine, xScreen }, use) => {
    const shell = await launchShell(engine.home, xScreen.display)
    await use(shell)
    await shell.close()
  },
  window: async ({ shell }, use) => use(await shell.firstWindow()),
})

test.skip(missing !== undefined, missing)

test('the window shows the app, and the page has no token', async ({ window, engine }) => {
  await expect(window.getByRole('heading', { name: 'Overview' })).toBeVisible()
  await expect(window.getByText('Engine connected')).toBeVisible()
  expect(window.url()).toBe(`${engine.controlUrl}/`)
  expect(
    await window.evaluate('JSON.stringify({ ...sessionStorage, ...localStorage, hash: location.hash })'),
  ).not.toContain(engine.token)
  await window.screenshot({ path: 'e2e/screenshots/electron-overview.png' })
})

test('the page has what the shell declares, and nothing of Node or Electron', async ({ window }) => {
  await expect(window.getByRole('heading', { name: 'Overview' })).toBeVisible()
  expect(await window.evaluate('Object.keys(window.esteira).sort()')).toEqual([...desktopApiKeys].sort())
  const absent = ['require', 'process', 'module', 'Buffer', 'global', 'electron', 'ipcRenderer', '__dirname']
  expect(await window.evaluate(`${JSON.stringify(absent)}.filter((name) => name in window)`)).toEqual([])
})

test('calls of the wrong form are refused', async ({ window }) => {
  await expect(window.getByRole('heading', { name: 'Overview' })).toBeVisible()
  const refused = (call: string) => window.evaluate(`${call}.then(() => 'accepted', (error) => String(error))`)
  expect(await refused("window.esteira.notify({ title: 't', body: 'b', path: 'https://example.com' })")).toContain(
    'path',
  )
  expect(await refused("window.esteira.setAppearance({ language: 'xx', colorScheme: 'dark' })")).toContain('language')
  expect(await refused("window.esteira.setAppearance({ language: 'en', colorScheme: 'dark' })")).toBe('accepted')
})

test('no foreign page, no further window, no permission', async ({ window, shell, engine }) => {
  await expect(window.getByRole('heading', { name: 'Overview' })).toBeVisible()
  await window.evaluate("location.href = 'https://example.com/'")
  await window.evaluate("location.href = 'file:///etc/passwd'").catch(() => undefined)
  await window.evaluate("window.open('https://example.com/')")
  await window.waitForTimeout(500)
  expect(window.url()).toBe(`${engine.controlUrl}/`)
  expect(shell.windows()).toHaveLength(1)
  // Asked of the page itself: a locator would wait for the refused navigation to end.
  expect(await window.evaluate("document.querySelector('h1').textContent")).toBe('Overview')
  const camera = "navigator.mediaDevices.getUserMedia({ audio: true }).then(() => 'granted', (error) => error.name)"
  expect(await window.evaluate(camera)).not.toBe('granted')
})

test('the token goes to the engine alone', async ({ window }) => {
  await expect(window.getByText('Engine connected')).toBeVisible()
  const seen: (string | undefined)[] = []
  const other = createServer((request, response) => {
    seen.push(request.headers.authorization)
    response.end()
  }).listen(0, '127.0.0.1')
  await once(other, 'listening')
  const address = other.address()
  const port = typeof address === 'object' ? address?.port : undefined
  await window.evaluate(`fetch('http://127.0.0.1:${port}/', { mode: 'no-cors' }).then(() => undefined)`)
  other.close()
  expect(seen).toEqual([undefined])
})

test('the menu leads to the pages, in the language of the page', async ({ window, shell }) => {
  await expect(window.getByRole('heading', { name: 'Overview' })).toBeVisible()
  const click = (menu: string, item: string) =>
    shell.evaluate(
      ({ Menu }, [first, second]) =>
        Menu.getApplicationMenu()
          ?.items.find(({ label }) => label === first)
          ?.submenu?.items.find(({ label }) => label === second)
          ?.click(),
      [menu, item] as const,
    )
  await click('Go', 'Models')
  await expect(window.getByRole('heading', { level: 1, name: 'Models' })).toBeVisible()
  await window.getByRole('button', { name: 'Preferences' }).click()
  await window.getByRole('menuitemradio', { name: 'Português (Brasil)' }).click()
  await expect(window.getByRole('heading', { level: 1, name: 'Modelos' })).toBeVisible()
  await click('Ir', 'Execuções')
  await expect(window.getByRole('heading', { level: 1, name: 'Execuções' })).toBeVisible()
})

test('a failed run is announced, and the notification leads to it', async ({ window, shell, engine }) => {
  await expect(window.getByText('Engine connected')).toBeVisible()
  await shell.evaluate(({ Notification }) => {
    const shown: { title: string; click: () => void }[] = []
    Reflect.set(globalThis, 'shownNotifications', shown)
    Reflect.set(Notification, 'isSupported', () => true)
    Reflect.set(Notification.prototype, 'show', function show(this: { title: string; emit(name: string): void }) {
      shown.push({ title: this.title, click: () => this.emit('click') })
    })
  })
  const project = await engine.client.call('addProject', { body: { path: await writeTroubledProject(engine.home) } })
  const run = await runToEnd(engine, project.id, 'wrong-query')
  expect(run.status).toBe('failed')
  const titles = () =>
    shell.evaluate(() => Reflect.get(globalThis, 'shownNotifications').map(({ title }: { title: string }) => title))
  await expect.poll(titles).toEqual(['Run of wrong-query failed'])
  await shell.evaluate(() => Reflect.get(globalThis, 'shownNotifications')[0].click())
  await expect(window).toHaveURL(`${engine.controlUrl}/runs/${run.id}`)
})

test('closing hides the window, a second start shows it again', async ({ window, shell, engine, xScreen }) => {
  await expect(window.getByRole('heading', { name: 'Overview' })).toBeVisible()
  const visible = () =>
    shell.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().map((each) => each.isVisible()))
  await shell.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close())
  await expect.poll(visible).toEqual([false])
  const second = await launchShell(engine.home, xScreen.display).catch(() => undefined)
  await expect.poll(visible).toEqual([true])
  await second?.close().catch(() => undefined)
})

test('the window remembers its size', async ({ window, shell, engine, xScreen }) => {
  await expect(window.getByRole('heading', { name: 'Overview' })).toBeVisible()
  await shell.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.setSize(1011, 707))
  const stored = () => readFile(join(engine.home, 'desktop/window.json'), 'utf8').catch(() => '')
  await expect.poll(stored).toContain('"width":1011')
  await shell.close()
  const again = await launchShell(engine.home, xScreen.display)
  await again.firstWindow()
  const size = await again.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getSize())
  await again.close()
  expect(size).toEqual([1011, 707])
})

test('an engine that is lost is found again', async ({ window, shell, engine }) => {
  await expect(window.getByText('Engine connected')).toBeVisible()
  await window.getByRole('link', { name: 'Models', exact: true }).click()
  await engine.kill()
  await expect(window.getByRole('alert').filter({ hasText: 'Engine not reachable' })).toBeVisible()
  await engine.startAgain()
  // The new engine may listen elsewhere; the shell learns where, the page never needs to.
  await expect(window.getByText('Engine connected')).toBeVisible({ timeout: 30_000 })
  await expect(window.getByRole('heading', { level: 1, name: 'Models' })).toBeVisible()
  expect(shell.windows()).toHaveLength(1)
})

test('without an engine the shell says how to start one, and shows the app once it is there', async ({
  engine,
  xScreen,
}) => {
  await engine.kill()
  const shell = await launchShell(engine.home, xScreen.display)
  const window = await shell.firstWindow()
  await expect(window.getByRole('heading', { name: 'The engine is not reachable' })).toBeVisible()
  await expect(window.getByText(`npx esteira serve --home ${engine.home}`)).toBeVisible()
  await window.screenshot({ path: 'e2e/screenshots/electron-no-engine.png' })
  expect(await window.evaluate('typeof window.esteira')).toBe('undefined')
  await engine.startAgain()
  await window
    .getByRole('link', { name: 'Try now' })
    .click()
    .catch(() => undefined)
  await expect(window.getByRole('heading', { name: 'Overview' })).toBeVisible({ timeout: 20_000 })
  await shell.close()
})
