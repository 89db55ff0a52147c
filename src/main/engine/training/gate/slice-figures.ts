/** How a metric differs over slices, with how much of that chance alone explains. */

import { higherIsBetter } from '#shared/metrics.ts'
import type { Metrics, Task } from '#shared/models.ts'
import type { Slice } from '../slices.ts'
import { type Answers, answersFor, metricsOfAnswers } from './answers.ts'
import { type BootstrapOptions, deviationOf, resample } from './bootstrap.ts'
import { weightedMetric } from './weighted-metrics.ts'
import { improvementOf } from './wording.ts'

export interface SliceMeasures {
  readonly value: string
  readonly rows: number
  readonly metric: number
  readonly standardError: number | null
  readonly champion: number | null
  readonly drop: number | null
  readonly dropError: number | null
}

export interface MeasuredSlices {
  readonly slices: readonly SliceMeasures[]
  /** Slices left out because they have too few rows. */
  readonly small: number
  readonly deviation: number | null
  readonly trueDeviation: number | null
}

export interface SliceRequest {
  readonly task: Task
  readonly metric: string
  readonly slices: readonly Slice[]
  readonly minRows: number
  readonly actual: Float64Array
  readonly candidate: Answers
  /** On the same rows. */
  readonly champion?: Answers | undefined
}

/** A standard error needs fewer draws than the ends of an interval. */
const sliceResamples = 200

/** A slice where the metric is not defined, such as the AUC of one class, is left out. */
export async function measureSlices(request: SliceRequest, options: BootstrapOptions): Promise<MeasuredSlices> {
  const large = request.slices.filter(({ rows }) => rows.length >= request.minRows)
  const measured: SliceMeasures[] = []
  for (const slice of large) {
    const measures = await measureSlice(slice, request, options)
    if (measures !== undefined) measured.push(measures)
  }
  return { slices: measured, small: request.slices.length - large.length, ...spreadOf(measured) }
}

async function measureSlice(
  { value, rows }: Slice,
  { task, metric, actual, candidate, champion }: SliceRequest,
  options: BootstrapOptions,
): Promise<SliceMeasures | undefined> {
  const targets = Float64Array.from(rows, (row) => actual[row] ?? 0)
  const scoreOf = (answers: Answers): number | undefined => {
    const metrics: Metrics = metricsOfAnswers(task, targets, answers)
    return metrics[metric]
  }
  const mine = answersFor(candidate, rows)
  const theirs = champion && answersFor(champion, rows)
  const score = scoreOf(mine)
  if (score === undefined) return undefined
  const other = theirs && scoreOf(theirs)
  const measures = [mine, ...(theirs === undefined ? [] : [theirs])].flatMap(
    (answers) => weightedMetric(metric, targets, answers) ?? [],
  )
  const [mineDraws = new Float64Array(), theirDraws] = await resample(rows.length, measures, {
    ...options,
    resamples: Math.min(options.resamples, sliceResamples),
  })
  const sign = higherIsBetter[metric] === true ? 1 : -1
  return {
    value,
    rows: rows.length,
    metric: score,
    standardError: deviationOf(mineDraws),
    champion: other ?? null,
    drop: other === undefined ? null : -improvementOf(metric, score, other) + 0,
    dropError:
      theirDraws === undefined
        ? null
        : deviationOf(mineDraws.map((draw, index) => sign * ((theirDraws[index] ?? Number.NaN) - draw))),
  }
}

/**
 * The standard deviation over the slices, and what is left of it when the mean sampling variance is taken away (the
 * method of moments of DerSimonian and Laird 1986, unweighted): 0 where small slices differ no more than by chance.
 */
export function spreadOf(
  slices: readonly Pick<SliceMeasures, 'metric' | 'standardError'>[],
): Pick<MeasuredSlices, 'deviation' | 'trueDeviation'> {
  if (slices.length < 2) return { deviation: null, trueDeviation: null }
  const mean = slices.reduce((sum, { metric }) => sum + metric, 0) / slices.length
  const variance = slices.reduce((sum, { metric }) => sum + (metric - mean) ** 2, 0) / (slices.length - 1)
  const chance = slices.reduce((sum, { standardError }) => sum + (standardError ?? 0) ** 2, 0) / slices.length
  return { deviation: Math.sqrt(variance), trueDeviation: Math.sqrt(Math.max(0, variance - chance)) }
}
