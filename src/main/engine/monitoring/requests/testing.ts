/** For tests: a request log on disk, written by the parts that write it in the inference server, and questions to it. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Signature } from '#shared/models.ts'
import type { Feedback } from '#shared/requests.ts'
import { FeedbackLog } from '../../serving/request-log/feedback-log.ts'
import { RequestLog } from '../../serving/request-log/request-log.ts'
import { answeredRequest, servedModel } from '../../serving/request-log/testing.ts'
import { binarySignature } from '../../serving/testing.ts'
import type { LogPlace } from './ask.ts'

/** The time of the first request. */
export const firstAt = 1_000_000_000_000

export interface Answer {
  readonly id: string
  /** Of the positive class, or of each class, or the value. */
  readonly output: number | readonly number[]
  readonly at?: number
  readonly revision?: number
  readonly input?: Readonly<Record<string, unknown>>
  readonly role?: 'answered' | 'shadow'
}

export class TestLog {
  readonly place: LogPlace
  readonly signal = new AbortController().signal
  readonly log: RequestLog
  readonly #signature: Signature
  readonly #feedback: FeedbackLog
  /** When labels come; a second later each time. */
  now = firstAt + 60_000

  constructor(signature = binarySignature) {
    const folder = mkdtempSync(join(tmpdir(), 'esteira-requests-'))
    const logPath = join(folder, 'requests')
    this.place = { logPath, scratchPath: join(folder, 'scratch'), memoryLimitMb: 512 }
    mkdirSync(this.place.scratchPath)
    this.#signature = signature
    this.log = new RequestLog({ path: logPath, now: () => firstAt })
    this.#feedback = new FeedbackLog(logPath, () => this.now)
  }

  get folder(): string {
    return join(this.place.logPath, 'flights')
  }

  async answer(...answers: readonly Answer[]): Promise<void> {
    for (const { id, output, at = firstAt, revision = 1, input = { distance: 1 }, role = 'answered' } of answers) {
      const outputs =
        typeof output !== 'number' ? output : this.#signature.task === 'binary' ? [1 - output, output] : [output]
      const request = answeredRequest({
        id,
        at,
        role,
        rows: [input],
        outputs: [...outputs],
        signature: this.#signature,
      })
      this.log.answered(servedModel(revision, this.#signature), request)
    }
    await this.log.flush()
  }

  async label(...labels: readonly Feedback[]): Promise<void> {
    await this.#feedback.add('flights', labels)
    this.now += 1_000
  }

  /** Finishes what is open, as at the end of the server. */
  async close(): Promise<void> {
    await this.log.close()
    await this.#feedback.close()
  }

  remove(): void {
    rmSync(join(this.place.logPath, '..'), { recursive: true, force: true })
  }
}
