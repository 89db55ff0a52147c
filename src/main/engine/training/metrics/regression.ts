/** Measures of predicted values, in the unit of the target; empty input gives NaN. */

/** The root of the mean squared error. */
export function rmse(actual: ArrayLike<number>, predicted: ArrayLike<number>): number {
  return Math.sqrt(meanOf(actual, (value, row) => (value - (predicted[row] ?? 0)) ** 2))
}

/** The mean absolute error. */
export function mae(actual: ArrayLike<number>, predicted: ArrayLike<number>): number {
  return meanOf(actual, (value, row) => Math.abs(value - (predicted[row] ?? 0)))
}

/** The share of the variance explained; negative when worse than the mean, NaN where the target does not vary. */
export function r2(actual: ArrayLike<number>, predicted: ArrayLike<number>): number {
  const mean = meanOf(actual, (value) => value)
  const total = meanOf(actual, (value) => (value - mean) ** 2)
  return total === 0 ? Number.NaN : 1 - meanOf(actual, (value, row) => (value - (predicted[row] ?? 0)) ** 2) / total
}

function meanOf(values: ArrayLike<number>, term: (value: number, row: number) => number): number {
  let sum = 0
  for (let row = 0; row < values.length; row++) sum += term(values[row] ?? 0, row)
  return sum / values.length
}
