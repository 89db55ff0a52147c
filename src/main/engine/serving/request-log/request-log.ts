/**
 * The request log as the inference thread writes it. No request ever waits for it: lines gather in memory and are appended
 * together; where the disk is slow, full or gone, they are dropped and counted, which is told once, until it takes them again.
 */
import { readdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import type { Signature } from '#shared/models.ts'
import {
  defaultRequestLogSettings,
  type RequestLogSettings,
  type RequestLogState,
  type RequestLogTrouble,
} from '#shared/requests.ts'
import { inTurns, type Steps } from '../../kernel/turns.ts'
import { LineBuffer } from './line-buffer.ts'
import { type AnsweredRequest, type EncodeRow, type FailedRequest, failureLine, rowEncoder } from './log-lines.ts'
import { isSampled } from './request-ids.ts'
import { type SegmentLimits, SegmentWriter } from './segment-writer.ts'
import { requestFolder } from './segments.ts'

/** What answered. */
export interface ServedModel {
  readonly model: string
  readonly version: number
  readonly revision: number
  readonly projectId: string
  readonly signature: Signature
}

export interface RequestLogLimits extends SegmentLimits {
  /** In memory, of all endpoints together; beyond it lines are dropped. */
  readonly waitingBytes: number
}
const defaultLimits: RequestLogLimits = { waitingBytes: 32 * 1024 * 1024, bytes: 32 * 1024 * 1024, ageMs: 3_600_000 }

/** Lines that come within this time are appended together: what a kill can lose. */
const gatherMs = 250
/** After a failure the disk is left alone for this long. */
const retryMs = 1_000
/** Trouble is over once nothing was dropped for this long: a disk that is almost full does not tell again and again. */
const calmMs = 3_000

export interface RequestLogOptions {
  /** The folder of the log; made when there is something to write. */
  readonly path: string
  readonly now?: () => number
  readonly limits?: Partial<RequestLogLimits>
  /** Told when trouble begins and when it ends. */
  readonly onState?: (state: RequestLogState) => void
}

/** The lines of one revision, or of the failures, of an endpoint. */
interface Stream {
  readonly buffer: LineBuffer
  readonly writer: SegmentWriter
  readonly encode: EncodeRow
}

interface EndpointLog {
  readonly settings: RequestLogSettings
  readonly streams: Map<number, Stream>
}

const failures = -1
/** Records that are encoded at once: less than a millisecond. */
const stepRows = 128
/** Rows of requests whose records are still being encoded; those of another large request are dropped. */
const maxEncodingRows = 400_000

export class RequestLog {
  readonly #options: RequestLogOptions
  readonly #now: () => number
  readonly #limits: RequestLogLimits
  readonly #endpoints = new Map<string, EndpointLog>()
  #waitingBytes = 0
  #timer: NodeJS.Timeout | undefined
  #writing: Promise<void> = Promise.resolve()
  #isWriting = false
  #retryAt = 0
  #droppedAt = 0
  #writtenAt = 0
  /** Until the records of large requests, which take more than one turn, are encoded. */
  readonly #encoding = new Set<Promise<void>>()
  #encodingRows = 0
  #trouble: RequestLogTrouble | null = null
  #dropped = 0
  #written = 0

  constructor(options: RequestLogOptions) {
    this.#options = options
    this.#now = options.now ?? Date.now
    this.#limits = { ...defaultLimits, ...options.limits }
    finishOrphans(options.path)
  }

  get state(): RequestLogState {
    return { trouble: this.#trouble, dropped: this.#dropped }
  }

  /** Records that were written. */
  get written(): number {
    return this.#written
  }

  /** From the next request on. */
  set(endpoint: string, settings: RequestLogSettings): void {
    const before = this.#endpoints.get(endpoint)
    this.#endpoints.set(endpoint, { settings, streams: new Map() })
    if (before !== undefined) this.#writing = this.#writing.then(() => this.#end(before))
  }

  /** One record for each row of a request that was answered. */
  answered(served: ServedModel, request: AnsweredRequest): void {
    const { on, sampleRate } = this.#of(request.endpoint).settings
    if (!on || (sampleRate < 1 && !isSampled(request.id, sampleRate))) return
    const { length } = request.batch
    if (this.#encodingRows > 0 && this.#encodingRows + length > maxEncodingRows) {
      this.#drop(length, tooMuch)
      return
    }
    const encoded = inTurns(this.#encode(served, request))
    if (!(encoded instanceof Promise)) return
    this.#encodingRows += length
    const done = encoded.finally(() => {
      this.#encoding.delete(done)
      this.#encodingRows -= length
    })
    this.#encoding.add(done)
  }

  *#encode(served: ServedModel, request: AnsweredRequest): Steps<void> {
    for (let from = 0; from < request.batch.length; from += stepRows) {
      if (from > 0) yield
      // The settings may have changed since.
      const log = this.#of(request.endpoint)
      if (!log.settings.on) return
      const stream = log.streams.get(served.revision) ?? this.#open(request.endpoint, log, served)
      const to = Math.min(from + stepRows, request.batch.length)
      for (let row = from; row < to; row++) this.#add(stream, stream.encode(request, row))
    }
  }

  failed(request: FailedRequest): void {
    const log = this.#of(request.endpoint)
    const { on, sampleRate } = log.settings
    if (!on || !isSampled(request.id, sampleRate)) return
    this.#add(log.streams.get(failures) ?? this.#open(request.endpoint, log, undefined), failureLine(request))
  }

  /** Writes what waits. Resolves once it is written or dropped. */
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

  /** Writes what waits and finishes all segments. */
  async close(): Promise<void> {
    this.#retryAt = 0
    await this.flush()
    clearTimeout(this.#timer)
    for (const log of this.#endpoints.values()) for (const { writer } of log.streams.values()) await writer.finish()
  }

  #of(endpoint: string): EndpointLog {
    let log = this.#endpoints.get(endpoint)
    if (log === undefined) {
      log = { settings: defaultRequestLogSettings, streams: new Map() }
      this.#endpoints.set(endpoint, log)
    }
    return log
  }

  #open(endpoint: string, log: EndpointLog, served: ServedModel | undefined): Stream {
    const { redact } = log.settings
    const { revision = failures, model = '', version = 0, projectId = '' } = served ?? {}
    const signature = served?.signature ?? { inputs: [], target: '', task: 'regression', classes: [] }
    const described = { revision, model, version, projectId, signature, redacted: [...redact] }
    const stream: Stream = {
      buffer: new LineBuffer(),
      writer: new SegmentWriter(
        requestFolder(this.#options.path, endpoint),
        served === undefined ? 'failed' : described,
        this.#limits,
      ),
      encode: rowEncoder(signature, redact),
    }
    log.streams.set(revision, stream)
    return stream
  }

  #add({ buffer }: Stream, line: string): void {
    if (this.#waitingBytes + line.length > this.#limits.waitingBytes) {
      this.#drop(1, tooMuch)
      return
    }
    const before = buffer.bytes
    buffer.add(line)
    this.#waitingBytes += buffer.bytes - before
    this.#schedule()
  }

  #schedule(): void {
    if (this.#isWriting) return
    this.#timer ??= setTimeout(() => void this.#flush(), gatherMs).unref()
  }

  async #write(): Promise<void> {
    this.#isWriting = true
    const now = this.#now()
    if (now >= this.#retryAt) {
      const streams = [...this.#endpoints.values()].flatMap((log) => [...log.streams.values()])
      for (const stream of streams) await this.#writeStream(stream, now)
    }
    this.#isWriting = false
    this.#recover()
    const mayRecover = this.#trouble !== null && this.#writtenAt > this.#droppedAt
    if (this.#waitingBytes > 0 || mayRecover) this.#schedule()
  }

  async #writeStream({ buffer, writer }: Stream, now: number): Promise<void> {
    // The disk was asked a moment ago, for another stream, and did not take it: what waits goes on waiting.
    if (now < this.#retryAt) return
    const { blocks, lines, bytes } = buffer.take()
    if (lines > 0) {
      try {
        await writer.append(blocks, now)
        this.#written += lines
        this.#writtenAt = this.#now()
      } catch (error) {
        this.#retryAt = this.#now() + retryMs
        this.#drop(lines, troubleOf(error))
      }
      this.#waitingBytes -= bytes
    }
    await writer.finishIfDue(now)
  }

  /** Of settings that hold no more. */
  async #end({ streams }: EndpointLog): Promise<void> {
    for (const stream of streams.values()) {
      await this.#writeStream(stream, Math.max(this.#now(), this.#retryAt))
      await stream.writer.finish()
    }
  }

  #drop(lines: number, trouble: Omit<RequestLogTrouble, 'since'>): void {
    this.#dropped += lines
    this.#droppedAt = this.#now()
    if (this.#trouble !== null) return
    this.#trouble = { since: this.#now(), ...trouble }
    this.#options.onState?.(this.state)
  }

  #recover(): void {
    const isCalm = this.#writtenAt > this.#droppedAt && this.#now() - this.#droppedAt >= calmMs
    if (this.#trouble === null || !isCalm || this.#waitingBytes > this.#limits.waitingBytes / 2) return
    this.#trouble = null
    this.#options.onState?.(this.state)
  }
}

const tooMuch: Omit<RequestLogTrouble, 'since'> = {
  kind: 'slow',
  message: 'The disk takes the request log more slowly than requests come.',
}

function troubleOf(error: unknown): Omit<RequestLogTrouble, 'since'> {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  const message = error instanceof Error ? error.message : String(error)
  return { kind: code === 'ENOSPC' || code === 'EDQUOT' ? 'disk-full' : 'unwritable', message }
}

/** What a server that was killed left open is finished before this one opens anything: its last line may be cut short. */
function finishOrphans(path: string): void {
  for (const folder of namesIn(path)) {
    for (const name of namesIn(join(path, folder)).filter((each) => each.endsWith('.open.jsonl'))) {
      const open = join(path, folder, name)
      try {
        renameSync(open, open.replace(/\.open\.jsonl$/, '.jsonl'))
      } catch {
        // It is read as it is, and finished by the next server.
      }
    }
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
