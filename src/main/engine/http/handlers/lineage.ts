import type { LineageAnswer, LineageNeighbours } from '#shared/lineage.ts'
import type { OpenLineageEvent } from '#shared/openlineage.ts'
import type { lineageRoutes } from '#shared/routes/lineage.ts'
import type { HandlerRequest, HandlersOf } from '../requests.ts'

export interface LineageHandlerService {
  trace(question: HandlerRequest<'getLineage'>['query']): Promise<LineageAnswer>
  neighbours(question: HandlerRequest<'getLineageNeighbours'>['query']): Promise<LineageNeighbours>
  openLineage(runId: string): OpenLineageEvent[]
}

export function lineageHandlers(lineage: LineageHandlerService) {
  return {
    getLineage: ({ query }) => lineage.trace(query),
    getLineageNeighbours: ({ query }) => lineage.neighbours(query),
    getOpenLineage: ({ params }) => lineage.openLineage(params.id),
  } satisfies HandlersOf<keyof typeof lineageRoutes>
}
