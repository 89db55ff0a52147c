/**
 * Metrics of rows that count several times or not at all: what the bootstrap asks a thousand times over. All that does not
 * depend on the weights, the order of the scores above all, is worked out once.
 */
import { accuracy, f1, macroF1, predictedClasses } from '../metrics/classification.ts'
import type { Answers } from './answers.ts'

/** The metric where row i counts `weights[i]` times; NaN where it is not defined for such rows. */
export type WeightedMetric = (weights: Float64Array) => number

/** Undefined for a metric that such answers do not have. */
export function weightedMetric(metric: string, actual: Float64Array, answers: Answers): WeightedMetric | undefined {
  switch (answers.kind) {
    case 'scores':
      return metric === 'auc' ? weightedAuc(answers.scores, actual) : undefined
    case 'values':
      return valueMetric(metric, actual, answers.values)
    case 'probabilities':
      return classMetric(metric, actual, answers.probabilities, answers.classes.length)
  }
}

function valueMetric(metric: string, actual: Float64Array, values: Float64Array): WeightedMetric | undefined {
  const errors = values.map((value, row) => value - (actual[row] ?? 0))
  const squares = errors.map((error) => error ** 2)
  switch (metric) {
    case 'mae':
      return weightedMean(errors.map(Math.abs))
    case 'rmse': {
      const mean = weightedMean(squares)
      return (weights) => Math.sqrt(mean(weights))
    }
    case 'r2':
      return weightedR2(actual, squares)
    default:
      return undefined
  }
}

function classMetric(
  metric: string,
  actual: Float64Array,
  probabilities: Float64Array,
  classes: number,
): WeightedMetric | undefined {
  const positive = (row: number) => probabilities[row * 2 + 1] ?? 0
  switch (metric) {
    case 'auc':
      return classes === 2
        ? weightedAuc(
            actual.map((_, row) => positive(row)),
            actual,
          )
        : undefined
    case 'brier':
      return classes === 2 ? weightedMean(actual.map((label, row) => (positive(row) - label) ** 2)) : undefined
    case 'logLoss':
      return weightedMean(actual.map((label, row) => -Math.log(clipped(probabilities[row * classes + label] ?? 0))))
    case 'accuracy':
      return weightedConfusion(actual, probabilities, classes, accuracy)
    case 'f1':
      return classes === 2 ? weightedConfusion(actual, probabilities, classes, (counts) => f1(counts, 1)) : undefined
    case 'macroF1':
      return weightedConfusion(actual, probabilities, classes, macroF1)
    default:
      return undefined
  }
}

/** As `logLoss` does. */
function clipped(probability: number): number {
  const smallest = 2 ** -52
  return Math.min(1 - smallest, Math.max(smallest, probability))
}

function weightedMean(values: Float64Array): WeightedMetric {
  return (weights) => {
    let sum = 0
    let total = 0
    for (let row = 0; row < values.length; row++) {
      const weight = weights[row] ?? 0
      sum += weight * (values[row] ?? 0)
      total += weight
    }
    return sum / total
  }
}

function weightedR2(actual: Float64Array, squares: Float64Array): WeightedMetric {
  const meanActual = weightedMean(actual)
  const meanSquare = weightedMean(squares)
  return (weights) => {
    const mean = meanActual(weights)
    let spread = 0
    let total = 0
    for (let row = 0; row < actual.length; row++) {
      const weight = weights[row] ?? 0
      spread += weight * ((actual[row] ?? 0) - mean) ** 2
      total += weight
    }
    return spread === 0 ? Number.NaN : 1 - (meanSquare(weights) * total) / spread
  }
}

function weightedConfusion(
  actual: Float64Array,
  probabilities: Float64Array,
  classes: number,
  measure: (counts: readonly (readonly number[])[]) => number,
): WeightedMetric {
  const predicted = predictedClasses(probabilities, classes)
  const cells = Int32Array.from(actual, (label, row) => label * classes + (predicted[row] ?? 0))
  return (weights) => {
    const counts = new Float64Array(classes * classes)
    for (let row = 0; row < cells.length; row++) {
      const cell = cells[row] ?? 0
      counts[cell] = (counts[cell] ?? 0) + (weights[row] ?? 0)
    }
    return measure(
      Array.from({ length: classes }, (_, label) => [...counts.subarray(label * classes, (label + 1) * classes)]),
    )
  }
}

/** Rows of equal score count together, half a pair each, as in `auc`. Sorted once; each call is one pass. */
function weightedAuc(scores: Float64Array, actual: Float64Array): WeightedMetric {
  const order = Uint32Array.from(scores, (_, row) => row).sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0))
  const positive = Uint8Array.from(order, (row) => (actual[row] === 1 ? 1 : 0))
  const opensTie = Uint8Array.from(order, (row, place) =>
    place === 0 || scores[row] !== scores[order[place - 1] ?? 0] ? 1 : 0,
  )
  return (weights) => {
    let [positives, negatives, area, tiePositives, tieNegatives] = [0, 0, 0, 0, 0]
    for (let place = 0; place < order.length; place++) {
      if (opensTie[place] === 1) {
        area += tieNegatives * (positives + tiePositives / 2)
        positives += tiePositives
        negatives += tieNegatives
        tiePositives = 0
        tieNegatives = 0
      }
      const weight = weights[order[place] ?? 0] ?? 0
      if (positive[place] === 1) tiePositives += weight
      else tieNegatives += weight
    }
    area += tieNegatives * (positives + tiePositives / 2)
    return area / ((positives + tiePositives) * (negatives + tieNegatives))
  }
}
