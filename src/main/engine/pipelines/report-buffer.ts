import type { EngineEvent } from '#shared/events.ts'
import type { LogLine, MetricPoint, StepExecution } from '#shared/runs.ts'
import type { Clock } from '../kernel/clock.ts'
import type { EventBus } from '../kernel/events.ts'
import type { RunStore } from './run-store.ts'
import type { StepReport } from './step-messages.ts'

/** How long reports gather before they are written and told. */
const intervalMs = 100

export interface ReportBufferParts {
  readonly runs: RunStore
  readonly events: EventBus
  readonly clock: Clock
}

/** Gathers what the steps of a run report, so that a talkative step costs ten transactions and events a second at most. */
export class ReportBuffer {
  readonly #runId: string
  readonly #runs: RunStore
  readonly #events: EventBus
  readonly #clock: Clock
  readonly #guard: (write: () => void) => void
  readonly #progress = new Map<string, StepExecution>()
  #lines: Omit<LogLine, 'sequence'>[] = []
  #points: MetricPoint[] = []
  #timer: NodeJS.Timeout | undefined

  /** `guard` runs the timed writes and deals with a store that does not take them. */
  constructor(runId: string, parts: ReportBufferParts, guard: (write: () => void) => void) {
    this.#runId = runId
    this.#runs = parts.runs
    this.#events = parts.events
    this.#clock = parts.clock
    this.#guard = guard
  }

  add(step: string, report: Exclude<StepReport, { kind: 'progress' }>): void {
    if (report.kind === 'log') this.#lines.push({ step, at: report.at, level: report.level, text: report.text })
    else {
      const value = Number.isFinite(report.value) ? report.value : null
      this.#points.push({ step, name: report.name, index: report.index, value, at: report.at })
    }
    this.#flushLater()
  }

  /** Progress is told, never stored. */
  progress(step: StepExecution): void {
    this.#progress.set(step.name, step)
    this.#flushLater()
  }

  /** A step that has ended has no progress to tell any more. */
  forgetProgress(step: string): void {
    this.#progress.delete(step)
  }

  /**
   * Stores what has gathered together with what `alongside` stores, all or nothing, then tells of both. What cannot be
   * stored, as on a full disk, is kept for the next time.
   */
  flush(alongside: () => readonly EngineEvent[] = () => []): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const events = this.#runs.transaction(() => [...this.#write(), ...alongside()])
    this.#lines = []
    this.#points = []
    for (const event of events) this.#events.publish(event)
  }

  #flushLater(): void {
    this.#timer ??= setTimeout(() => this.#guard(() => this.flush()), intervalMs)
  }

  #write(): EngineEvent[] {
    const at = this.#clock()
    const runId = this.#runId
    const events: EngineEvent[] = []
    if (this.#lines.length > 0) events.push({ type: 'log', at, runId, lines: this.#runs.appendLog(runId, this.#lines) })
    if (this.#points.length > 0) {
      this.#runs.saveMetrics(runId, this.#points)
      events.push({ type: 'metrics', at, runId, points: this.#points })
    }
    for (const step of this.#progress.values()) events.push({ type: 'step-changed', at, runId, step })
    this.#progress.clear()
    return events
  }
}
