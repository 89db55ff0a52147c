/** One handler for each route of the catalogue: from the request to the part of the engine that answers it. */
import { readFile } from 'node:fs/promises'
import { type Json, jsonSchema } from '#shared/runs.ts'
import { EsteiraError, nearestName } from '../kernel/errors.ts'
import type { HandlerRequest, Handlers } from './requests.ts'
import type { ControlServices } from './services.ts'

/** Who moves an alias or deploys when the API is called. */
const actor = 'api'
/** Where a route gives a whole list; an endpoint with more revisions shows its newest. */
const longestList = 1_000

const done = { ok: true } as const

export function createHandlers(services: ControlServices, version: string): Handlers {
  const { engine, projects, runs, artifacts, registry, endpoints } = services
  return {
    getHealth: () => ({ status: 'ok', version }),
    getEngine: () => engine.info(),
    stopEngine: () => {
      engine.stop()
      return done
    },

    listProjects: () => projects.list(),
    addProject: ({ body }) => projects.add(body),
    addSample: ({ body }) => projects.addSample(body),
    initProject: ({ body }) => services.initProject(body),
    getProject: ({ params }) => projects.get(params.id),
    removeProject: ({ params }) => {
      projects.remove(params.id)
      return done
    },
    listPipelines: ({ params }) => projects.pipelines(params.id),

    startRun: ({ body }) => runs.start(body),
    listRuns: ({ query }) => runs.list(query),
    getRun: ({ params }) => runs.get(params.id),
    cancelRun: ({ params }) => runs.cancel(params.id),
    retryRun: ({ params }) => runs.retry(params.id),
    getRunLog: ({ params, query }) => runs.log(params.id, query),
    getRunMetrics: ({ params }) => runs.metrics(params.id),

    getArtifact: ({ params }) => artifacts.get(params.hash),
    getArtifactJson: ({ params }) => readArtifactJson(artifacts, params),

    listModels: () => registry.listModels(),
    getModel: ({ params }) => registry.getModel(params.name),
    listModelVersions: ({ params, query }) => registry.listVersions(params.name, query),
    listAliasMoves: ({ params, query }) => registry.history(params.name, query),
    moveAlias: ({ params, body }) => {
      registry.moveAlias({ ...body, model: params.name, alias: params.alias, actor })
      return registry.getModel(params.name)
    },

    listEndpoints: () => endpoints.list(),
    getEndpoint: ({ params }) => endpoints.get(params.name),
    deploy: async ({ params, body }) => {
      await services.deploy({ ...body, endpoint: params.name, actor })
      return endpoints.get(params.name)
    },
    rollBack: async ({ params, body }) => {
      await services.rollBack({ endpoint: params.name, to: body.revision, reason: body.reason, actor })
      return endpoints.get(params.name)
    },
    listRevisions: ({ params }) => endpoints.listRevisions(params.name, { limit: longestList }).items,
  }
}

/** Only files that the artifact itself lists can be named: a path that leads elsewhere finds nothing. */
async function readArtifactJson(
  artifacts: ControlServices['artifacts'],
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
