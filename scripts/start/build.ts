import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, globSync, statSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** What the build of the shell and the pages is made of. The engine runs from its sources. */
const sources = [
  'src/renderer/**',
  'src/preload/**',
  'src/shared/**',
  'src/main/index.ts',
  'src/main/desktop/**',
  'resources/icons/**',
  'electron.vite.config.ts',
  'package-lock.json',
] as const
const products = ['out/main/index.cjs', 'out/preload/index.cjs', 'out/renderer/index.html'] as const
/** Written after a build that succeeded: its time is that of the build's start. */
const stamp = 'out/.built'

/** @throws Error when the build fails */
export async function buildIfStale(appRoot: string): Promise<void> {
  if (!isStale(appRoot)) return
  console.log('Building the pages…')
  const startedAt = new Date()
  const vite = join(appRoot, 'node_modules/electron-vite/bin/electron-vite.js')
  const child = spawn(process.execPath, [vite, 'build', '--logLevel', 'warn'], { cwd: appRoot, stdio: 'inherit' })
  const [code] = await once(child, 'exit')
  if (code !== 0) throw new Error(`The build failed with exit code ${code}.`)
  await mkdir(join(appRoot, 'out'), { recursive: true })
  await writeFile(join(appRoot, stamp), `${startedAt.getTime()}\n`)
}

/** Whether a source is newer than the last build (a folder is when a file in it came or went), or a product is missing. */
export function isStale(appRoot: string): boolean {
  const builtAt = modifiedMs(join(appRoot, stamp))
  if (builtAt === undefined || products.some((path) => !existsSync(join(appRoot, path)))) return true
  return sources.some((pattern) =>
    globSync(pattern, { cwd: appRoot }).some((path) => (modifiedMs(join(appRoot, path)) ?? 0) > builtAt),
  )
}

function modifiedMs(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs
}
