/**
 * The bootstrap (Efron 1979): how much figures would move with other rows of the same kind. Rows are drawn anew with
 * replacement; every measure sees the same draw, so differences between models are paired.
 */
import { setImmediate } from 'node:timers/promises'
import type { Interval } from '#shared/gate.ts'
import { higherIsBetter } from '#shared/metrics.ts'
import { createRandom } from '../random.ts'
import type { Answers } from './answers.ts'
import { type WeightedMetric, weightedMetric } from './weighted-metrics.ts'

export interface BootstrapOptions {
  readonly resamples: number
  /** Such as 0.95. */
  readonly confidence: number
  readonly seed: number
  readonly signal?: AbortSignal | undefined
}

/** Rows drawn in all, at most, so that millions of rows take seconds too; an interval tells its number of draws. */
const rowBudget = 400_000_000
const fewestResamples = 200
/** Random numbers of the gate, apart from those of other uses of the same seed. */
const stream = 11
/** Work between two looks at the event loop: some 50 ms. */
const chunkRows = 2_000_000

/** The values of each measure, draw by draw. */
export async function resample(
  rows: number,
  measures: readonly WeightedMetric[],
  { resamples, seed, signal }: Omit<BootstrapOptions, 'confidence'>,
): Promise<Float64Array[]> {
  const draws = Math.min(resamples, Math.max(fewestResamples, Math.floor(rowBudget / Math.max(1, rows))))
  const random = createRandom(seed, stream)
  const values = measures.map(() => new Float64Array(draws))
  const weights = new Float64Array(rows)
  for (let draw = 0, work = 0; draw < draws; draw++, work += rows) {
    if (work > chunkRows) {
      await setImmediate()
      signal?.throwIfAborted()
      work = 0
    }
    weights.fill(0)
    for (let drawn = 0; drawn < rows; drawn++) {
      const row = Math.floor(random.next() * rows)
      weights[row] = (weights[row] ?? 0) + 1
    }
    measures.forEach((measure, index) => {
      const series = values[index]
      if (series !== undefined) series[draw] = measure(weights)
    })
  }
  return values
}

export interface PairedRequest {
  readonly metric: string
  readonly actual: Float64Array
  readonly candidate: Answers
  /** What it is held against, each on the same draws. */
  readonly others: readonly Answers[]
}

/**
 * Where the improvement of the candidate over each other lies, by the percentiles of the paired bootstrap; positive is
 * better. Undefined where the metric is not defined for most draws, such as the AUC of very few positives.
 */
export async function pairedIntervals(
  { metric, actual, candidate, others }: PairedRequest,
  options: BootstrapOptions,
): Promise<(Interval | undefined)[]> {
  const [mine, ...theirs] = [candidate, ...others].map((answers) => weightedMetric(metric, actual, answers))
  if (mine === undefined) return others.map(() => undefined)
  const measures = [mine, ...theirs.map((measure) => measure ?? undefinedMetric)]
  const [mineDraws = new Float64Array(), ...theirDraws] = await resample(actual.length, measures, options)
  const direction = higherIsBetter[metric] === true ? 1 : -1
  return theirDraws.map((draws) =>
    intervalOf(
      mineDraws.map((value, draw) => direction * (value - (draws[draw] ?? Number.NaN))),
      options.confidence,
    ),
  )
}

const undefinedMetric: WeightedMetric = () => Number.NaN

/** By the percentiles of the draws; undefined where most draws have no value. */
export function intervalOf(improvements: Float64Array, confidence: number): Interval | undefined {
  const sorted = improvements.filter(Number.isFinite).sort()
  if (sorted.length === 0 || sorted.length < improvements.length / 2) return undefined
  const tail = (1 - confidence) / 2
  return { low: percentile(sorted, tail), high: percentile(sorted, 1 - tail), confidence, resamples: sorted.length }
}

/** Linear between neighbours, as NumPy does by default; -0 is written as 0. */
export function percentile(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1)
  const below = sorted[Math.floor(place)] ?? Number.NaN
  const above = sorted[Math.ceil(place)] ?? Number.NaN
  return below + (above - below) * (place - Math.floor(place)) + 0
}

/** The standard deviation over the draws where the measure is defined; null for fewer than half of them. */
export function deviationOf(draws: Float64Array): number | null {
  const finite = draws.filter(Number.isFinite)
  if (finite.length < 2 || finite.length < draws.length / 2) return null
  const mean = finite.reduce((sum, value) => sum + value, 0) / finite.length
  return Math.sqrt(finite.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (finite.length - 1))
}
