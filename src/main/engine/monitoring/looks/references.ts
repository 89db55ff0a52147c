/** What a version is held against: the statistics of its training rows, and what it answered in its evaluation. */
import { readFile } from 'node:fs/promises'
import { type Evaluation, evaluationSchema } from '#shared/models.ts'
import type { Statistics } from '#shared/statistics.ts'
import { emptyRegisters } from '../../data/sketches/distinct.ts'
import { binKey, binsOfValues } from '../../data/sketches/number-bins.ts'
import { type ColumnSketch, mostFrequent, statisticsOfSketch } from '../../data/sketches/sketch.ts'
import type { Tables } from '../../tables/duckdb.ts'
import { predictedClasses } from '../../training/metrics/classification.ts'
import { predictionsFile, readPredictions } from '../../training/predictions-file.ts'
import { loadRawRows } from '../../training/prepare.ts'
import type { Prediction } from '../../training/runtime.ts'
import { knownTargets } from '../../training/target.ts'
import type { LabelledScore } from '../checks/estimate.ts'
import { predictionColumn } from './logged-rows.ts'
import type { JudgedVersion } from './questions.ts'

export interface EvaluatedRows {
  readonly evaluation: Evaluation
  readonly prediction: Prediction
}

/** Undefined where the version has no evaluation, or one of an older form. */
export async function readEvaluated({ evaluation: files }: JudgedVersion): Promise<EvaluatedRows | undefined> {
  const [content, predictions] = [files?.get('evaluation.json'), files?.get(predictionsFile)]
  if (content === undefined || predictions === undefined) return undefined
  const evaluation = evaluationSchema.parse(JSON.parse(await readFile(content, 'utf8')))
  const prediction = await readPredictions(predictions, evaluation)
  return prediction && { evaluation, prediction }
}

/** What is watched of predictions in production too: the score, or of several classes the class. */
export function predictionStatistics({ evaluation, prediction }: EvaluatedRows): Statistics {
  const { rows, classes, task } = evaluation
  if (prediction.kind === 'probabilities' && task === 'multiclass') {
    const predicted = predictedClasses(prediction.probabilities, classes.length)
    return statisticsOf(textSketch(Array.from(predicted, (index) => classes[index] ?? '')), rows)
  }
  return statisticsOf(numberSketch(scoresOf(prediction)), rows)
}

function statisticsOf(sketch: ColumnSketch, rows: number): Statistics {
  return { rows, columns: [statisticsOfSketch(sketch, rows)] }
}

function scoresOf(prediction: Prediction): Float64Array {
  if (prediction.kind === 'values') return prediction.values
  return Float64Array.from(
    { length: prediction.probabilities.length / 2 },
    (_, row) => prediction.probabilities[2 * row + 1] ?? 0,
  )
}

function numberSketch(values: Float64Array): ColumnSketch {
  const finite = values.filter(Number.isFinite)
  const mean = finite.reduce((sum, value) => sum + value / finite.length, 0)
  return {
    ...{ name: predictionColumn, type: 'number', storageType: 'DOUBLE', registers: emptyRegisters() },
    rows: values.length,
    present: values.length,
    numbers: {
      finite: finite.length,
      nan: values.filter(Number.isNaN).length,
      infinite: values.length - finite.length - values.filter(Number.isNaN).length,
      zeros: finite.filter((value) => value === 0).length,
      min: finite.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY),
      max: finite.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY),
      mean,
      squares: finite.reduce((sum, value) => sum + (value - mean) ** 2, 0),
      bins: binsOfValues(Array.from(finite, (value) => ({ value, count: 1 }))),
    },
  }
}

function textSketch(texts: readonly string[]): ColumnSketch {
  const counts = new Map([...Map.groupBy(texts, (text) => text)].map(([text, all]) => [text, all.length]))
  const lengths = texts.map(({ length }) => length)
  return {
    ...{ name: predictionColumn, type: 'text', storageType: 'VARCHAR', registers: emptyRegisters() },
    rows: texts.length,
    present: texts.length,
    texts: {
      values: mostFrequent(counts).values,
      error: mostFrequent(counts).dropped,
      minLength: lengths.reduce((least, length) => Math.min(least, length), Number.POSITIVE_INFINITY),
      maxLength: lengths.reduce((most, length) => Math.max(most, length), 0),
      sumLength: lengths.reduce((sum, length) => sum + length, 0),
    },
  }
}

/** The scores of the evaluation with their labels, in ascending order; empty for another task than two classes. */
export async function labelledScores(
  tables: Tables,
  { signature, evaluation: files }: JudgedVersion,
  { evaluation, prediction }: EvaluatedRows,
): Promise<LabelledScore[]> {
  const rows = files?.get('test.parquet')
  if (evaluation.task !== 'binary' || rows === undefined) return []
  const { batch, types } = await loadRawRows(tables, rows, signature, [signature.target])
  const target = batch.columns.get(signature.target)
  if (target === undefined) return []
  const labels = knownTargets(target, types.get(signature.target) ?? 'text', signature.classes).values
  const scores = scoresOf(prediction)
  if (labels.length !== scores.length) return []
  return gathered(scores, labels)
}

/** In the bins of the sketch of these scores, each at the mean of what is in it: few enough to be drawn anew many times. */
function gathered(scores: Float64Array, labels: Float64Array): LabelledScore[] {
  const { bits } = binsOfValues(Array.from(scores, (value) => ({ value, count: 1 })))
  const bins = new Map<number, { rows: number; positives: number; sum: number }>()
  for (const [row, score] of scores.entries()) {
    const key = binKey(score, bits)
    const { rows, positives, sum } = bins.get(key) ?? { rows: 0, positives: 0, sum: 0 }
    bins.set(key, { rows: rows + 1, positives: positives + (labels[row] ?? 0), sum: sum + score })
  }
  return [...bins.values()]
    .map(({ rows, positives, sum }) => ({ score: sum / rows, rows, positives }))
    .sort((a, b) => a.score - b.score)
}
