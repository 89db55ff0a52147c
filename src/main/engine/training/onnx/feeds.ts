/** Rows as the tensors that a graph takes, and its numbers as a prediction. Pure. */
import type { Signature } from '#shared/models.ts'
import type { Column, ColumnBatch } from '../../tables/columns.ts'
import type { Prediction } from '../loaded-model.ts'
import type { Bindings } from './bindings.ts'
import type { HostTensor } from './host-messages.ts'

type BoundInput = Bindings['inputs'][number]

export function toFeeds(bindings: Bindings, batch: ColumnBatch): Record<string, HostTensor> {
  return Object.fromEntries(bindings.inputs.map((input) => [input.name, toTensor(input, batch)]))
}

function toTensor({ type, columns, rank }: BoundInput, batch: ColumnBatch): HostTensor {
  const found = columns.map((name) => batch.columns.get(name) ?? missing(name))
  const shape = rank === 1 ? [batch.length] : [batch.length, columns.length]
  if (type === 'string') return { type, data: interleave(found, batch.length, textAt), shape }
  const numbers = (target: { [index: number]: number }) => {
    for (const [index, column] of found.entries()) {
      for (let row = 0; row < batch.length; row++) target[row * found.length + index] = numberAt(column, row)
    }
  }
  const size = batch.length * found.length
  switch (type) {
    case 'float32':
      return { type, data: filled(new Float32Array(size), numbers), shape }
    case 'float64':
      return { type, data: filled(new Float64Array(size), numbers), shape }
    case 'int32':
      return { type, data: filled(new Int32Array(size), numbers), shape }
    case 'bool':
      return { type, data: filled(new Uint8Array(size), numbers), shape }
    case 'int64': {
      const whole = interleave(found, batch.length, (column, row) => BigInt(Math.trunc(numberAt(column, row) || 0)))
      return { type, data: BigInt64Array.from(whole), shape }
    }
  }
}

function filled<Numbers>(target: Numbers, fill: (target: Numbers) => void): Numbers {
  fill(target)
  return target
}

/** Row by row, as a matrix lies in memory. */
function interleave<Value>(
  columns: readonly Column[],
  rows: number,
  at: (column: Column, row: number) => Value,
): Value[] {
  return Array.from({ length: rows * columns.length }, (_, index) =>
    at(columns[index % columns.length] ?? missing(''), Math.floor(index / columns.length)),
  )
}

function textAt(column: Column, row: number): string {
  return String(column.values[row] ?? '')
}

function numberAt(column: Column, row: number): number {
  return column.kind === 'numeric' ? (column.values[row] ?? Number.NaN) : Number.NaN
}

function missing(name: string): never {
  throw new Error(`The batch has no column "${name}".`)
}

/** @throws Error where the graph gave more or fewer numbers than rows ask for */
export function toPrediction(
  { task, classes }: Signature,
  { output }: Bindings,
  rows: number,
  outputs: Float64Array,
): Prediction {
  const width = output.form === 'probabilities' ? classes.length : 1
  if (outputs.length !== rows * width)
    throw new Error(`The model gave ${outputs.length} numbers for ${rows} rows, where ${rows * width} are needed.`)
  if (task === 'regression') return { kind: 'values', values: outputs }
  if (output.form === 'probabilities') return { kind: 'probabilities', classes, probabilities: outputs }
  const probabilities = new Float64Array(rows * 2)
  outputs.forEach((positive, row) => {
    probabilities[row * 2] = 1 - positive
    probabilities[row * 2 + 1] = positive
  })
  return { kind: 'probabilities', classes, probabilities }
}

/**
 * The rows that lack a value which only numbers with a fraction can lack: whatever the graph made of them is no answer.
 * None where all inputs that are whole numbers, booleans or texts are there, as they must be in a request.
 */
export function incompleteRows(bindings: Bindings, batch: ColumnBatch): number[] {
  const strict = bindings.inputs.filter(({ type }) => type !== 'float32' && type !== 'float64')
  const columns = strict.flatMap((input) => input.columns.map((name) => batch.columns.get(name) ?? missing(name)))
  if (columns.length === 0) return []
  const lacks = (row: number) =>
    columns.some((column) => (column.kind === 'text' ? column.values[row] === null : Number.isNaN(column.values[row])))
  return Array.from({ length: batch.length }, (_, row) => row).filter(lacks)
}
