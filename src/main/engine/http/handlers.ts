/** One handler for each route of the catalogue: from the request to the part of the engine that answers it. */

import { type AlertsParts, alertsHandlers } from './handlers/alerts.ts'
import { type ApprovalsParts, approvalsHandlers } from './handlers/approvals.ts'
import { type BacktestsService, backtestsHandlers } from './handlers/backtests.ts'
import { type DataParts, dataHandlers } from './handlers/data.ts'
import { type EndpointsParts, endpointsHandlers } from './handlers/endpoints.ts'
import { type EngineService, engineHandlers } from './handlers/engine.ts'
import { type FeaturesService, featuresHandlers } from './handlers/features.ts'
import { type LineageHandlerService, lineageHandlers, type RollBackService } from './handlers/lineage.ts'
import {
  type BatchPredictionsService,
  type ModelImportsService,
  type ModelsService,
  modelsHandlers,
  type VersionsService,
} from './handlers/models.ts'
import { type MonitorsService, monitorsHandlers } from './handlers/monitors.ts'
import { type OnlineService, onlineHandlers } from './handlers/online.ts'
import { type AuthoringService, type PipelinesService, pipelinesHandlers } from './handlers/pipelines.ts'
import { type InitProject, type ProjectsService, projectsHandlers } from './handlers/projects.ts'
import { type RequestsParts, requestsHandlers } from './handlers/requests.ts'
import { type InfrastructureService, type RolloutsService, rolloutsHandlers } from './handlers/rollouts.ts'
import {
  type ArtifactsService,
  type ReproductionsService,
  type RunsService,
  type RunViewsService,
  runsHandlers,
} from './handlers/runs.ts'
import {
  type DoctorService,
  type RotateToken,
  type SettingsService,
  settingsHandlers,
  type TrustService,
} from './handlers/settings.ts'
import { type TriggersService, triggersHandlers } from './handlers/triggers.ts'
import type { Handlers } from './requests.ts'

/** What the control API asks of the engine: the few methods it calls of the parts, which satisfy this by their shape. */
export interface ControlServices extends EndpointsParts, RequestsParts, DataParts, ApprovalsParts, AlertsParts {
  readonly predictions: EndpointsParts['predictions'] & RequestsParts['predictions']
  readonly engine: EngineService
  readonly features: FeaturesService
  readonly monitors: MonitorsService
  readonly projects: ProjectsService & PipelinesService & TrustService
  readonly authoring: AuthoringService
  readonly initProject: InitProject
  readonly triggers: TriggersService
  readonly backtests: BacktestsService
  readonly upkeep: SettingsService
  readonly doctor: DoctorService
  readonly rotateToken: RotateToken
  readonly runs: RunsService
  readonly runViews: RunViewsService
  readonly reproductions: ReproductionsService
  readonly artifacts: ArtifactsService
  readonly registry: ModelsService
  readonly versions: VersionsService
  readonly batchPredictions: BatchPredictionsService
  readonly modelImports: ModelImportsService
  readonly lineage: LineageHandlerService
  readonly rollBacks: RollBackService
  readonly online: OnlineService
  readonly rollouts: RolloutsService
  readonly infrastructure: InfrastructureService
}

export function createHandlers(services: ControlServices, version: string): Handlers {
  return {
    ...engineHandlers(services.engine, version),
    ...projectsHandlers(services.projects, services.initProject),
    ...pipelinesHandlers(services.projects, services.authoring),
    ...dataHandlers(services),
    ...featuresHandlers(services.features),
    ...runsHandlers(services.runs, services.runViews, services.artifacts, services.reproductions),
    ...modelsHandlers(services.registry, services.versions, services.batchPredictions, services.modelImports),
    ...approvalsHandlers(services),
    ...endpointsHandlers(services),
    ...requestsHandlers(services),
    ...triggersHandlers(services.triggers),
    ...lineageHandlers(services.lineage, services.rollBacks),
    ...backtestsHandlers(services.backtests),
    ...monitorsHandlers(services.monitors),
    ...alertsHandlers(services),
    ...onlineHandlers(services.online),
    ...rolloutsHandlers(services.rollouts, services.infrastructure),
    ...settingsHandlers(services.upkeep, services.rotateToken, services.projects, services.doctor),
  }
}
