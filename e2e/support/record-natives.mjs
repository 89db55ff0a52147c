/**
 * Loaded into an engine before anything else (`--import`), into its threads too: the file that ESTEIRA_NATIVES names then
 * holds the paths of all shared libraries and WebAssembly modules that it really used, one per line.
 */
import fs from 'node:fs'
import { isMainThread } from 'node:worker_threads'

const record = process.env.ESTEIRA_NATIVES
const append = fs.appendFileSync.bind(fs)
const note = (path) => append(record, `${path}\n`)

for (const name of ['readFile', 'readFileSync']) {
  const read = fs[name]
  fs[name] = (path, ...rest) => {
    if (String(path).endsWith('.wasm')) note(String(path))
    return read(path, ...rest)
  }
}
if (isMainThread) process.on('exit', () => process.report.getReport().sharedObjects.forEach(note))
