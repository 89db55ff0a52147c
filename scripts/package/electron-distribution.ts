import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { findElectron } from '../start/electron.ts'

/** An unpacked Electron, to make an application of. */
export interface ElectronDistribution {
  readonly folder: string
  readonly version: string
}

/** The Electron to package: the one that `npm start` would run. */
export async function findDistribution(appRoot: string): Promise<ElectronDistribution | { missing: string }> {
  const electron = await findElectron(appRoot)
  return 'missing' in electron ? electron : distributionOf(electron.path)
}

function distributionOf(executable: string): ElectronDistribution {
  // On macOS the executable lies in Electron.app/Contents/MacOS.
  const folder = process.platform === 'darwin' ? join(executable, '../../../..') : dirname(executable)
  return { folder, version: readFileSync(join(folder, 'version'), 'utf8').trim().replace(/^v/, '') }
}
