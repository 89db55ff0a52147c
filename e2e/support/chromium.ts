import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import type { LaunchOptions } from '@playwright/test'

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
const macOsPath = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'

/** Nothing is asked of the network, and the graphics are drawn in software. */
const quietFlags = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-quic',
  '--no-first-run',
]
const softwareGraphics = ['--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader']

/** A real Chromium: the one that CHROMIUM_PATH names, an installed one, else the one that comes through npm. */
export async function chromiumLaunchOptions(): Promise<LaunchOptions> {
  const executablePath = process.env.CHROMIUM_PATH ?? installedChromium() ?? (await packagedChromium())
  // Chromium does not run as root with its sandbox.
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox', '--no-zygote'] : []
  return { executablePath, args: [...quietFlags, ...softwareGraphics, ...asRoot] }
}

function installedChromium(): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter)
  const candidates = [...folders.flatMap((folder) => names.map((name) => join(folder, name))), macOsPath]
  return candidates.find((path) => existsSync(path))
}

async function packagedChromium(): Promise<string> {
  // The package brings the system libraries that Chromium needs, and unpacks them where it believes it must.
  if (!hasBrowserLibraries()) process.env.AWS_LAMBDA_JS_RUNTIME ??= 'nodejs22.x'
  const { default: chromium } = await import('@sparticuz/chromium')
  return chromium.executablePath()
}

/** Whether this Linux has the libraries that a desktop browser brings along; a server often has not. */
function hasBrowserLibraries(): boolean {
  try {
    return execFileSync('ldconfig', ['-p'], { encoding: 'utf8' }).includes('libnss3.so')
  } catch {
    return false
  }
}
