/** Two samples of a column as shares of the same cells, the common ground of the measures. Pure. */
import type { ColumnStatistics, Histogram } from '#shared/statistics.ts'
import type { ColumnSample } from './measure.ts'

/** `current[i]` and `reference[i]` are shares of cell i; each sums to 1. */
export interface Distributions {
  readonly current: readonly number[]
  readonly reference: readonly number[]
}

/**
 * Categories: one cell for each value that the reference kept, one for all other values, one for missing ones.
 * Numbers: see `numericCells`. Null where a sample has no rows or the column cannot be compared.
 */
export function distributionsOf(current: ColumnSample, reference: ColumnSample): Distributions | null {
  if (current.rows === 0 || reference.rows === 0) return null
  const counts = countedCells(current, reference)
  if (counts === null) return null
  return { current: shares(counts.current, current.rows), reference: shares(counts.reference, reference.rows) }
}

type Cells = { current: number[]; reference: number[] }

function countedCells(current: ColumnSample, reference: ColumnSample): Cells | null {
  const currentValues = categoryCounts(current)
  const referenceValues = categoryCounts(reference)
  if (currentValues && referenceValues) return categoryCells(current, currentValues, reference, referenceValues)
  return numericCells(current, reference)
}

function shares(counts: readonly number[], rows: number): number[] {
  return counts.map((count) => count / rows)
}

/** Value to count; an all-missing column has none. */
function categoryCounts({ statistics, rows }: ColumnSample): Map<string, number> | undefined {
  if (statistics.categorical) return new Map(statistics.categorical.topValues.map(({ value, count }) => [value, count]))
  return statistics.missing === rows ? new Map() : undefined
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
): Cells {
  const values = [...referenceValues.keys()]
  const cells = (sample: ColumnSample, counts: ReadonlyMap<string, number>) => {
    const known = values.map((value) => counts.get(value) ?? 0)
    const missing = missingCount(sample.statistics)
    const other = sample.rows - missing - known.reduce((sum, count) => sum + count, 0)
    return [...known, Math.max(other, 0), missing]
  }
  return { current: cells(current, currentValues), reference: cells(reference, referenceValues) }
}

/** More cells than this would measure noise rather than drift. */
const maxCells = 20
/** Small samples get fewer cells, at least so many rows in each on average. */
const rowsPerCell = 30
const minCells = 5

/**
 * One cell for each value where both samples kept theirs; else histograms brought onto the union of their edges,
 * assuming that values spread evenly within a bin (as TFDV does). Neighbouring cells are then joined until each holds
 * its share of both samples together, so that outliers, which stretch the bins, and chance matter little. Two more
 * cells hold infinite and missing values.
 */
function numericCells(current: ColumnSample, reference: ColumnSample): Cells | null {
  const fine = valueCells(current, reference) ?? histogramCells(current, reference)
  if (fine === null) return null
  const smaller = Math.min(current.rows, reference.rows)
  const target = Math.min(maxCells, Math.max(minCells, Math.floor(smaller / rowsPerCell)))
  const joined = joinCells(fine, target)
  const rest = ({ statistics }: ColumnSample) => [statistics.numeric?.infinite ?? 0, missingCount(statistics)]
  return {
    current: [...joined.current, ...rest(current)],
    reference: [...joined.reference, ...rest(reference)],
  }
}

function valueCells(current: ColumnSample, reference: ColumnSample): Cells | null {
  const a = current.statistics.numeric?.values
  const b = reference.statistics.numeric?.values
  if (a === undefined || b === undefined) return null
  const values = [...new Set([...a, ...b].map(({ value }) => value))].sort((x, y) => x - y)
  const counts = (list: typeof a) => {
    const known = new Map(list.map(({ value, count }) => [value, count]))
    return values.map((value) => known.get(value) ?? 0)
  }
  return { current: counts(a), reference: counts(b) }
}

function histogramCells(current: ColumnSample, reference: ColumnSample): Cells | null {
  const a = histogramOf(current)
  const b = histogramOf(reference)
  if (a === undefined || b === undefined) return null
  const edges = unionOfEdges(a, b)
  return { current: rebin(a, edges), reference: rebin(b, edges) }
}

function histogramOf({ statistics, rows }: ColumnSample): Histogram | undefined {
  if (statistics.numeric) return statistics.numeric.histogram
  return statistics.missing === rows ? { edges: [], counts: [] } : undefined
}

/** Ascending; an edge stands twice where a bin without width, a point, lies. */
function unionOfEdges(a: Histogram, b: Histogram): number[] {
  const distinct = [...new Set([...a.edges, ...b.edges])].sort((x, y) => x - y)
  const points = new Set([a, b].flatMap(({ edges }) => edges.filter((edge, index) => edge === edges[index + 1])))
  return distinct.flatMap((edge) => (points.has(edge) ? [edge, edge] : [edge]))
}

/** The counts of a histogram in the cells between `edges`, which include its own edges. */
export function rebin({ edges: ownEdges, counts }: Histogram, edges: readonly number[]): number[] {
  const cells = new Array<number>(Math.max(edges.length - 1, 0)).fill(0)
  for (const [bin, count] of counts.entries()) {
    const from = ownEdges[bin] ?? 0
    const to = ownEdges[bin + 1] ?? from
    for (const [cell] of cells.entries()) {
      const low = edges[cell] ?? 0
      const high = edges[cell + 1] ?? low
      if (from === to ? low === from && high === to : low >= from && high <= to && high > low) {
        cells[cell] = (cells[cell] ?? 0) + (from === to ? count : (count * (high - low)) / (to - from))
      }
    }
  }
  return cells
}

function joinCells(fine: Cells, target: number): Cells {
  const total = sum(fine.current) + sum(fine.reference)
  if (total === 0) return { current: [], reference: [] }
  // Each sample counts for half, whatever its size.
  const weight = (index: number) =>
    (fine.current[index] ?? 0) / (sum(fine.current) || 1) + (fine.reference[index] ?? 0) / (sum(fine.reference) || 1)
  const joined: Cells = { current: [], reference: [] }
  let held = { current: 0, reference: 0, weight: 0 }
  for (const index of fine.current.keys()) {
    held = {
      current: held.current + (fine.current[index] ?? 0),
      reference: held.reference + (fine.reference[index] ?? 0),
      weight: held.weight + weight(index),
    }
    if (held.weight < 2 / target && index < fine.current.length - 1) continue
    joined.current.push(held.current)
    joined.reference.push(held.reference)
    held = { current: 0, reference: 0, weight: 0 }
  }
  return joined
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
