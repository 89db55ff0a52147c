/** Distributions of a column as they are drawn and compared: alone, or two over each other. Pure. */
import type { CategoricalStatistics, ColumnStatistics, Histogram, NumericStatistics } from '#shared/statistics.ts'

/** Bins of two histograms laid over one axis. Fine enough to keep a shape, few enough to be seen. */
export const commonBins = 50

/** Share of all values per unit of the axis, bin by bin: comparable whatever the sizes of the samples and bins. */
export function densities({ edges, counts }: Histogram): number[] {
  const total = counts.reduce((sum, count) => sum + count, 0)
  return counts.map((count, bin) => {
    const width = (edges[bin + 1] ?? 0) - (edges[bin] ?? 0)
    return total === 0 ? 0 : count / total / (width > 0 ? width : 1)
  })
}

/**
 * The same values in other bins, each count spread evenly over its bin. A histogram of one bin without width, as a
 * constant has, goes whole into the bin that holds it.
 */
export function rebin({ edges, counts }: Histogram, target: readonly number[]): number[] {
  const result = new Array<number>(target.length - 1).fill(0)
  for (const [bin, count] of counts.entries()) {
    const [from, to] = [edges[bin] ?? 0, edges[bin + 1] ?? 0]
    for (let each = 0; each < result.length; each++) {
      const [low, high] = [target[each] ?? 0, target[each + 1] ?? 0]
      const last = each === result.length - 1
      const share = to > from ? Math.max(Math.min(to, high) - Math.max(from, low), 0) / (to - from) : 0
      const holds = to <= from && from >= low && (from < high || (last && from <= high))
      result[each] = (result[each] ?? 0) + count * (holds ? 1 : share)
    }
  }
  return result
}

/** Equal bins over everything that both hold. */
export function commonEdges(a: Histogram, b: Histogram, bins: number = commonBins): number[] {
  const ends = [a.edges[0], a.edges.at(-1), b.edges[0], b.edges.at(-1)].filter((end) => end !== undefined)
  const [min, max] = [Math.min(...ends), Math.max(...ends)]
  if (!(max > min)) return [min, min + 1]
  return Array.from({ length: bins + 1 }, (_, index) => (index === bins ? max : min + ((max - min) * index) / bins))
}

export interface DrawnBins {
  readonly edges: readonly number[]
  /** Of each sample, as many as there are bins. */
  readonly counts: readonly (readonly number[])[]
}

/** A whole number falls into bins of this width or wider without leaving a comb of gaps. */
const smoothWidth = 5

/**
 * Bins to draw samples by, all over one axis. Where the values lie on a grid (whole numbers, days), the bins follow it:
 * bins of another width would hold now one value and now two, and look like a comb that is not in the data.
 */
export function drawnBins(samples: readonly NumericStatistics[], whole: boolean, bins: number = commonBins): DrawnBins {
  const values = samples.flatMap((sample) => sample.values?.map(({ value }) => value) ?? [])
  const known = samples.every((sample) => sample.values !== undefined) && values.length > 0
  const [first, second] = samples
  if (known) return gridBins(samples, gapOf(values), bins)
  if (first === undefined) return { edges: [], counts: [] }
  if (second !== undefined) {
    if (whole) return gridBins(samples, 1, bins)
    const edges = commonEdges(first.histogram, second.histogram, bins)
    return { edges, counts: samples.map(({ histogram }) => rebin(histogram, edges)) }
  }
  const { edges, counts } = first.histogram
  const width = (edges[1] ?? 0) - (edges[0] ?? 0)
  const forBins = Math.ceil(counts.length / (2 * bins))
  const merged = Math.max(whole && width > 0 ? Math.ceil(smoothWidth / width) : 1, forBins)
  return mergedBins(first.histogram, merged)
}

/** The smallest step between two different values. */
function gapOf(values: readonly number[]): number {
  const sorted = [...new Set(values)].sort((a, b) => a - b)
  const gaps = sorted.slice(1).map((value, index) => value - (sorted[index] ?? value))
  return gaps.length === 0 ? 1 : Math.min(...gaps)
}

/** Bins whose edges lie half a step beside the values, each as wide as a whole number of steps. */
function gridBins(samples: readonly NumericStatistics[], gap: number, bins: number): DrawnBins {
  const min = Math.min(...samples.map((sample) => sample.min))
  const max = Math.max(...samples.map((sample) => sample.max))
  const steps = Math.round((max - min) / gap) + 1
  const width = gap * Math.ceil(steps / bins)
  const count = Math.ceil((max - min + gap) / width)
  const edges = Array.from({ length: count + 1 }, (_, index) => min - gap / 2 + index * width)
  return { edges, counts: samples.map((sample) => countsIn(sample, edges, width, gap)) }
}

function countsIn({ values, histogram }: NumericStatistics, edges: readonly number[], width: number, gap: number) {
  if (values === undefined) return rebin(widened(histogram, gap / 2), edges)
  const counts = new Array<number>(edges.length - 1).fill(0)
  for (const { value, count } of values) {
    const bin = Math.min(Math.floor((value - (edges[0] ?? 0)) / width), counts.length - 1)
    counts[bin] = (counts[bin] ?? 0) + count
  }
  return counts
}

/** The first and the last value fill their bins as all others do, although they are the ends of the histogram. */
function widened({ edges, counts }: Histogram, by: number): Histogram {
  const last = edges.length - 1
  return { edges: edges.map((edge, index) => (index === 0 ? edge - by : index === last ? edge + by : edge)), counts }
}

/** Every `size` neighbours in one. */
function mergedBins({ edges, counts }: Histogram, size: number): DrawnBins {
  if (size <= 1) return { edges, counts: [counts] }
  const starts = Array.from({ length: Math.ceil(counts.length / size) }, (_, index) => index * size)
  return {
    edges: [...starts.map((start) => edges[start] ?? 0), edges.at(-1) ?? 0],
    counts: [starts.map((start) => counts.slice(start, start + size).reduce((sum, count) => sum + count, 0))],
  }
}

/** Shares of two samples over the same places: bins, values or categories. */
export interface Aligned {
  readonly a: readonly number[]
  readonly b: readonly number[]
}

const shares = (counts: readonly number[]): number[] => {
  const total = counts.reduce((sum, count) => sum + count, 0)
  return counts.map((count) => (total === 0 ? 0 : count / total))
}

/** Value by value where both hold few, else over common bins. */
export function alignNumbers(a: NumericStatistics, b: NumericStatistics): Aligned {
  if (a.values !== undefined && b.values !== undefined) {
    const places = [...new Set([...a.values, ...b.values].map(({ value }) => value))].sort((x, y) => x - y)
    const countsOf = (values: readonly { value: number; count: number }[]) => {
      const counts = new Map(values.map(({ value, count }) => [value, count]))
      return places.map((place) => counts.get(place) ?? 0)
    }
    return { a: shares(countsOf(a.values)), b: shares(countsOf(b.values)) }
  }
  const edges = commonEdges(a.histogram, b.histogram)
  return { a: shares(rebin(a.histogram, edges)), b: shares(rebin(b.histogram, edges)) }
}

export interface CategoryShare {
  readonly value: string
  readonly count: number
  /** Of the values that are not missing. */
  readonly share: number
  /** In the other sample; undefined where it is not among what is known of it. */
  readonly otherCount?: number | undefined
  readonly otherShare?: number | undefined
}

export interface Categories {
  readonly shown: readonly CategoryShare[]
  /** What the values shown leave over, e.g. 0.12. */
  readonly rest: number
  readonly otherRest?: number | undefined
}

const presentOf = (column: ColumnStatistics, rows: number) => Math.max(rows - column.missing, 0)

/** The most frequent values of one column, with their shares in another where there is one. */
export function categories(
  column: ColumnStatistics,
  rows: number,
  count: number,
  other?: { column: ColumnStatistics; rows: number } | undefined,
): Categories {
  const present = presentOf(column, rows)
  const values = column.categorical?.topValues ?? []
  const others = other && new Map(other.column.categorical?.topValues.map((top) => [top.value, top.count]) ?? [])
  const otherPresent = other === undefined ? 0 : presentOf(other.column, other.rows)
  const extra = [...(others ?? [])].filter(([value]) => !values.some((top) => top.value === value))
  const all = [...values, ...extra.map(([value]) => ({ value, count: 0 }))]
  const sizeOf = (top: { value: string; count: number }) =>
    part(top.count, present) + part(others?.get(top.value) ?? 0, otherPresent)
  const shown = all
    .sort((x, y) => sizeOf(y) - sizeOf(x))
    .slice(0, count)
    .map((top) => ({
      ...top,
      share: part(top.count, present),
      ...(others && {
        otherCount: others.get(top.value) ?? 0,
        otherShare: part(others.get(top.value) ?? 0, otherPresent),
      }),
    }))
  const left = (taken: readonly number[]) => Math.max(1 - taken.reduce((sum, share) => sum + share, 0), 0)
  return {
    shown,
    rest: present === 0 ? 0 : left(shown.map(({ share }) => share)),
    ...(others && { otherRest: otherPresent === 0 ? 0 : left(shown.map(({ otherShare }) => otherShare ?? 0)) }),
  }
}

const part = (count: number, total: number) => (total === 0 ? 0 : count / total)

/** Every value that is known of either, and one place for all that is not. */
export function alignCategories(
  a: CategoricalStatistics,
  aPresent: number,
  b: CategoricalStatistics,
  bPresent: number,
): Aligned {
  const places = [...new Set([...a.topValues, ...b.topValues].map(({ value }) => value))]
  const countsOf = ({ topValues }: CategoricalStatistics, present: number) => {
    const counts = new Map(topValues.map(({ value, count }) => [value, count]))
    const known = topValues.reduce((sum, { count }) => sum + count, 0)
    return [...places.map((place) => counts.get(place) ?? 0), Math.max(present - known, 0)]
  }
  return { a: shares(countsOf(a, aPresent)), b: shares(countsOf(b, bPresent)) }
}

/**
 * Jensen-Shannon divergence with logarithms of base 2: 0 for equal shares, 1 for disjoint ones.
 * Source: J. Lin, "Divergence measures based on the Shannon entropy", IEEE Trans. Information Theory 37 (1991).
 */
export function jensenShannon({ a, b }: Aligned): number {
  let divergence = 0
  for (const [index, p] of a.entries()) {
    const q = b[index] ?? 0
    const middle = (p + q) / 2
    if (p > 0) divergence += (p / 2) * Math.log2(p / middle)
    if (q > 0) divergence += (q / 2) * Math.log2(q / middle)
  }
  // Rounding may leave equal shares a hair below 0 and disjoint ones above 1.
  return Math.min(Math.max(divergence, 0), 1)
}

/** How far apart two columns are, over what is shown of them. Undefined where they cannot be compared. */
export function divergenceOf(
  a: ColumnStatistics,
  aRows: number,
  b: ColumnStatistics,
  bRows: number,
): number | undefined {
  const [aPresent, bPresent] = [presentOf(a, aRows), presentOf(b, bRows)]
  if (aPresent === 0 || bPresent === 0) return undefined
  if (a.numeric !== undefined && b.numeric !== undefined) return jensenShannon(alignNumbers(a.numeric, b.numeric))
  if (a.categorical !== undefined && b.categorical !== undefined)
    return jensenShannon(alignCategories(a.categorical, aPresent, b.categorical, bPresent))
  return undefined
}
