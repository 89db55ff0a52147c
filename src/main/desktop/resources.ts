/** What comes with the app. */
import { join } from 'node:path'
import { app } from 'electron'

export const iconsFolder = join(__dirname, '../../resources/icons')
export const appIcon = join(iconsFolder, 'icon.png')

/** Beside the archive in a packaged app: other programs read it. */
export function documentationFolder(): string {
  return app.isPackaged ? join(process.resourcesPath, 'docs') : join(__dirname, '../../docs')
}
