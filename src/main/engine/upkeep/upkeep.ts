/** Settings, disk use, clean-up and diagnostics of a home: what its caretaker needs, as the faces see it. */
import { arch, availableParallelism, homedir, platform, release, totalmem } from 'node:os'
import { join } from 'node:path'
import type {
  CleanUpPreview,
  CleanUpReport,
  Diagnostics,
  DiskUse,
  SettingsChange,
  SettingsState,
} from '#shared/settings.ts'
import type { Clock } from '../kernel/clock.ts'
import type { EventBus } from '../kernel/events.ts'
import type { Home } from '../kernel/home.ts'
import type { Logger } from '../kernel/logger.ts'
import { esteiraVersion } from '../kernel/version.ts'
import type { Store } from '../store/store.ts'
import { cleanUp } from './clean-up.ts'
import { doJob } from './jobs.ts'
import type { KeepingRules } from './keeping.ts'
import { lastLines } from './log-tail.ts'
import { redact, type Secrets } from './redact.ts'
import { SettingsStore } from './settings-store.ts'

/** Where a server of the running engine listens, and whether the command line chose its port. */
export interface PortInUse {
  readonly inUse: number | null
  readonly fromCommandLine: boolean
}

export interface UpkeepOptions {
  readonly store: Store
  readonly home: Home
  readonly events: EventBus
  readonly clock: Clock
  readonly logger: Logger
  readonly ports: () => { control: PortInUse; inference: PortInUse }
  readonly startedAt: number
  /** The folders of the projects, which diagnostics do not show. */
  readonly projectFolders: () => Promise<string[]>
}

const dayMs = 24 * 60 * 60_000
/** After the start, which is busy enough. */
const firstCleanUpMs = 30_000
/** A measurement answers requests for this long. */
const diskUseAgeMs = 5_000
const logLines = 300
const logBytes = 200_000

export class Upkeep {
  readonly #options: UpkeepOptions
  readonly #settings: SettingsStore
  readonly #abort = new AbortController()
  #timer: NodeJS.Timeout | undefined
  #cleaning: Promise<CleanUpReport> | undefined
  #measuring: Promise<DiskUse> | undefined
  #measured: DiskUse | undefined

  constructor(options: UpkeepOptions) {
    this.#options = options
    this.#settings = new SettingsStore(options.store)
  }

  /** Cleans up soon and then every day. */
  start(): void {
    const later = (delayMs: number) => {
      this.#timer = setTimeout(() => {
        this.cleanUp().catch((error: unknown) => {
          if (!this.#abort.signal.aborted) this.#options.logger.error('the daily clean-up failed', { error })
        })
        later(dayMs)
      }, delayMs).unref()
    }
    later(firstCleanUpMs)
  }

  /** Returns once nothing is under way here any more. What was left undone follows at the next clean-up. */
  async stop(): Promise<void> {
    clearTimeout(this.#timer)
    this.#abort.abort()
    await Promise.allSettled([this.#cleaning, this.#measuring])
  }

  settings(): SettingsState {
    const settings = this.#settings.get()
    const { control, inference } = this.#options.ports()
    return {
      settings,
      ports: {
        control: { ...control, afterRestart: settings.controlPort },
        inference: { ...inference, afterRestart: settings.inferencePort },
      },
    }
  }

  changeSettings(change: SettingsChange): SettingsState {
    this.#settings.change(change)
    this.#measured = undefined
    return this.settings()
  }

  async diskUse(): Promise<DiskUse> {
    const { clock } = this.#options
    const age = clock() - (this.#measured?.at ?? 0)
    if (this.#measured !== undefined && age >= 0 && age < diskUseAgeMs) return this.#measured
    this.#measuring ??= this.#measure().finally(() => {
      this.#measuring = undefined
    })
    return this.#measuring
  }

  /** Removes nothing. */
  async previewCleanUp(): Promise<CleanUpPreview> {
    const { home, clock } = this.#options
    const job = { name: 'preview-clean-up', homePath: home.path, now: clock(), rules: this.#rules() } as const
    return await doJob(job, this.#abort.signal)
  }

  /** Asked again while it is under way, it answers the same. */
  cleanUp(): Promise<CleanUpReport> {
    this.#cleaning ??= this.#cleanUp().finally(() => {
      this.#cleaning = undefined
      this.#measured = undefined
    })
    return this.#cleaning
  }

  async diagnostics(): Promise<Diagnostics> {
    const { home, clock, startedAt, projectFolders } = this.#options
    const now = clock()
    const job = { name: 'facts', homePath: home.path, now } as const
    const [{ checks, counts }, lines, projects] = await Promise.all([
      doJob(job, this.#abort.signal),
      lastLines(join(home.logsPath, 'engine.log'), logLines, logBytes),
      projectFolders(),
    ])
    const secrets = secretsOf(home, projects)
    return {
      at: now,
      version: esteiraVersion,
      versions: versions(),
      platform: {
        os: platform(),
        release: release(),
        architecture: arch(),
        cores: availableParallelism(),
        memoryBytes: totalmem(),
      },
      startedAt,
      settings: this.settings(),
      checks: checks.map((check) => ({ ...check, detail: redact(check.detail, secrets) })),
      counts: { ...counts },
      log: lines.map((line) => redact(line, secrets)),
    }
  }

  async #measure(): Promise<DiskUse> {
    const { home, clock } = this.#options
    const job = { name: 'disk-use', homePath: home.path, now: clock(), rules: this.#rules() } as const
    this.#measured = await doJob(job, this.#abort.signal)
    return this.#measured
  }

  async #cleanUp(): Promise<CleanUpReport> {
    const { store, home, clock, logger, events } = this.#options
    const tell = (underWay: boolean, removedRuns: number) =>
      events.publish({ type: 'clean-up-changed', at: clock(), underWay, removedRuns })
    let removedRuns = 0
    tell(true, 0)
    try {
      const onProgress = (count: number) => {
        removedRuns = count
        if (count % 20 === 0) tell(true, count)
      }
      const { signal } = this.#abort
      const report = await cleanUp({ store, home, clock, logger, signal, onProgress }, this.#rules())
      logger.info('cleaned up', { ...report })
      return report
    } finally {
      if (!this.#abort.signal.aborted) tell(false, removedRuns)
    }
  }

  #rules(): KeepingRules {
    const { retentionDays, maxCacheBytes } = this.#settings.get()
    return { endedBefore: retentionDays === null ? null : this.#options.clock() - retentionDays * dayMs, maxCacheBytes }
  }
}

function versions(): Record<string, string> {
  const { node, v8, sqlite, openssl, electron } = process.versions
  const known = { node, v8, sqlite, openssl, electron }
  return Object.fromEntries(Object.entries(known).filter((entry): entry is [string, string] => entry[1] !== undefined))
}

function secretsOf(home: Home, projects: readonly string[]): Secrets {
  return {
    folders: [
      { path: home.path, shownAs: '<home>' },
      ...projects.map((path, index) => ({ path, shownAs: `<project ${index + 1}>` })),
      { path: homedir(), shownAs: '~' },
    ],
  }
}
