import { backtestedPipeline } from '#shared/backtest-run.ts'
import { modelOfRun } from '#shared/model-run.ts'
import type { RunSummary } from '#shared/runs.ts'

/** Of the pipeline that the run executed, or that it repeated over history; of the model that it predicted with. */
export function pipelineHref({ projectId, pipeline }: Pick<RunSummary, 'projectId' | 'pipeline'>): string {
  const model = modelOfRun(pipeline)
  if (model !== undefined) return `/models/${encodeURIComponent(model)}`
  return `/pipelines/${projectId}/${encodeURIComponent(backtestedPipeline(pipeline) ?? pipeline)}`
}

/** Enough of an id to tell runs apart on a page. */
export const shortRunId = (id: string): string => id.slice(-6)
