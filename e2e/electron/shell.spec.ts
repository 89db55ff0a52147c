/** The desktop shell in a real Electron, attached to a real engine: window, menu, tray, notifications, what it is given. */
import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { expect } from '@playwright/test'
import { storeAlerts } from '../support/alerts.ts'
import { startSecondShell, whyNoElectron } from '../support/electron.ts'
import { appRoot } from '../support/engine.ts'
import { runToEnd, writeGatedProject, writeTroubledProject } from '../support/seed.ts'
import {
  clickMenu,
  clickNotification,
  clickTray,
  closeWindow,
  isVisible,
  seenOf,
  showsOverview,
  test,
  titlesOf,
  trayLabels,
} from '../support/shell.ts'

const missing = whyNoElectron()
test.skip(missing !== undefined, missing)

const heading = (window: Page, name: string) => window.getByRole('heading', { level: 1, name })

test('the window shows the app, and remembers its size', async ({ window, shell, engine, launch }) => {
  await expect(window.getByText('Engine connected')).toBeVisible()
  expect(window.url()).toBe(`${engine.controlUrl}/`)
  await window.screenshot({ path: 'e2e/screenshots/electron-overview.png' })
  await shell.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.setSize(1011, 707))
  const stored = () => readFile(join(engine.home, 'desktop/window.json'), 'utf8').catch(() => '')
  await expect.poll(stored).toContain('"width":1011')
  await shell.close()
  const again = await launch({ home: engine.home })
  await again.firstWindow()
  const size = await again.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getSize())
  expect(size).toEqual([1011, 707])
})

test('the menu leads to the pages, in the language of the page', async ({ window, shell }) => {
  const bar = () => shell.evaluate(({ Menu }) => Menu.getApplicationMenu()?.items.map(({ label }) => label))
  expect(await bar()).toEqual(['File', 'Edit', 'View', 'Go', 'Window', 'Help'])
  await clickMenu(shell, 'View', 'Models')
  await expect(heading(window, 'Models')).toBeVisible()
  await clickMenu(shell, 'View', 'Runs')
  await expect(heading(window, 'Runs')).toBeVisible()
  await clickMenu(shell, 'Go', 'Back')
  await expect(heading(window, 'Models')).toBeVisible()
  await clickMenu(shell, 'Go', 'Command palette…')
  await expect(window.getByRole('dialog')).toBeVisible()
  await window.keyboard.press('Escape')
  await window.getByRole('link', { name: 'Settings', exact: true }).click()
  await window.getByRole('combobox', { name: 'Language' }).click()
  await window.getByRole('option', { name: 'Português (Brasil)' }).click()
  await expect(heading(window, 'Configurações')).toBeVisible()
  await expect.poll(bar).toEqual(['Arquivo', 'Editar', 'Exibir', 'Ir', 'Janela', 'Ajuda'])
  await clickMenu(shell, 'Exibir', 'Execuções')
  await expect(heading(window, 'Execuções')).toBeVisible()
})

test('the menu opens what is picked in a native dialog, the logs and the documentation', async ({
  window,
  shell,
  engine,
}) => {
  await shell.evaluate(({ dialog, shell: system }, home) => {
    const opened: string[] = []
    Reflect.set(globalThis, 'opened', opened)
    system.openPath = async (path) => {
      opened.push(path)
      return ''
    }
    Reflect.set(dialog, 'showOpenDialog', async () => ({ canceled: false, filePaths: [home] }))
  }, engine.home)
  await clickMenu(shell, 'Help', 'Open log folder')
  await clickMenu(shell, 'Help', 'Documentation')
  const opened = () => shell.evaluate(() => [...Reflect.get(globalThis, 'opened')].sort())
  await expect.poll(opened).toEqual([join(appRoot, 'docs'), join(engine.home, 'logs')].sort())
  await clickMenu(shell, 'File', 'Open project…')
  await expect(window).toHaveURL(`${engine.controlUrl}/start?folder=${encodeURIComponent(engine.home)}`)
})

test('closing leaves it in the tray, which tells the state and acts', async ({ window, shell, engine }) => {
  expect((await seenOf(shell)).trayText).toBe('Esteira: idle')
  expect(await trayLabels(shell)).toEqual(['Esteira: idle', 'Show Esteira', 'Quit Esteira'])
  await closeWindow(shell)
  await expect.poll(() => isVisible(shell)).toBe(false)
  await expect.poll(() => titlesOf(shell)).toEqual(['Esteira goes on in the tray'])

  const project = await engine.client.call('addProject', { body: { path: await writeTroubledProject(engine.home) } })
  await runToEnd(engine, project.id, 'wrong-query')
  await expect.poll(async () => (await seenOf(shell)).trayText).toBe('Esteira: something needs attention')
  const { badge, trayImages } = await seenOf(shell)
  expect(badge).toBe(1)
  expect(trayImages).not.toContain('empty')
  expect(new Set(trayImages).size).toBeGreaterThan(1)
  expect(await trayLabels(shell)).toEqual([
    'Esteira: something needs attention',
    'Latest runs',
    'wrong-query · failed',
    'Show Esteira',
    'Quit Esteira',
  ])
  await clickTray(shell, 'wrong-query · failed')
  await expect(window).toHaveURL(/\/runs\/.+/)
  expect(await isVisible(shell)).toBe(true)
  await shell.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.emit('focus'))
  await expect.poll(async () => (await seenOf(shell)).trayText).toBe('Esteira: idle')

  await closeWindow(shell)
  await clickTray(shell, 'Show Esteira')
  expect(await isVisible(shell)).toBe(true)
  expect((await titlesOf(shell)).filter((title) => title.includes('tray'))).toHaveLength(1)
  const ended = shell.waitForEvent('close')
  await clickTray(shell, 'Quit Esteira').catch(() => undefined)
  await ended
})

test('the tray shows what runs next, and holds all of it back; after sleep the clock is read again', async ({
  window,
  shell,
  engine,
}) => {
  const path = await writeTroubledProject(engine.home)
  const schedule = 'triggers:\n  - schedule: "0 3 * * 1"\n'
  await appendFile(join(path, 'pipelines/wrong-query.yaml'), schedule)
  await engine.client.call('addProject', { body: { path } })
  const labels = async () => (await trayLabels(shell)).map((label) => label.replace(/ · Mon.*/, ' · Mon'))
  await expect
    .poll(labels)
    .toEqual(['Esteira: idle', 'Next runs', 'wrong-query · Mon', 'Pause all triggers', 'Show Esteira', 'Quit Esteira'])
  await clickTray(shell, 'Pause all triggers')
  await expect.poll(labels).toContain('Triggers are paused')
  expect((await engine.client.call('listTriggers')).paused).toBe(true)
  await clickTray(shell, 'Resume all triggers')
  await expect.poll(labels).toContain('Next runs')
  expect((await engine.client.call('listTriggers')).paused).toBe(false)

  await shell.evaluate(({ powerMonitor }) => {
    const { fetch } = globalThis
    const asked: string[] = []
    Object.assign(globalThis, {
      asked,
      fetch: (...request: Parameters<typeof fetch>) => {
        asked.push(String(request[0]))
        return fetch(...request)
      },
    })
    powerMonitor.emit('resume')
  })
  const asked = () => shell.evaluate(() => Reflect.get(globalThis, 'asked'))
  await expect.poll(asked).toContain(`${engine.controlUrl}/api/v1/triggers/reread`)
  await expect(heading(window, 'Overview')).toBeVisible()
})

test('a failed run and a rejected gate are announced, and the notification leads to them', async ({
  window,
  shell,
  engine,
}) => {
  const troubled = await engine.client.call('addProject', { body: { path: await writeTroubledProject(engine.home) } })
  const failed = await runToEnd(engine, troubled.id, 'wrong-query')
  expect(failed.status).toBe('failed')
  await expect.poll(() => titlesOf(shell)).toEqual(['Run of wrong-query failed'])
  await clickNotification(shell, 0)
  await expect(window).toHaveURL(`${engine.controlUrl}/runs/${failed.id}`)

  const gated = await engine.client.call('addProject', { body: { path: await writeGatedProject(engine.home) } })
  const rejected = await runToEnd(engine, gated.id, 'train')
  expect(rejected.steps.find(({ name }) => name === 'gate')?.values.blessed).toBe(false)
  await expect.poll(() => titlesOf(shell)).toContain('The gate of train rejected a model')
  const { notifications, progress } = await seenOf(shell)
  const at = notifications.findIndex(({ title }) => title.startsWith('The gate'))
  expect(notifications[at]?.body).toMatch(/accuracy/)
  await clickNotification(shell, at)
  await expect(window).toHaveURL(`${engine.controlUrl}/runs/${rejected.id}`)

  expect(progress.filter((each) => each >= 0 && each <= 1).length).toBeGreaterThan(1)
  await expect.poll(async () => (await seenOf(shell)).progress.at(-1)).toBe(-1)
})

test('an alert that was raised while nobody listened is announced once, and the notification leads to it', async ({
  engine,
  launch,
}) => {
  await storeAlerts(engine, { model: null, version: null }, { webhook: false })
  const shell = await launch({ home: engine.home })
  const window = await shell.firstWindow()
  await showsOverview(window)
  // The other one is over.
  const alert = 'Critical alert of flight-delay: auc'
  await expect.poll(() => titlesOf(shell)).toEqual([alert])
  expect((await seenOf(shell)).notifications[0]?.body).toContain('0.51')
  await clickNotification(shell, 0)
  const { items } = await engine.client.call('listAlerts', { query: { state: 'open' } })
  await expect(window).toHaveURL(`${engine.controlUrl}/alerts/${items[0]?.id}`)
  await expect(heading(window, 'flight-delay · auc')).toBeVisible()

  await engine.kill()
  await engine.startAgain()
  await expect(window.getByText('Engine connected')).toBeVisible()
  const troubled = await engine.client.call('addProject', { body: { path: await writeTroubledProject(engine.home) } })
  await runToEnd(engine, troubled.id, 'wrong-query')
  // The failure comes after the alerts were read again.
  await expect.poll(() => titlesOf(shell)).toEqual([alert, 'Run of wrong-query failed'])
})

test('a second start shows the first, and hands over what it was given', async ({ window, shell, engine, xScreen }) => {
  const project = join(engine.home, 'a project')
  await mkdir(project)
  await writeFile(join(project, 'esteira.yaml'), 'name: a-project\n')
  await writeFile(join(project, 'data.csv'), 'a,b\n1,2\n')
  const startAgain = (...args: string[]) => startSecondShell({ home: engine.home, display: xScreen.display, args })
  await closeWindow(shell)
  await startAgain()
  await expect.poll(() => isVisible(shell)).toBe(true)
  const start = (query: string) => `${engine.controlUrl}/start?${query}`
  await startAgain(join(project, 'esteira.yaml'))
  await expect(window).toHaveURL(start(`folder=${encodeURIComponent(project)}`))
  await startAgain(join(project, 'data.csv'))
  await expect(window).toHaveURL(start(`file=${encodeURIComponent(join(project, 'data.csv'))}`))
  await startAgain('esteira://models?q=x#token=evil')
  await expect(window).toHaveURL(`${engine.controlUrl}/models?q=x`)
  await startAgain('esteira:////example.com/')
  await expect(window).toHaveURL(`${engine.controlUrl}/example.com/`)
  expect(shell.windows()).toHaveLength(1)
})

test('a deep link is what the first start shows; a hidden start shows nothing', async ({ engine, launch }) => {
  const { home } = engine
  const linked = await launch({ home, args: ['esteira://endpoints'] })
  const window = await linked.firstWindow()
  await expect(heading(window, 'Endpoints')).toBeVisible()
  await linked.evaluate(({ app }) => app.emit('open-url', { preventDefault: () => undefined }, 'esteira://models'))
  await expect(heading(window, 'Models')).toBeVisible()
  await linked.evaluate(({ app }, path) => app.emit('open-file', { preventDefault: () => undefined }, path), home)
  await expect(window).toHaveURL(`${engine.controlUrl}/start?folder=${encodeURIComponent(home)}`)
  await linked.close()
  const hidden = await launch({ home, args: ['--hidden'] })
  await showsOverview(await hidden.firstWindow())
  expect(await isVisible(hidden)).toBe(false)
})

test('opening at login is an entry of the desktop that starts it hidden', async ({ engine, launch }) => {
  const config = join(engine.home, 'config')
  const shell = await launch({ home: engine.home, env: { XDG_CONFIG_HOME: config } })
  const window = await shell.firstWindow()
  await showsOverview(window)
  const entry = () => readFile(join(config, 'autostart/esteira.desktop'), 'utf8').catch(() => undefined)
  expect(await window.evaluate('esteira.getOpenAtLogin()')).toBe(false)
  expect(await window.evaluate('esteira.setOpenAtLogin({ open: true })')).toBe(true)
  expect(await entry()).toMatch(new RegExp(`^Exec=".*" "--hidden" "--home" "${engine.home}"$`, 'm'))
  expect(await window.evaluate('esteira.setOpenAtLogin({ open: false })')).toBe(false)
  expect(await entry()).toBeUndefined()
})

test('the page learns the path of a file that a person gives it', async ({ window, engine }) => {
  const file = join(engine.home, 'given.csv')
  await writeFile(file, 'a\n1\n')
  await window.evaluate(
    "document.body.append(Object.assign(document.createElement('input'), { type: 'file', id: 'given' }))",
  )
  await window.locator('#given').setInputFiles(file)
  expect(await window.evaluate("esteira.pathOfFile(document.querySelector('#given').files[0])")).toBe(file)
  expect(await window.evaluate("esteira.pathOfFile(new File(['x'], 'made.csv'))")).toBe('')
  expect(await window.evaluate('esteira.pathOfFile({ path: "/etc/passwd" })')).toBe('')
})
