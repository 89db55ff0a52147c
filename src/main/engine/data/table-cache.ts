/**
 * Files made of datasets, to be read again quickly: Parquet copies and statistics. Each is named after all that it depends
 * on, so that it is never out of date; those that were not used for the longest time are removed when there are too many.
 */
import { mkdir, readdir, rename, rm, stat, utimes } from 'node:fs/promises'
import { join } from 'node:path'

export interface TableCacheOptions {
  /** Made when missing. */
  readonly folder: string
  readonly maxBytes: number
}

const unfinished = '.part'

export class TableCache {
  readonly #options: TableCacheOptions
  readonly #making = new Map<string, Promise<string>>()

  constructor(options: TableCacheOptions) {
    this.#options = options
  }

  /** Makes the folder and removes what an earlier process left unfinished. */
  async open(): Promise<void> {
    const { folder } = this.#options
    await mkdir(folder, { recursive: true })
    for (const name of await readdir(folder)) {
      if (name.endsWith(unfinished)) await rm(join(folder, name), { force: true })
    }
  }

  /** The path of the file, if it is there. */
  async find(name: string): Promise<string | undefined> {
    const path = join(this.#options.folder, name)
    const now = new Date()
    return await utimes(path, now, now).then(
      () => path,
      () => undefined,
    )
  }

  /**
   * The path of the file, which `make` writes if it is not there. Whoever asks while it is being made waits for the same file.
   */
  async file(name: string, make: (path: string) => Promise<void>): Promise<string> {
    const known = this.#making.get(name) ?? this.#make(name, make)
    this.#making.set(name, known)
    try {
      return await known
    } finally {
      this.#making.delete(name)
    }
  }

  async #make(name: string, make: (path: string) => Promise<void>): Promise<string> {
    const found = await this.find(name)
    if (found !== undefined) return found
    const path = join(this.#options.folder, name)
    const part = path + unfinished
    try {
      await make(part)
      await rename(part, path)
    } catch (error) {
      await rm(part, { force: true })
      throw error
    }
    await this.#evict(name)
    return path
  }

  /** Removes the least recently used files until the rest is small enough. The newest stays, whatever its size. */
  async #evict(newest: string): Promise<void> {
    const { folder, maxBytes } = this.#options
    const names = (await readdir(folder)).filter((name) => !name.endsWith(unfinished))
    const files = await Promise.all(
      names.map(async (name) => {
        const info = await stat(join(folder, name)).catch(() => undefined)
        return { name, bytes: info?.size ?? 0, usedAt: info?.mtimeMs ?? 0 }
      }),
    )
    let bytes = files.reduce((sum, file) => sum + file.bytes, 0)
    for (const file of files.sort((a, b) => a.usedAt - b.usedAt)) {
      if (bytes <= maxBytes) return
      if (file.name === newest) continue
      await rm(join(folder, file.name), { force: true })
      bytes -= file.bytes
    }
  }
}
