/** What a page needs to lay several runs side by side. */
import type { CurveSeries, RunComparison, RunPlan } from '#shared/run-list.ts'
import type { MetricPoint, Run } from '#shared/runs.ts'
import { thinCurve } from './downsample.ts'
import type { Plan } from './plan.ts'

interface ComparedRuns {
  get(id: string): Run
  plan(id: string): RunPlan
  metrics(id: string): MetricPoint[]
}

/** @throws EsteiraError `run-not-found` for the first id that is unknown */
export function compareRuns(runs: ComparedRuns, ids: readonly string[], points: number): RunComparison {
  return {
    runs: ids.map((id) => ({ run: runs.get(id), plan: runs.plan(id) })),
    series: ids.flatMap((id) => curvesOf(id, runs.metrics(id), points)),
  }
}

/** One curve for each step and name; a point without a value leaves no mark. */
function curvesOf(runId: string, measured: readonly MetricPoint[], limit: number): CurveSeries[] {
  const groups = Map.groupBy(measured, ({ step, name }) => JSON.stringify([step, name]))
  return [...groups.values()].flatMap((group) => {
    const [first] = group
    const points = group.flatMap(({ index, value }) => (value === null ? [] : [{ x: index, y: value }]))
    if (first === undefined || points.length === 0) return []
    return [{ runId, step: first.step, name: first.name, points: thinCurve(points, limit) }]
  })
}

/** The part of a plan that people read. */
export function visiblePlan({ useCache, steps }: Plan): RunPlan {
  return {
    useCache,
    steps: steps.map(({ name, component, options, inputs, when, cache }) => ({
      name,
      component,
      options,
      inputs,
      when,
      cache,
    })),
  }
}
