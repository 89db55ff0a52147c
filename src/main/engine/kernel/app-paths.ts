import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder of the application: the one with package.json above this file, in the sources as in a bundle. */
export const appRoot: string = findUp(dirname(fileURLToPath(import.meta.url)))

/** What comes with the application: samples, icons, schemas. */
export const resourcesPath: string = join(appRoot, 'resources')

/** The built UI. */
export const uiPath: string = join(appRoot, 'out', 'renderer')

function findUp(folder: string): string {
  if (existsSync(join(folder, 'package.json'))) return folder
  const parent = dirname(folder)
  if (parent === folder) throw new Error('package.json of the application is not found')
  return findUp(parent)
}
