import type { InitReport } from '#shared/api.ts'
import type { Project } from '#shared/projects.ts'
import type { projectsRoutes } from '#shared/routes/projects.ts'
import type { HandlerRequest, HandlersOf } from '../requests.ts'
import { done } from './done.ts'

export interface ProjectsService {
  list(): Promise<Project[]>
  add(request: HandlerRequest<'addProject'>['body']): Promise<Project>
  addSample(request: HandlerRequest<'addSample'>['body']): Promise<Project>
  get(id: string): Promise<Project>
  remove(id: string): void
}

export type InitProject = (request: HandlerRequest<'initProject'>['body']) => Promise<InitReport>

export function projectsHandlers(projects: ProjectsService, initProject: InitProject) {
  return {
    listProjects: () => projects.list(),
    addProject: ({ body }) => projects.add(body),
    addSample: ({ body }) => projects.addSample(body),
    initProject: ({ body }) => initProject(body),
    getProject: ({ params }) => projects.get(params.id),
    removeProject: ({ params }) => {
      projects.remove(params.id)
      return done
    },
  } satisfies HandlersOf<keyof typeof projectsRoutes>
}
