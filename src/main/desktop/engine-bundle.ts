import { join } from 'node:path'

/** The launcher of the bundled engine, beside the main bundle: in a packaged app outside the archive, as a plain file. */
export function bundlePath(folderOfMain: string): string {
  return join(folderOfMain.replace(/([\\/]app\.asar)(?=[\\/])/, '$1.unpacked'), 'engine/cli/esteira.js')
}
