/** What a batch prediction scores where the target is in the table: a sample of the rows where there are very many. */
import type { PredictionScores } from '#shared/batch-predictions.ts'
import type { Signature } from '#shared/models.ts'
import type { ColumnType } from '#shared/statistics.ts'
import type { Column } from '../../tables/columns.ts'
import { metricsOf } from '../evaluate.ts'
import { createRandom } from '../random.ts'
import type { Prediction } from '../runtime.ts'
import { knownTargets } from '../target.ts'

/** More would cost memory and change the figures by less than they are shown with. */
const maxScoredRows = 1_000_000

export interface AnsweredRows {
  /** The rows of the chunk that were given to the model. */
  readonly usable: Uint32Array
  /** In their order. */
  readonly prediction: Prediction
  /** Of all rows of the chunk. */
  readonly problems: readonly (string | null)[]
}

export class ScoredRows {
  readonly #signature: Signature
  readonly #type: ColumnType
  readonly #share: number
  readonly #random: { next(): number }
  readonly #width: number
  #actual: Float64Array
  #outputs: Float64Array
  #kept = 0
  #of = 0

  constructor(signature: Signature, type: ColumnType, totalRows: number, seed: number) {
    this.#signature = signature
    this.#type = type
    this.#share = Math.min(1, maxScoredRows / totalRows)
    this.#random = createRandom(seed)
    this.#width = Math.max(1, signature.classes.length)
    // Chance may draw some more than the share, never so many.
    const room = Math.min(totalRows, Math.ceil(maxScoredRows * 1.05))
    this.#actual = new Float64Array(room)
    this.#outputs = new Float64Array(room * this.#width)
  }

  add(target: Column, { usable, prediction, problems }: AnsweredRows): void {
    const known = knownTargets(target, this.#type, this.#signature.classes)
    const actual = new Map(Array.from(known.rows, (row, index) => [row, known.values[index] ?? 0]))
    const numbers = prediction.kind === 'values' ? prediction.values : prediction.probabilities
    for (const [index, row] of usable.entries()) {
      const value = actual.get(row)
      if (value === undefined || problems[row] !== null) continue
      this.#of++
      if (this.#kept >= this.#actual.length || (this.#share < 1 && this.#random.next() >= this.#share)) continue
      this.#actual[this.#kept] = value
      this.#outputs.set(numbers.subarray(index * this.#width, (index + 1) * this.#width), this.#kept * this.#width)
      this.#kept++
    }
  }

  /** Undefined where no row has a target that the model knows. */
  result(): PredictionScores | undefined {
    if (this.#kept === 0) return undefined
    const actual = this.#actual.subarray(0, this.#kept)
    const outputs = this.#outputs.subarray(0, this.#kept * this.#width)
    const { task, classes } = this.#signature
    const prediction: Prediction =
      task === 'regression'
        ? { kind: 'values', values: outputs }
        : { kind: 'probabilities', classes, probabilities: outputs }
    return { metrics: metricsOf(task, actual, prediction), rows: this.#kept, of: this.#of }
  }
}
