/** Counts why rows could not be predicted. */
import type { RowProblem } from '#shared/batch-predictions.ts'

/** Combinations of faults can be many: beyond this many they are counted as one. */
const maxProblems = 100
const otherProblems = 'other combinations of these'
const exampleRows = 5

export class RowProblems {
  readonly #counts = new Map<string, { rows: number; first: number[] }>()
  failed = 0

  /** @param rows their numbers from 0 */
  add(problems: readonly (string | null)[], rows: ArrayLike<number>): void {
    for (const [index, problem] of problems.entries()) {
      if (problem === null) continue
      this.failed++
      const counted = this.#of(problem)
      counted.rows++
      if (counted.first.length < exampleRows) counted.first.push((rows[index] ?? 0) + 1)
    }
  }

  /** The most frequent first. */
  list(): RowProblem[] {
    return [...this.#counts]
      .map(([problem, { rows, first }]) => ({ problem, rows, first }))
      .sort((a, b) => b.rows - a.rows || (a.problem < b.problem ? -1 : 1))
  }

  #of(problem: string): { rows: number; first: number[] } {
    const known = this.#counts.get(problem)
    if (known !== undefined) return known
    const name = this.#counts.size < maxProblems ? problem : otherProblems
    const counted = this.#counts.get(name) ?? { rows: 0, first: [] }
    this.#counts.set(name, counted)
    return counted
  }
}
