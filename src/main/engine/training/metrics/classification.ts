/** Measures of class predictions. `actual` and `predicted` are class indices; empty input gives NaN. */

/** Probabilities are kept this far from 0 and 1 before a logarithm, as scikit-learn does for double precision. */
const smallestProbability = 2 ** -52

/** counts[actual][predicted]. */
export function confusionMatrix(actual: ArrayLike<number>, predicted: ArrayLike<number>, classes: number): number[][] {
  const counts = Array.from({ length: classes }, () => new Array<number>(classes).fill(0))
  for (let row = 0; row < actual.length; row++) {
    const line = counts[actual[row] ?? 0]
    const column = predicted[row] ?? 0
    if (line !== undefined) line[column] = (line[column] ?? 0) + 1
  }
  return counts
}

export function accuracy(confusion: readonly (readonly number[])[]): number {
  const right = confusion.reduce((sum, line, index) => sum + (line[index] ?? 0), 0)
  return right / confusion.flat().reduce((sum, count) => sum + count, 0)
}

/** The harmonic mean of precision and recall of one class; 0 where the class is never right. */
export function f1(confusion: readonly (readonly number[])[], positive: number): number {
  const right = confusion[positive]?.[positive] ?? 0
  const actual = (confusion[positive] ?? []).reduce((sum, count) => sum + count, 0)
  const predicted = confusion.reduce((sum, line) => sum + (line[positive] ?? 0), 0)
  return actual + predicted === 0 ? 0 : (2 * right) / (actual + predicted)
}

/** The unweighted mean of the F1 of the classes that occur in the rows or in the predictions. */
export function macroF1(confusion: readonly (readonly number[])[]): number {
  const present = confusion.flatMap((line, index) => {
    const occurs = line.some((count) => count > 0) || confusion.some((other) => (other[index] ?? 0) > 0)
    return occurs ? [f1(confusion, index)] : []
  })
  return present.reduce((sum, value) => sum + value, 0) / present.length
}

/** The mean negative logarithm of the probability given to the actual class; `probabilities` row-major. */
export function logLoss(actual: ArrayLike<number>, probabilities: Float64Array, classes: number): number {
  let sum = 0
  for (let row = 0; row < actual.length; row++) {
    const probability = probabilities[row * classes + (actual[row] ?? 0)] ?? 0
    sum -= Math.log(Math.min(1 - smallestProbability, Math.max(smallestProbability, probability)))
  }
  return sum / actual.length
}

/** The mean squared distance of the positive class's probability from 0 or 1 (Brier 1950, halved form). */
export function brier(actual: ArrayLike<number>, positiveProbabilities: Float64Array): number {
  let sum = 0
  for (let row = 0; row < actual.length; row++) sum += ((positiveProbabilities[row] ?? 0) - (actual[row] ?? 0)) ** 2
  return sum / actual.length
}

/** The most probable class per row, the first of equals; of two classes the second from 0.5 on. */
export function predictedClasses(probabilities: Float64Array, classes: number): Int32Array {
  const rows = classes === 0 ? 0 : probabilities.length / classes
  const predicted = new Int32Array(rows)
  for (let row = 0; row < rows; row++) {
    let best = 0
    for (let index = 1; index < classes; index++) {
      const value = probabilities[row * classes + index] ?? 0
      const bestValue = probabilities[row * classes + best] ?? 0
      if (value > bestValue || (classes === 2 && value === bestValue)) best = index
    }
    predicted[row] = best
  }
  return predicted
}
