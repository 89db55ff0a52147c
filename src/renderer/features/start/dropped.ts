/** What was dropped on the app, and the page that goes on with it. */
import { desktop } from '../../lib/desktop.ts'
import { modelImportAddress, setModelFile } from '../models/import/model-file.ts'
import { startAddress } from './start-address.ts'
import { setWaitingFile } from './waiting-file.ts'

/**
 * The address to go on at; undefined where nothing usable was dropped. The shell knows the path of what was dropped; a
 * browser does not, so the file itself waits for the Start page to send it to the engine, as a model
 * always does for the Models page.
 */
export function openDropped(transfer: DataTransfer): string | undefined {
  const item = [...transfer.items].find(({ kind }) => kind === 'file')
  const file = item?.getAsFile()
  if (item === undefined || file === null || file === undefined) return undefined
  if (/\.onnx$/i.test(file.name)) {
    setModelFile(file)
    return modelImportAddress
  }
  const isFolder = item.webkitGetAsEntry()?.isDirectory ?? false
  const path = desktop?.pathOfFile(file)
  if (path) return startAddress(path, isFolder)
  if (isFolder) return '/start?folder='
  setWaitingFile(file)
  return '/start?file='
}
