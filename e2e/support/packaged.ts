/** Reads what a packaged application is made of. */
import { globSync, readFileSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import { z } from 'zod'

interface Entry {
  readonly files?: Readonly<Record<string, Entry>> | undefined
  readonly unpacked?: boolean | undefined
}
const entrySchema: z.ZodType<Entry> = z.lazy(() =>
  z.object({ files: z.record(z.string(), entrySchema).optional(), unpacked: z.boolean().optional() }),
)

/** Where the JSON header of an asar archive begins; the four bytes before tell its length. */
const headerAt = 16

/** The paths of the files that lie in an asar archive itself, not beside it. */
export function filesInArchive(archive: string): string[] {
  const bytes = readFileSync(archive)
  const header = bytes.toString('utf8', headerAt, headerAt + bytes.readUInt32LE(headerAt - 4))
  return packedFiles(entrySchema.parse(JSON.parse(header)), '')
}

function packedFiles({ files, unpacked }: Entry, path: string): string[] {
  if (files === undefined) return unpacked === true ? [] : [path]
  return Object.entries(files).flatMap(([name, entry]) => packedFiles(entry, path === '' ? name : `${path}/${name}`))
}

/** The paths of the files in a folder, relative to it. */
export function filesIn(folder: string, pattern = '**/*'): string[] {
  return globSync(pattern, { cwd: folder, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
}

export function sizeOf(folder: string): number {
  return filesIn(folder).reduce((bytes, path) => bytes + statSync(join(folder, path)).size, 0)
}

/** What precedes the fuses in the executable: https://github.com/electron/fuses. */
const sentinel = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX'

/** The fuses of an Electron executable in their order, each `on`, `off` or gone. */
export function fusesOf(executable: string): string[] {
  const bytes = readFileSync(executable)
  const at = bytes.indexOf(sentinel) + sentinel.length
  const fuses = bytes.toString('latin1', at + 2, at + 2 + bytes.readUInt8(at + 1))
  return [...fuses].map((fuse) => (fuse === '1' ? 'on' : fuse === '0' ? 'off' : 'gone'))
}
