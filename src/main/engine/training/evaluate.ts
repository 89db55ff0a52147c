/** What a model scores on rows with a known target. */
import type { Evaluation, Importance, Metrics, Signature, SliceEvaluation, Task } from '#shared/models.ts'
import type { ColumnType } from '#shared/statistics.ts'
import { EsteiraError } from '../kernel/errors.ts'
import type { Column, ColumnBatch } from '../tables/columns.ts'
import { importanceRows, permutationImportance, sampleRows } from './importance.ts'
import { calibrationBins } from './metrics/calibration.ts'
import { accuracy, brier, confusionMatrix, f1, logLoss, macroF1, predictedClasses } from './metrics/classification.ts'
import { auc, precisionRecallCurve, rocCurve } from './metrics/ranking.ts'
import { mae, r2, rmse } from './metrics/regression.ts'
import type { LoadedModel, Prediction } from './runtime.ts'
import { sliceRows } from './slices.ts'
import { knownTargets } from './target.ts'

export interface EvaluateOptions {
  /** Columns by whose values the rows are also scored apart. */
  readonly slices?: readonly string[]
  /** Also measures how much the model leans on each input, shuffling by this seed. */
  readonly importance?: { readonly seed: number; readonly onProgress?: (fraction: number) => void }
  readonly signal?: AbortSignal
}

/** Rows predicted between two looks at the event loop: some 100 ms. */
const chunkRows = 20_000

export interface Evaluated {
  readonly evaluation: Evaluation
  /** Of the rows scored, in their order. */
  readonly prediction: Prediction
}

/**
 * Scores a model on the rows of the batch; rows whose target is missing, or of a class that the model does not know, are
 * left out. `types` are the column types of the batch. Throws `target-unusable` if no row is left.
 */
export async function evaluate(
  model: LoadedModel,
  batch: ColumnBatch,
  types: ReadonlyMap<string, ColumnType>,
  options: EvaluateOptions = {},
): Promise<Evaluated> {
  const { signature } = model.manifest
  const target = batch.columns.get(signature.target)
  if (target === undefined) throw new Error(`The batch has no column "${signature.target}".`)
  const known = knownTargets(target, types.get(signature.target) ?? 'text', signature.classes)
  if (known.rows.length === 0) {
    throw new EsteiraError('target-unusable', `No row has a value of "${signature.target}" that the model knows.`, {
      where: signature.target,
      next: 'Evaluate on rows whose target is known.',
    })
  }
  const rows = selectRows(batch, known.rows)
  const prediction = await predictInChunks(model, rows, options.signal)
  const slices: SliceEvaluation[] = (options.slices ?? []).flatMap((name) => {
    const column = rows.columns.get(name)
    if (column === undefined) throw new Error(`The batch has no column "${name}".`)
    return sliceRows(column, types.get(name) ?? 'text').map(({ value, rows: indices }) => ({
      column: name,
      value,
      rows: indices.length,
      metrics: metricsOf(signature.task, pick(known.values, indices), pickPrediction(prediction, indices)),
    }))
  })
  const importance =
    options.importance && (await importanceOf(model, rows, known.values, options.importance, options.signal))
  const evaluation: Evaluation = {
    task: signature.task,
    target: signature.target,
    classes: [...signature.classes],
    rows: rows.length,
    metrics: metricsOf(signature.task, known.values, prediction),
    slices,
    ...details(signature, known.values, prediction),
    ...(importance !== undefined && { importance }),
  }
  return { evaluation, prediction }
}

/** On some of the rows, so that it takes seconds. */
function importanceOf(
  model: LoadedModel,
  rows: ColumnBatch,
  actual: Float64Array,
  { seed, onProgress }: NonNullable<EvaluateOptions['importance']>,
  signal: AbortSignal | undefined,
): Promise<Importance | undefined> {
  const { task, inputs } = model.manifest.signature
  const sample = sampleRows(rows.length, importanceRows(rows.length, inputs.length), seed)
  const sampled = pick(actual, sample)
  return permutationImportance({
    task,
    inputs: inputs.map(({ name }) => name),
    batch: selectRows(rows, sample),
    score: async (batch) => metricsOf(task, sampled, await predictInChunks(model, batch, signal)),
    seed,
    ...(onProgress !== undefined && { onProgress }),
  })
}

/** The metrics of a task, named as the API names them. One that is not defined for the rows is left out. */
export function metricsOf(task: Task, actual: Float64Array, prediction: Prediction): Metrics {
  const metrics =
    prediction.kind === 'values' ? regressionMetrics(actual, prediction.values) : classMetrics(task, actual, prediction)
  return Object.fromEntries(Object.entries(metrics).filter(([, value]) => Number.isFinite(value)))
}

function regressionMetrics(actual: Float64Array, values: Float64Array): Metrics {
  return { rmse: rmse(actual, values), mae: mae(actual, values), r2: r2(actual, values) }
}

function classMetrics(
  task: Task,
  actual: Float64Array,
  { classes, probabilities }: Prediction & { kind: 'probabilities' },
): Metrics {
  const count = classes.length
  const confusion = confusionMatrix(actual, predictedClasses(probabilities, count), count)
  const shared = { accuracy: accuracy(confusion), logLoss: logLoss(actual, probabilities, count) }
  if (task === 'multiclass') return { ...shared, macroF1: macroF1(confusion) }
  const positive = positiveProbabilities(probabilities)
  return { auc: auc(positive, actual), ...shared, f1: f1(confusion, 1), brier: brier(actual, positive) }
}

function positiveProbabilities(probabilities: Float64Array): Float64Array {
  return Float64Array.from({ length: probabilities.length / 2 }, (_, row) => probabilities[row * 2 + 1] ?? 0)
}

type Details = Pick<Evaluation, 'confusion' | 'roc' | 'precisionRecall' | 'calibration'>

function details({ task, classes }: Signature, actual: Float64Array, prediction: Prediction): Details {
  if (prediction.kind === 'values') return { calibration: calibrationBins(prediction.values, actual) }
  const confusion = confusionMatrix(actual, predictedClasses(prediction.probabilities, classes.length), classes.length)
  if (task === 'multiclass') return { confusion }
  const positive = positiveProbabilities(prediction.probabilities)
  return {
    confusion,
    roc: rocCurve(positive, actual),
    precisionRecall: precisionRecallCurve(positive, actual),
    calibration: calibrationBins(positive, actual),
  }
}

/** In pieces, so that the event loop of the thread is seen to and a cancel is heard. */
export async function predictInChunks(
  model: LoadedModel,
  batch: ColumnBatch,
  signal: AbortSignal | undefined,
): Promise<Prediction> {
  const outputs: Float64Array[] = []
  let last: Prediction | undefined
  for (let from = 0; from < batch.length; from += chunkRows) {
    const to = Math.min(batch.length, from + chunkRows)
    await new Promise(setImmediate)
    signal?.throwIfAborted()
    last = await model.predict(sliceBatch(batch, from, to))
    outputs.push(last.kind === 'values' ? last.values : last.probabilities)
  }
  const all = new Float64Array(outputs.reduce((sum, array) => sum + array.length, 0))
  let at = 0
  for (const array of outputs) {
    all.set(array, at)
    at += array.length
  }
  return last?.kind === 'probabilities' ? { ...last, probabilities: all } : { kind: 'values', values: all }
}

function sliceBatch(batch: ColumnBatch, from: number, to: number): ColumnBatch {
  return mapColumns(batch, to - from, (column) =>
    column.kind === 'numeric'
      ? { kind: 'numeric', values: column.values.subarray(from, to) }
      : { kind: 'text', values: column.values.slice(from, to) },
  )
}

/** The given rows, in the given order. */
export function selectRows(batch: ColumnBatch, rows: Uint32Array): ColumnBatch {
  if (rows.length === batch.length) return batch
  return mapColumns(batch, rows.length, (column) =>
    column.kind === 'numeric'
      ? { kind: 'numeric', values: pick(column.values, rows) }
      : { kind: 'text', values: Array.from(rows, (row) => column.values[row] ?? null) },
  )
}

function mapColumns(batch: ColumnBatch, length: number, change: (column: Column) => Column): ColumnBatch {
  return { length, columns: new Map([...batch.columns].map(([name, column]) => [name, change(column)])) }
}

function pick(values: Float64Array, rows: Uint32Array): Float64Array {
  return Float64Array.from(rows, (row) => values[row] ?? 0)
}

function pickPrediction(prediction: Prediction, rows: Uint32Array): Prediction {
  if (prediction.kind === 'values') return { kind: 'values', values: pick(prediction.values, rows) }
  const count = prediction.classes.length
  const probabilities = new Float64Array(rows.length * count)
  rows.forEach(
    (row, index) =>
      void probabilities.set(prediction.probabilities.subarray(row * count, (row + 1) * count), index * count),
  )
  return { ...prediction, probabilities }
}
