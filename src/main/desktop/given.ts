/** What the app is given to open: a folder, a file or a deep link, as an argument or by the system. */
import { statSync } from 'node:fs'
import { basename, dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { optionsWithValue } from './options.ts'
import { pageOfDeepLink, startPage } from './page-path.ts'

/** The arguments that are no options. Electron that runs an app from its sources takes the first as the app's own path. */
export function givenArguments(argv: readonly string[], isPackaged: boolean): string[] {
  const given = argv.filter((argument, index) => {
    const before = argv[index - 1]
    return index > 0 && !argument.startsWith('-') && !optionsWithValue.some((name) => name === before)
  })
  return given.slice(isPackaged ? 0 : 1)
}

/** The page for the first argument that means one. Relative paths begin at `folder`. */
export function pageOfArguments(given: readonly string[], folder: string): string | undefined {
  return given.map((argument) => pageOfArgument(argument, folder)).find((page) => page !== undefined)
}

function pageOfArgument(argument: string, folder: string): string | undefined {
  return /^esteira:/i.test(argument) ? pageOfDeepLink(argument) : pageOfPath(argument, folder)
}

/** Desktops on Linux pass files as `file:` addresses. */
export function pageOfPath(argument: string, folder: string): string | undefined {
  try {
    const path = argument.startsWith('file:') ? fileURLToPath(argument) : resolve(folder, argument)
    if (statSync(path).isDirectory()) return startPage('folder', path)
    return basename(path) === 'esteira.yaml' ? startPage('folder', dirname(path)) : startPage('file', path)
  } catch {
    return undefined
  }
}
