/** Starts runs when their triggers say so. What is due is decided in decide.ts; here are the timer, the files and the runs. */
import type { EngineEvent } from '#shared/events.ts'
import type { Project } from '#shared/projects.ts'
import type { Run } from '#shared/runs.ts'
import type { Trigger, TriggerState } from '#shared/triggers.ts'
import type { Clock } from '../kernel/clock.ts'
import { EsteiraError, toProblem } from '../kernel/errors.ts'
import type { EventBus } from '../kernel/events.ts'
import type { Logger } from '../kernel/logger.ts'
import { machineTimeZone, nextFiring } from '../kernel/schedule.ts'
import type { StartRequest } from '../pipelines/runs.ts'
import { decide } from './decide.ts'
import { TriggerFiles } from './trigger-files.ts'
import type { StoredTrigger, TriggerStore } from './trigger-store.ts'

export interface SchedulerOptions {
  readonly triggers: TriggerStore
  readonly projects: { list(): Promise<Project[]> }
  readonly runs: { start(request: StartRequest): Promise<Run>; get(id: string): Run }
  readonly events: EventBus
  readonly clock: Clock
  readonly logger: Logger
}

/** A timer does not run while the machine sleeps and knows nothing of a clock that is set: so it is never long. */
const longestWaitMs = 30_000
/** A file that has just been saved is often saved again. */
const afterChangeMs = 200
const shownDecisions = 10

export class Scheduler {
  readonly #options: SchedulerOptions
  readonly #files: TriggerFiles
  #timer: NodeJS.Timeout | undefined
  #unsubscribe: () => void = () => {}
  /** The look that is under way, or the last one. */
  #look: Promise<void> = Promise.resolve()
  #running = false
  #stopped = false

  constructor(options: SchedulerOptions) {
    this.#options = options
    this.#files = new TriggerFiles(options.triggers)
  }

  /** From now on runs are started when they are due. */
  start(): void {
    this.#running = true
    this.#unsubscribe = this.#options.events.subscribe((event) => this.#hear(event))
    this.#lookIn(0)
  }

  /** Returns once nothing is under way here any more. */
  async stop(): Promise<void> {
    this.#stopped = true
    this.#running = false
    clearTimeout(this.#timer)
    this.#unsubscribe()
    await this.#look
  }

  /** Reads the files that changed, and starts what is due. One look at a time. */
  look(): Promise<void> {
    this.#look = this.#look.then(() => this.#lookNow())
    return this.#look
  }

  /** Reads every file and the clock again. */
  async reread(): Promise<void> {
    this.#files.forget()
    await (this.#running ? this.look() : this.#readFiles())
  }

  async setPaused(paused: boolean): Promise<TriggerState> {
    const { triggers, clock } = this.#options
    if (paused) triggers.pause(clock())
    else triggers.resume(clock())
    this.#publish()
    if (!paused && this.#running) this.#lookIn(0)
    return this.list()
  }

  /** All triggers as the files say now, the next to fire first. */
  async list(): Promise<TriggerState> {
    await this.#readFiles()
    const { paused } = this.#options.triggers
    const triggers = this.#options.triggers.list().map((trigger) => this.#describe(trigger, paused))
    const never = Number.POSITIVE_INFINITY
    return { paused, triggers: triggers.sort((a, b) => (a.nextAt ?? never) - (b.nextAt ?? never)) }
  }

  #hear(event: EngineEvent): void {
    if (event.type === 'project-changed') this.#lookIn(afterChangeMs)
    // A run that was due may have waited for this one.
    if (event.type === 'run-changed' && event.run.finishedAt !== null && event.run.startedBy === 'schedule')
      this.#lookIn(0)
  }

  #lookIn(delayMs: number): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => {
      void this.look().then(() => {
        if (this.#running) this.#lookIn(this.#waitMs())
      })
    }, delayMs)
  }

  #waitMs(): number {
    const { triggers, clock } = this.#options
    const now = clock()
    const waits = triggers.list().map((trigger) => (nextAt(trigger, now) ?? now + longestWaitMs) - now)
    return Math.max(0, Math.min(longestWaitMs, ...waits))
  }

  /** Never rejects: what fails is tried again at the next look. */
  async #lookNow(): Promise<void> {
    const { triggers, logger } = this.#options
    try {
      await this.#readFiles()
      if (triggers.paused) return
      for (const trigger of triggers.list()) {
        if (this.#stopped) return
        await this.#settle(trigger)
      }
    } catch (error) {
      if (!this.#stopped) logger.error('the triggers could not be looked at', { error })
    }
  }

  async #readFiles(): Promise<void> {
    const { projects, clock } = this.#options
    if (await this.#files.update(await projects.list(), clock())) this.#publish()
  }

  async #settle(trigger: StoredTrigger): Promise<void> {
    const { triggers, clock } = this.#options
    const { schedule, missed } = trigger.spec
    const { decidedUntil, lastRunId } = trigger
    const runUnderWay = lastRunId !== null && this.#isUnderWay(lastRunId)
    const now = clock()
    const decision = decide({ schedule, missed, decidedUntil, runUnderWay, timeZone: timeZoneOf(trigger) }, now)
    if (decision.kind === 'wait' || decision.kind === 'hold') return
    if (decision.kind === 'rewind') triggers.planFrom(trigger.id, now)
    else if (decision.kind === 'start') await this.#startRun(trigger, decision)
    else {
      const { plannedAt } = decision
      triggers.record(trigger.id, { plannedAt, at: now, outcome: 'skipped', runId: null, problem: null })
    }
    this.#publish()
  }

  #isUnderWay(runId: string): boolean {
    try {
      return this.#options.runs.get(runId).finishedAt === null
    } catch {
      // It was cleaned up.
      return false
    }
  }

  /** The planned time is recorded in the transaction that makes the run: either both are there, or it is still due. */
  async #startRun(trigger: StoredTrigger, { plannedAt, late }: { plannedAt: number; late: boolean }): Promise<void> {
    const { triggers, runs, clock, logger } = this.#options
    const { id, projectId, pipeline, spec } = trigger
    try {
      await runs.start({
        projectId,
        pipeline,
        parameters: spec.parameters,
        startedBy: 'schedule',
        useCache: true,
        onCreate: (runId) => {
          if (this.#stopped || triggers.paused) throw new EsteiraError('cancelled', 'The triggers are held back.')
          const outcome = late ? 'started-late' : 'started'
          triggers.record(id, { plannedAt, at: clock(), outcome, runId, problem: null })
        },
      })
    } catch (error) {
      if (this.#stopped || triggers.paused) return
      logger.warning('a schedule could not start its run', { projectId, pipeline, error })
      triggers.record(id, { plannedAt, at: clock(), outcome: 'failed', runId: null, problem: toProblem(error) })
    }
  }

  #describe(trigger: StoredTrigger, paused: boolean): Trigger {
    const { id, projectId, pipeline, spec, lastAt, lastRunId } = trigger
    return {
      id,
      projectId,
      pipeline,
      kind: 'schedule',
      schedule: spec.schedule,
      timeZone: timeZoneOf(trigger),
      missed: spec.missed,
      parameters: spec.parameters,
      nextAt: paused ? null : (nextAt(trigger, this.#options.clock()) ?? null),
      lastAt,
      lastRunId,
      decisions: this.#options.triggers.decisions(id, shownDecisions),
    }
  }

  #publish(): void {
    this.#options.events.publish({ type: 'triggers-changed', at: this.#options.clock() })
  }
}

function timeZoneOf({ spec }: StoredTrigger): string {
  return spec.timeZone ?? machineTimeZone()
}

function nextAt(trigger: StoredTrigger, now: number): number | undefined {
  return nextFiring(trigger.spec.schedule, timeZoneOf(trigger), Math.max(trigger.decidedUntil, now))
}
