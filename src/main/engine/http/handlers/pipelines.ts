import type { Pipeline } from '#shared/projects.ts'
import type { HandlersOf } from '../requests.ts'

export interface PipelinesService {
  pipelines(id: string): Promise<Pipeline[]>
}

export function pipelinesHandlers(projects: PipelinesService) {
  return {
    listPipelines: ({ params }) => projects.pipelines(params.id),
  } satisfies HandlersOf<'listPipelines'>
}
