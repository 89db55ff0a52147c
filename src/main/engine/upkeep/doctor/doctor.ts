/** Examines a home while its engine runs: in a thread of its own, with progress; repairs follow one by one. */
import type { Examination, Finding } from '#shared/doctor.ts'
import type { Clock } from '../../kernel/clock.ts'
import { EsteiraError, toProblem } from '../../kernel/errors.ts'
import type { Home } from '../../kernel/home.ts'
import { doJob } from '../jobs.ts'
import { type RemakeParts, Remaker } from './remake.ts'
import { repair } from './repair.ts'

export interface DoctorParts extends RemakeParts {
  readonly home: Home
  readonly clock: Clock
}

/** What others depend on first: rows, then artifacts, whose inputs are made on the way. */
const order: readonly Finding['kind'][] = [
  'integrity',
  'derived-rows',
  'foreign-key',
  'artifact-missing',
  'file-corrupt',
  'file-missing',
  'artifact-hash',
  'cache-entry',
  'orphan-file',
]

export class Doctor {
  readonly #parts: DoctorParts
  readonly #abort = new AbortController()
  #latest: Examination | undefined
  #underWay: Promise<void> | undefined

  constructor(parts: DoctorParts) {
    this.#parts = parts
  }

  /** Returns at once. Asked again while it is under way, it answers how far that is. */
  start(repairs: boolean): Examination {
    if (this.#underWay === undefined) {
      const { clock } = this.#parts
      this.#latest = {
        ...{
          startedAt: clock(),
          finishedAt: null,
          repairs,
          progress: 0,
          artifacts: 0,
          files: 0,
          bytes: 0,
          foreignKeys: 0,
        },
        ...{ findings: [], problem: null },
      }
      this.#underWay = this.#work(repairs)
        .catch((error: unknown) => this.#note({ problem: toProblem(error) }))
        .finally(() => {
          this.#note({ finishedAt: clock() })
          this.#underWay = undefined
        })
    }
    return this.latest()
  }

  /** @throws EsteiraError `not-found` before the first */
  latest(): Examination {
    if (this.#latest !== undefined) return this.#latest
    throw new EsteiraError('not-found', 'Nothing was examined since the engine started.', {
      next: 'Start an examination first.',
    })
  }

  async ended(): Promise<Examination> {
    await this.#underWay
    return this.latest()
  }

  async stop(): Promise<void> {
    this.#abort.abort(new EsteiraError('cancelled', 'The engine is stopping.'))
    await this.#underWay
  }

  async #work(repairs: boolean): Promise<void> {
    const { home, clock } = this.#parts
    const { signal } = this.#abort
    const job = { name: 'examine', homePath: home.path, now: clock() } as const
    const examined = await doJob(job, signal, (progress) => this.#note({ progress }))
    this.#note({ ...examined, progress: 1, findings: [...examined.findings] })
    if (!repairs) return
    const context = { ...this.#parts, remaker: new Remaker(this.#parts), signal }
    const left = examined.findings.toSorted((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind))
    const done: Finding[] = []
    for (const finding of left) {
      signal.throwIfAborted()
      done.push(await repair(finding, context))
      this.#note({ findings: [...done, ...left.slice(done.length)] })
    }
  }

  #note(change: Partial<Examination>): void {
    if (this.#latest !== undefined) this.#latest = { ...this.#latest, ...change }
  }
}
