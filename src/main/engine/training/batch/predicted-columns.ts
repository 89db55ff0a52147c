/** What is written beside each row of a table that a model predicts. */
import type { Signature } from '#shared/models.ts'
import type { WrittenColumn, WrittenValue } from '../../tables/row-writer.ts'
import { predictedClasses } from '../metrics/classification.ts'
import type { Prediction } from '../runtime.ts'
import { problemColumn, rowColumn } from './readable-rows.ts'

export const nonFinite = 'the model gives no finite number: values are too extreme'

/** The columns of the answer, in the order in which `predictedValues` gives them. */
export function predictedColumns({ task, classes }: Signature): WrittenColumn[] {
  const probabilities = classes.map((name) => ({ name: `probability_${name}`, type: 'number' }) as const)
  const answer: WrittenColumn[] =
    task === 'regression'
      ? [{ name: 'prediction', type: 'number' }]
      : [
          { name: 'prediction', type: areBooleans(classes) ? 'boolean' : 'text' },
          { name: 'probability', type: 'number' },
          ...probabilities,
        ]
  return [...answer, { name: problemColumn, type: 'text' }, { name: rowColumn, type: 'integer' }]
}

/** A boolean target is predicted as booleans, as the inference server does. */
function areBooleans(classes: readonly string[]): boolean {
  return classes.length === 2 && classes[0] === 'false' && classes[1] === 'true'
}

export interface RowsAnswered {
  /** Of all rows, in their order. */
  readonly rows: ArrayLike<number>
  /** Why a row was not given to the model; null where it was. */
  readonly problems: readonly (string | null)[]
  /** For the rows that have no problem, in their order. */
  readonly prediction: Prediction
}

/** The values of each column of `predictedColumns`, and the problem of each row, those that the model shows included. */
export function predictedValues(
  { classes }: Signature,
  { rows, problems, prediction }: RowsAnswered,
): { columns: WrittenValue[][]; problems: (string | null)[] } {
  const width = prediction.kind === 'values' ? 1 : classes.length
  const numbers = prediction.kind === 'values' ? prediction.values : prediction.probabilities
  const chosen = prediction.kind === 'values' ? undefined : predictedClasses(numbers, width)
  const labels: readonly WrittenValue[] = areBooleans(classes) ? [false, true] : classes
  const columns: WrittenValue[][] = Array.from({ length: chosen === undefined ? 1 : width + 2 }, () => [])
  const found: (string | null)[] = []
  let answered = 0
  for (const problem of problems) {
    const first = answered * width
    const usable = problem === null && allFinite(numbers, first, width)
    found.push(problem ?? (usable ? null : nonFinite))
    const best = chosen?.[answered] ?? 0
    if (problem === null) answered++
    for (const [index, column] of columns.entries()) {
      if (!usable) column.push(null)
      else if (chosen === undefined) column.push(numbers[first] ?? null)
      else if (index === 0) column.push(labels[best] ?? null)
      else column.push(numbers[index === 1 ? first + best : first + index - 2] ?? null)
    }
  }
  return { columns: [...columns, found, Array.from(rows)], problems: found }
}

function allFinite(numbers: Float64Array, from: number, width: number): boolean {
  for (let index = from; index < from + width; index++) if (!Number.isFinite(numbers[index])) return false
  return true
}
