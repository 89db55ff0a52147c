import type { MetricPoint } from '#shared/runs.ts'

export interface Series {
  readonly step: string
  readonly name: string
  /** In order of index, without the points that have no value. */
  readonly points: readonly { readonly x: number; readonly y: number }[]
}

/** The points of a run as one series per step and metric, in order of first appearance. */
export function toSeries(points: readonly MetricPoint[]): Series[] {
  const groups = Map.groupBy(points, ({ step, name }) => `${step}\n${name}`)
  return [...groups.values()].map((group) => ({
    step: group[0]?.step ?? '',
    name: group[0]?.name ?? '',
    points: group
      .flatMap(({ index, value }) => (value === null ? [] : [{ x: index, y: value }]))
      .sort((a, b) => a.x - b.x),
  }))
}
