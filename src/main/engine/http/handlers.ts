/** One handler for each route of the catalogue: from the request to the part of the engine that answers it. */
import { type DeploymentsService, type EndpointsService, endpointsHandlers } from './handlers/endpoints.ts'
import { type EngineService, engineHandlers } from './handlers/engine.ts'
import { type ModelsService, modelsHandlers } from './handlers/models.ts'
import { type PipelinesService, pipelinesHandlers } from './handlers/pipelines.ts'
import { type InitProject, type ProjectsService, projectsHandlers } from './handlers/projects.ts'
import { type ArtifactsService, type RunsService, runsHandlers } from './handlers/runs.ts'
import type { Handlers } from './requests.ts'

/** What the control API asks of the engine: the few methods it calls of the parts, which satisfy this by their shape. */
export interface ControlServices {
  readonly engine: EngineService
  readonly projects: ProjectsService & PipelinesService
  readonly initProject: InitProject
  readonly runs: RunsService
  readonly artifacts: ArtifactsService
  readonly registry: ModelsService
  readonly endpoints: EndpointsService
  readonly deployments: DeploymentsService
}

export function createHandlers(services: ControlServices, version: string): Handlers {
  return {
    ...engineHandlers(services.engine, version),
    ...projectsHandlers(services.projects, services.initProject),
    ...pipelinesHandlers(services.projects),
    ...runsHandlers(services.runs, services.artifacts),
    ...modelsHandlers(services.registry),
    ...endpointsHandlers(services.endpoints, services.deployments),
  }
}
