/** The history of a dataset as small charts draw it: one line a column, and the weighted drift. Pure. */
import type { DriftHistory, DriftMeasurement } from '#shared/drift.ts'

export interface HistoryPoint {
  readonly from: string
  readonly to: string
  /** Null where the measure is not defined, such as for a column that is all missing. */
  readonly value: number | null
  readonly drifted: boolean
}

export interface HistoryLine {
  /** Undefined: all columns, weighted. */
  readonly feature: string | undefined
  readonly measure: string | undefined
  /** Of the last stretch: for small samples chance alone reaches more. */
  readonly limit: number
  readonly drifts: 'above' | 'below'
  readonly points: readonly HistoryPoint[]
}

/** A new training is asked for beyond it; the engine's default. */
const retrainAbove = 0.1

/** The weighted drift first, then the columns: those that drifted most often first. */
export function historyLines({ spans }: Pick<DriftHistory, 'spans'>): HistoryLine[] {
  const weighted: HistoryLine = {
    feature: undefined,
    measure: undefined,
    limit: retrainAbove,
    drifts: 'above',
    points: spans.map(({ from, to, weightedDrift }) => ({
      from,
      to,
      value: weightedDrift,
      drifted: weightedDrift > retrainAbove,
    })),
  }
  const features = [...new Set(spans.flatMap(({ columns }) => columns.map(({ feature }) => feature)))]
  const lines = features.map((feature) => lineOf(feature, spans))
  const times = ({ points }: HistoryLine) => points.filter(({ drifted }) => drifted).length
  return [weighted, ...lines.sort((a, b) => times(b) - times(a))]
}

function lineOf(feature: string, spans: DriftHistory['spans']): HistoryLine {
  const found = spans.flatMap(({ from, to, columns }) => {
    const column = columns.find((one) => one.feature === feature)
    return column === undefined ? [] : [{ from, to, column }]
  })
  const last: DriftMeasurement | undefined = found.at(-1)?.column
  return {
    feature,
    measure: last?.measure,
    limit: last?.limit ?? last?.threshold ?? 0,
    drifts: last?.drifts ?? 'above',
    points: found.map(({ from, to, column: { value, drifted } }) => ({ from, to, value, drifted })),
  }
}
