/** An engine from its start to its end: starts the servers, tells them what to serve, and stops all in order. */
import type { EngineInfo } from '#shared/api.ts'
import { adviseDataFile } from './delivery/advise.ts'
import { type InitHome, type InitRequest, initProject } from './delivery/init.ts'
import { type EngineParts, openParts } from './engine-parts.ts'
import { controlMetrics } from './http/control-metrics.ts'
import { createHandlers } from './http/handlers.ts'
import { type ControlServer, startControlServer } from './http/server.ts'
import { uiPath } from './kernel/app-paths.ts'
import { systemClock } from './kernel/clock.ts'
import type { EventBus } from './kernel/events.ts'
import { newHomeToken, removeEngineFile, writeEngineFile } from './kernel/home.ts'
import { esteiraVersion } from './kernel/version.ts'
import { monitorMetrics } from './monitoring/monitor-metrics.ts'
import type { Runs } from './pipelines/runs.ts'
import { checkKeysRequired, type OutsideOptions, outsideAddress } from './serving/outside-options.ts'
import { Upkeep } from './upkeep/upkeep.ts'

export interface EngineOptions {
  /** Absolute path of the home folder; made if it is missing. */
  readonly home: string
  /** 0 takes a free one. Default: as the settings of the home say. */
  readonly port?: number
  readonly inferencePort?: number
  /** Where other machines may ask the endpoints, with keys. Default: nowhere. */
  readonly outside?: OutsideOptions
  /** False for the engine of a single command: schedules start nothing and nothing is cleaned up. Default: true. */
  readonly background?: boolean
}

export class Engine {
  readonly events: EventBus
  readonly runs: Runs
  /** Settles when the engine has stopped, whoever asked for it. */
  readonly stopped: Promise<void>
  readonly #parts: EngineParts
  readonly #options: EngineOptions
  readonly #upkeep: Upkeep
  readonly #startedAt = systemClock()
  #token: string
  #controlUrl = ''
  #control: ControlServer | undefined
  #stopping: Promise<void> | undefined
  #resolveStopped: () => void = () => {}

  private constructor(parts: EngineParts, options: EngineOptions) {
    this.#parts = parts
    this.#options = options
    this.#token = parts.token
    this.#upkeep = this.#createUpkeep(parts)
    this.events = parts.events
    this.runs = parts.runs
    this.stopped = new Promise((resolve) => {
      this.#resolveStopped = resolve
    })
  }

  /**
   * Opens the home, starts both servers, resumes what was under way.
   * @throws EsteiraError `home-in-use`, `home-newer-version`, `home-unusable`, `port-in-use`
   */
  static async start(options: EngineOptions): Promise<Engine> {
    const engine = new Engine(openParts(options.home), options)
    try {
      await engine.#listen()
    } catch (error) {
      await engine.stop()
      throw error
    }
    return engine
  }

  /** Of the control API. */
  get token(): string {
    return this.#token
  }

  info(): EngineInfo {
    return {
      version: esteiraVersion,
      home: this.#parts.home.path,
      pid: process.pid,
      startedAt: this.#startedAt,
      controlUrl: this.#controlUrl,
      inferenceUrl: this.#parts.inference.url,
      outsideUrl: this.#parts.inference.outside?.url ?? null,
    }
  }

  /** Stops taking requests, leaves runs under way to be resumed at the next start, and releases the home. */
  stop(): Promise<void> {
    this.#stopping ??= this.#stop()
    return this.#stopping
  }

  async #listen(): Promise<void> {
    const { events, logger, inference, deployments, access, requestLogs, approver, runs, scheduler, data } = this.#parts
    const { rollouts, rolloutPace } = this.#parts
    const { port, inferencePort, background = true } = this.#options
    const { settings } = this.#upkeep.settings()
    const outside = this.#options.outside && (await outsideAddress(this.#options.outside))
    if (outside !== undefined) checkKeysRequired(access.all())
    // Before the servers listen: a request that comes early hears "loading", not "unknown".
    await Promise.all([deployments.restore(), access.restore(), requestLogs.restore()])
    await rollouts.restore()
    const [control] = await Promise.all([
      startControlServer({
        handlers: createHandlers(this.#controlServices(), esteiraVersion),
        events,
        token: () => this.#token,
        port: port ?? settings.controlPort,
        uiPath,
        artifacts: this.#parts.artifacts,
        receiveUpload: (name, content) => data.uploads.receive(name, content),
        metrics: () => this.#metrics(),
        logger,
      }).then((server) => {
        this.#control = server
        return server
      }),
      inference.start({ port: inferencePort ?? settings.inferencePort, outside }),
    ])
    this.#controlUrl = control.url
    if (outside !== undefined && outside.tls === undefined)
      logger.warning('keys and rows of other machines travel unencrypted: no certificate is given')
    this.#writeEngineFile()
    logger.info('engine started', { controlUrl: control.url, inferenceUrl: inference.url })
    await approver.resume()
    await runs.resume()
    await this.#parts.tracing.reproductions.recover()
    if (!background) return
    void data.uploads
      .cleanUp(systemClock())
      .catch((error: unknown) => logger.error('uploads were not cleaned up', { error }))
    scheduler.start()
    rolloutPace.start()
    this.#parts.alerting.start()
    this.#parts.monitors.start()
    this.#parts.requests.start()
    this.#upkeep.start()
  }

  #metrics(): string {
    const { runs, monitors } = this.#parts
    const engine = { startedAt: this.#startedAt, now: systemClock(), runs: runs.countByStatus() }
    return controlMetrics(engine) + monitorMetrics(monitors.newest())
  }

  #writeEngineFile(): void {
    const { home, inference } = this.#parts
    const addresses = { controlUrl: this.#controlUrl, inferenceUrl: inference.url }
    writeEngineFile(home, { pid: process.pid, ...addresses, token: this.#token })
  }

  /** Listeners come back with the new token, or not at all. */
  #rotateToken(): string {
    this.#token = newHomeToken(this.#parts.home)
    this.#writeEngineFile()
    this.#control?.dropListeners()
    return this.#token
  }

  #createUpkeep({ home, store, events, logger, projects, inference }: EngineParts): Upkeep {
    const { port, inferencePort } = this.#options
    return new Upkeep({
      store,
      home,
      events,
      clock: systemClock,
      logger,
      startedAt: this.#startedAt,
      ports: () => ({
        control: { inUse: portOf(this.#controlUrl), fromCommandLine: port !== undefined },
        inference: { inUse: portOf(inference.url), fromCommandLine: inferencePort !== undefined },
      }),
      projectFolders: async () => (await projects.list()).map(({ path }) => path),
    })
  }

  #controlServices() {
    const { projects, runs, runViews, artifacts, registry, endpoints, deployments, inference, access } = this.#parts
    return {
      engine: {
        info: () => this.info(),
        outside: () => ({ listener: inference.outside, endpoints: access.holdings() }),
        stop: () => void setImmediate(() => void this.stop()),
      },
      projects,
      authoring: this.#parts.authoring,
      runs,
      runViews,
      artifacts,
      registry,
      endpoints,
      deployments,
      rollouts: this.#parts.rollouts,
      infrastructure: this.#parts.infrastructure,
      approvals: this.#parts.approvals,
      approver: this.#parts.approver,
      versions: this.#parts.versions,
      ...this.#parts.tracing,
      doctor: this.#parts.doctor,
      predictions: this.#parts.predictions,
      batchPredictions: this.#parts.batchPredictions,
      modelImports: this.#parts.modelImports,
      access,
      requests: this.#parts.requests,
      traffic: this.#parts.traffic,
      trafficHistory: this.#parts.trafficHistory,
      initProject: (request: InitRequest) => initProject(request, this.#initHome()),
      datasets: this.#parts.data.datasets,
      validation: this.#parts.data.validation,
      drifts: this.#parts.data.drifts,
      features: this.#parts.data.features,
      adviseDataFile,
      ...this.#parts.alerting,
      monitors: this.#parts.monitors,
      triggers: this.#parts.scheduler,
      backtests: this.#parts.backtests,
      upkeep: this.#upkeep,
      online: this.#parts.onlineFeatures,
      rotateToken: () => this.#rotateToken(),
    }
  }

  #initHome(): InitHome {
    const { projects, registry, data, logger } = this.#parts
    return {
      add: (request) => projects.add(request),
      async takenNames(path) {
        const others = (await projects.list()).filter((project) => project.available && project.path !== path)
        return [...others.map(({ name }) => name), ...registry.listModels().map(({ name }) => name)]
      },
      isUploaded: (file) => data.uploads.holds(file),
      onGitFailure: (error) => logger.warning('the project was not put under git', { error }),
    }
  }

  async #stop(): Promise<void> {
    const { home, runs, scheduler, pool, inference, data, store, online, logger, release, tracing, doctor } =
      this.#parts
    removeEngineFile(home)
    const quiet = [
      scheduler.stop(),
      this.#parts.monitors.stop(),
      this.#parts.rolloutPace.stop(),
      this.#parts.alerting.stop(),
      this.#parts.requests.stop(),
      this.#upkeep.stop(),
      tracing.reproductions.stop(),
      doctor.stop(),
    ]
    runs.suspend()
    await Promise.allSettled([...quiet, this.#control?.close(), inference.close(), pool.close(), data.explorer.close()])
    this.#parts.trafficHistory.flush()
    store.close()
    online.close()
    logger.info('engine stopped')
    logger.close()
    release()
    this.#resolveStopped()
  }
}

function portOf(url: string | null): number | null {
  return url === null || url === '' ? null : Number(new URL(url).port)
}
