import { type ApiClient, createClient } from '#shared/client.ts'
import type { Engine } from '../engine.ts'

export interface ProjectClient extends ApiClient {
  /** Adds the project folder and starts one of its pipelines; returns the id of the run. */
  startRun(projectPath: string, pipeline: string): Promise<string>
}

/** The control API of an engine in this process, over real HTTP, for tests. */
export function createProjectClient(engine: Engine): ProjectClient {
  const { controlUrl } = engine.info()
  const client = createClient((path, init) =>
    fetch(`${controlUrl}${path}`, { ...init, headers: { ...init.headers, authorization: `Bearer ${engine.token}` } }),
  )
  return {
    ...client,
    async startRun(projectPath, pipeline) {
      const project = await client.call('addProject', { body: { path: projectPath, trust: true } })
      const run = await client.call('startRun', { body: { projectId: project.id, pipeline, startedBy: 'test' } })
      return run.id
    },
  }
}
