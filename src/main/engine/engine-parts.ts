/** The composition root: opens a home and wires the parts of an engine. Nothing else. */
import { rmSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import type { ModelVersion } from '#shared/models.ts'
import { ArtifactStore } from './artifacts/artifact-store.ts'
import { catalogue } from './components/index.ts'
import { stepServices } from './components/step-services.ts'
import { BatchPredictions } from './delivery/batch-predictions.ts'
import { createDataParts, type DataParts } from './delivery/data-parts.ts'
import { createLineageTools, type LineageTools } from './delivery/lineage-parts.ts'
import { ModelImports } from './delivery/model-imports.ts'
import { OnlineFeatures } from './delivery/online-features.ts'
import { featurePaths, openOnlineStore } from './delivery/online-parts.ts'
import { VersionDetails } from './delivery/version-details.ts'
import type { OnlineStore } from './features/online/online-store.ts'
import { resourcesPath } from './kernel/app-paths.ts'
import { systemClock } from './kernel/clock.ts'
import { EventBus } from './kernel/events.ts'
import { createHome, type Home, homeToken } from './kernel/home.ts'
import { type FileLogger, openFileLogger } from './kernel/logger.ts'
import { type AlertParts, createAlertParts, rollBackPort } from './monitoring/alerts/alert-parts.ts'
import { createMonitors } from './monitoring/monitoring-parts.ts'
import type { Monitors } from './monitoring/monitors.ts'
import { createRequests } from './monitoring/requests/request-parts.ts'
import type { Requests } from './monitoring/requests/requests.ts'
import { Authoring } from './pipelines/authoring.ts'
import { Projects } from './pipelines/projects.ts'
import { RunRecords } from './pipelines/run-records.ts'
import { RunStore } from './pipelines/run-store.ts'
import { RunViews } from './pipelines/run-views.ts'
import { Runs } from './pipelines/runs.ts'
import { StepPool } from './pipelines/step-pool.ts'
import { previousModel } from './registry/previous-model.ts'
import { Registry } from './registry/registry.ts'
import { createServingParts, type ServingParts } from './serving/serving-parts.ts'
import { lockHome } from './store/home-lock.ts'
import { Store } from './store/store.ts'
import { BacktestStore } from './triggers/backtest/backtest-store.ts'
import { Backtests } from './triggers/backtest/backtests.ts'
import type { Scheduler } from './triggers/scheduler.ts'
import { createScheduler, registryChampions } from './triggers/trigger-parts.ts'
import { Doctor } from './upkeep/doctor/doctor.ts'
import { restoreTrash } from './upkeep/stored-files.ts'

/** All that an engine is made of. */
export interface EngineParts extends ServingParts {
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
  readonly versions: VersionDetails
  readonly batchPredictions: BatchPredictions
  readonly monitors: Monitors
  readonly requests: Requests
  readonly modelImports: ModelImports
  readonly online: OnlineStore
  readonly onlineFeatures: OnlineFeatures
  readonly alerting: AlertParts
  readonly tracing: LineageTools
  readonly doctor: Doctor
}

/**
 * Opens a home and wires its parts; nothing listens and nothing runs yet.
 * @throws EsteiraError `home-in-use`, `home-newer-version`, `home-unusable`
 */
export function openParts(homePath: string): EngineParts {
  const home = createHome(homePath)
  const release = lockHome(home)
  try {
    return { home, release, ...wire(home, Store.open(home.databasePath)) }
  } catch (error) {
    release()
    throw error
  }
}

function wire(home: Home, store: Store): Omit<EngineParts, 'home' | 'release'> {
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
  const features = featurePaths(home)
  const serving = createServingParts({
    store,
    clock,
    events,
    logger,
    registry,
    artifacts,
    features,
    requestsPath: home.requestsPath,
    labelledMetric: (question) => requests.labelledMetric(question),
  })
  const { endpoints, approvals, deployments } = serving
  const requests = createRequests(home, { logs: serving.requestLogs, endpoints, clock, logger })
  const pool = new StepPool({
    threadUrl: new URL('./components/step-thread.ts', import.meta.url),
    size: Math.max(2, availableParallelism()),
  })
  const servicesFor = stepServices({
    registry,
    approvals,
    artifacts,
    deployments,
    rollouts: serving.rollouts,
    store,
    clock,
    importanceOf: (one) => versions.importance(one),
    features,
    uploadedFile: (upload) => data.uploads.find(upload),
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
  const batchPredictions = new BatchPredictions({ registry, endpoints, runs, catalogue, uploads: data.uploads })
  const modelImports = new ModelImports({ runs, catalogue, uploads: data.uploads })
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
  const tracing = createLineageTools({ ...traced, runs, plans: runStore, authoring, endpoints })
  const doctor = new Doctor({ ...traced, runs: runStore, records, catalogue, home })
  const alerting = createAlertParts({
    store,
    projects,
    endpoints: rollBackPort(store, endpoints, serving.rollouts),
    events,
    clock,
    logger,
  })
  const champions = registryChampions(registry, artifacts, (model, version) => versions.get(model, version))
  const scheduler = createScheduler(home.workPath, {
    store,
    projects,
    runs,
    champions,
    ...alerting,
    readings: { get: (projectId, monitor) => monitors.get(projectId, monitor) },
    events,
    clock,
    logger,
  })
  const { alerts } = alerting
  const judged = { endpoints, registry, artifacts, evaluationOf: (one: ModelVersion) => versions.evaluationOf(one) }
  const monitors = createMonitors(home, { ...judged, store, projects, requests, alerts, events, clock, logger })
  const token = homeToken(home)
  return {
    ...serving,
    requests,
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
    versions,
    batchPredictions,
    modelImports,
    online,
    onlineFeatures,
    alerting,
    monitors,
    tracing,
    doctor,
  }
}
