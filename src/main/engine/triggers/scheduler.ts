/**
 * Starts runs when their triggers say so. What is due is decided in decide.ts, from what observer.ts sees; here are the
 * timer, the files, the runs, and one look at a time.
 */
import type { EngineEvent } from '#shared/events.ts'
import type { Project } from '#shared/projects.ts'
import type { Run } from '#shared/runs.ts'
import type { RunTrigger, Trigger, TriggerCheck, TriggerDecisionPage, TriggerState } from '#shared/triggers.ts'
import type { Clock } from '../kernel/clock.ts'
import { EsteiraError } from '../kernel/errors.ts'
import type { EventBus } from '../kernel/events.ts'
import type { Logger } from '../kernel/logger.ts'
import type { StartRequest } from '../pipelines/runs.ts'
import { ruleOf } from '../pipelines/trigger-rule.ts'
import { DataWatcher } from './data-watcher.ts'
import { type Decision, decide, decideByHand } from './decide.ts'
import { describeTrigger, nextAt } from './describe.ts'
import type { Observer } from './observer.ts'
import { Starter } from './starter.ts'
import { checkOf, triggerNotFound } from './trigger-answers.ts'
import { TriggerFiles } from './trigger-files.ts'
import type { StoredTrigger, TriggerStore } from './trigger-store.ts'

export interface SchedulerOptions {
  readonly triggers: TriggerStore
  readonly projects: { list(): Promise<Project[]> }
  readonly runs: { start(request: StartRequest): Promise<Run>; get(id: string): Run }
  readonly observer: Observer
  readonly events: EventBus
  readonly clock: Clock
  readonly logger: Logger
  /** Ends measurements that go on. */
  readonly closeMeasurer: () => Promise<void>
}

/** A timer does not run while the machine sleeps and knows nothing of a clock that is set: so it is never long. */
const longestWaitMs = 30_000
/** A file that has just been saved is often saved again, and many runs may end at once. */
const afterChangeMs = 200
/** However many files come, there is one look in this time. */
const afterDataMs = 500
/** Data that changes while it is measured is measured again, but not for ever. */
const maxAttempts = 5

export class Scheduler {
  readonly #options: SchedulerOptions
  readonly #files: TriggerFiles
  readonly #starter: Starter
  readonly #watcher = new DataWatcher(() => this.#lookIn(afterDataMs))
  #timer: NodeJS.Timeout | undefined
  #timerAt = Number.POSITIVE_INFINITY
  #unsubscribe: () => void = () => {}
  /** The look that is under way, or the last one. */
  #last: Promise<unknown> = Promise.resolve()
  readonly #measuring = new Map<string, Promise<void>>()
  /** By trigger: when its last decision may change by time alone. */
  readonly #wakeAt = new Map<string, number>()
  #running = false
  #stopped = false

  constructor(options: SchedulerOptions) {
    this.#options = options
    this.#files = new TriggerFiles(options.triggers)
    this.#starter = new Starter({ ...options, isHeldBack: (id) => this.#isHeldBack(id) })
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
    this.#watcher.close()
    this.#unsubscribe()
    await this.#options.closeMeasurer()
    await this.#last
    await Promise.all(this.#measuring.values())
  }

  /** Reads the files that changed, and starts what is due. One look at a time. What must be measured comes with a later one. */
  look(): Promise<void> {
    return this.#oneAtATime(() => this.#lookNow())
  }

  /** Looks until nothing is left to be measured. */
  async lookThrough(): Promise<void> {
    await this.look()
    for (let attempt = 0; attempt < maxAttempts && this.#measuring.size > 0; attempt++) {
      await Promise.all(this.#measuring.values())
      await this.look()
    }
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
    this.#changed(!paused)
    return this.list()
  }

  async setTriggerPaused(id: string, paused: boolean): Promise<Trigger> {
    const { triggers, clock } = this.#options
    await this.get(id)
    if (paused) triggers.pauseOne(id, clock())
    else triggers.resumeOne(id, clock())
    this.#changed(!paused)
    return this.get(id)
  }

  /** All triggers as the files say now, the next to fire first. */
  async list(): Promise<TriggerState> {
    await this.#readFiles()
    const { triggers } = this.#options
    const never = Number.POSITIVE_INFINITY
    const described = triggers.list().map((trigger) => this.#describe(trigger))
    return {
      paused: triggers.paused,
      triggers: described.sort((a, b) => (a.nextAt ?? never) - (b.nextAt ?? never)),
    }
  }

  /** @throws EsteiraError `trigger-not-found` */
  async get(id: string): Promise<Trigger> {
    return this.#describe(await this.#stored(id))
  }

  async history(id: string, query: { limit: number; cursor?: string | undefined }): Promise<TriggerDecisionPage> {
    await this.#stored(id)
    const before = query.cursor === undefined ? undefined : Number(query.cursor)
    if (before !== undefined && !Number.isSafeInteger(before)) {
      throw new EsteiraError('invalid-request', 'The cursor is not one that a list of decisions gave.', {
        where: 'query.cursor',
        found: query.cursor ?? '',
      })
    }
    return this.#options.triggers.decisions.page(id, { limit: query.limit, before })
  }

  /** The decision that started a run; null where no trigger did. @throws EsteiraError `run-not-found` */
  ofRun(runId: string): RunTrigger | null {
    const { triggers, runs } = this.#options
    const { id } = runs.get(runId)
    const found = triggers.decisions.ofRun(id)
    return found === undefined ? null : { ...found, exists: triggers.find(found.triggerId) !== undefined }
  }

  /** What would be decided now, and why. Nothing is started, and nothing remembered. */
  async check(id: string): Promise<TriggerCheck> {
    const { trigger, decision } = await this.#decideMeasured(await this.#stored(id), decide)
    return checkOf(decision, trigger, this.#isHeldBack(id))
  }

  /**
   * Starts a run at once, whatever the conditions say, and gives it all that is new.
   * @throws EsteiraError `trigger-not-found`, `conflict` while a run of the pipeline goes on, and what starting a run throws
   */
  async fire(id: string, actor: string): Promise<Run> {
    for (let attempt = 0; attempt < maxAttempts; attempt++) {
      await this.#decideMeasured(await this.#stored(id), decideByHand)
      const run = await this.#oneAtATime(async () => {
        const trigger = await this.#stored(id)
        const decision = await this.#decideNow(trigger, decideByHand)
        return decision.kind === 'measure' ? undefined : await this.#starter.fire(trigger, decision, actor)
      })
      if (run === undefined) continue
      this.#publish()
      return run
    }
    throw changesAllTheTime()
  }

  #hear(event: EngineEvent): void {
    if (event.type === 'project-changed') this.#lookIn(afterChangeMs)
    // A champion moved; or a run ended, for which another one may have waited.
    if (event.type === 'model-changed') this.#lookIn(afterDataMs)
    if (event.type === 'alert-changed' || event.type === 'reading') this.#lookIn(afterChangeMs)
    if (event.type === 'run-changed' && event.run.finishedAt !== null) this.#lookIn(afterChangeMs)
  }

  /** The sooner of two looks counts: many changes one after another put none of them off. */
  #lookIn(delayMs: number): void {
    const at = performance.now() + delayMs
    if (!this.#running || at >= this.#timerAt) return
    clearTimeout(this.#timer)
    this.#timerAt = at
    this.#timer = setTimeout(() => {
      this.#timerAt = Number.POSITIVE_INFINITY
      void this.look().then(() => this.#lookIn(this.#waitMs()))
    }, delayMs)
  }

  #waitMs(): number {
    const { triggers, clock } = this.#options
    const now = clock()
    const waits = triggers
      .list()
      .map((trigger) => (nextAt(trigger, this.#wakeAt.get(trigger.id), now) ?? now + longestWaitMs) - now)
    return Math.max(0, Math.min(longestWaitMs, ...waits))
  }

  #oneAtATime<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work)
    this.#last = done.catch(() => undefined)
    return done
  }

  /** Never rejects: what fails is tried again at the next look. */
  async #lookNow(): Promise<void> {
    const { triggers, logger } = this.#options
    this.#starter.beginLook()
    try {
      await this.#readFiles()
      if (this.#running) this.#watcher.watch(await this.#options.observer.folders(triggers.list()))
      for (const trigger of triggers.list()) {
        if (this.#isHeldBack(trigger.id)) continue
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
    const decision = await this.#decideNow(trigger, decide)
    if (decision.kind === 'measure') return this.#measure(trigger, decision)
    this.#wakeAt.delete(trigger.id)
    if (decision.wakeAt !== undefined) this.#wakeAt.set(trigger.id, decision.wakeAt)
    // A pause or an edit that came meanwhile counts: the next look decides afresh.
    if (this.#isHeldBack(trigger.id) || !this.#isUnchanged(trigger)) return
    if (await this.#starter.settle(trigger, decision)) this.#publish()
  }

  async #decideNow(trigger: StoredTrigger, how: typeof decide): Promise<Decision> {
    const { observer, clock } = this.#options
    const signals = await observer.look(trigger)
    return how(ruleOf(trigger.spec), trigger.memory, signals, clock())
  }

  async #decideMeasured(
    trigger: StoredTrigger,
    how: typeof decide,
  ): Promise<{ trigger: StoredTrigger; decision: Exclude<Decision, { kind: 'measure' }> }> {
    for (let attempt = 0; attempt < maxAttempts; attempt++) {
      const decision = await this.#decideNow(trigger, how)
      if (decision.kind !== 'measure') return { trigger, decision }
      for (const leaf of decision.leaves) await this.#options.observer.measure(trigger, leaf)
    }
    throw changesAllTheTime()
  }

  /** Beside the looks, so that schedules do not wait for it. */
  #measure(trigger: StoredTrigger, { leaves }: Extract<Decision, { kind: 'measure' }>): void {
    const { observer, logger } = this.#options
    if (this.#measuring.has(trigger.id)) return
    const measure = async () => {
      try {
        for (const leaf of leaves) await observer.measure(trigger, leaf)
      } catch (error) {
        if (!this.#stopped) logger.error('a trigger could not measure', { trigger: trigger.id, error })
      } finally {
        this.#measuring.delete(trigger.id)
        this.#lookIn(0)
      }
    }
    this.#measuring.set(trigger.id, measure())
  }

  #isHeldBack(id: string): boolean {
    const { triggers } = this.#options
    return this.#stopped || triggers.paused || (triggers.find(id)?.pausedAt ?? null) !== null
  }

  #isUnchanged(trigger: StoredTrigger): boolean {
    const now = this.#options.triggers.find(trigger.id)
    return JSON.stringify([now?.spec, now?.memory]) === JSON.stringify([trigger.spec, trigger.memory])
  }

  async #stored(id: string): Promise<StoredTrigger> {
    await this.#readFiles()
    const { triggers } = this.#options
    const trigger = triggers.find(id)
    if (trigger !== undefined) return trigger
    throw triggerNotFound(id, triggers.list())
  }

  #describe(trigger: StoredTrigger): Trigger {
    const { triggers, clock } = this.#options
    return describeTrigger(trigger, {
      now: clock(),
      paused: triggers.paused,
      decision: triggers.decisions.latest(trigger.id),
      wakeAt: this.#wakeAt.get(trigger.id),
    })
  }

  #changed(lookNow: boolean): void {
    this.#publish()
    if (lookNow) this.#lookIn(0)
  }

  #publish(): void {
    this.#options.events.publish({ type: 'triggers-changed', at: this.#options.clock() })
  }
}

function changesAllTheTime(): EsteiraError {
  return new EsteiraError('conflict', 'The data changes faster than it can be looked at.', {
    next: 'Try again when nothing writes to it.',
  })
}
