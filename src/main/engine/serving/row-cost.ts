/**
 * What a row costs a model, learned from its calls: a straight line through their rows and times, in which later calls count
 * for more. What a call costs whatever its rows is no reason to make calls smaller.
 */

/** What each call leaves of the weight of those before it. */
const memory = 0.9
/** How much larger than every call before a call may be: what is not known yet is tried in steps. */
const growth = 4
/** A call of so many rows is tried at once. */
const firstRows = 64

export class RowCost {
  #weight = 0
  #rows = 0
  #ms = 0
  #rowsSquared = 0
  #rowsMs = 0
  #largest = firstRows / growth

  /** A call of so many rows took so long. */
  add(rows: number, ms: number): void {
    this.#weight = this.#weight * memory + 1
    this.#rows = this.#rows * memory + rows
    this.#ms = this.#ms * memory + ms
    this.#rowsSquared = this.#rowsSquared * memory + rows * rows
    this.#rowsMs = this.#rowsMs * memory + rows * ms
    if (rows > this.#largest) this.#largest = rows
  }

  /** How many rows cost so much; at least one, and at most `most`. */
  rowsIn(ms: number, most: number): number {
    const perRow = this.#perRow()
    const rows = perRow > 0 ? ms / perRow : most
    return Math.max(1, Math.floor(Math.min(rows, most, this.#largest * growth)))
  }

  /** Zero or less where that is not known. */
  #perRow(): number {
    const spread = this.#weight * this.#rowsSquared - this.#rows ** 2
    return spread <= 1e-9 * this.#weight * this.#rowsSquared
      ? 0
      : (this.#weight * this.#rowsMs - this.#rows * this.#ms) / spread
  }
}
