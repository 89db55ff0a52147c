/** For tests: registry, endpoints and inference server over a real store in a home folder. */
import { copyFile, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { EngineEvent } from '#shared/events.ts'
import { type ModelVersion, modelManifestSchema } from '#shared/models.ts'
import type { Artifact, ArtifactType } from '#shared/runs.ts'
import { artifactHash, storeFile } from '../artifacts/artifact-files.ts'
import { ArtifactStore } from '../artifacts/artifact-store.ts'
import { EventBus } from '../kernel/events.ts'
import { Approvals } from '../registry/approvals.ts'
import { Registry } from '../registry/registry.ts'
import { Store } from '../store/store.ts'
import { Approver } from './approver.ts'
import { ChampionFollower } from './champion-follower.ts'
import { Deployments } from './deployments.ts'
import { Endpoints } from './endpoints.ts'
import { InferenceServer, type InferenceServerOptions } from './inference-server.ts'
import type { LabelledMetric } from './labelled-metric.ts'
import { InfrastructureChecks } from './rollout/infrastructure-check.ts'
import { RolloutStore } from './rollout/rollout-store.ts'
import { Rollouts } from './rollout/rollouts.ts'

export interface TestEngine {
  readonly home: string
  readonly store: Store
  readonly registry: Registry
  readonly approvals: Approvals
  readonly approver: Approver
  readonly endpoints: Endpoints
  readonly artifacts: ArtifactStore
  readonly server: InferenceServer
  readonly deployments: Deployments
  readonly rollouts: Rollouts
  /** What was logged as an error. */
  readonly problems: string[]
  readonly events: EngineEvent[]
  close(): Promise<void>
}

export interface TestEngineOptions extends InferenceServerOptions {
  /** Of rollouts. */
  readonly clock?: () => number
  readonly labelledMetric?: LabelledMetric
  /** Whether versions pass an infrastructure check before they answer. */
  readonly checked?: boolean
}

export function openTestEngine(home: string, options: TestEngineOptions = {}): TestEngine {
  const problems: string[] = []
  const events: EngineEvent[] = []
  const bus = new EventBus((error) => {
    throw error
  })
  bus.subscribe((event) => events.push(event))
  const store = Store.open(join(home, 'metadata.db'))
  const artifacts = new ArtifactStore(store, join(home, 'artifacts'), Date.now)
  const registry = new Registry(store, Date.now, bus)
  const approvals = new Approvals({ store, registry, clock: Date.now, events: bus })
  const server = new InferenceServer({
    ...options,
    onChange: (name) => endpoints.publish(name),
    verify: (source) => deployments.verify(source),
    onTraffic: (seconds) => rollouts.receiveTraffic(seconds),
    onShadows: (news) => rollouts.receiveShadows(news),
  })
  const endpoints = new Endpoints(store, Date.now, bus, (name) => server.state(name))
  const rolloutStore = new RolloutStore(store)
  const infrastructure = options.checked ? new InfrastructureChecks(store, Date.now) : undefined
  const champion = new ChampionFollower(registry, endpoints)
  const deployments = new Deployments({
    registry,
    endpoints,
    artifacts,
    server,
    rollouts: rolloutStore,
    champion,
    infrastructure,
  })
  const rollouts = new Rollouts({
    store: rolloutStore,
    endpoints,
    deployments,
    champion,
    server,
    events: bus,
    clock: options.clock ?? Date.now,
    logger: { error: (message, details) => void problems.push(`${message} ${String(details?.error)}`) },
    labelledMetric: options.labelledMetric,
  })
  const approver = new Approver({
    approvals,
    rollouts,
    onFailure: ({ id }, error) => void problems.push(`approval ${id} ${String(error)}`),
  })
  bus.subscribe((event) => {
    if (event.type === 'rollout-changed' && event.state !== 'running') void approver.resume()
  })
  const close = async () => {
    await server.close()
    store.close()
  }
  const parts = { home, store, registry, approvals, approver, endpoints, artifacts, server, deployments }
  return { ...parts, rollouts, problems, events, close }
}

/** Stores copies of the files as an artifact. */
export async function storeArtifact(
  { home, artifacts }: TestEngine,
  type: ArtifactType,
  files: ReadonlyMap<string, string>,
): Promise<Artifact> {
  const stored = []
  for (const [name, path] of files) {
    const copy = join(home, 'copy')
    await copyFile(path, copy)
    stored.push({ name, ...(await storeFile(artifacts.root, copy)) })
  }
  const artifact = { hash: artifactHash(type, stored), type, files: stored }
  artifacts.record(artifact)
  return artifact
}

/** Registers a model package. */
export async function registerPackage(
  engine: TestEngine,
  files: ReadonlyMap<string, string>,
  { model = 'flight-delay', project = 'p1' } = {},
): Promise<ModelVersion> {
  const { hash } = await storeArtifact(engine, 'model', files)
  const manifest = modelManifestSchema.parse(JSON.parse(await readFile(files.get('manifest.json') ?? '', 'utf8')))
  return engine.registry.registerVersion({
    model,
    artifactHash: hash,
    signature: manifest.signature,
    metrics: manifest.validationMetrics,
    projectId: project,
    runId: project,
    step: 'register',
  })
}
