/** The composition root: opens a home, wires the parts, starts the servers, and stops all in order. Nothing else. */
import { rmSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import type { EngineInfo } from '#shared/api.ts'
import type { ModelVersion } from '#shared/models.ts'
import { ArtifactStore } from './artifacts/artifact-store.ts'
import { catalogue } from './components/index.ts'
import { stepServices } from './components/step-services.ts'
import { adviseDataFile } from './delivery/advise.ts'
import { createDataParts, type DataParts } from './delivery/data-parts.ts'
import { type InitHome, type InitRequest, initProject } from './delivery/init.ts'
import { createLineageTools, type LineageTools } from './delivery/lineage-parts.ts'
import { OnlineFeatures } from './delivery/online-features.ts'
import { featurePaths, openOnlineStore } from './delivery/online-parts.ts'
import { VersionDetails } from './delivery/version-details.ts'
import type { OnlineStore } from './features/online/online-store.ts'
import { controlMetrics } from './http/control-metrics.ts'
import { createHandlers } from './http/handlers.ts'
import { type ControlServer, startControlServer } from './http/server.ts'
import { resourcesPath, uiPath } from './kernel/app-paths.ts'
import { systemClock } from './kernel/clock.ts'
import { EventBus } from './kernel/events.ts'
import { createHome, type Home, homeToken, newHomeToken, removeEngineFile, writeEngineFile } from './kernel/home.ts'
import { type FileLogger, openFileLogger } from './kernel/logger.ts'
import { esteiraVersion } from './kernel/version.ts'
import { Authoring } from './pipelines/authoring.ts'
import { Projects } from './pipelines/projects.ts'
import { RunRecords } from './pipelines/run-records.ts'
import { RunStore } from './pipelines/run-store.ts'
import { RunViews } from './pipelines/run-views.ts'
import { Runs } from './pipelines/runs.ts'
import { StepPool } from './pipelines/step-pool.ts'
import { Approvals } from './registry/approvals.ts'
import { previousModel } from './registry/previous-model.ts'
import { Registry } from './registry/registry.ts'
import { Approver } from './serving/approver.ts'
import { Deployments } from './serving/deployments.ts'
import { EndpointAccessStore } from './serving/endpoint-access.ts'
import { Endpoints } from './serving/endpoints.ts'
import { InferenceServer } from './serving/inference-server.ts'
import { Predictions } from './serving/predictions.ts'
import { Traffic } from './serving/traffic.ts'
import { lockHome } from './store/home-lock.ts'
import { Store } from './store/store.ts'
import { BacktestStore } from './triggers/backtest/backtest-store.ts'
import { Backtests } from './triggers/backtest/backtests.ts'
import type { Scheduler } from './triggers/scheduler.ts'
import { createScheduler, registryChampions } from './triggers/trigger-parts.ts'
import { Doctor } from './upkeep/doctor/doctor.ts'
import { restoreTrash } from './upkeep/stored-files.ts'
import { Upkeep } from './upkeep/upkeep.ts'

export interface EngineOptions {
  /** Absolute path of the home folder; made if it is missing. */
  readonly home: string
  /** 0 takes a free one. Default: as the settings of the home say. */
  readonly port?: number
  readonly inferencePort?: number
  /** False for the engine of a single command: schedules start nothing and nothing is cleaned up. Default: true. */
  readonly background?: boolean
}

export class Engine {
  readonly events: EventBus
  readonly runs: Runs
  /** Settles when the engine has stopped, whoever asked for it. */
  readonly stopped: Promise<void>
  readonly #parts: Parts
  readonly #options: EngineOptions
  readonly #upkeep: Upkeep
  readonly #startedAt = systemClock()
  #token: string
  #controlUrl = ''
  #control: ControlServer | undefined
  #stopping: Promise<void> | undefined
  #resolveStopped: () => void = () => {}

  private constructor(parts: Parts, options: EngineOptions) {
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
    }
  }

  /** Stops taking requests, leaves runs under way to be resumed at the next start, and releases the home. */
  stop(): Promise<void> {
    this.#stopping ??= this.#stop()
    return this.#stopping
  }

  async #listen(): Promise<void> {
    const { events, logger, inference, deployments, access, approver, runs, scheduler, data } = this.#parts
    const { port, inferencePort, background = true } = this.#options
    const { settings } = this.#upkeep.settings()
    // Before the servers listen: a request that comes early hears "loading", not "unknown".
    await Promise.all([deployments.restore(), access.restore()])
    const [control] = await Promise.all([
      startControlServer({
        handlers: createHandlers(this.#controlServices(), esteiraVersion),
        events,
        token: () => this.#token,
        port: port ?? settings.controlPort,
        uiPath,
        receiveUpload: (name, content) => data.uploads.receive(name, content),
        metrics: () => controlMetrics({ startedAt: this.#startedAt, now: systemClock(), runs: runs.countByStatus() }),
        logger,
      }).then((server) => {
        this.#control = server
        return server
      }),
      inference.start({ port: inferencePort ?? settings.inferencePort }),
    ])
    this.#controlUrl = control.url
    this.#writeEngineFile()
    logger.info('engine started', { controlUrl: control.url, inferenceUrl: inference.url })
    await approver.resume((approval, error) =>
      logger.error('an approved version was not deployed', { approval: approval.id, error }),
    )
    await runs.resume()
    await this.#parts.tracing.reproductions.recover()
    if (!background) return
    void data.uploads
      .cleanUp(systemClock())
      .catch((error: unknown) => logger.error('uploads were not cleaned up', { error }))
    scheduler.start()
    this.#upkeep.start()
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

  #createUpkeep({ home, store, events, logger, projects, inference }: Parts): Upkeep {
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
    const { projects, runs, runViews, artifacts, registry, endpoints, deployments } = this.#parts
    return {
      engine: { info: () => this.info(), stop: () => void setImmediate(() => void this.stop()) },
      projects,
      authoring: this.#parts.authoring,
      runs,
      runViews,
      artifacts,
      registry,
      endpoints,
      deployments,
      approvals: this.#parts.approvals,
      approver: this.#parts.approver,
      versions: this.#parts.versions,
      ...this.#parts.tracing,
      doctor: this.#parts.doctor,
      predictions: this.#parts.predictions,
      access: this.#parts.access,
      traffic: this.#parts.traffic,
      initProject: (request: InitRequest) => initProject(request, this.#initHome()),
      datasets: this.#parts.data.datasets,
      validation: this.#parts.data.validation,
      drifts: this.#parts.data.drifts,
      features: this.#parts.data.features,
      adviseDataFile,
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
    const quiet = [scheduler.stop(), this.#upkeep.stop(), tracing.reproductions.stop(), doctor.stop()]
    runs.suspend()
    await Promise.allSettled([...quiet, this.#control?.close(), inference.close(), pool.close(), data.explorer.close()])
    store.close()
    online.close()
    logger.info('engine stopped')
    logger.close()
    release()
    this.#resolveStopped()
  }
}

interface Parts {
  readonly home: Home
  readonly release: () => void
  readonly token: string
  readonly logger: FileLogger
  readonly events: EventBus
  readonly store: Store
  readonly artifacts: ArtifactStore
  readonly projects: Projects
  readonly authoring: Authoring
  readonly data: DataParts
  readonly pool: StepPool
  readonly runs: Runs
  readonly runViews: RunViews
  readonly scheduler: Scheduler
  readonly backtests: Backtests
  readonly registry: Registry
  readonly endpoints: Endpoints
  readonly inference: InferenceServer
  readonly deployments: Deployments
  readonly approvals: Approvals
  readonly approver: Approver
  readonly versions: VersionDetails
  readonly online: OnlineStore
  readonly onlineFeatures: OnlineFeatures
  readonly tracing: LineageTools
  readonly doctor: Doctor
  readonly predictions: Predictions
  readonly access: EndpointAccessStore
  readonly traffic: Traffic
}

function openParts(homePath: string): Parts {
  const home = createHome(homePath)
  const release = lockHome(home)
  try {
    return { home, release, ...wire(home, Store.open(home.databasePath)) }
  } catch (error) {
    release()
    throw error
  }
}

function wire(home: Home, store: Store): Omit<Parts, 'home' | 'release'> {
  const clock = systemClock
  const logger = openFileLogger({ path: join(home.logsPath, 'engine.log') })
  const events = new EventBus((error) => logger.error('an event listener failed', { error }))
  // What steps of an earlier engine left unfinished.
  rmSync(home.workPath, { recursive: true, force: true })
  restoreTrash(home)
  const artifacts = new ArtifactStore(store, home.artifactsPath, clock)
  const projects = new Projects({
    store,
    events,
    clock,
    catalogue,
    defaultSamplePath: join(home.path, 'projects', 'flight-delay'),
    sampleSourcePath: join(resourcesPath, 'samples', 'flight-delay'),
    onGitFailure: (error) => logger.warning('the sample was not put under git', { error }),
    modelNames: () => registry.listModels().map(({ name }) => name),
  })
  const authoring = new Authoring({ projects, store, events, clock, catalogue })
  const registry = new Registry(store, clock, events)
  const traffic = new Traffic(events, clock)
  const inference = new InferenceServer({
    onTraffic: (seconds) => traffic.receive(seconds),
    onChange: (endpoint) => endpoints.publish(endpoint),
    onCrash: (error) => logger.error('the inference server ended and is started again', { error }),
    features: featurePaths(home),
  })
  const endpoints = new Endpoints(store, clock, events, (name) => inference.state(name))
  const deployments = new Deployments({ registry, endpoints, artifacts, server: inference })
  const approvals = new Approvals({ store, registry, clock, events })
  const approver = new Approver(approvals, deployments)
  const predictions = new Predictions(endpoints, inference.secret)
  const access = new EndpointAccessStore({
    store,
    clock,
    endpoints,
    enforce: (endpoint, enforced) => inference.setAccess(endpoint, enforced),
  })
  const pool = new StepPool({
    threadUrl: new URL('./components/step-thread.ts', import.meta.url),
    size: Math.max(2, availableParallelism()),
  })
  const servicesFor = stepServices({
    registry,
    approvals,
    artifacts,
    deployments,
    store,
    clock,
    importanceOf: (one) => versions.importance(one),
    features: featurePaths(home),
  })
  const runStore = new RunStore(store)
  const records = new RunRecords({
    store,
    artifacts,
    catalogue,
    workRoot: home.workPath,
    championOf: (model) => previousModel(registry, model),
    onFailure: (error) => logger.warning('what differs from the commit could not be kept', { error }),
  })
  const runs = new Runs(
    {
      runs: runStore,
      records,
      artifacts,
      pool,
      catalogue,
      events,
      clock,
      workRoot: home.workPath,
      servicesFor,
    },
    projects,
  )
  const runViews = new RunViews(store, clock)
  const importanceOf = (one: ModelVersion) => versions.importance(one)
  const data = createDataParts(home, {
    projects,
    runs,
    artifacts,
    files: authoring,
    store,
    registry,
    clock,
    importanceOf,
  })
  const backtests = new Backtests({
    backtests: new BacktestStore(store),
    projects,
    runs,
    artifacts,
    explorer: data.explorer,
    catalogue,
    events,
    clock,
    onError: (error) => logger.error('the figures of a back-test could not be read', { error }),
  })
  const online = openOnlineStore(home, logger)
  const asked = { online, projects, pool, artifacts, registry, endpoints, servicesFor, workRoot: home.workPath, clock }
  const onlineFeatures = new OnlineFeatures(asked)
  const versions = new VersionDetails({ registry, runs: runStore, artifacts, endpoints })
  const traced = { store, artifacts, projects, registry, pool, servicesFor, clock, logger, workRoot: home.workPath }
  const tracing = createLineageTools({ ...traced, runs, plans: runStore, authoring })
  const doctor = new Doctor({ ...traced, runs: runStore, records, catalogue, home })
  const champions = registryChampions(registry, artifacts, (model, version) => versions.get(model, version))
  const scheduler = createScheduler(home.workPath, { store, projects, runs, champions, events, clock, logger })
  const token = homeToken(home)
  return {
    token,
    logger,
    events,
    store,
    artifacts,
    projects,
    authoring,
    data,
    pool,
    runs,
    runViews,
    scheduler,
    backtests,
    registry,
    endpoints,
    inference,
    deployments,
    approvals,
    approver,
    versions,
    online,
    onlineFeatures,
    tracing,
    doctor,
    predictions,
    access,
    traffic,
  }
}

function portOf(url: string | null): number | null {
  return url === null || url === '' ? null : Number(new URL(url).port)
}
