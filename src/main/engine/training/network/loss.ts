import type { Task } from '#shared/models.ts'
import type { Targets } from '../encoded.ts'

/** The weighted mean loss of raw outputs: cross-entropy, or half the squared error. The same as the one trained on. */
export function meanLoss(task: Task, outputs: Float64Array, targets: Targets): number {
  const rows = targets.values.length
  const classes = rows === 0 ? 0 : outputs.length / rows
  let sum = 0
  for (let row = 0; row < rows; row++) {
    const value = targets.values[row] ?? 0
    sum += (targets.weights?.[row] ?? 1) * rowLoss(task, outputs, row, classes, value)
  }
  return sum / rows
}

function rowLoss(task: Task, outputs: Float64Array, row: number, classes: number, value: number): number {
  if (task === 'multiclass') return logSumExp(outputs, row * classes, classes) - (outputs[row * classes + value] ?? 0)
  const output = outputs[row] ?? 0
  if (task === 'regression') return 0.5 * (output - value) ** 2
  return Math.max(output, 0) - output * value + Math.log1p(Math.exp(-Math.abs(output)))
}

export function logSumExp(values: Float64Array, from: number, length: number): number {
  let max = Number.NEGATIVE_INFINITY
  for (let index = from; index < from + length; index++) max = Math.max(max, values[index] ?? 0)
  let sum = 0
  for (let index = from; index < from + length; index++) sum += Math.exp((values[index] ?? 0) - max)
  return max + Math.log(sum)
}
