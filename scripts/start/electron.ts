import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

export type FoundElectron = { readonly path: string } | { readonly missing: string }

const probeTimeoutMs = 4_000
/** About 110 MB; a line that needs longer is no reason to wait before the app shows. */
const downloadTimeoutMs = 90_000
const executables: Partial<Record<NodeJS.Platform, string>> = {
  darwin: 'Electron.app/Contents/MacOS/Electron',
  win32: 'electron.exe',
}

/** The Electron executable: the one that ELECTRON_OVERRIDE_DIST_PATH names, else the package's own, downloaded if it can be. */
export async function findElectron(appRoot: string): Promise<FoundElectron> {
  const executable = executables[process.platform] ?? 'electron'
  const folder = join(appRoot, 'node_modules/electron')
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH
  const path = override === undefined ? join(folder, 'dist', executable) : join(override, executable)
  if (existsSync(path)) return { path }
  if (override !== undefined) return { missing: `there is no Electron in ${override}` }
  if (!existsSync(join(folder, 'install.js'))) return { missing: 'Electron is not installed' }
  if (!(await canDownload(folder))) return { missing: 'the download of Electron cannot be reached' }
  console.log('Downloading Electron, once…')
  const downloaded = await download(folder)
  return downloaded && existsSync(path) ? { path } : { missing: 'the download of Electron did not finish' }
}

/** The major version of the Electron that an executable belongs to; 0 if it cannot be told. */
export function electronMajor(path: string): number {
  for (const folder of [dirname(path), join(path, '../../../..')]) {
    try {
      return Number.parseInt(readFileSync(join(folder, 'version'), 'utf8').replace(/^v/, ''), 10) || 0
    } catch {
      // Not here.
    }
  }
  return 0
}

async function canDownload(folder: string): Promise<boolean> {
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const mirror =
    process.env.ELECTRON_MIRROR ??
    process.env.npm_config_electron_mirror ??
    'https://github.com/electron/electron/releases/download/'
  try {
    const response = await fetch(`${mirror}v${version}/SHASUMS256.txt`, {
      method: 'HEAD',
      signal: AbortSignal.timeout(probeTimeoutMs),
    })
    return response.ok
  } catch {
    return false
  }
}

/** The package's own installer, with an end to its patience. */
async function download(folder: string): Promise<boolean> {
  const child = spawn(process.execPath, [join(folder, 'install.js')], { stdio: ['ignore', 'ignore', 'inherit'] })
  const timer = setTimeout(() => child.kill(), downloadTimeoutMs)
  const [code] = await once(child, 'exit')
  clearTimeout(timer)
  return code === 0
}
