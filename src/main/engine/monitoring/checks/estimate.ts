/**
 * How good predictions of two classes probably were, without a label: confidence-based performance estimation (CBPE).
 * Scores are calibrated on rows whose labels are known; a calibrated score says how probable a label is, and so what a metric
 * can be expected to be (NannyML's CBPE; Kivimäki et al. 2025, arXiv:2505.05295). It holds where inputs moved but
 * what follows from them did not. Pure.
 */
import type { CheckSpec, Interval } from '#shared/monitors.ts'
import type { SampleOf } from '#shared/reading-words.ts'
import { binValue, type NumberBins } from '../../data/sketches/number-bins.ts'
import { isotonicRegression } from '../../training/metrics/isotonic.ts'
import { createRandom, type Random } from '../../training/random.ts'
import { noEvidence, nothingToSay, type Outcome } from './outcome.ts'
import { confidence } from './proportion.ts'
import { sampleText } from './words.ts'

export type EstimatedMetric = (CheckSpec & { kind: 'estimated-performance' })['metric']

/** Rows of one score of the positive class whose labels are known. */
export interface LabelledScore {
  readonly score: number
  readonly rows: number
  readonly positives: number
}

export interface EstimateRequest {
  /** Scores of the positive class in the window. */
  readonly scores: NumberBins
  /** Of the evaluation of the same version, in ascending order of score. */
  readonly reference: readonly LabelledScore[]
  readonly metric: EstimatedMetric
  /** What the reference is. */
  readonly of: SampleOf
}

/** Rows of one score, of which a share is positive, or is expected to be. */
interface Scored {
  readonly score: number
  readonly rows: number
  readonly positives: number
}

const draws = 400
const seed = 1

export function estimateOutcome({ scores, reference, metric, of }: EstimateRequest): Outcome {
  const known = sum(reference.map(({ rows }) => rows))
  if (known === 0) return nothingToSay('metric', { kind: 'no-labelled-scores' })
  const rows = sum(scores.counts)
  if (rows === 0) return nothingToSay('metric', { kind: 'no-scores' })
  const bins = scores.keys.map((key, index) => ({
    score: Math.min(1, binValue(key, scores.bits)),
    rows: scores.counts[index] ?? 0,
  }))
  const calibrated = calibration(reference)
  const expected = bins.map((bin) => ({ ...bin, positives: bin.rows * calibrated(bin.score) }))
  const value = metricOf(metric, expected)
  return {
    value: Number.isFinite(value) ? value : null,
    nothing: { kind: 'no-metric', metric },
    unit: 'metric',
    metric,
    interval: intervalOf(bins, reference, metric),
    rows,
    parts: [],
    evidence: {
      ...noEvidence,
      reference: sampleText(of),
      currentRows: rows,
      referenceRows: known,
      figures: {
        [`${metric} of the evaluation`]: finite(metricOf(metric, reference)),
        'share expected to be positive': sum(expected.map(({ positives }) => positives)) / rows,
        'share positive in the evaluation': sum(reference.map(({ positives }) => positives)) / known,
      },
    },
  }
}

function calibration(reference: readonly LabelledScore[]): (score: number) => number {
  return isotonicRegression(
    reference.map(({ score, rows, positives }) => ({ x: score, y: positives / rows, weight: rows })),
  )
}

/** Positive labels may be fractions: what is expected of them. Scores ascend. */
export function metricOf(metric: EstimatedMetric, scored: readonly Scored[]): number {
  switch (metric) {
    case 'auc':
      return expectedAuc(scored)
    case 'logLoss':
      return expectedLogLoss(scored)
    case 'accuracy':
    case 'f1': {
      const { truePositives, falsePositives, falseNegatives, rows } = expectedConfusion(scored)
      if (metric === 'accuracy') return (rows - falsePositives - falseNegatives) / rows
      return (2 * truePositives) / (2 * truePositives + falsePositives + falseNegatives)
    }
  }
}

/** From here on a row is predicted to be positive. */
const threshold = 0.5

function expectedConfusion(scored: readonly Scored[]) {
  let [truePositives, falsePositives, falseNegatives, rows] = [0, 0, 0, 0]
  for (const each of scored) {
    rows += each.rows
    if (each.score >= threshold) {
      truePositives += each.positives
      falsePositives += each.rows - each.positives
    } else falseNegatives += each.positives
  }
  return { truePositives, falsePositives, falseNegatives, rows }
}

/** The share of pairs of a positive and a negative row that the scores put in the right order; equal scores count half. */
function expectedAuc(scored: readonly Scored[]): number {
  let [negativesBelow, right, positives] = [0, 0, 0]
  for (const each of scored) {
    const negatives = each.rows - each.positives
    right += each.positives * (negativesBelow + negatives / 2)
    negativesBelow += negatives
    positives += each.positives
  }
  return right / (positives * negativesBelow)
}

/** Kept this far from 0 and 1 before a logarithm, as in the metrics of an evaluation. */
const smallestProbability = 2 ** -52

function expectedLogLoss(scored: readonly Scored[]): number {
  let [loss, rows] = [0, 0]
  for (const { score, rows: all, positives } of scored) {
    const probability = Math.min(1 - smallestProbability, Math.max(smallestProbability, score))
    loss -= positives * Math.log(probability) + (all - positives) * Math.log(1 - probability)
    rows += all
  }
  return loss / rows
}

/**
 * Where the metric will lie once labels are known, if the calibration holds: the reference is drawn anew, as it might have
 * been otherwise, and labels are drawn as the calibrated scores say.
 */
function intervalOf(
  bins: readonly { readonly score: number; readonly rows: number }[],
  reference: readonly LabelledScore[],
  metric: EstimatedMetric,
): Interval | undefined {
  const random = createRandom(seed)
  const values: number[] = []
  for (let draw = 0; draw < draws; draw++) {
    const again = reference.map(({ score, rows, positives }) => {
      const drawn = poisson(random, rows)
      return { score, rows: drawn, positives: binomial(random, drawn, positives / rows) }
    })
    const calibrated = calibration(again.filter(({ rows }) => rows > 0))
    const drawn = bins.map((bin) => ({ ...bin, positives: binomial(random, bin.rows, calibrated(bin.score)) }))
    const value = metricOf(metric, drawn)
    if (Number.isFinite(value)) values.push(value)
  }
  // As the bootstrap of the gate: where most draws have no value there is no interval.
  if (values.length < draws / 2) return undefined
  values.sort((a, b) => a - b)
  const at = (position: number) => values[Math.round(position * (values.length - 1))] ?? Number.NaN
  return { low: at((1 - confidence) / 2), high: at((1 + confidence) / 2), confidence }
}

/** Beyond this a normal distribution of the same mean and deviation is as good. */
const exactUpTo = 60

function binomial(random: Random, rows: number, probability: number): number {
  if (rows > exactUpTo) {
    const drawn = rows * probability + random.normal() * Math.sqrt(rows * probability * (1 - probability))
    return Math.min(rows, Math.max(0, Math.round(drawn)))
  }
  let hits = 0
  for (let row = 0; row < rows; row++) if (random.next() < probability) hits++
  return hits
}

function poisson(random: Random, mean: number): number {
  if (mean > exactUpTo) return Math.max(0, Math.round(mean + random.normal() * Math.sqrt(mean)))
  const least = Math.exp(-mean)
  let count = -1
  for (let product = 1; product > least; product *= random.next()) count++
  return Math.max(0, count)
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
