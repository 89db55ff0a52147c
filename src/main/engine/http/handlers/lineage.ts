import type { LineageAnswer, LineageNeighbours } from '#shared/lineage.ts'
import type { OpenLineageEvent } from '#shared/openlineage.ts'
import type { RollBack, RollBackRequest } from '#shared/roll-back.ts'
import type { lineageRoutes } from '#shared/routes/lineage.ts'
import type { HandlerRequest, HandlersOf } from '../requests.ts'
import { actor } from './actor.ts'

export interface LineageHandlerService {
  trace(question: HandlerRequest<'getLineage'>['query']): Promise<LineageAnswer>
  neighbours(question: HandlerRequest<'getLineageNeighbours'>['query']): Promise<LineageNeighbours>
  openLineage(runId: string): OpenLineageEvent[]
}

export interface RollBackService {
  rollBack(request: RollBackRequest, actor: string): Promise<RollBack>
}

export function lineageHandlers(lineage: LineageHandlerService, rollBacks: RollBackService) {
  return {
    getLineage: ({ query }) => lineage.trace(query),
    getLineageNeighbours: ({ query }) => lineage.neighbours(query),
    rollBackTo: ({ body }) => rollBacks.rollBack(body, actor),
    getOpenLineage: ({ params }) => lineage.openLineage(params.id),
  } satisfies HandlersOf<keyof typeof lineageRoutes>
}
