/** The composition root: opens a home, wires the parts, starts the servers, and stops all in order. Nothing else. */
import { rmSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import type { EngineInfo } from '#shared/api.ts'
import { ArtifactStore } from './artifacts/artifact-store.ts'
import { catalogue } from './components/index.ts'
import { stepServices } from './components/step-services.ts'
import { type InitHome, type InitRequest, initProject } from './delivery/init.ts'
import { controlMetrics } from './http/control-metrics.ts'
import { createHandlers } from './http/handlers.ts'
import { type ControlServer, startControlServer } from './http/server.ts'
import { resourcesPath, uiPath } from './kernel/app-paths.ts'
import { systemClock } from './kernel/clock.ts'
import { EventBus } from './kernel/events.ts'
import { createHome, type Home, homeToken, removeEngineFile, writeEngineFile } from './kernel/home.ts'
import { type FileLogger, openFileLogger } from './kernel/logger.ts'
import { esteiraVersion } from './kernel/version.ts'
import { Projects } from './pipelines/projects.ts'
import { RunStore } from './pipelines/run-store.ts'
import { Runs } from './pipelines/runs.ts'
import { StepPool } from './pipelines/step-pool.ts'
import { Registry } from './registry/registry.ts'
import { Deployments } from './serving/deployments.ts'
import { Endpoints } from './serving/endpoints.ts'
import { InferenceServer } from './serving/inference-server.ts'
import { lockHome } from './store/home-lock.ts'
import { Store } from './store/store.ts'

export const defaultControlPort = 4870
export const defaultInferencePort = 4871

export interface EngineOptions {
  /** Absolute path of the home folder; made if it is missing. */
  readonly home: string
  /** 0 takes a free one. */
  readonly port?: number
  readonly inferencePort?: number
}

export class Engine {
  readonly token: string
  readonly events: EventBus
  readonly runs: Runs
  /** Settles when the engine has stopped, whoever asked for it. */
  readonly stopped: Promise<void>
  readonly #parts: Parts
  readonly #startedAt = systemClock()
  #controlUrl = ''
  #control: ControlServer | undefined
  #stopping: Promise<void> | undefined
  #resolveStopped: () => void = () => {}

  private constructor(parts: Parts) {
    this.#parts = parts
    this.token = parts.token
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
    const engine = new Engine(openParts(options.home))
    try {
      await engine.#listen(options)
    } catch (error) {
      await engine.stop()
      throw error
    }
    return engine
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

  async #listen(options: EngineOptions): Promise<void> {
    const { home, token, events, logger, inference, deployments, runs } = this.#parts
    // Before the servers listen: a request that comes early hears "loading", not "unknown".
    await deployments.restore()
    const [control] = await Promise.all([
      startControlServer({
        handlers: createHandlers(this.#controlServices(), esteiraVersion),
        events,
        token,
        port: options.port ?? defaultControlPort,
        uiPath,
        metrics: () => controlMetrics({ startedAt: this.#startedAt, now: systemClock(), runs: runs.countByStatus() }),
        logger,
      }).then((server) => {
        this.#control = server
        return server
      }),
      inference.start({ port: options.inferencePort ?? defaultInferencePort }),
    ])
    this.#controlUrl = control.url
    writeEngineFile(home, { pid: process.pid, controlUrl: control.url, inferenceUrl: inference.url, token })
    logger.info('engine started', { controlUrl: control.url, inferenceUrl: inference.url })
    await runs.resume()
  }

  #controlServices() {
    const { projects, runs, artifacts, registry, endpoints, deployments } = this.#parts
    return {
      engine: { info: () => this.info(), stop: () => void setImmediate(() => void this.stop()) },
      projects,
      runs,
      artifacts,
      registry,
      endpoints,
      deployments,
      initProject: (request: InitRequest) => initProject(request, this.#initHome()),
    }
  }

  #initHome(): InitHome {
    const { projects, registry } = this.#parts
    return {
      add: (request) => projects.add(request),
      async takenNames(path) {
        const others = (await projects.list()).filter((project) => project.available && project.path !== path)
        return [...others.map(({ name }) => name), ...registry.listModels().map(({ name }) => name)]
      },
    }
  }

  async #stop(): Promise<void> {
    const { home, runs, pool, inference, store, logger, release } = this.#parts
    removeEngineFile(home)
    runs.suspend()
    await Promise.allSettled([this.#control?.close(), inference.close(), pool.close()])
    store.close()
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
  readonly pool: StepPool
  readonly runs: Runs
  readonly registry: Registry
  readonly endpoints: Endpoints
  readonly inference: InferenceServer
  readonly deployments: Deployments
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
  const artifacts = new ArtifactStore(store, home.artifactsPath, clock)
  const projects = new Projects({
    store,
    events,
    clock,
    catalogue,
    defaultSamplePath: join(home.path, 'projects', 'flight-delay'),
    sampleSourcePath: join(resourcesPath, 'samples', 'flight-delay'),
  })
  const registry = new Registry(store, clock, events)
  const inference = new InferenceServer({
    onChange: (endpoint) => endpoints.publish(endpoint),
    onCrash: (error) => logger.error('the inference server ended and is started again', { error }),
  })
  const endpoints = new Endpoints(store, clock, events, (name) => inference.state(name))
  const deployments = new Deployments({ registry, endpoints, artifacts, server: inference })
  const pool = new StepPool({
    threadUrl: new URL('./components/step-thread.ts', import.meta.url),
    size: Math.max(2, availableParallelism()),
  })
  const runs = new Runs(
    {
      runs: new RunStore(store),
      artifacts,
      pool,
      catalogue,
      events,
      clock,
      workRoot: home.workPath,
      servicesFor: stepServices({ registry, artifacts, deployments }),
    },
    projects,
  )
  const token = homeToken(home)
  return { token, logger, events, store, artifacts, projects, pool, runs, registry, endpoints, inference, deployments }
}
