/** What the control API asks of the engine: the few methods it calls of the parts, which satisfy this by their shape. */
import type { EngineInfo, InitReport, RouteResponse } from '#shared/api.ts'
import type { AliasMove, Endpoint, ModelVersion, RegisteredModel, Revision } from '#shared/models.ts'
import type { Page } from '#shared/names.ts'
import type { Pipeline, Project } from '#shared/projects.ts'
import type { Artifact, LogLine, MetricPoint, Run, RunSummary } from '#shared/runs.ts'
import type { HandlerRequest } from './requests.ts'

interface PageRequest {
  readonly limit: number
  readonly cursor?: string | undefined
}

export interface ControlServices {
  readonly engine: {
    info(): EngineInfo
    /** Begins to stop; the answer to the request still goes out. */
    stop(): void
  }
  readonly projects: {
    list(): Promise<Project[]>
    add(request: HandlerRequest<'addProject'>['body']): Promise<Project>
    addSample(request: HandlerRequest<'addSample'>['body']): Promise<Project>
    get(id: string): Promise<Project>
    remove(id: string): void
    pipelines(id: string): Promise<Pipeline[]>
  }
  initProject(request: HandlerRequest<'initProject'>['body']): Promise<InitReport>
  readonly runs: {
    start(request: HandlerRequest<'startRun'>['body']): Promise<Run>
    list(query: HandlerRequest<'listRuns'>['query']): Page<RunSummary>
    get(id: string): Run
    cancel(id: string): Promise<Run>
    retry(id: string): Promise<Run>
    log(id: string, query: HandlerRequest<'getRunLog'>['query']): LogLine[]
    metrics(id: string): MetricPoint[]
  }
  readonly artifacts: {
    get(hash: string): Artifact
    /** File name to absolute path, each file checked against its hash. */
    files(hash: string): Promise<ReadonlyMap<string, string>>
  }
  readonly registry: {
    listModels(): RouteResponse<'listModels'>
    getModel(name: string): RegisteredModel
    listVersions(model: string, page: PageRequest): Page<ModelVersion>
    history(model: string, page: PageRequest): Page<AliasMove>
    moveAlias(request: { model: string; alias: string; version: number; actor: string; reason: string }): void
  }
  readonly endpoints: {
    list(): Endpoint[]
    get(name: string): Endpoint
    listRevisions(endpoint: string, page: PageRequest): Page<Revision>
  }
  /** Returns when the version answers at the endpoint. */
  deploy(request: DeployRequest): Promise<unknown>
  /** Returns when the version of the earlier revision answers. */
  rollBack(request: RollbackRequest): Promise<unknown>
}

interface DeployRequest {
  readonly endpoint: string
  readonly model: string
  readonly version: number
  readonly actor: string
  readonly reason: string
}

interface RollbackRequest {
  readonly endpoint: string
  /** Number of the revision to return to; left out, the one before the last. */
  readonly to?: number | undefined
  readonly actor: string
  readonly reason: string
}
