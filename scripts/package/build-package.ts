import { build, type Configuration } from 'electron-builder'
import type { ElectronDistribution } from './electron-distribution.ts'

export interface PackageOptions {
  readonly appRoot: string
  readonly electron: ElectronDistribution
  /** Only the folder of the application, without the installers made of it. */
  readonly folderOnly: boolean
  /** Where to put it; `dist` by itself. */
  readonly output?: string
}

/** From here on Electron has the fuse that gives file:// pages more than a browser would; a fuse that is not there fails. */
const fileFuseSince = 29

/**
 * Packages what stands in `out/`, as `electron-builder.yml` says, for the platform that it runs on.
 *
 * @returns the paths of the installers
 */
export function buildPackage({ appRoot, electron, folderOnly, output }: PackageOptions): Promise<string[]> {
  const config: Configuration = {
    electronDist: electron.folder,
    electronVersion: electron.version,
    ...(output !== undefined && { directories: { output } }),
    ...(Number.parseInt(electron.version, 10) >= fileFuseSince && {
      electronFuses: { grantFileProtocolExtraPrivileges: false },
    }),
  }
  return build({ projectDir: appRoot, publish: 'never', ...(folderOnly && { dir: true }), config })
}
