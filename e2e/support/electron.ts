/** A real Electron for the tests of the shell, and a screen for it where there is none. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { _electron, type ElectronApplication } from '@playwright/test'
import { appRoot } from './engine.ts'

/** Set where a missing Electron is a failure and not a reason to skip. */
const required = process.env.ESTEIRA_REQUIRE_ELECTRON !== undefined

function electronPath(): string {
  const folder = process.env.ELECTRON_OVERRIDE_DIST_PATH ?? join(appRoot, 'node_modules/electron/dist')
  const names = { darwin: 'Electron.app/Contents/MacOS/Electron', win32: 'electron.exe' }
  return join(
    folder,
    process.platform === 'darwin' || process.platform === 'win32' ? names[process.platform] : 'electron',
  )
}

/** Why no Electron can run here; undefined where one can. @throws Error where one is required */
export function whyNoElectron(): string | undefined {
  const path = electronPath()
  const reason = existsSync(path) ? undefined : `there is no Electron at ${path}`
  if (reason !== undefined && required) throw new Error(`The shell cannot be tested: ${reason}.`)
  if (reason !== undefined) console.warn(`Tests of the shell are skipped: ${reason}.`)
  return reason
}

export interface ShellOptions {
  readonly home: string
  readonly display: string | undefined
  /** Beside the home. */
  readonly args?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** Starts the engine itself, under the Node of the tests, instead of attaching to one. */
  readonly hosts?: boolean
}

export function launchShell(options: ShellOptions): Promise<ElectronApplication> {
  return _electron.launch({ executablePath: electronPath(), args: argumentsOf(options), env: environmentOf(options) })
}

/** Starts the shell on a home that has one already: it hands over what it was given, and ends. */
export async function startSecondShell(options: ShellOptions): Promise<void> {
  const second = spawn(electronPath(), argumentsOf(options), { env: environmentOf(options), stdio: 'ignore' })
  await once(second, 'exit')
}

function argumentsOf({ home, args = [] }: ShellOptions): string[] {
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : []
  const entry = join(appRoot, 'e2e/support/start-shell.cjs')
  return [...asRoot, '--disable-gpu', '--lang=en-US', entry, '--home', home, ...args]
}

function environmentOf({ display, hosts = false, env = {} }: ShellOptions): Record<string, string> {
  const inherited = Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]))
  return {
    ...Object.fromEntries(inherited),
    ...(hosts ? { ESTEIRA_TEST_NODE: process.execPath } : { ESTEIRA_ENGINE: 'attach' }),
    LANG: 'en_US.UTF-8',
    ...(display !== undefined && { DISPLAY: display }),
    ...env,
  }
}

export interface Screen {
  readonly display: string | undefined
  close(): void
}

/** A virtual screen where the machine has no real one. */
export async function openScreen(): Promise<Screen> {
  const { DISPLAY, WAYLAND_DISPLAY } = process.env
  if (process.platform !== 'linux' || DISPLAY || WAYLAND_DISPLAY) return { display: DISPLAY, close: () => undefined }
  const server = spawn('Xvfb', ['-displayfd', '1', '-screen', '0', '1400x900x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  return { display: `:${await firstLine(server)}`, close: () => void server.kill() }
}

async function firstLine(child: ChildProcess): Promise<string> {
  const failed = new Promise<never>((_, reject) => child.once('error', reject))
  const read = (async () => {
    let text = ''
    for await (const chunk of child.stdout ?? []) {
      text += String(chunk)
      if (text.includes('\n')) return text.trim()
    }
    throw new Error('Xvfb ended before it was ready.')
  })()
  return Promise.race([read, failed])
}
