import type {
  CommitInfo,
  ComponentInfo,
  PipelineDraft,
  PipelineVersion,
  ProjectGit,
  ProjectTextFile,
} from '#shared/pipelines.ts'
import type { Pipeline } from '#shared/projects.ts'
import type { pipelinesRoutes } from '#shared/routes/pipelines.ts'
import type { HandlerRequest, HandlersOf } from '../requests.ts'
import { done } from './done.ts'

export interface PipelinesService {
  pipelines(id: string): Promise<Pipeline[]>
}

export interface AuthoringService {
  components(): ComponentInfo[]
  draft(projectId: string, pipeline: string, request: HandlerRequest<'draftPipeline'>['body']): Promise<PipelineDraft>
  versions(projectId: string, pipeline: string): Promise<PipelineVersion[]>
  readFile(projectId: string, path: string): Promise<ProjectTextFile>
  writeFile(projectId: string, request: HandlerRequest<'writeProjectFile'>['body']): Promise<ProjectTextFile>
  deleteFile(projectId: string, request: HandlerRequest<'deleteProjectFile'>['query']): Promise<void>
  git(projectId: string): Promise<ProjectGit>
  initGit(projectId: string): Promise<ProjectGit>
  commit(projectId: string, request: HandlerRequest<'commitProjectFiles'>['body']): Promise<CommitInfo>
}

export function pipelinesHandlers(projects: PipelinesService, authoring: AuthoringService) {
  return {
    listComponents: () => authoring.components(),
    listPipelines: ({ params }) => projects.pipelines(params.id),
    draftPipeline: ({ params, body }) => authoring.draft(params.id, params.name, body),
    listPipelineVersions: ({ params }) => authoring.versions(params.id, params.name),
    readProjectFile: ({ params, query }) => authoring.readFile(params.id, query.path),
    writeProjectFile: ({ params, body }) => authoring.writeFile(params.id, body),
    deleteProjectFile: async ({ params, query }) => {
      await authoring.deleteFile(params.id, query)
      return done
    },
    getProjectGit: ({ params }) => authoring.git(params.id),
    initProjectGit: ({ params }) => authoring.initGit(params.id),
    commitProjectFiles: ({ params, body }) => authoring.commit(params.id, body),
  } satisfies HandlersOf<keyof typeof pipelinesRoutes>
}
