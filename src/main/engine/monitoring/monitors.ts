/**
 * The monitors of all projects: looks at each when its time has come, one at a time, stores what it finds, and tells of it
 * after the commit. Looks that were missed are made up once.
 */
import type { EngineEvent } from '#shared/events.ts'
import type { Monitor, MonitorList, MonitorState, Reading, ReadingEvidence, ReadingHistory } from '#shared/monitors.ts'
import type { Project } from '#shared/projects.ts'
import type { Clock } from '../kernel/clock.ts'
import { EsteiraError, nearestName } from '../kernel/errors.ts'
import type { EventBus } from '../kernel/events.ts'
import type { Logger } from '../kernel/logger.ts'
import type { Alerts } from './alerts/alerts.ts'
import { unitOf } from './checks/judge.ts'
import { type LookParts, lookAtMonitor } from './look-at-monitor.ts'
import { plannedBefore } from './looks/windows.ts'
import type { MonitorSurroundings } from './monitor-file.ts'
import { type MonitorFolder, readMonitor, readMonitors } from './monitor-folder.ts'
import { deployedEndpoints, yamlFiles } from './project-names.ts'
import { type ReadingStore, severityOf } from './reading-store.ts'

export interface MonitorsOptions extends Omit<LookParts, 'endpoints'> {
  readonly endpoints: LookParts['endpoints'] & { list(): readonly { readonly name: string }[] }
  readonly projects: { list(): Promise<Project[]>; get(id: string): Promise<Project> }
  readonly readings: ReadingStore
  readonly alerts: Pick<Alerts, 'observe' | 'forgetGone'>
  readonly events: EventBus
  readonly clock: Clock
  readonly logger: Logger
}

/** A timer does not run while the machine sleeps and knows nothing of a clock that is set: so it is never long. */
const longestWaitMs = 30_000
/** A file that has just been saved is often saved again. */
const afterChangeMs = 500
/** Sketches are kept so much longer than the longest window, for windows that are compared with the one before. */
const windowsKept = 3
const fewestHoursKeptMs = 7 * 86_400_000

export class Monitors {
  readonly #options: MonitorsOptions
  readonly #stopping = new AbortController()
  readonly #looking = new Map<string, { done: number; of: number }>()
  /** The look that is under way, or the last one. */
  #last: Promise<unknown> = Promise.resolve()
  #timer: NodeJS.Timeout | undefined
  /** All monitors, as they were last read. */
  #asked: readonly Monitor[] = []
  /** When the next look is planned. */
  #nextAt = Number.POSITIVE_INFINITY
  /** Planned looks that failed, so that they are not tried again and again. */
  readonly #failed = new Map<string, number>()
  #running = false
  #unsubscribe: () => void = () => {}

  constructor(options: MonitorsOptions) {
    this.#options = options
  }

  /** From now on monitors are looked at when their time comes. */
  start(): void {
    this.#running = true
    this.#unsubscribe = this.#options.events.subscribe((event) => this.#hear(event))
    this.#lookIn(afterChangeMs)
  }

  /** Returns once nothing is under way here any more. */
  async stop(): Promise<void> {
    this.#running = false
    clearTimeout(this.#timer)
    this.#unsubscribe()
    this.#stopping.abort(new EsteiraError('cancelled', 'The engine is stopping.'))
    await this.#last
  }

  /** @throws EsteiraError `project-not-found` */
  async list(query: { project?: string | undefined; endpoint?: string | undefined } = {}): Promise<MonitorList> {
    const folders = await this.#folders(query.project)
    return {
      monitors: folders
        .flatMap(({ project, monitors }) => monitors.map((monitor) => this.#state(project, monitor)))
        .filter(({ endpoint }) => query.endpoint === undefined || endpoint === query.endpoint),
      problems: folders.flatMap(({ project, problems }) =>
        problems.map((problem) => ({ ...problem, projectId: project.id })),
      ),
    }
  }

  /** @throws EsteiraError `project-not-found`, `monitor-not-found`, `monitor-invalid` */
  async get(projectId: string, name: string): Promise<MonitorState> {
    const project = await this.#options.projects.get(projectId)
    return this.#state(project, await this.#read(project, name))
  }

  /**
   * Looks now, whatever is planned: at the newest window, which a planned look may look at again.
   * @throws EsteiraError as `get`; the reason of the signal
   */
  async check(projectId: string, name: string, signal: AbortSignal): Promise<Reading[]> {
    const monitor = await this.#read(await this.#options.projects.get(projectId), name)
    return await this.#oneAtATime(() => this.#look(monitor, null, AbortSignal.any([signal, this.#stopping.signal])))
  }

  /** @throws EsteiraError as `get`; `monitor-not-found` for a check that is not there and never was */
  async history(
    projectId: string,
    name: string,
    check: string,
    query: { from?: number | undefined; to?: number | undefined; points: number },
  ): Promise<ReadingHistory> {
    const { readings } = this.#options
    const of = { projectId, monitor: name, check }
    const latest = readings.latest(of)
    const { kind, unit, estimate } = latest ?? (await this.#unread(projectId, name, check))
    return { monitor: name, check, kind, unit, estimate, ...readings.history(of, query) }
  }

  /** The newest reading of each check that was asked when the files were last read. */
  newest(): Reading[] {
    return this.#asked.flatMap(({ projectId, name, checks }) =>
      checks.flatMap((check) => this.#options.readings.latest({ projectId, monitor: name, check: check.name }) ?? []),
    )
  }

  /** @throws EsteiraError `reading-not-found` */
  evidence(id: string): ReadingEvidence {
    return this.#options.readings.evidence(id)
  }

  /** Looks at every monitor that is due. Never rejects: what fails is tried again with the next planned look. */
  lookAtDue(): Promise<void> {
    return this.#oneAtATime(async () => {
      try {
        const folders = await this.#folders(undefined)
        for (const folder of folders) this.#forgetGone(folder)
        const monitors = folders.flatMap((folder) => folder.monitors)
        this.#asked = monitors
        for (const monitor of monitors) await this.#lookIfDue(monitor)
        const now = this.#options.clock()
        this.#nextAt = Math.min(...monitors.map(({ everyMs }) => plannedBefore(everyMs, now) + everyMs))
      } catch (error) {
        if (!this.#stopping.signal.aborted) this.#options.logger.error('the monitors could not be read', { error })
      }
    })
  }

  /** Where a file has mistakes, it cannot be told what it no longer asks. */
  #forgetGone({ project, monitors, problems }: { readonly project: Project } & MonitorFolder): void {
    if (problems.length > 0) return
    const asked = new Map(monitors.map(({ name, checks }) => [name, new Set(checks.map((check) => check.name))]))
    this.#options.alerts.forgetGone(project.id, (monitor, check) => asked.get(monitor)?.has(check) ?? false)
  }

  async #lookIfDue(monitor: Monitor): Promise<void> {
    const { clock, logger } = this.#options
    const plannedAt = plannedBefore(monitor.everyMs, clock())
    if (this.#stopping.signal.aborted || plannedAt <= this.#lastPlanned(monitor)) return
    try {
      await this.#look(monitor, plannedAt, this.#stopping.signal)
    } catch (error) {
      if (this.#stopping.signal.aborted) return
      this.#failed.set(keyOf(monitor), plannedAt)
      logger.error('a monitor could not be looked at', { monitor: monitor.name, project: monitor.projectId, error })
    }
  }

  #lastPlanned(monitor: Monitor): number {
    const stored = this.#options.readings.lastLook(monitor.projectId, monitor.name)?.plannedAt
    return Math.max(stored ?? Number.NEGATIVE_INFINITY, this.#failed.get(keyOf(monitor)) ?? Number.NEGATIVE_INFINITY)
  }

  async #look(monitor: Monitor, plannedAt: number | null, signal: AbortSignal): Promise<Reading[]> {
    const { clock, readings, hours, events, alerts } = this.#options
    const now = clock()
    const tell = (done: number) => {
      this.#looking.set(keyOf(monitor), { done, of: monitor.checks.length })
      this.#publish()
    }
    tell(0)
    try {
      const time = { at: plannedAt ?? now, now }
      const looked = await lookAtMonitor(this.#options, monitor, time, { signal, onProgress: tell })
      const of = { projectId: monitor.projectId, monitor: monitor.name, plannedAt, at: now }
      const made = looked.readings.map(({ reading }) => reading)
      let tellings: (() => void)[] = []
      readings.add(of, looked.readings, () => {
        hours.put(monitor.endpoint, looked.hours)
        if (plannedAt !== null) hours.prune(monitor.endpoint, now - keptMs(monitor))
        tellings = made.map((reading) => alerts.observe(reading, monitor))
      })
      for (const reading of made) events.publish({ type: 'reading', at: now, reading })
      for (const tellAlert of tellings) tellAlert()
      return made
    } finally {
      this.#looking.delete(keyOf(monitor))
      this.#publish()
    }
  }

  async #folders(projectId: string | undefined): Promise<({ readonly project: Project } & MonitorFolder)[]> {
    const { projects } = this.#options
    const known = projectId === undefined ? await projects.list() : [await projects.get(projectId)]
    return await Promise.all(
      known
        .filter(({ available }) => available)
        .map(async (project) => ({ project, ...(await readMonitors(project, await this.#surroundings(project))) })),
    )
  }

  async #read(project: Project, name: string): Promise<Monitor> {
    return await readMonitor(project, name, await this.#surroundings(project))
  }

  async #surroundings({ path }: Project): Promise<MonitorSurroundings> {
    const { endpoints, registry } = this.#options
    const existing = endpoints.list().map(({ name }) => name)
    return {
      endpoints: [...new Set([...existing, ...(await deployedEndpoints(path))])].sort(),
      schemas: await yamlFiles(path, 'schemas'),
      inputs: (endpoint) => {
        const revision = endpoints.find(endpoint)?.revision
        if (revision === undefined || revision === null) return undefined
        return registry.getVersion(revision.model, revision.version).signature.inputs.map(({ name }) => name)
      },
    }
  }

  #state(project: Project, monitor: Monitor): MonitorState {
    const { readings, clock } = this.#options
    const latest = monitor.checks.map(({ name }) => ({
      check: name,
      reading: readings.latest({ projectId: project.id, monitor: monitor.name, check: name }),
    }))
    const statuses = latest.flatMap(({ reading }) => reading?.status ?? [])
    const last = readings.lastLook(project.id, monitor.name)
    const isDue = plannedBefore(monitor.everyMs, clock()) > this.#lastPlanned(monitor)
    return {
      ...monitor,
      project: project.name,
      status: statuses.sort((a, b) => severityOf(b) - severityOf(a))[0] ?? 'no-data',
      lastLookAt: last?.lookedAt ?? null,
      nextLookAt: isDue ? clock() : plannedBefore(monitor.everyMs, clock()) + monitor.everyMs,
      looking: this.#looking.get(keyOf(monitor)) ?? null,
      latest,
    }
  }

  /** What a check is about that has no reading yet. */
  async #unread(
    projectId: string,
    name: string,
    check: string,
  ): Promise<Pick<ReadingHistory, 'kind' | 'unit' | 'estimate'>> {
    const { checks } = await this.get(projectId, name)
    const found = checks.find((one) => one.name === check)
    if (found === undefined)
      throw noCheck(
        name,
        check,
        checks.map((one) => one.name),
      )
    const { spec } = found
    return { kind: spec.kind, unit: unitOf(spec), estimate: spec.kind === 'estimated-performance' }
  }

  #hear({ type }: EngineEvent): void {
    if (type === 'project-changed') this.#lookIn(afterChangeMs)
  }

  #lookIn(delayMs: number): void {
    if (!this.#running) return
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.lookAtDue().then(() => this.#lookIn(this.#waitMs())), delayMs)
  }

  #waitMs(): number {
    return Math.max(0, Math.min(longestWaitMs, this.#nextAt - this.#options.clock()))
  }

  #oneAtATime<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work)
    this.#last = done.catch(() => undefined)
    return done
  }

  #publish(): void {
    this.#options.events.publish({ type: 'monitors-changed', at: this.#options.clock() })
  }
}

function keyOf({ projectId, name }: Pick<Monitor, 'projectId' | 'name'>): string {
  return JSON.stringify([projectId, name])
}

function keptMs({ checks }: Monitor): number {
  return Math.max(fewestHoursKeptMs, ...checks.map(({ window }) => window.lengthMs * windowsKept))
}

function noCheck(monitor: string, check: string, known: readonly string[]): EsteiraError {
  const nearest = nearestName(check, known)
  return new EsteiraError('monitor-not-found', `The monitor "${monitor}" has no check "${check}".`, {
    found: check,
    allowed: known.join(', '),
    ...(nearest !== undefined && { nearest }),
  })
}
