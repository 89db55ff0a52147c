/** What traces, repeats and rolls back, put together for an engine. */
import { LineageService } from './graph/lineage-service.ts'
import { type ReproductionParts, Reproductions } from './reproduce/reproductions.ts'
import { type RollBackParts, RollBacks } from './roll-back.ts'
import { Timelines, type TimelinesParts } from './timeline/timelines.ts'

export interface LineageTools {
  readonly lineage: LineageService
  readonly reproductions: Reproductions
  readonly rollBacks: RollBacks
  readonly timelines: Timelines
}

export function createLineageTools(
  parts: ReproductionParts & Pick<RollBackParts, 'authoring'> & TimelinesParts,
): LineageTools {
  return {
    lineage: new LineageService(parts),
    reproductions: new Reproductions(parts),
    rollBacks: new RollBacks(parts),
    timelines: new Timelines(parts),
  }
}
