/** What traces and repeats runs, put together for an engine. */
import { LineageService } from './graph/lineage-service.ts'
import { type ReproductionParts, Reproductions } from './reproduce/reproductions.ts'

export interface LineageTools {
  readonly lineage: LineageService
  readonly reproductions: Reproductions
}

export function createLineageTools(parts: ReproductionParts): LineageTools {
  return { lineage: new LineageService(parts), reproductions: new Reproductions(parts) }
}
