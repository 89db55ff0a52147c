/** The text files that people write in a project: read, written and deleted whole, never over changes that were not seen. */
import { createHash, randomBytes } from 'node:crypto'
import { chmod, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { ProjectTextFile } from '#shared/pipelines.ts'
import type { Clock } from '../kernel/clock.ts'
import { EsteiraError } from '../kernel/errors.ts'
import type { EventBus } from '../kernel/events.ts'
import { resolveTextFile } from './project-paths.ts'

/** What a person writes by hand is far below; an editor takes no more. */
export const maxTextBytes = 1_000_000

export interface TextFilesOptions {
  /** The absolute path of a project's folder. @throws EsteiraError `project-not-found` */
  readonly folderOf: (projectId: string) => string
  readonly events: EventBus
  readonly clock: Clock
}

export class TextFiles {
  readonly #options: TextFilesOptions
  /** Changes happen one after another: two that name the same hash cannot both find it. */
  #last: Promise<unknown> = Promise.resolve()

  constructor(options: TextFilesOptions) {
    this.#options = options
  }

  /** @throws EsteiraError `not-found`, `body-too-large`, `path-outside-project`, `invalid-request` */
  async read(projectId: string, path: string): Promise<ProjectTextFile> {
    const target = await resolveTextFile(this.#options.folderOf(projectId), path)
    const text = await readText(target, path)
    if (text !== undefined) return { path, text, sha256: sha256Of(text) }
    throw new EsteiraError('not-found', `The project has no file "${path}".`, { where: path })
  }

  /**
   * Writes the text as it is, even if it is no valid YAML yet. Folders on the way are made.
   * @param expected sha256 of the text that is replaced; null where there must be none
   * @throws EsteiraError `conflict` where the file holds something else, and as `read`
   */
  write(projectId: string, { path, text, expected }: WriteRequest): Promise<ProjectTextFile> {
    return this.#inTurn(async () => {
      const target = await resolveTextFile(this.#options.folderOf(projectId), path)
      checkSize(Buffer.byteLength(text), path)
      if (!text.isWellFormed() || text.includes('\0')) {
        throw new EsteiraError('invalid-request', 'The text holds characters that no text file can hold.', {
          where: path,
        })
      }
      await this.#checkUnchanged(target, path, expected)
      await writeAtomically(target, text)
      this.#publish(projectId)
      return { path, text, sha256: sha256Of(text) }
    })
  }

  /** @throws EsteiraError `not-found`, and as `write` */
  delete(projectId: string, { path, expected }: { path: string; expected: string }): Promise<void> {
    return this.#inTurn(async () => {
      const target = await resolveTextFile(this.#options.folderOf(projectId), path)
      await this.#checkUnchanged(target, path, expected)
      await rm(target)
      this.#publish(projectId)
    })
  }

  async #checkUnchanged(target: string, path: string, expected: string | null): Promise<void> {
    const text = await readText(target, path)
    const found = text === undefined ? null : sha256Of(text)
    if (found === expected) return
    if (found === null) {
      throw new EsteiraError('not-found', `The file "${path}" does not exist any more.`, {
        where: path,
        next: 'Save it as a new file, or leave it deleted.',
      })
    }
    throw new EsteiraError(
      'conflict',
      expected === null ? `There is already a file "${path}".` : `The file "${path}" was changed since it was read.`,
      { where: path, found, next: 'Read the file again and apply the change to what it holds now.' },
    )
  }

  #publish(projectId: string): void {
    const { events, clock } = this.#options
    events.publish({ type: 'project-changed', at: clock(), projectId })
  }

  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#last.then(work, work)
    this.#last = result.catch(() => undefined)
    return result
  }
}

interface WriteRequest {
  readonly path: string
  readonly text: string
  readonly expected: string | null
}

export function sha256Of(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/** Undefined where there is no such file. */
async function readText(target: string, path: string): Promise<string | undefined> {
  const entry = await stat(target).catch((error: unknown) => {
    if (isMissing(error)) return undefined
    throw error
  })
  if (entry === undefined) return undefined
  if (!entry.isFile()) throw new EsteiraError('invalid-request', `"${path}" is not a file.`, { where: path })
  checkSize(entry.size, path)
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(await readFile(target))
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause
    throw new EsteiraError('invalid-request', `The file "${path}" is not text in UTF-8.`, {
      where: path,
      next: 'Save it as UTF-8 in an editor.',
      cause,
    })
  }
}

function checkSize(bytes: number, path: string): void {
  if (bytes <= maxTextBytes) return
  throw new EsteiraError('body-too-large', `The file "${path}" is larger than a text of a project can be.`, {
    where: path,
    found: `${bytes} bytes`,
    allowed: `up to ${maxTextBytes} bytes`,
  })
}

/** A crash leaves the file of before or the new one, never a part. */
async function writeAtomically(target: string, text: string): Promise<void> {
  const folder = dirname(target)
  await mkdir(folder, { recursive: true })
  const temporary = join(folder, `.${basename(target)}.${randomBytes(6).toString('hex')}.tmp`)
  const mode = await stat(target).then(
    (entry) => entry.mode,
    () => undefined,
  )
  try {
    const file = await open(temporary, 'wx')
    try {
      await file.writeFile(text)
      await file.sync()
    } finally {
      await file.close()
    }
    if (mode !== undefined) await chmod(temporary, mode & 0o777)
    await rename(temporary, target)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')
}
