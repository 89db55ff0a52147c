/** The shell and its engine: lost and found, started and started again, stopped last. */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ElectronApplication, expect } from '@playwright/test'
import { createClient } from '#shared/client.ts'
import { buildIfStale, engineBundle } from '../../scripts/start/build.ts'
import { whyNoElectron } from '../support/electron.ts'
import { appRoot } from '../support/engine.ts'
import { writeGatedProject } from '../support/seed.ts'
import { isVisible, seenOf, showsOverview, test } from '../support/shell.ts'

const missing = whyNoElectron()
test.skip(missing !== undefined, missing)

test('an engine that is lost is found again', async ({ window, shell, engine }) => {
  await window.getByRole('link', { name: 'Models', exact: true }).click()
  await engine.kill()
  await expect(window.getByRole('alert').filter({ hasText: 'Engine not reachable' })).toBeVisible()
  await expect.poll(async () => (await seenOf(shell)).trayText).toBe('Esteira: the engine is not reachable')
  await engine.startAgain()
  await expect(window.getByText('Engine connected')).toBeVisible({ timeout: 30_000 })
  await expect(window.getByRole('heading', { level: 1, name: 'Models' })).toBeVisible()
  expect(shell.windows()).toHaveLength(1)
})

test('a new token reaches the window by itself', async ({ window, engine }) => {
  await expect(window.getByText('Engine connected')).toBeVisible()
  engine.token = (await engine.client.call('rotateToken')).token
  await window.getByRole('link', { name: 'Runs', exact: true }).click()
  await expect(window.getByText('Engine connected')).toBeVisible()
  await expect(window.getByRole('heading', { level: 1, name: 'Runs' })).toBeVisible()
  await expect(window.getByText('No run yet')).toBeVisible()
})

test('without an engine the shell says how to start one, and shows what was asked for once it is there', async ({
  engine,
  launch,
}) => {
  await engine.kill()
  const shell = await launch({ home: engine.home, args: ['esteira://models'] })
  const window = await shell.firstWindow()
  await expect(window.getByRole('heading', { name: 'The engine is not reachable' })).toBeVisible()
  await expect(window.getByText(`npx esteira serve --home ${engine.home}`)).toBeVisible()
  await window.screenshot({ path: 'e2e/screenshots/electron-no-engine.png' })
  expect(await window.evaluate('typeof window.esteira')).toBe('undefined')
  // A locator would wait for the navigation, which the shell catches.
  await window.evaluate("document.querySelector('a[href*=copy]').click()")
  await expect.poll(() => shell.evaluate(({ clipboard }) => clipboard.readText())).toContain(`home: ${engine.home}`)
  await engine.startAgain()
  await window.evaluate("document.querySelector('a[href*=retry]').click()").catch(() => undefined)
  const title = () => window.evaluate("document.querySelector('h1')?.textContent").catch(() => undefined)
  await expect.poll(title, { timeout: 20_000 }).toBe('Models')
  // The way back does not lead to the page of the shell.
  const canGoBack = () =>
    shell.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.canGoBack())
  await expect.poll(canGoBack).toBe(false)
})

test('an engine that cannot start shows its log', async ({ launch }) => {
  await buildIfStale(appRoot, engineBundle)
  const home = await mkdtemp(join(tmpdir(), 'esteira-broken-'))
  const shell = await launch({ home, hosts: true, args: ['--port', 'none'] })
  const window = await shell.firstWindow()
  await expect(window.getByRole('heading', { name: 'The engine does not start' })).toBeVisible()
  await expect(window.getByText('A port is a number')).toBeVisible()
  await window.screenshot({ path: 'e2e/screenshots/electron-engine-fails.png' })
  await shell.close()
  await rm(home, { recursive: true, maxRetries: 5 })
})

test('it starts the engine, starts it again when it dies, asks before it ends runs, and stops it last', async ({
  launch,
}) => {
  await buildIfStale(appRoot, engineBundle)
  const home = await mkdtemp(join(tmpdir(), 'esteira-hosted-'))
  const ports = ['--port', '0', '--inference-port', '0']
  const shell = await launch({ home, hosts: true, args: ports })
  const window = await shell.firstWindow()
  await showsOverview(window)
  const first = await engineOf(home)
  process.kill(first.pid, 'SIGKILL')
  await expect.poll(async () => (await engineOf(home)).pid, { timeout: 30_000 }).not.toBe(first.pid)
  await expect(window.getByText('Engine connected')).toBeVisible({ timeout: 30_000 })

  const { client, pid } = await engineOf(home)
  const project = await client.call('addProject', { body: { path: await writeGatedProject(home, 10_000) } })
  const run = await client.call('startRun', { body: { projectId: project.id, pipeline: 'train' } })
  await expect.poll(async () => (await seenOf(shell)).trayText).toBe('Esteira: a run is under way')
  await answerQuitDialog(shell, 'Cancel')
  await expect.poll(() => questions(shell)).toBe(1)
  expect(await isVisible(shell)).toBe(true)
  await answerQuitDialog(shell, 'Keep running in the tray')
  await expect.poll(() => isVisible(shell)).toBe(false)
  expect((await client.call('getRun', { params: { id: run.id } })).status).toBe('running')

  const ended = shell.waitForEvent('close')
  await answerQuitDialog(shell, 'Quit').catch(() => undefined)
  await ended
  expect(() => process.kill(pid, 0)).toThrow()
  await rm(home, { recursive: true, maxRetries: 5 })
})

async function engineOf(home: string) {
  const { pid, controlUrl, token } = JSON.parse(await readFile(join(home, 'engine.json'), 'utf8'))
  const client = createClient((path, init) =>
    fetch(controlUrl + path, { ...init, headers: { ...init.headers, authorization: `Bearer ${token}` } }),
  )
  return { pid: Number(pid), client }
}

/** Quits as the menu does; whoever is asked gives this answer. */
function answerQuitDialog(shell: ElectronApplication, answer: string): Promise<void> {
  return shell.evaluate(({ app, dialog }, wanted) => {
    Reflect.set(dialog, 'showMessageBox', async (...args: { buttons?: string[] }[]) => {
      Reflect.set(globalThis, 'questions', (Reflect.get(globalThis, 'questions') ?? 0) + 1)
      return { response: args.at(-1)?.buttons?.indexOf(wanted), checkboxChecked: false }
    })
    app.quit()
  }, answer)
}

function questions(shell: ElectronApplication): Promise<number> {
  return shell.evaluate(() => Reflect.get(globalThis, 'questions') ?? 0)
}
