/** Data files that a browser sent, each in a folder of its own under the home until a project is made of it. */
import { createWriteStream } from 'node:fs'
import { mkdir, readdir, realpath, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join, sep } from 'node:path'
import { type Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { EsteiraError } from '../kernel/errors.ts'
import { newId } from '../kernel/ids.ts'

export const maxUploadBytes = 4 * 1024 ** 3
const maxNameBytes = 200
/** What nobody made a project of. */
const keptForMs = 7 * 24 * 3_600_000
const unfinished = '.part'

export class Uploads {
  readonly #folder: string
  readonly #maxBytes: number

  /** `folder` is made when it is first needed. */
  constructor(folder: string, maxBytes: number = maxUploadBytes) {
    this.#folder = folder
    this.#maxBytes = maxBytes
  }

  /**
   * Streams the file to disk; one that does not come whole leaves nothing behind.
   * @throws EsteiraError `body-too-large`, `invalid-request` for a name that names no file or an empty file
   */
  async receive(name: string, content: Readable): Promise<{ path: string; bytes: number }> {
    const fileName = plainFileName(name)
    const folder = join(this.#folder, newId())
    const path = join(folder, fileName)
    let bytes = 0
    const count = new Transform({
      transform: (chunk: Buffer, _, done) => {
        bytes += chunk.length
        done(bytes > this.#maxBytes ? tooLarge(this.#maxBytes) : null, chunk)
      },
    })
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 })
      await pipeline(content, count, createWriteStream(path + unfinished, { mode: 0o600 }))
      if (bytes === 0) throw new EsteiraError('invalid-request', 'The uploaded file is empty.', { found: fileName })
      await rename(path + unfinished, path)
      return { path, bytes }
    } catch (error) {
      await rm(folder, { recursive: true, force: true })
      throw error
    }
  }

  /** Whether the path is that of an uploaded file, links resolved. */
  async holds(path: string): Promise<boolean> {
    const [root, file] = await Promise.all([this.#folder, path].map((one) => realpath(one).catch(() => undefined)))
    if (root === undefined || !file?.startsWith(root + sep)) return false
    return file.slice(root.length + 1).split(sep).length === 2
  }

  /** How `find` names an uploaded file, from its path. @throws EsteiraError `not-found` where it is none */
  async nameOf(path: string): Promise<string> {
    if (await this.holds(path)) return join(basename(dirname(path)), basename(path))
    throw notUploaded(path)
  }

  /** The path of an uploaded file. @throws EsteiraError `not-found` */
  async find(upload: string): Promise<string> {
    const path = join(this.#folder, upload)
    if (await this.holds(path)) return path
    throw notUploaded(upload)
  }

  /** Removes what an engine that was killed left half-received, and what nobody used for a week. */
  async cleanUp(now: number): Promise<void> {
    for (const id of await readdir(this.#folder).catch(() => [])) {
      const folder = join(this.#folder, id)
      const names = await readdir(folder).catch(() => [])
      const { mtimeMs } = await stat(folder)
      const whole = names.some((name) => !name.endsWith(unfinished))
      if (!whole || mtimeMs < now - keptForMs) await rm(folder, { recursive: true, force: true })
    }
  }
}

/**
 * The last part of a name as any system writes paths, without what file systems forbid; bounded in length, the extension kept.
 * @throws EsteiraError `invalid-request` where nothing is left
 */
export function plainFileName(name: string): string {
  const last = name.split(/[\\/]/).at(-1) ?? ''
  const clean = last
    .normalize('NFC')
    .replace(/[\p{Cc}<>:"|?*]/gu, '_')
    .replace(/^[.\s]+|[.\s]+$/g, '')
  if (clean === '')
    throw new EsteiraError('invalid-request', 'The upload names no file.', { where: 'query.name', found: name })
  const extension = /\.[^.]{1,20}$/.exec(clean)?.[0] ?? ''
  let stem = clean.slice(0, clean.length - extension.length)
  while (Buffer.byteLength(stem + extension) > maxNameBytes) stem = stem.slice(0, -1)
  return stem + extension
}

function notUploaded(found: string): EsteiraError {
  return new EsteiraError('not-found', 'There is no such uploaded file.', {
    found,
    next: 'Upload the file again: uploads are kept for a week.',
  })
}

function tooLarge(maxBytes: number): EsteiraError {
  return new EsteiraError('body-too-large', 'The file is larger than an upload may be.', {
    allowed: `up to ${maxBytes} bytes`,
    next: 'Make the project from the command line, which reads files where they are: esteira init.',
  })
}
