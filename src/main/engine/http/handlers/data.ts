import type { RouteResponse } from '#shared/api.ts'
import type { DataFileAdvice } from '#shared/data.ts'
import type { dataRoutes } from '#shared/routes/data.ts'
import type { HandlerRequest, HandlersOf } from '../requests.ts'

interface RowWindow {
  readonly offset: number
  readonly limit: number
}

/** Every question can be given up by its signal. */
export interface DatasetsService {
  list(projectId: string): Promise<RouteResponse<'listDatasets'>>
  rows(projectId: string, name: string, page: RowWindow, signal: AbortSignal): Promise<RouteResponse<'readDataset'>>
  sql(projectId: string, query: HandlerRequest<'runSql'>['body'], signal: AbortSignal): Promise<RouteResponse<'runSql'>>
  statistics(projectId: string, name: string, signal: AbortSignal): Promise<RouteResponse<'getDatasetStatistics'>>
  artifactRows(
    hash: string,
    file: string,
    page: RowWindow,
    signal: AbortSignal,
  ): Promise<RouteResponse<'readArtifactTable'>>
  preview(path: string, page: RowWindow, signal: AbortSignal): Promise<RouteResponse<'previewDataFile'>>
}

export interface ValidationService {
  infer(
    projectId: string,
    dataset: string,
    options: HandlerRequest<'inferSchema'>['body'],
    signal: AbortSignal,
  ): Promise<RouteResponse<'inferSchema'>>
  propose(
    projectId: string,
    dataset: string,
    request: HandlerRequest<'proposeSchema'>['body'],
    signal: AbortSignal,
  ): Promise<RouteResponse<'proposeSchema'>>
  draft(projectId: string, draft: HandlerRequest<'draftSchema'>['body']): Promise<RouteResponse<'draftSchema'>>
  report(
    projectId: string,
    request: HandlerRequest<'validateData'>['body'],
    signal: AbortSignal,
  ): Promise<RouteResponse<'validateData'>>
  accept(
    projectId: string,
    request: HandlerRequest<'acceptAnomaly'>['body'],
    signal: AbortSignal,
  ): Promise<RouteResponse<'acceptAnomaly'>>
  quarantine(
    projectId: string,
    request: HandlerRequest<'quarantineRows'>['body'],
  ): Promise<RouteResponse<'quarantineRows'>>
}

export interface DriftsService {
  drift(
    projectId: string,
    dataset: string,
    question: HandlerRequest<'getDatasetDrift'>['query'],
    signal: AbortSignal,
  ): Promise<RouteResponse<'getDatasetDrift'>>
  history(
    projectId: string,
    dataset: string,
    question: HandlerRequest<'getDriftHistory'>['query'],
    signal: AbortSignal,
  ): Promise<RouteResponse<'getDriftHistory'>>
}

export type AdviseDataFile = (
  question: { file: string; target: string; task?: HandlerRequest<'adviseDataFile'>['body']['task'] },
  signal: AbortSignal,
) => Promise<DataFileAdvice>

export interface DataParts {
  readonly datasets: DatasetsService
  readonly validation: ValidationService
  readonly drifts: DriftsService
  readonly adviseDataFile: AdviseDataFile
}

export function dataHandlers({ datasets, validation, drifts, adviseDataFile }: DataParts) {
  return {
    listDatasets: ({ params }) => datasets.list(params.id),
    readDataset: ({ params, query, signal }) => datasets.rows(params.id, params.name, query, signal),
    runSql: ({ params, body, signal }) => datasets.sql(params.id, body, signal),
    getDatasetStatistics: ({ params, signal }) => datasets.statistics(params.id, params.name, signal),
    getDatasetDrift: ({ params, query, signal }) => drifts.drift(params.id, params.name, query, signal),
    getDriftHistory: ({ params, query, signal }) => drifts.history(params.id, params.name, query, signal),
    readArtifactTable: ({ params, query, signal }) => datasets.artifactRows(params.hash, params.file, query, signal),

    inferSchema: ({ params, body, signal }) => validation.infer(params.id, params.name, body, signal),
    proposeSchema: ({ params, body, signal }) => validation.propose(params.id, params.name, body, signal),
    draftSchema: ({ params, body }) => validation.draft(params.id, body),
    validateData: ({ params, body, signal }) => validation.report(params.id, body, signal),
    acceptAnomaly: ({ params, body, signal }) => validation.accept(params.id, body, signal),
    quarantineRows: ({ params, body }) => validation.quarantine(params.id, body),

    previewDataFile: ({ body: { path, ...page }, signal }) => datasets.preview(path, page, signal),
    adviseDataFile: ({ body: { path, ...rest }, signal }) => adviseDataFile({ file: path, ...rest }, signal),
  } satisfies HandlersOf<keyof typeof dataRoutes>
}
