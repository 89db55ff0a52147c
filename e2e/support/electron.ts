/** A real Electron for the tests of the shell, and a screen for it where there is none. */
import { type ChildProcess, spawn } from 'node:child_process'
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

/** The shell on a home, attached to the engine that serves it. */
export function launchShell(
  home: string,
  display: string | undefined,
  extra: string[] = [],
): Promise<ElectronApplication> {
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : []
  return _electron.launch({
    executablePath: electronPath(),
    args: [
      ...asRoot,
      '--disable-gpu',
      '--lang=en-US',
      join(appRoot, 'e2e/support/start-shell.cjs'),
      '--home',
      home,
      ...extra,
    ],
    env: {
      ...process.env,
      ESTEIRA_ENGINE: 'attach',
      LANG: 'en_US.UTF-8',
      ...(display !== undefined && { DISPLAY: display }),
    },
  })
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
