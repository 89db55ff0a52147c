/** Two samples of a column of numbers, counted in the same cells of the number line. Pure. */
import type { Histogram } from '#shared/statistics.ts'
import { alignBins, binEnd, binStart, binsOfValues, emptyBins, type NumberBins } from '../sketches/number-bins.ts'
import type { ColumnSample } from './measure.ts'

/** Ascending cells that do not overlap: [from, to), or a single value where both are equal; with the counts in each. */
export interface NumericCells {
  readonly from: readonly number[]
  readonly to: readonly number[]
  readonly current: readonly number[]
  readonly reference: readonly number[]
}

/**
 * One cell for each value where both samples kept theirs, else the bins of the grid that all statistics share. Statistics of
 * before had histograms alone: those are brought onto the same edges, assuming that values spread evenly within a bin (as
 * TFDV does). Finite values only; null where the column cannot be compared.
 */
export function numericCells(current: ColumnSample, reference: ColumnSample): NumericCells | null {
  return valueCells(current, reference) ?? gridCells(current, reference) ?? histogramCells(current, reference)
}

function gridCells(current: ColumnSample, reference: ColumnSample): NumericCells | null {
  const a = binsOf(current)
  const b = binsOf(reference)
  if (a === undefined || b === undefined) return null
  const { bits, keys, a: now, b: before } = alignBins(a, b)
  return {
    from: keys.map((key) => binStart(key, bits)),
    to: keys.map((key) => binEnd(key, bits)),
    current: now,
    reference: before,
  }
}

function binsOf({ statistics, rows }: ColumnSample): NumberBins | undefined {
  const { numeric, missing } = statistics
  if (numeric) return numeric.bins ?? (numeric.values && binsOfValues(numeric.values))
  return missing === rows ? emptyBins : undefined
}

function valueCells(current: ColumnSample, reference: ColumnSample): NumericCells | null {
  const a = current.statistics.numeric?.values
  const b = reference.statistics.numeric?.values
  if (a === undefined || b === undefined) return null
  const values = [...new Set([...a, ...b].map(({ value }) => value))].sort((x, y) => x - y)
  const counts = (list: typeof a) => {
    const known = new Map(list.map(({ value, count }) => [value, count]))
    return values.map((value) => known.get(value) ?? 0)
  }
  return { from: values, to: values, current: counts(a), reference: counts(b) }
}

function histogramCells(current: ColumnSample, reference: ColumnSample): NumericCells | null {
  const a = histogramOf(current)
  const b = histogramOf(reference)
  if (a === undefined || b === undefined) return null
  const edges = commonEdges(a, b)
  return { from: edges.slice(0, -1), to: edges.slice(1), current: rebin(a, edges), reference: rebin(b, edges) }
}

function histogramOf({ statistics, rows }: ColumnSample): Histogram | undefined {
  if (statistics.numeric) return statistics.numeric.histogram
  return statistics.missing === rows ? { edges: [], counts: [] } : undefined
}

/** How many times the bins of one histogram make those of the other the finer ones. */
const finer = 3

/**
 * The edges of both, ascending; an edge stands twice where a bin without width, a point, lies. Where one histogram is much
 * finer, its bins are brought into those of the other: to divide wide bins evenly would show differences that are none.
 */
function commonEdges(a: Histogram, b: Histogram): number[] {
  if (b.counts.length > 0 && a.counts.length >= finer * b.counts.length) return stretched(b, a)
  if (a.counts.length > 0 && b.counts.length >= finer * a.counts.length) return stretched(a, b)
  return withPoints([...a.edges, ...b.edges], [a, b])
}

/** The edges of the coarse one, and beyond its ends those of the fine one. */
function stretched(coarse: Histogram, fine: Histogram): number[] {
  const low = coarse.edges[0] ?? 0
  const high = coarse.edges.at(-1) ?? low
  const beyond = fine.edges.filter((edge) => edge < low || edge > high)
  return withPoints([...coarse.edges, ...beyond], [coarse])
}

function withPoints(edges: readonly number[], histograms: readonly Histogram[]): number[] {
  const distinct = [...new Set(edges)].sort((x, y) => x - y)
  const points = new Set(histograms.flatMap((one) => one.edges.filter((edge, index) => edge === one.edges[index + 1])))
  return distinct.flatMap((edge) => (points.has(edge) ? [edge, edge] : [edge]))
}

/** The counts of a histogram in the cells between `edges`; what lies outside of them is left out. */
export function rebin({ edges: ownEdges, counts }: Histogram, edges: readonly number[]): number[] {
  const cells = new Array<number>(Math.max(edges.length - 1, 0)).fill(0)
  const add = (cell: number, count: number) => {
    cells[cell] = (cells[cell] ?? 0) + count
  }
  for (const [bin, count] of counts.entries()) {
    if (count === 0) continue
    const from = ownEdges[bin] ?? 0
    const to = ownEdges[bin + 1] ?? from
    if (from === to) {
      const cell = cellOfPoint(from, edges)
      if (cell !== undefined) add(cell, count)
      continue
    }
    for (let cell = Math.max(0, firstAbove(edges, from) - 1); cell < cells.length; cell++) {
      const low = edges[cell] ?? 0
      if (low >= to) break
      const overlap = Math.min(edges[cell + 1] ?? low, to) - Math.max(low, from)
      if (overlap > 0) add(cell, (count * overlap) / (to - from))
    }
  }
  return cells
}

/** The cell without width at the point, else the one around it; the last is closed. */
function cellOfPoint(point: number, edges: readonly number[]): number | undefined {
  const above = firstAbove(edges, point)
  if (edges[above - 1] === point && edges[above - 2] === point) return above - 2
  if (above > 0 && above < edges.length) return above - 1
  return edges.at(-1) === point && edges.length > 1 ? edges.length - 2 : undefined
}

/** The index of the first edge above the value. */
function firstAbove(edges: readonly number[], value: number): number {
  let low = 0
  let high = edges.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((edges[middle] ?? 0) > value) high = middle
    else low = middle + 1
  }
  return low
}
