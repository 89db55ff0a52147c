/**
 * Writes what was filled in, read by read, as JSON lines: for the replay against offline features. Never holds up a
 * prediction: lines wait in memory, are appended together, and are dropped and counted where too many wait. Old files go.
 */
import { appendFile, mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { FeatureRead, ServedFeature } from '#shared/online.ts'
import { servedFileName, servedFiles, servedFolder } from '../features/online/served-features.ts'
import { inTurns, type Steps } from '../kernel/turns.ts'

export interface ServedLogOptions {
  /** The folder of the log; made when there is something to write. */
  readonly path: string
  readonly now?: () => number
  readonly limits?: Partial<ServedLogLimits>
}

export interface ServedLogLimits {
  /** Lines in memory; beyond it they are dropped. */
  readonly waitingLines: number
  /** After which another file is begun. */
  readonly fileBytes: number
  /** Of one endpoint; the oldest go. */
  readonly files: number
}
const defaultLimits: ServedLogLimits = { waitingLines: 20_000, fileBytes: 16 * 1024 * 1024, files: 8 }

/** Rows whose lines are encoded at once: less than a millisecond. */
const stepRows = 128
/** Lines that come within this time are written together. */
const gatherMs = 200

/** Who served. */
export type ServedBy = Pick<ServedFeature, 'projectId' | 'endpoint' | 'revision' | 'model' | 'version'>

interface OpenFile {
  readonly name: string
  bytes: number
}

export class ServedFeaturesLog {
  readonly #path: string
  readonly #now: () => number
  readonly #limits: ServedLogLimits
  readonly #files = new Map<string, OpenFile>()
  #waiting: { endpoint: string; line: string }[] = []
  #writing: Promise<void> = Promise.resolve()
  #timer: NodeJS.Timeout | undefined
  /** Until the lines of large requests, which take more than one turn, are encoded. */
  readonly #encoding = new Set<Promise<void>>()
  #begun = 0
  #dropped = 0

  constructor({ path, now = Date.now, limits = {} }: ServedLogOptions) {
    this.#path = path
    this.#now = now
    this.#limits = { ...defaultLimits, ...limits }
  }

  /** Lines that were not written since the start: too many waited, or the disk did not take them. */
  get dropped(): number {
    return this.#dropped
  }

  add(by: ServedBy, reads: readonly (readonly FeatureRead[])[]): void {
    const encoded = inTurns(this.#encode(this.#now(), by, reads))
    if (!(encoded instanceof Promise)) return
    const done = encoded.finally(() => this.#encoding.delete(done))
    this.#encoding.add(done)
  }

  *#encode(at: number, by: ServedBy, rows: readonly (readonly FeatureRead[])[]): Steps<void> {
    for (const [row, reads] of rows.entries()) {
      if (row % stepRows === stepRows - 1) yield
      for (const read of reads) {
        if (this.#waiting.length >= this.#limits.waitingLines) {
          this.#dropped++
          continue
        }
        const served: ServedFeature = { at, ...by, ...read }
        this.#waiting.push({ endpoint: by.endpoint, line: `${JSON.stringify(served)}\n` })
        this.#timer ??= setTimeout(() => void this.#flush(), gatherMs).unref()
      }
    }
  }

  /** Writes what waits. Resolves once it is written. */
  async flush(): Promise<void> {
    await Promise.all(this.#encoding)
    await this.#flush()
  }

  #flush(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#writing = this.#writing.then(() => this.#write())
    return this.#writing
  }

  async #write(): Promise<void> {
    const lines = this.#waiting
    this.#waiting = []
    const byEndpoint = Map.groupBy(lines, ({ endpoint }) => endpoint)
    for (const [endpoint, own] of byEndpoint) {
      // A log that cannot be written must not fail the server that writes it.
      const text = own.map(({ line }) => line).join('')
      await this.#append(endpoint, text)
        .catch(() => {
          // Someone may have removed the file: another one is begun.
          this.#files.delete(endpoint)
          return this.#append(endpoint, text)
        })
        .catch(() => {
          this.#dropped += own.length
          this.#files.delete(endpoint)
        })
    }
  }

  async #append(endpoint: string, text: string): Promise<void> {
    const folder = servedFolder(this.#path, endpoint)
    const known = this.#files.get(endpoint)
    const file =
      known !== undefined && known.bytes < this.#limits.fileBytes ? known : await this.#begin(endpoint, folder)
    await appendFile(join(folder, file.name), text)
    file.bytes += Buffer.byteLength(text)
  }

  async #begin(endpoint: string, folder: string): Promise<OpenFile> {
    await mkdir(folder, { recursive: true })
    const old = await servedFiles(folder)
    for (const name of old.slice(0, Math.max(0, old.length + 1 - this.#limits.files))) await rm(join(folder, name))
    const file = { name: servedFileName(this.#now(), this.#begun++), bytes: 0 }
    this.#files.set(endpoint, file)
    return file
  }
}
