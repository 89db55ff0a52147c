/** Predictions and distances counted in bins that are the same for every version. Pure. */
import type { Signature } from '#shared/models.ts'
import { predictedClass } from '../outputs.ts'

const probabilityBins = 100
/** Values of a regression: bins that grow by a tenth, mirrored at 0. */
const growthLog = Math.log(1.1)
const smallest = 1e-9
const valueOffset = 1
const differenceBins = 50

/** Of the row's prediction: the probability of the positive class, the class, or the value. */
export function predictionBin({ task, classes }: Signature, outputs: Float64Array, row: number): number {
  switch (task) {
    case 'binary':
      return Math.min(probabilityBins - 1, Math.floor((outputs[row * 2 + 1] ?? 0) * probabilityBins))
    case 'multiclass':
      return predictedClass(outputs, row, classes.length)
    case 'regression':
      return valueBin(outputs[row] ?? 0)
  }
}

function valueBin(value: number): number {
  const size = Math.abs(value)
  if (!(size > smallest)) return 0
  const bin = valueOffset + Math.floor(Math.log(size / smallest) / growthLog)
  return value < 0 ? -bin : bin
}

/** How far two answers to one row are apart, from 0 to 1. */
export interface Difference {
  readonly bin: number
  readonly agrees: boolean
}

/** Classes: the largest distance of a probability. Values: the distance as a share of the larger one. */
export function differenceOf(
  { task, classes }: Signature,
  stable: Float64Array,
  candidate: Float64Array,
  row: number,
): Difference {
  if (task === 'regression') {
    const [a, b] = [stable[row] ?? 0, candidate[row] ?? 0]
    const larger = Math.max(Math.abs(a), Math.abs(b))
    const distance = larger === 0 ? 0 : Math.min(1, Math.abs(a - b) / larger)
    return { bin: differenceBinOf(distance), agrees: distance <= 0.001 }
  }
  const width = classes.length
  let largest = 0
  for (let index = row * width; index < (row + 1) * width; index++) {
    largest = Math.max(largest, Math.abs((stable[index] ?? 0) - (candidate[index] ?? 0)))
  }
  return {
    bin: differenceBinOf(largest),
    agrees: predictedClass(stable, row, width) === predictedClass(candidate, row, width),
  }
}

/** Fifty bins of equal width. */
function differenceBinOf(distance: number): number {
  return Math.min(differenceBins - 1, Math.floor(distance * differenceBins))
}
