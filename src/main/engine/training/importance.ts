/**
 * Permutation importance: how much a model leans on each of its inputs (Breiman 2001, "Random forests", section 10;
 * Fisher, Rudin and Dominici 2019). Inputs are shuffled as they come, so that all that the preparation derives from one
 * input is broken together.
 */
import { higherIsBetter, mainMetric } from '#shared/metrics.ts'
import type { Importance, Task } from '#shared/models.ts'
import type { Column, ColumnBatch } from '../tables/columns.ts'
import { createRandom, type Random } from './random.ts'

export interface ImportanceRequest {
  readonly task: Task
  readonly inputs: readonly string[]
  readonly batch: ColumnBatch
  /** The metrics that the model scores on a batch of the same rows, in the same order, whose inputs may differ. */
  readonly score: (batch: ColumnBatch) => Promise<Readonly<Record<string, number>>>
  readonly seed: number
  readonly onProgress?: (fraction: number) => void
}

export const importanceRepeats = 5
/** More rows tell little more: the deviation over the repeats shows what is left to chance. */
export const maxImportanceRows = 5_000
/** Rows predicted in all, at most, so that a wide table takes seconds too and not minutes. */
const rowBudget = 1_000_000
const minRows = 200

/** How many rows to score each time: fewer where there are many inputs. */
export function importanceRows(available: number, inputs: number): number {
  const affordable = Math.floor(rowBudget / (importanceRepeats * Math.max(1, inputs)))
  return Math.min(available, maxImportanceRows, Math.max(minRows, affordable))
}

/** Rows chosen by chance, in their own order; all where there are no more than wanted. */
export function sampleRows(available: number, wanted: number, seed: number): Uint32Array {
  if (wanted >= available) return Uint32Array.from({ length: available }, (_, row) => row)
  return createRandom(seed, 1).permutation(available).slice(0, wanted).sort()
}

/** Undefined where the main metric is not defined for the rows, as the AUC of one class. */
export async function permutationImportance(request: ImportanceRequest): Promise<Importance | undefined> {
  const { task, inputs, batch, score, seed, onProgress } = request
  const metric = mainMetric[task]
  const baseline = (await score(batch))[metric]
  if (baseline === undefined) return undefined
  const random = createRandom(seed, 2)
  const direction = higherIsBetter[metric] === true ? 1 : -1
  const measured: Importance['inputs'] = []
  for (const [index, name] of inputs.entries()) {
    const drops: number[] = []
    for (let repeat = 0; repeat < importanceRepeats; repeat++) {
      const shuffled = (await score(withShuffled(batch, name, random)))[metric]
      if (shuffled !== undefined) drops.push(direction * (baseline - shuffled))
      onProgress?.((index * importanceRepeats + repeat + 1) / (inputs.length * importanceRepeats))
    }
    measured.push({ name, ...spread(drops) })
  }
  return {
    metric,
    rows: batch.length,
    repeats: importanceRepeats,
    inputs: measured.sort((a, b) => b.mean - a.mean),
  }
}

/** The batch with one column in another order. */
export function withShuffled(batch: ColumnBatch, name: string, random: Random): ColumnBatch {
  const column = batch.columns.get(name)
  if (column === undefined) throw new Error(`The batch has no column "${name}".`)
  const order = random.permutation(batch.length)
  return { length: batch.length, columns: new Map(batch.columns).set(name, reordered(column, order)) }
}

function reordered(column: Column, order: Uint32Array): Column {
  return column.kind === 'numeric'
    ? { kind: 'numeric', values: Float64Array.from(order, (row) => column.values[row] ?? Number.NaN) }
    : { kind: 'text', values: Array.from(order, (row) => column.values[row] ?? null) }
}

/** Mean and standard deviation (of the sample: divided by n - 1). */
function spread(values: readonly number[]): { mean: number; deviation: number } {
  if (values.length === 0) return { mean: 0, deviation: 0 }
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return { mean, deviation: values.length < 2 ? 0 : Math.sqrt(squares / (values.length - 1)) }
}
