import { readFile } from 'node:fs/promises'
import type { Reproduction } from '#shared/reproduction.ts'
import type { runsRoutes } from '#shared/routes/runs.ts'
import type { RunComparison, RunFacets, RunListPage, RunPlan, RunView } from '#shared/run-list.ts'
import type { RunRecord } from '#shared/run-record.ts'
import { type Artifact, type Json, jsonSchema, type LogLine, type MetricPoint, type Run } from '#shared/runs.ts'
import { EsteiraError, nearestName } from '../../kernel/errors.ts'
import type { HandlerRequest, HandlersOf } from '../requests.ts'
import { done } from './done.ts'

export interface RunsService {
  start(request: HandlerRequest<'startRun'>['body']): Promise<Run>
  list(query: HandlerRequest<'listRuns'>['query']): RunListPage
  facets(): RunFacets
  compare(ids: readonly string[], points: number): RunComparison
  get(id: string): Run
  plan(id: string): RunPlan
  record(id: string): RunRecord
  cancel(id: string): Promise<Run>
  retry(id: string, options: HandlerRequest<'retryRun'>['query']): Promise<Run>
  log(id: string, query: HandlerRequest<'getRunLog'>['query']): LogLine[]
  metrics(id: string): MetricPoint[]
}

export interface RunViewsService {
  list(): RunView[]
  save(name: string, filter: RunView['filter']): RunView
  rename(name: string, newName: string): RunView
  remove(name: string): void
}

export interface ArtifactsService {
  get(hash: string): Artifact
  /** File name to absolute path, each file checked against its hash. */
  files(hash: string): Promise<ReadonlyMap<string, string>>
}

export interface ReproductionsService {
  start(runId: string): Reproduction
  list(runId: string): Reproduction[]
  get(id: string): Reproduction
  cancel(id: string): Promise<Reproduction>
}

export function runsHandlers(
  runs: RunsService,
  views: RunViewsService,
  artifacts: ArtifactsService,
  reproductions: ReproductionsService,
) {
  return {
    startRun: ({ body }) => runs.start(body),
    listRuns: ({ query }) => runs.list(query),
    getRunFacets: () => runs.facets(),
    compareRuns: ({ query }) => runs.compare(query.ids, query.points),
    listRunViews: () => views.list(),
    saveRunView: ({ params, body }) => views.save(params.name, body.filter),
    renameRunView: ({ params, body }) => views.rename(params.name, body.name),
    deleteRunView: ({ params }) => {
      views.remove(params.name)
      return done
    },
    getRun: ({ params }) => runs.get(params.id),
    getRunPlan: ({ params }) => runs.plan(params.id),
    getRunRecord: ({ params }) => runs.record(params.id),
    reproduceRun: ({ params }) => reproductions.start(params.id),
    listReproductions: ({ params }) => reproductions.list(params.id),
    getReproduction: ({ params }) => reproductions.get(params.id),
    cancelReproduction: ({ params }) => reproductions.cancel(params.id),
    cancelRun: ({ params }) => runs.cancel(params.id),
    retryRun: ({ params, query }) => runs.retry(params.id, query),
    getRunLog: ({ params, query }) => runs.log(params.id, query),
    getRunMetrics: ({ params }) => runs.metrics(params.id),

    getArtifact: ({ params }) => artifacts.get(params.hash),
    getArtifactJson: ({ params }) => readArtifactJson(artifacts, params),
  } satisfies HandlersOf<keyof typeof runsRoutes>
}

/** Only files that the artifact itself lists can be named: a path that leads elsewhere finds nothing. */
async function readArtifactJson(
  artifacts: ArtifactsService,
  { hash, file }: HandlerRequest<'getArtifactJson'>['params'],
): Promise<Json> {
  const files = await artifacts.files(hash)
  const names = [...files.keys()].filter((name) => name.endsWith('.json'))
  const path = names.includes(file) ? files.get(file) : undefined
  if (path === undefined) {
    throw new EsteiraError('not-found', `The artifact holds no JSON file "${file}".`, {
      where: hash,
      found: file,
      allowed: names.join(', ') || 'no JSON files',
      nearest: nearestName(file, names),
    })
  }
  return jsonSchema.parse(JSON.parse(await readFile(path, 'utf8')))
}
