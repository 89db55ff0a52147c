import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, globSync, statSync } from 'node:fs'
import { mkdir, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

export interface BuildTarget {
  readonly name: string
  /** Globs of what it is made of. */
  readonly sources: readonly string[]
  readonly products: readonly string[]
  /** Written after a build that succeeded: its time is that of the build's start. */
  readonly stamp: string
  /** Arguments of Node. */
  readonly command: readonly string[]
}

const common = ['src/shared/**', 'package-lock.json']

export const pagesAndShell: BuildTarget = {
  name: 'the pages and the shell',
  sources: [
    ...common,
    'src/renderer/**',
    'src/preload/**',
    'src/main/index.ts',
    'src/main/desktop/**',
    'resources/icons/**',
    'electron.vite.config.ts',
  ],
  products: ['out/main/index.cjs', 'out/preload/index.cjs', 'out/renderer/index.html'],
  stamp: 'out/.built-pages',
  command: ['node_modules/electron-vite/bin/electron-vite.js', 'build', '--logLevel', 'warn'],
}

/** Only for a shell that hosts the engine: everything else runs it from its sources. */
export const engineBundle: BuildTarget = {
  name: 'the engine for the shell',
  sources: [...common, 'src/main/engine/**', 'engine.vite.config.ts'],
  products: ['out/main/engine/cli/esteira.js'],
  stamp: 'out/.built-engine',
  command: ['node_modules/vite/bin/vite.js', 'build', '--config', 'engine.vite.config.ts', '--logLevel', 'warn'],
}

/** @throws Error when the build fails */
export async function buildIfStale(appRoot: string, target: BuildTarget): Promise<void> {
  if (!isStale(appRoot, target)) return
  console.log(`Building ${target.name}…`)
  const startedAt = new Date()
  const child = spawn(process.execPath, target.command, { cwd: appRoot, stdio: 'inherit' })
  const [code] = await once(child, 'exit')
  if (code !== 0) throw new Error(`Building ${target.name} failed with exit code ${code}.`)
  await mkdir(join(appRoot, 'out'), { recursive: true })
  await writeFile(join(appRoot, target.stamp), '')
  // What changed while it was under way is not in it.
  await utimes(join(appRoot, target.stamp), startedAt, startedAt)
}

/** Whether a source is newer than the last build (a folder is when a file in it came or went), or a product is missing. */
export function isStale(appRoot: string, { stamp, products, sources }: BuildTarget): boolean {
  const builtAt = modifiedMs(join(appRoot, stamp))
  if (builtAt === undefined || products.some((path) => !existsSync(join(appRoot, path)))) return true
  return sources.some((pattern) =>
    globSync(pattern, { cwd: appRoot }).some((path) => (modifiedMs(join(appRoot, path)) ?? 0) > builtAt),
  )
}

function modifiedMs(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs
}
