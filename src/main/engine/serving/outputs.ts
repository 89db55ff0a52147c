/** What the numbers of a model mean: labels, probabilities and values, row by row. */
import type { Signature } from '#shared/models.ts'
import type { Prediction } from '../training/runtime.ts'

/** Outputs per row: one probability per class, or the value. */
export function outputWidth(signature: Signature): number {
  return signature.task === 'regression' ? 1 : signature.classes.length
}

/** The outputs of a prediction, row-major with `outputWidth` numbers per row. */
export function outputsOf(prediction: Prediction): Float64Array {
  return prediction.kind === 'values' ? prediction.values : prediction.probabilities
}

/** The class that a row is predicted to be: binary, the positive one from 0.5 on; otherwise the most probable. */
export function predictedClass(outputs: Float64Array, row: number, classes: number): number {
  const first = row * classes
  if (classes === 2) return (outputs[first + 1] ?? 0) >= 0.5 ? 1 : 0
  let best = 0
  for (let index = 1; index < classes; index++) {
    if ((outputs[first + index] ?? 0) > (outputs[first + best] ?? 0)) best = index
  }
  return best
}

/** The first row without a finite output; undefined where there is none. */
export function rowWithoutNumber(outputs: Float64Array, width: number): number | undefined {
  for (let index = 0; index < outputs.length; index++) {
    if (!Number.isFinite(outputs[index])) return Math.floor(index / width)
  }
  return undefined
}
