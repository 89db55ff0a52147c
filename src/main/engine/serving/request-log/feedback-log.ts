/** Labels as they come to the inference server: appended to segments beside the request log, and answered once they are. */
import { durationMs } from '#shared/durations.ts'
import type { Feedback } from '#shared/requests.ts'
import { asEsteiraError } from '../../kernel/errors.ts'
import { type SegmentLimits, SegmentWriter } from './segment-writer.ts'
import { requestFolder } from './segments.ts'

const limits: SegmentLimits = { bytes: 16 * 1024 * 1024, ageMs: 3_600_000 }

export class FeedbackLog {
  readonly #path: string
  readonly #now: () => number
  readonly #writers = new Map<string, SegmentWriter>()
  #writing: Promise<unknown> = Promise.resolve()
  /** Tells which of several that came in the same millisecond was the last. */
  #count = 0

  /** @param path the folder of the request log */
  constructor(path: string, now: () => number = Date.now) {
    this.#path = path
    this.#now = now
  }

  /** Resolves once they are written. @throws EsteiraError `disk-full`, `internal` */
  add(endpoint: string, labels: readonly Feedback[]): Promise<void> {
    const now = this.#now()
    const text = labels.map((label) => `${JSON.stringify(labelRecord(label, now, this.#count++))}\n`).join('')
    return this.#enqueue(async () => {
      const writer = this.#writer(endpoint)
      await writer.append([Buffer.from(text)], now).catch((error: unknown) => {
        throw asEsteiraError(error)
      })
      await writer.finishIfDue(now)
    })
  }

  async close(): Promise<void> {
    await this.#enqueue(async () => {
      for (const writer of this.#writers.values()) await writer.finish()
    })
  }

  #writer(endpoint: string): SegmentWriter {
    let writer = this.#writers.get(endpoint)
    if (writer === undefined) {
      writer = new SegmentWriter(requestFolder(this.#path, endpoint), 'labels', limits)
      this.#writers.set(endpoint, writer)
    }
    return writer
  }

  #enqueue(work: () => Promise<void>): Promise<void> {
    const done = this.#writing.then(work)
    this.#writing = done.catch(() => undefined)
    return done
  }
}

function labelRecord(feedback: Feedback, now: number, seq: number) {
  const common = { label: String(feedback.label), receivedAt: now, seq }
  if ('id' in feedback) return { id: feedback.id, row: feedback.row, ...common }
  const { entity, at = now, within } = feedback
  const time = typeof at === 'number' ? at : Date.parse(at)
  return { entity, time, withinMs: durationMs(within), ...common }
}
