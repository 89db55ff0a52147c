/** What serves predictions, put together for an engine. */
import type { ArtifactStore } from '../artifacts/artifact-store.ts'
import type { FeaturePaths } from '../features/online/feature-paths.ts'
import type { Clock } from '../kernel/clock.ts'
import type { EventBus } from '../kernel/events.ts'
import type { Logger } from '../kernel/logger.ts'
import { Approvals } from '../registry/approvals.ts'
import type { Registry } from '../registry/registry.ts'
import type { Store } from '../store/store.ts'
import { Approver } from './approver.ts'
import { ChampionFollower } from './champion-follower.ts'
import { Deployments } from './deployments.ts'
import { EndpointAccessStore } from './endpoint-access.ts'
import { Endpoints } from './endpoints.ts'
import { InferenceServer } from './inference-server.ts'
import type { LabelledMetric } from './labelled-metric.ts'
import { Predictions } from './predictions.ts'
import { RequestLogs } from './request-log/request-logs.ts'
import { InfrastructureChecks } from './rollout/infrastructure-check.ts'
import { RolloutPace } from './rollout/rollout-pace.ts'
import { RolloutStore } from './rollout/rollout-store.ts'
import { Rollouts } from './rollout/rollouts.ts'
import { Traffic } from './traffic.ts'
import { TrafficHistory } from './traffic-history.ts'

export interface ServingParts {
  readonly inference: InferenceServer
  readonly traffic: Traffic
  readonly trafficHistory: TrafficHistory
  readonly endpoints: Endpoints
  readonly deployments: Deployments
  readonly rollouts: Rollouts
  readonly infrastructure: InfrastructureChecks
  readonly rolloutPace: RolloutPace
  readonly approvals: Approvals
  readonly approver: Approver
  readonly predictions: Predictions
  readonly access: EndpointAccessStore
  readonly requestLogs: RequestLogs
}

interface Needed {
  readonly store: Store
  readonly clock: Clock
  readonly events: EventBus
  readonly logger: Logger
  readonly registry: Registry
  readonly artifacts: ArtifactStore
  readonly features: FeaturePaths
  readonly requestsPath: string
  /** What scores revisions on labelled rows; left out, rollouts cannot be decided by them. */
  readonly labelledMetric?: LabelledMetric | undefined
}

export function createServingParts({
  store,
  clock,
  events,
  logger,
  registry,
  artifacts,
  features,
  requestsPath,
  labelledMetric,
}: Needed): ServingParts {
  const traffic = new Traffic(events, clock)
  const trafficHistory = new TrafficHistory({ store, clock, logger })
  const rolloutStore = new RolloutStore(store)
  const infrastructure = new InfrastructureChecks(store, clock)
  const inference = new InferenceServer({
    onTraffic: (seconds) => {
      traffic.receive(seconds)
      trafficHistory.receive(seconds)
      rollouts.receiveTraffic(seconds)
    },
    onShadows: (news) => rollouts.receiveShadows(news),
    onChange: (endpoint) => endpoints.publish(endpoint),
    verify: (source) => deployments.verify(source),
    onFault: (endpoint, message) => logger.error('a model fails', { endpoint, message }),
    onCrash: (error) => logger.error('the inference server ended and is started again', { error }),
    features,
    requestsPath,
    onLogState: (state) => requestLogs.receive(state),
  })
  const requestLogs = new RequestLogs({
    store,
    events,
    clock,
    logger,
    endpoints: () => endpoints,
    log: (endpoint, settings) => inference.setLogging(endpoint, settings),
  })
  const endpoints = new Endpoints(store, clock, events, (name) => inference.state(name))
  const champion = new ChampionFollower(registry, endpoints)
  const deployments = new Deployments({
    registry,
    endpoints,
    artifacts,
    server: inference,
    rollouts: rolloutStore,
    champion,
    infrastructure,
  })
  const rollouts = new Rollouts({
    store: rolloutStore,
    endpoints,
    deployments,
    champion,
    server: inference,
    events,
    clock,
    logger,
    labelledMetric,
  })
  const approvals = new Approvals({ store, registry, clock, events })
  const approver = new Approver({
    approvals,
    rollouts,
    onFailure: ({ id }, error) => logger.error('an approved version was not deployed', { approval: id, error }),
  })
  // What was approved meanwhile waits until the endpoint is free.
  events.subscribe((event) => {
    if (event.type === 'rollout-changed' && event.state !== 'running') void approver.resume()
  })
  const access = new EndpointAccessStore({
    store,
    clock,
    endpoints,
    enforce: (endpoint, enforced) => inference.setAccess(endpoint, enforced),
    isOutside: () => inference.outside !== null,
  })
  return {
    inference,
    traffic,
    trafficHistory,
    endpoints,
    deployments,
    approvals,
    approver,
    predictions: new Predictions(endpoints, inference.secret),
    access,
    requestLogs,
    rollouts,
    infrastructure,
    rolloutPace: new RolloutPace(rollouts),
  }
}
