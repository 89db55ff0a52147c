/** Two samples of a column as shares of the same cells, the common ground of the measures. Pure. */
import type { DriftCell } from '#shared/drift.ts'
import type { ColumnStatistics } from '#shared/statistics.ts'
import type { ColumnSample } from './measure.ts'
import { type NumericCells, numericCells } from './numeric-cells.ts'

/** `current[i]` and `reference[i]` are shares of cell i; each sums to 1. */
export interface Distributions {
  readonly current: readonly number[]
  readonly reference: readonly number[]
}

/** What a cell holds, without how much. */
type Place = Omit<DriftCell, 'current' | 'reference'>

/** Rows counted in the same cells. */
export interface CountedCells {
  readonly places: readonly Place[]
  readonly current: readonly number[]
  readonly reference: readonly number[]
}

/** Null where a sample has no rows or the column cannot be compared. See `countedCells`. */
export function distributionsOf(current: ColumnSample, reference: ColumnSample): Distributions | null {
  const counts = countedCells(current, reference)
  return (
    counts && { current: shares(counts.current, current.rows), reference: shares(counts.reference, reference.rows) }
  )
}

/** The same with what each cell is, for people. */
export function labelledCells(current: ColumnSample, reference: ColumnSample): DriftCell[] {
  const counts = countedCells(current, reference)
  if (counts === null) return []
  return counts.places.map((place, index) => ({
    ...place,
    current: (counts.current[index] ?? 0) / current.rows,
    reference: (counts.reference[index] ?? 0) / reference.rows,
  }))
}

/**
 * Categories: one cell for each value whose count both samples know, one for all other values, one for missing ones.
 * Numbers: see `joinedCells`. Null where a sample has no rows or the column cannot be compared.
 */
export function countedCells(current: ColumnSample, reference: ColumnSample): CountedCells | null {
  const known = lately.get(current.statistics)
  const isSame =
    known?.reference === reference.statistics &&
    known.currentRows === current.rows &&
    known.referenceRows === reference.rows
  if (known !== undefined && isSame) return known.cells
  const cells = countCells(current, reference)
  const of = { reference: reference.statistics, currentRows: current.rows, referenceRows: reference.rows }
  lately.set(current.statistics, { ...of, cells })
  return cells
}

interface Lately {
  readonly reference: ColumnStatistics
  readonly currentRows: number
  readonly referenceRows: number
  readonly cells: CountedCells | null
}

/** All measures of a column ask for the same cells, one after the other. */
const lately = new WeakMap<ColumnStatistics, Lately>()

function countCells(current: ColumnSample, reference: ColumnSample): CountedCells | null {
  if (current.rows === 0 || reference.rows === 0) return null
  const currentValues = categoryCounts(current)
  const referenceValues = categoryCounts(reference)
  if (currentValues && referenceValues) return categoryCells(current, currentValues, reference, referenceValues)
  const fine = numericCells(current, reference)
  return fine && joinedCells(fine, current, reference)
}

function shares(counts: readonly number[], rows: number): number[] {
  return counts.map((count) => count / rows)
}

/** Value to count. An all-missing column has none. */
function categoryCounts({ statistics, rows }: ColumnSample): Map<string, number> | undefined {
  if (statistics.categorical) return new Map(statistics.categorical.topValues.map(({ value, count }) => [value, count]))
  return statistics.missing === rows ? new Map() : undefined
}

/** Whether every value was kept, so that one that is not there did not occur. */
function isComplete({ statistics, rows }: ColumnSample): boolean {
  return statistics.missing === rows || (statistics.categorical?.topValues.length ?? 0) >= statistics.distinct
}

/** Values that are NaN count as missing, as in the data that a model sees. */
function missingCount({ missing, numeric }: ColumnStatistics): number {
  return missing + (numeric?.nan ?? 0)
}

function categoryCells(
  current: ColumnSample,
  currentValues: ReadonlyMap<string, number>,
  reference: ColumnSample,
  referenceValues: ReadonlyMap<string, number>,
): CountedCells {
  // The same rule for both sides: were the values those of the reference alone, rare ones, which one sample has and the
  // other has not, would be other values on one side only, and data that does not drift would seem to.
  const [now, before] = [isComplete(current), isComplete(reference)]
  const values = [
    ...[...referenceValues.keys()].filter((value) => now || currentValues.has(value)),
    ...[...currentValues.keys()].filter((value) => before && !referenceValues.has(value)),
  ]
  const cells = (sample: ColumnSample, counts: ReadonlyMap<string, number>) => {
    const known = values.map((value) => counts.get(value) ?? 0)
    const missing = missingCount(sample.statistics)
    const other = sample.rows - missing - known.reduce((sum, count) => sum + count, 0)
    return [...known, Math.max(other, 0), missing]
  }
  return {
    places: [...values.map((value) => ({ kind: 'value' as const, value })), { kind: 'other' }, { kind: 'missing' }],
    current: cells(current, currentValues),
    reference: cells(reference, referenceValues),
  }
}

/** More cells than this would measure noise rather than drift. */
const maxCells = 20
/** Small samples get fewer cells, at least so many rows in each on average. */
const rowsPerCell = 30
const minCells = 5

/**
 * Neighbouring cells are joined until each holds its share of both samples together, so that outliers, which stretch the
 * bins, and chance matter little. Two more cells hold infinite and missing values.
 */
function joinedCells(fine: NumericCells, current: ColumnSample, reference: ColumnSample): CountedCells {
  const smaller = Math.min(current.rows, reference.rows)
  const target = Math.min(maxCells, Math.max(minCells, Math.floor(smaller / rowsPerCell)))
  const joined = joinCells(fine, target)
  const rest = ({ statistics }: ColumnSample) => [statistics.numeric?.infinite ?? 0, missingCount(statistics)]
  return {
    places: [...joined.places, { kind: 'infinite' }, { kind: 'missing' }],
    current: [...joined.current, ...rest(current)],
    reference: [...joined.reference, ...rest(reference)],
  }
}

interface Joined {
  readonly places: Place[]
  readonly current: number[]
  readonly reference: number[]
}

function joinCells(fine: NumericCells, target: number): Joined {
  // Each sample counts for half, whatever its size.
  const [currentTotal, referenceTotal] = [sum(fine.current), sum(fine.reference)]
  const joined: Joined = { places: [], current: [], reference: [] }
  if (currentTotal + referenceTotal === 0) return joined
  let start = 0
  let held = { current: 0, reference: 0 }
  for (const index of fine.current.keys()) {
    held = {
      current: held.current + (fine.current[index] ?? 0),
      reference: held.reference + (fine.reference[index] ?? 0),
    }
    const weight = held.current / (currentTotal || 1) + held.reference / (referenceTotal || 1)
    if (weight < 2 / target && index < fine.current.length - 1) continue
    joined.places.push({ kind: 'range', from: fine.from[start] ?? 0, to: fine.to[index] ?? 0 })
    joined.current.push(held.current)
    joined.reference.push(held.reference)
    start = index + 1
    held = { current: 0, reference: 0 }
  }
  return joined
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
