/** Appends lines of one kind to the segments of an endpoint. Effects alone: when is decided elsewhere. */
import { appendFile, mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { revisionFile, type ServedRevision, segmentStem } from './segments.ts'

export interface SegmentLimits {
  /** After which another segment is begun. */
  readonly bytes: number
  readonly ageMs: number
}

interface OpenSegment {
  readonly stem: string
  readonly begunAt: number
  bytes: number
}

/** So that two segments begun in the same millisecond have names of their own. */
let begun = 0

export class SegmentWriter {
  readonly #folder: string
  readonly #of: ServedRevision | 'failed' | 'labels'
  readonly #limits: SegmentLimits
  #segment: OpenSegment | undefined

  constructor(folder: string, of: ServedRevision | 'failed' | 'labels', limits: SegmentLimits) {
    this.#folder = folder
    this.#of = of
    this.#limits = limits
  }

  /** Appends whole lines. What was written of them when this fails is never appended to. */
  async append(blocks: readonly Buffer[], now: number): Promise<void> {
    const known = this.#segment
    try {
      await this.#append(blocks, now)
    } catch (error) {
      await this.finish()
      // Someone removed the folder, and nothing was written: another one is begun.
      if (known === undefined || !isMissing(error)) throw error
      await this.#append(blocks, now).catch(async (again: unknown) => {
        await this.finish()
        throw again
      })
    }
  }

  async #append(blocks: readonly Buffer[], now: number): Promise<void> {
    const segment = this.#segment ?? (await this.#begin(now))
    const path = this.#path(segment, '.open.jsonl')
    // By name each time: a folder that someone removed must be noticed.
    for (const block of blocks) await appendFile(path, block)
    segment.bytes += blocks.reduce((sum, block) => sum + block.length, 0)
  }

  /** Lets others compact what is large or old enough. */
  async finishIfDue(now: number): Promise<void> {
    const { bytes = 0, begunAt = now } = this.#segment ?? {}
    if (bytes >= this.#limits.bytes || now - begunAt >= this.#limits.ageMs) await this.finish()
  }

  async finish(): Promise<void> {
    const segment = this.#segment
    this.#segment = undefined
    if (segment === undefined) return
    const path = this.#path(segment, '.open.jsonl')
    const done = segment.bytes === 0 ? rm(path, { force: true }) : rename(path, this.#path(segment, '.jsonl'))
    // What is not renamed now is renamed when the next server starts.
    await done.catch(() => undefined)
  }

  async #begin(now: number): Promise<OpenSegment> {
    await mkdir(this.#folder, { recursive: true })
    const of = this.#of
    if (typeof of === 'object') await writeWhole(join(this.#folder, revisionFile(of.revision)), of)
    const kind = typeof of === 'object' ? of.revision : of
    const segment = { stem: segmentStem(now, begun++, kind), begunAt: now, bytes: 0 }
    this.#segment = segment
    return segment
  }

  #path({ stem }: OpenSegment, ending: string): string {
    return join(this.#folder, stem + ending)
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}

/** Never seen half-written. */
async function writeWhole(path: string, content: unknown): Promise<void> {
  const temporary = `${path}.new`
  try {
    await writeFile(temporary, `${JSON.stringify(content)}\n`)
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined)
    throw error
  }
}
