/**
 * Joins requests that arrive while a prediction is under way into the next call of the model: one call for sixteen rows
 * costs little more than one call for one row.
 */
import { EsteiraError } from '../kernel/errors.ts'
import type { Column, ColumnBatch } from '../tables/columns.ts'
import { RowCost } from './row-cost.ts'

/** Gives the outputs of a batch, row-major: as many numbers per row as the batcher's width. */
export type RunBatch = (batch: ColumnBatch) => Promise<Float64Array>

export interface BatchLimits {
  /** Rows in one call of the model at the most. */
  readonly callRows: number
  /**
   * How long a call may take, by what the rows of this model took before: so long the thread answers nobody else. It has a
   * turn for each model that is asked, so that one with a flood of requests takes its share of the thread and no more.
   */
  readonly callMs: number
  readonly waitingRequests: number
  /** A single request may pass this when nothing waits; the body limit bounds it. */
  readonly waitingRows: number
}
export const defaultLimits: BatchLimits = {
  callRows: 1_024,
  callMs: 10,
  waitingRequests: 2_000,
  waitingRows: 200_000,
}

interface Job {
  readonly batch: ColumnBatch
  readonly outputs: Float64Array
  /** By `performance.now()`: then nobody waits for the answer any more. */
  readonly deadline: number
  /** Rows given to the model so far. */
  taken: number
  failure: { readonly error: unknown } | undefined
  readonly resolve: (outputs: Float64Array) => void
  readonly reject: (error: unknown) => void
}

/** Rows `from` to `to` (exclusive) of a job. */
interface Slice {
  readonly job: Job
  readonly from: number
  readonly to: number
}

export class MicroBatcher {
  readonly #run: RunBatch
  readonly #width: number
  readonly #limits: BatchLimits
  #jobs: Job[] = []
  #waitingRows = 0
  #running = false
  #whenIdle: (() => void)[] = []
  #expiry: NodeJS.Timeout | undefined
  readonly #cost = new RowCost()

  /** `width`: outputs per row. */
  constructor(run: RunBatch, width: number, limits: BatchLimits = defaultLimits) {
    this.#run = run
    this.#width = width
    this.#limits = limits
  }

  get waitingRequests(): number {
    return this.#jobs.length
  }

  /**
   * The outputs of the rows, row-major.
   * @param deadline by `performance.now()`; what is not done by then is dropped
   * @throws EsteiraError `overloaded` when too much waits already, `deadline-passed`
   */
  submit(batch: ColumnBatch, deadline = Number.POSITIVE_INFINITY): Promise<Float64Array> {
    if (this.#isFull(batch.length)) return Promise.reject(this.#overloaded())
    if (performance.now() >= deadline) return Promise.reject(deadlinePassed())
    return new Promise((resolve, reject) => {
      const outputs = new Float64Array(batch.length * this.#width)
      this.#jobs.push({ batch, outputs, deadline, taken: 0, failure: undefined, resolve, reject })
      this.#waitingRows += batch.length
      if (this.#expiry === undefined && deadline < Number.POSITIVE_INFINITY) this.#watchFor(deadline)
      this.#start()
    })
  }

  #isFull(rows: number): boolean {
    const { waitingRequests, waitingRows } = this.#limits
    return this.#jobs.length >= waitingRequests || (this.#jobs.length > 0 && this.#waitingRows + rows > waitingRows)
  }

  #overloaded(): EsteiraError {
    return new EsteiraError('overloaded', 'Too many requests are waiting for this model.', {
      found: `${this.#jobs.length} requests with ${this.#waitingRows} rows`,
      allowed: `${this.#limits.waitingRequests} requests, ${this.#limits.waitingRows} rows`,
      next: 'Try again in a second, or send fewer requests at once.',
    })
  }

  /** One timer for all that wait: most are answered long before, and then there is nothing to put back. */
  #watchFor(deadline: number): void {
    this.#expiry = setTimeout(() => this.#expire(), Math.max(1, Math.ceil(deadline - performance.now())))
    this.#expiry.unref()
  }

  /** Whoever waited too long is told, and what is left of the work is dropped. A call under way is not waited for. */
  #expire(): void {
    this.#expiry = undefined
    const now = performance.now()
    const late = this.#jobs.filter(({ deadline }) => deadline <= now)
    if (late.length > 0) this.#jobs = this.#jobs.filter(({ deadline }) => deadline > now)
    for (const { batch, reject } of late) {
      this.#waitingRows -= batch.length
      reject(deadlinePassed())
    }
    const next = Math.min(...this.#jobs.map(({ deadline }) => deadline))
    if (next < Number.POSITIVE_INFINITY) this.#watchFor(next)
  }

  /** Resolves once nothing waits and nothing runs. */
  idle(): Promise<void> {
    if (!this.#running) return Promise.resolve()
    return new Promise((resolve) => this.#whenIdle.push(resolve))
  }

  #start(): void {
    if (this.#running) return
    this.#running = true
    // After the sockets that are readable now have been read: their requests join the first call.
    setImmediate(() => void this.#work())
  }

  async #work(): Promise<void> {
    while (this.#jobs.length > 0) {
      const { callRows, callMs } = this.#limits
      await this.#call(takeSlices(this.#jobs, this.#cost.rowsIn(callMs, callRows)))
      this.#settle()
      await new Promise(setImmediate)
    }
    this.#running = false
    for (const resolve of this.#whenIdle.splice(0)) resolve()
  }

  /** A call that fails is repeated request by request: rows that a model cannot take must not fail those of others. */
  async #call(slices: readonly Slice[]): Promise<void> {
    try {
      const batch = joinSlices(slices)
      const startedAt = performance.now()
      const outputs = await this.#run(batch)
      this.#cost.add(batch.length, performance.now() - startedAt)
      this.#deliver(slices, outputs)
    } catch (error) {
      const [only, ...others] = slices
      if (only !== undefined && others.length === 0) only.job.failure = { error }
      else for (const slice of slices) await this.#call([slice])
    }
  }

  #deliver(slices: readonly Slice[], outputs: Float64Array): void {
    let offset = 0
    for (const { job, from, to } of slices) {
      const size = (to - from) * this.#width
      job.outputs.set(outputs.subarray(offset, offset + size), from * this.#width)
      offset += size
    }
  }

  /** Takes the jobs that are done out of the queue; those served in part go behind those not yet served. */
  #settle(): void {
    const fresh: Job[] = []
    const partial: Job[] = []
    for (const job of this.#jobs) {
      const done = job.failure !== undefined || job.taken === job.batch.length
      if (!done) (job.taken === 0 ? fresh : partial).push(job)
      else {
        this.#waitingRows -= job.batch.length
        if (job.failure !== undefined) job.reject(job.failure.error)
        else job.resolve(job.outputs)
      }
    }
    this.#jobs = [...fresh, ...partial]
  }
}

/** @param deadline by `performance.now()` @throws EsteiraError `deadline-passed` */
export function checkDeadline(deadline: number): void {
  if (performance.now() >= deadline) throw deadlinePassed()
}

function deadlinePassed(): EsteiraError {
  return new EsteiraError('deadline-passed', 'The request was not answered within the time limit of the endpoint.', {
    next: 'Send fewer rows in a request, or raise the limit: esteira endpoints access <name> --time-limit <ms>.',
  })
}

/** An equal share of the call for each waiting job, so that a large request never holds up the small ones. */
function takeSlices(jobs: readonly Job[], callRows: number): Slice[] {
  const share = Math.max(1, Math.floor(callRows / jobs.length))
  const slices: Slice[] = []
  for (const job of jobs.slice(0, callRows)) {
    const from = job.taken
    job.taken = Math.min(job.batch.length, from + share)
    slices.push({ job, from, to: job.taken })
  }
  return slices
}

function joinSlices(slices: readonly Slice[]): ColumnBatch {
  const [first] = slices
  if (first === undefined) return { length: 0, columns: new Map() }
  if (slices.length === 1 && first.to - first.from === first.job.batch.length) return first.job.batch
  const length = slices.reduce((rows, slice) => rows + slice.to - slice.from, 0)
  const columns = new Map<string, Column>()
  for (const [name, { kind }] of first.job.batch.columns) {
    columns.set(name, kind === 'numeric' ? joinNumeric(slices, name, length) : joinText(slices, name))
  }
  return { length, columns }
}

function joinNumeric(slices: readonly Slice[], name: string, length: number): Column {
  const values = new Float64Array(length)
  let offset = 0
  for (const { job, from, to } of slices) {
    const column = job.batch.columns.get(name)
    if (column?.kind === 'numeric')
      values.set(to - from === 1 ? [column.values[from] ?? Number.NaN] : column.values.subarray(from, to), offset)
    offset += to - from
  }
  return { kind: 'numeric', values }
}

function joinText(slices: readonly Slice[], name: string): Column {
  const values: (string | null)[] = []
  for (const { job, from, to } of slices) {
    const column = job.batch.columns.get(name)
    for (let row = from; row < to; row++) values.push(column?.kind === 'text' ? (column.values[row] ?? null) : null)
  }
  return { kind: 'text', values }
}
