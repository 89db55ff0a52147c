/**
 * `npm run package`: builds everything and makes the installers for the platform that it runs on, in `dist/`. With `--dir`
 * only the folder of the application.
 */
import { execFileSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildPackage } from './package/build-package.ts'
import { findDistribution } from './package/electron-distribution.ts'
import { engineBundle, pagesAndShell } from './start/build.ts'

const appRoot = fileURLToPath(new URL('..', import.meta.url))

const electron = await findDistribution(appRoot)
if ('missing' in electron) giveUp(electron.missing)
// What an earlier build left behind would be packaged too.
rmSync(join(appRoot, 'out'), { recursive: true, force: true })
for (const { command } of [pagesAndShell, engineBundle]) {
  execFileSync(process.execPath, command, { cwd: appRoot, stdio: 'inherit' })
}
const folderOnly = process.argv.includes('--dir')
const made = await buildPackage({ appRoot, electron, folderOnly }).catch((error) => giveUp(firstLine(error)))
for (const path of made) console.log(relative(appRoot, path))

/** The tools that make installers are downloaded too, and say no more than this when they cannot be. */
function giveUp(reason: string): never {
  console.error(`No package was made: ${reason}.`)
  process.exit(1)
}

function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error)
  return text.split('\n')[0] ?? text
}
