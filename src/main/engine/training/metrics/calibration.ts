export interface CalibrationBin {
  readonly meanPredicted: number
  readonly observed: number
  readonly rows: number
}

/**
 * Rows sorted by prediction and cut into bins of equal size: what was predicted on average, and what was true.
 * Equal predictions may be cut apart. At most `bins` bins, none empty.
 */
export function calibrationBins(predicted: Float64Array, actual: ArrayLike<number>, bins = 10): CalibrationBin[] {
  const order = Uint32Array.from(predicted, (_, index) => index).sort(
    (a, b) => (predicted[a] ?? 0) - (predicted[b] ?? 0),
  )
  const count = Math.min(bins, order.length)
  return Array.from({ length: count }, (_, bin) => {
    const rows = order.subarray(
      Math.floor((bin * order.length) / count),
      Math.floor(((bin + 1) * order.length) / count),
    )
    const mean = (values: ArrayLike<number>): number =>
      rows.reduce((sum, row) => sum + (values[row] ?? 0), 0) / rows.length
    return { meanPredicted: mean(predicted), observed: mean(actual), rows: rows.length }
  })
}
